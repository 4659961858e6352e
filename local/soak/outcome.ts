import type { Instant } from '../../shared/contracts/instant.ts';
import type { MailContent } from '../../shared/contracts/mail.ts';
import { mailRows } from '../../shared/contracts/mail-rows.ts';
import type { Alert, ReferralState } from '../../shared/contracts/state.ts';
import { alertKey } from '../../shared/domain/alert/detect.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { REFERRAL, referralIdOf } from '../../shared/store/keys.ts';
import { type MailJob, mailJob } from '../../shared/store/mail-store.ts';
import type { SoakStage } from './soak-stage.ts';

/** What weeks have left on a stage. */
export interface Outcome {
  states: Map<string, ReferralState>;
  /** By referral, kind and instance. */
  alerts: Map<string, Alert>;
  mails: Map<string, Mail>;
  /** Stored reports, by kind, period and scope. */
  reports: Map<string, { asOf: Instant; text: string }>;
  /** What isn't done: dead letters, messages on queues, what is set aside, what waits for an urgent mail. */
  left: Record<'dead letters' | 'messages' | 'set aside' | 'refused' | 'urgent', number>;
}

/** A mail as it stands in the table, what it says, and how often SES took it. */
export interface Mail {
  job: MailJob;
  content: MailContent | null;
  times: number;
}

export async function outcomeOf(stage: SoakStage): Promise<Outcome> {
  const { stores } = stage;
  const operations = await stage.items('operations');
  const states = new Map<string, ReferralState>();
  const alerts = new Map<string, Alert>();
  for (const { pk, sk } of await stage.items('referrals')) {
    if (sk !== REFERRAL) continue;
    const stored = await stores.referrals.load(referralIdOf(String(pk)));
    if (stored === null) continue;
    states.set(stored.state.referralId, stored.state);
    for (const { alert } of unpackAlerts(stored)) alerts.set(`${alert.referralId} ${alertKey(alert)}`, alert);
  }
  const { dead, waiting } = await stage.undone();
  return {
    states,
    alerts,
    mails: await mailsOf(stage, operations),
    reports: await reportsOf(stage, operations),
    left: {
      'dead letters': dead,
      messages: waiting,
      'set aside': (await stores.setAsides.all()).length,
      refused: operations.filter(({ pk }) => String(pk).startsWith('refused#')).length,
      urgent: (await stores.referrals.pendingUrgent()).length,
    },
  };
}

async function mailsOf({ stores, sent }: SoakStage, operations: readonly Item[]): Promise<Outcome['mails']> {
  const times = Map.groupBy(sent, ({ tags }) => tags.mailId?.[0] ?? '');
  const mails: Outcome['mails'] = new Map();
  for (const item of operations.filter(({ pk }) => String(pk).startsWith('mail#'))) {
    const job = mailJob.parse(item);
    const content = await stores.mails.frozen(job.mailId);
    mails.set(job.mailId, { job, content, times: times.get(job.mailId)?.length ?? 0 });
  }
  return mails;
}

async function reportsOf({ stores }: SoakStage, operations: readonly Item[]): Promise<Outcome['reports']> {
  const finished = await stores.reports.finishedPeriods();
  const reports: Outcome['reports'] = new Map();
  for (const { kind, period, asOf } of finished) {
    for (const { sk } of operations.filter(({ pk }) => pk === `report#${kind}#${period}`)) {
      const scope = String(sk);
      const stored = await stores.reports.get({ kind, period, scope });
      reports.set(`${kind} ${period} ${scope}`, { asOf, text: JSON.stringify(stored?.report, withoutFeedTimes) });
    }
  }
  return reports;
}

/** What a mail says to whom, row by row: referral and kind of alert. */
export function rowsOf({
  job,
  content,
}: Mail): { personId: string; referralId: string; kind: string; section: string }[] {
  if (content === null) return [];
  return mailRows(content).flatMap((row) =>
    [row.kind, ...row.also].map((kind) => ({
      personId: job.personId,
      referralId: row.referralId ?? '',
      kind,
      section: row.section,
    })),
  );
}

/** When feeds were heard is as of the run that wrote a report, however late that was. */
const withoutFeedTimes = (key: string, value: unknown): unknown =>
  key === 'lastHeardAt' || key === 'lastEventAt' ? undefined : value;
