import { DAY_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import type { OperationsContent } from '../../../shared/contracts/mail.ts';
import { utcDate } from '../../../shared/domain/mail/mail-id.ts';
import { type OperationsMailInput, operationsMail } from '../../../shared/domain/mail/operations-mail.ts';
import { errorName } from '../../../shared/platform/logger.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { UnreadableItemError } from '../../../shared/store/read-item.ts';
import { PREVIOUS_DAYS, previousMail } from '../digest-sequence.ts';
import { nobodysAlerts } from '../referral-alerts.ts';
import type { GatherContext, Kind } from './kind.ts';

/** Longer than a function runs: whatever was refused this long ago is in the table. */
const SETTLED_MS = MINUTE_MS;

async function gather(job: MailJob, context: GatherContext): Promise<OperationsMailInput> {
  const { recipient, config, asOf, mails } = context;
  const previous = await previousMail(job, recipient, mails);
  const since = previous?.asOf ?? null;
  const last = previous === null ? null : await saidBy(previous, context);
  const alerts = await nobodysAlerts(context);
  const trouble = await troubleSince(since ?? job.dueAt - DAY_MS, context);
  return { recipient, period: job.period, asOf, since, last, config, alerts, ...trouble };
}

/**
 * What an operations mail said. Null: nothing, or nothing that this release can read. Then all counts as new: waiting
 * for a mail that nobody will mend would hold up every one after it.
 */
async function saidBy({ mailId }: MailJob, { mails, log }: GatherContext): Promise<OperationsContent | null> {
  try {
    const content = await mails.frozen(mailId);
    return content?.kind === 'operations' ? content : null;
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    log.error('LAST_MAIL_UNREADABLE', { mailId, error: errorName(error) });
    return null;
  }
}

type Trouble = Pick<OperationsMailInput, 'refused' | 'deadLetters' | 'feedsHeard' | 'configuredSince' | 'mails'>;

/** What the mail reports besides alerts. */
async function troubleSince(
  since: Instant,
  { asOf, config, configs, quarantine, feeds, mails: mailStore, deadLetters }: GatherContext,
): Promise<Trouble> {
  const dates = new Set(Array.from({ length: PREVIOUS_DAYS + 1 }, (_, days) => utcDate(asOf - days * DAY_MS)));
  const [{ since: configuredSince }, refused, counts, feedsHeard, mails] = await Promise.all([
    configs.inForce(),
    // What is refused while this mail is made is reported by the next one.
    quarantine.countBetween(since - SETTLED_MS, asOf - SETTLED_MS, 'refusedAt'),
    deadLetters.counts(),
    feeds.heard((config.directory.feeds ?? []).map(({ name }) => name)),
    Promise.all([...dates].map((date) => mailStore.dueOn(date))),
  ]);
  return { configuredSince, refused, deadLetters: counts, feedsHeard, mails: mails.flat() };
}

export const operationsMailKind: Kind<'operations', OperationsMailInput> = {
  gather,
  decide: operationsMail,
  isSupersededByNext: true,
};
