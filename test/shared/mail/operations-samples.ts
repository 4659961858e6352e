import type { OperationsContent } from '../../../shared/contracts/mail.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { type OperationsMailInput, operationsMail } from '../../../shared/domain/mail/operations-mail.ts';
import { dailyMails } from '../../../shared/domain/mail/schedule.ts';
import type { MailFate } from '../../../shared/domain/mail/undelivered.ts';
import { config, days, FRIDAY, hours, MONDAY, numbered, referralAlert } from './builders.ts';
import { busyMorning } from './samples.ts';

/** A morning on which nothing is wrong except what a test says is. */
export function trouble(over: Partial<OperationsMailInput> = {}): OperationsMailInput {
  const settings = over.config ?? config();
  const mailbox = dailyMails(settings.directory).find(({ kind }) => kind === 'operations');
  if (!mailbox) throw new Error('the operations mail comes daily');
  return {
    recipient: mailbox.recipient,
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    last: null,
    alerts: [],
    config: settings,
    refused: {},
    unmatched: [],
    unmapped: [],
    deadLetters: [],
    setAside: [],
    feedsHeard: new Map(),
    configuredSince: MONDAY - days(100),
    mails: [],
    ...over,
  };
}

/** A mail that SES took yesterday. */
export const mailFate = (over: Partial<MailFate> = {}): MailFate => ({
  kind: 'coordinator_digest',
  personId: 'c1',
  dueAt: MONDAY - days(1),
  status: 'sent',
  ...over,
});

/** An alert about events whose referral hasn't come. */
export const orphan = (referralId: string, dueAt = MONDAY - days(3)): ReferralAlert =>
  referralAlert(
    { referralId, kind: 'orphan', dueAt },
    { stage: 'awaiting_referral', receivedAt: null, priority: null, specialty: null, site: null, practiceId: null },
  );

/** These alerts of a referral, and that nobody is responsible for it. */
export const nobodys = (alerts: readonly ReferralAlert[]): ReferralAlert[] => {
  const first = alerts[0];
  if (!first) return [];
  const { referralId, receivedAt } = first.state;
  return [...alerts, { ...first, alert: { ...first.alert, referralId, kind: 'unassigned', dueAt: receivedAt ?? 0 } }];
};

/** What waits for its referral. */
export const held = (sender: string, kind: string, n = 1): OperationsMailInput['unmatched'][number][] =>
  Array.from({ length: Math.min(n, 100) }, () => ({ sender, kind }));

/** A code without an entry. */
export const code = (field: string, value: string, n = 1): OperationsMailInput['unmapped'][number] => ({
  field: `referral.received.${field}`,
  value,
  n,
});

const NAMES = ['records', 'scheduling', 'outreach'];

/** Everything has gone wrong at once, for `count` referrals, feeds and recipients. */
export function badMorning(count: number, over: Partial<OperationsMailInput> = {}): OperationsContent {
  const settings = over.config ?? config();
  const numbers = Array.from({ length: count }, (_, index) => index);
  const names = numbers.map((index) => (index < NAMES.length ? (NAMES[index] ?? '') : `feed-${index}`));
  const feeds = names.map((name) => ({ name, expectedEveryHours: 24 }));
  const directory = { ...settings.directory, feeds: settings.directory.feeds ?? feeds };
  const open = Map.groupBy(busyMorning(count), ({ alert }) => alert.referralId);
  const content = operationsMail(
    trouble({
      alerts: [
        ...numbers.map((index) => orphan(numbered(index), MONDAY - days((index % 9) + 1))),
        ...[...open.values()].flatMap(nobodys),
      ],
      refused: { malformed: count, invalid: 1, time_in_future: 2 * count, unmatched: 3 },
      unmatched: names.flatMap((name, index) => held(name, index === 0 ? 'SIU^S12' : 'Appointment', count - index)),
      unmapped: numbers.map((index) => code(index % 2 === 0 ? 'priority' : 'specialty', `C${index}`, count - index)),
      deadLetters: [
        { queue: 'referral-events', count },
        { queue: 'mail-jobs', count: 0 },
        { queue: 'scheduler', count: 1 },
      ],
      feedsHeard: new Map(
        names
          .filter((_, index) => index % 2 === 0)
          .map((name) => [name, { heartbeatAt: MONDAY - days(3), lastEventAt: null }]),
      ),
      mails: numbers.map((index) =>
        mailFate({
          personId: index === 0 ? 'c1' : `c-${index}`,
          ...(index % 3 === 0 ? { sesBounceAt: MONDAY - hours(20) } : {}),
          ...(index % 3 === 1 ? { sesComplaintAt: MONDAY - hours(20) } : {}),
          ...(index % 3 === 2 ? { status: 'undeliverable' } : {}),
        }),
      ),
      ...over,
      config: { ...settings, directory },
    }),
  );
  if (!content) throw new Error('expected a mail');
  return content;
}
