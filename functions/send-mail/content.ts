import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { MailContent, ReportContent } from '../../shared/contracts/mail.ts';
import { coordinatorDigest } from '../../shared/domain/mail/coordinator-digest.ts';
import { liaisonDigest } from '../../shared/domain/mail/liaison-digest.ts';
import { mailIdOf } from '../../shared/domain/mail/mail-id.ts';
import { operationsMail } from '../../shared/domain/mail/operations-mail.ts';
import { reportMail } from '../../shared/domain/mail/report-mail.ts';
import { digestPeriods, type Recipient } from '../../shared/domain/mail/schedule.ts';
import { urgentAlert } from '../../shared/domain/mail/urgent-alert.ts';
import { kindOfPeriod } from '../../shared/domain/report/periods.ts';
import { scopeOf } from '../../shared/domain/report/recipients.ts';
import { scopeKey } from '../../shared/domain/report/scopes.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { ConfigStore } from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';
import type { MailJob, MailStore, UrgentRef } from '../../shared/store/mail-store.ts';
import type { PracticeStore } from '../../shared/store/practice-store.ts';
import type { QuarantineStore } from '../../shared/store/quarantine-store.ts';
import type { ReferralStore, StoredAlert, UrgentMail } from '../../shared/store/referral-store.ts';
import type { ReportKey, ReportStore, StoredReport } from '../../shared/store/report-store.ts';
import type { DeadLetters } from './dead-letters.ts';
import { escalatedItems, nobodysItems, ownItems, withStates } from './items.ts';
import { practiceChangesOf } from './practice-changes.ts';
import { PREVIOUS_DAYS, troubleSince } from './trouble.ts';

interface Stores {
  referrals: ReferralStore;
  configs: ConfigStore;
  quarantine: QuarantineStore;
  feeds: FeedStore;
  practices: PracticeStore;
  mails: MailStore;
  reports: ReportStore;
  deadLetters: DeadLetters;
}

const AT_ONCE = 4;
const MAX_CLAIMS = 8;

/** A mail that is sent before its report is there: the message comes back. */
export class ReportMissingError extends Error {
  override readonly name = 'ReportMissingError';
}

/** What a mail has to say as of its first claim. Null: nothing. */
export async function contentOf(
  job: MailJob,
  recipient: Recipient,
  config: Config,
  stores: Stores,
): Promise<MailContent | null> {
  const asOf = job.asOf ?? job.dueAt;
  const base = { recipient, period: job.period, asOf, config };
  switch (job.kind) {
    case 'coordinator_digest': {
      const since = await previousDigest(job, recipient, stores.mails);
      const items = await ownItems('coordinator', recipient, since, config, stores);
      const escalated = await escalatedItems(recipient, config, stores);
      return coordinatorDigest({ ...base, since, alerts: items, escalated });
    }
    case 'liaison_digest': {
      const since = await previousDigest(job, recipient, stores.mails);
      const items = await ownItems('liaison', recipient, since, config, stores);
      const own = config.directory.practices.filter(({ liaisonId }) => liaisonId === recipient.id).map(({ id }) => id);
      const named = items.flatMap(({ state }) => state.practiceId ?? []);
      const practices = await stores.practices.facts([...new Set([...own, ...named])]);
      const sources = await practiceChangesOf(recipient, { since, asOf }, config, stores);
      return liaisonDigest({ ...base, since, alerts: items, practices, ...sources });
    }
    case 'urgent_alert': {
      const referralIds = [...new Set(job.urgent.map(({ referralId }) => referralId))];
      const claimed = await forEach(referralIds, AT_ONCE, (id) => claimUrgent(id, job, stores.referrals));
      return urgentAlert({ ...base, alerts: await withStates(claimed.flat(), stores.referrals) });
    }
    case 'operations': {
      const since = await previousDigest(job, recipient, stores.mails);
      const items = await nobodysItems(config, stores);
      return operationsMail({
        ...base,
        since,
        alerts: items,
        ...(await troubleSince(since, { ...job, asOf }, stores)),
      });
    }
    case 'weekly_report': {
      const reader = config.directory.people.find(({ id }) => id === recipient.id);
      const scope = reader === undefined ? {} : scopeOf(reader);
      const report = { reportKind: kindOfPeriod(job.period), period: job.period, scope };
      const stored = await stores.reports.get(reportKeyOf(report));
      if (stored === null) {
        // Of a leader who came, or whose scope changed, after the reports were made there is none until the next.
        const finished = await stores.reports.finishedPeriods();
        if (finished.some(({ kind, period }) => kind === report.reportKind && period === job.period)) return null;
        throw new ReportMissingError('the report was not made yet');
      }
      return reportMail({ recipient, ...report, report: stored.report });
    }
  }
}

/** The charts that a mail shows: they were drawn when the report was made. */
export async function chartsOf(content: MailContent, reports: ReportStore): Promise<StoredReport['charts']> {
  if (content.kind !== 'weekly_report') return {};
  return (await reports.get(reportKeyOf(content)))?.charts ?? {};
}

const reportKeyOf = ({
  reportKind,
  period,
  scope,
}: Pick<ReportContent, 'reportKind' | 'period' | 'scope'>): ReportKey => ({
  kind: reportKind,
  period,
  scope: scopeKey(scope),
});

/**
 * The alerts of a referral that this urgent mail tells of: those it was planned for that are still their recipient's, and
 * that no other mail has claimed. One that was claimed before a crash is this mail's still.
 */
async function claimUrgent(
  referralId: string,
  { mailId, personId, urgent }: MailJob,
  referrals: ReferralStore,
): Promise<StoredAlert[]> {
  const mark: UrgentMail = `mail:${mailId}`;
  const isPlanned = ({ alert, coordinatorId }: StoredAlert): boolean =>
    coordinatorId === personId &&
    urgent.some((ref) => ref.referralId === referralId && alertKeyOf(ref) === alertKeyOf(alert));
  for (let attempt = 0; attempt < MAX_CLAIMS; attempt += 1) {
    const wanted = (await referrals.loadAlerts(referralId)).alerts.filter(isPlanned);
    const pending = wanted.filter(({ urgentMail }) => urgentMail === 'pending');
    if (pending.length === 0) return wanted.filter(({ urgentMail }) => urgentMail === mark);
    // Read again in any case: what a rival wrote meanwhile decides.
    await Promise.all(pending.map((stored) => referrals.settleUrgent(stored, mark)));
  }
  throw new Error(`an alert was written by others ${MAX_CLAIMS} times in a row`);
}

/** An alert's episode: a new one is mailed anew. */
const alertKeyOf = ({
  kind,
  instance,
  openedAt,
}: Pick<UrgentRef, 'kind' | 'instance'> & { openedAt: Instant | null }) => `${kind} ${instance} ${openedAt}`;

/** Whether the recipient's next digest of this kind has come already: it says all that this one would have said. */
export function isSuperseded({ kind, dueAt }: MailJob, recipient: Recipient, now: Instant): boolean {
  // Neither an urgent alert nor a report says what another one says.
  if (kind === 'urgent_alert' || kind === 'weekly_report') return false;
  return digestPeriods(recipient, dueAt, now).length > 0;
}

/** When the recipient's previous digest of this kind was frozen. Null: there was none in the last days. */
async function previousDigest(
  { kind, dueAt }: MailJob,
  recipient: Recipient,
  mails: MailStore,
): Promise<Instant | null> {
  const before = digestPeriods(recipient, dueAt - PREVIOUS_DAYS * DAY_MS, dueAt - 1);
  for (const period of before.reverse()) {
    const previous = await mails.get(mailIdOf(kind, recipient.id, period));
    // One that is still under way may yet be superseded: then this one says what it would have said.
    if (previous?.asOf !== undefined && ['sent', 'empty'].includes(previous.status)) return previous.asOf;
  }
  return null;
}
