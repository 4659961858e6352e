/**
 * Trigger: EventBridge Scheduler, every 15 minutes, after detection.
 * Reads: configuration; the mails of the last two UTC dates and of those on which reports were due; the periods whose
 * reports are finished; alerts that wait for an urgent mail.
 * Writes: mails to be made, and their messages on the mail-jobs queue; that an alert no longer needs an urgent mail.
 * Idempotency: a mail's id is derived from kind, recipient and period, and it is put on condition of its absence. A
 * mail that was put but not queued is queued by the next run. A message sent twice is harmless: the sender claims the
 * mail, and each alert of an urgent mail, so that only one of two mails reports it.
 * On failure: the next run plans every period of the last 24 hours that isn't planned yet: an outage delays a digest
 * and never skips what it would have said. A report is planned once it is written, however late.
 */

import middy from '@middy/core';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReportKind } from '../../shared/contracts/report.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import { mailIdOf, utcDate } from '../../shared/domain/mail/mail-id.ts';
import { dailyMails, digestPeriods, type Period, urgentPeriod } from '../../shared/domain/mail/schedule.ts';
import { reportRecipients } from '../../shared/domain/report/recipients.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { failWithoutDetail } from '../../shared/platform/middleware.ts';
import type { ConfigStore } from '../../shared/store/config-store.ts';
import type { MailJob, MailStore, UrgentRef } from '../../shared/store/mail-store.ts';
import type { ReferralStore, StoredAlert } from '../../shared/store/referral-store.ts';
import type { FinishedPeriod, ReportStore } from '../../shared/store/report-store.ts';

/** Where mails to be made are announced. */
export interface MailQueue {
  announce(mailIds: readonly string[]): Promise<void>;
}

export interface PlanDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  mails: MailStore;
  reports: ReportStore;
  queue: MailQueue;
  log: Log;
}

const MAILS_AT_ONCE = 8;

async function plan(now: Instant, deps: PlanDeps): Promise<void> {
  const { referrals, mails, queue, log } = deps;
  const { config, since } = await deps.configs.inForce();
  const planned = new Map<string, MailJob>();
  for (const date of [utcDate(now - DAY_MS), utcDate(now)]) {
    for (const job of await mails.dueOn(date)) planned.set(job.mailId, job);
  }

  const digests = digestJobs(config, Math.max(now - DAY_MS, since), now).filter(({ mailId }) => !planned.has(mailId));
  // An alert in a planned mail stays pending until the sender claims it: if that never comes, it is planned again.
  const pending = Map.groupBy(await referrals.pendingUrgent(), (stored) => needsMail(stored, config, now));
  const urgent = urgentJobs(pending.get(true) ?? [], [...planned.values()], now);
  const reports = await reportJobs(config, planned, deps);
  const jobs = [...digests, ...urgent, ...reports];
  await forEach(jobs, MAILS_AT_ONCE, (job) => mails.plan(job));
  await forEach(pending.get(false) ?? [], MAILS_AT_ONCE, (stored) => referrals.settleUrgent(stored, 'skipped'));

  const unqueued = [...planned.values(), ...jobs].filter(({ status }) => status === 'planned');
  await queue.announce(unqueued.map(({ mailId }) => mailId));
  await forEach(unqueued, MAILS_AT_ONCE, ({ mailId }) => mails.markQueued(mailId));
  log.info('MAILS_PLANNED', {
    run: now,
    digests: digests.length,
    urgent: urgent.length,
    reports: reports.length,
    queued: unqueued.length,
  });
}

function digestJobs(config: Config, after: Instant, now: Instant): MailJob[] {
  return dailyMails(config.directory).flatMap(({ kind, recipient }) =>
    digestPeriods(recipient, after, now).map((period) => newJob(kind, recipient.id, period)),
  );
}

/**
 * The latest report of each kind for each leader who gets it, once it is finished, however late, unless it is planned
 * already. Earlier reports that an outage of weeks delayed are kept, but not mailed: they are no longer news.
 */
async function reportJobs(
  { directory }: Config,
  planned: ReadonlyMap<string, MailJob>,
  { mails, reports }: Pick<PlanDeps, 'mails' | 'reports'>,
): Promise<MailJob[]> {
  if (!directory.people.some(({ role }) => role === 'leader')) return [];
  const latest = new Map<ReportKind, FinishedPeriod>();
  for (const period of await reports.finishedPeriods()) {
    if (period.asOf > (latest.get(period.kind)?.asOf ?? 0)) latest.set(period.kind, period);
  }
  const jobs = [...latest.values()].flatMap(({ kind, period, asOf }) =>
    reportRecipients(directory, kind).map(({ id }) => newJob('weekly_report', id, { period, dueAt: asOf })),
  );
  const known = new Set(planned.keys());
  for (const date of new Set(jobs.filter(({ mailId }) => !known.has(mailId)).map(({ dueAt }) => utcDate(dueAt)))) {
    for (const { mailId } of await mails.dueOn(date)) known.add(mailId);
  }
  return jobs.filter(({ mailId }) => !known.has(mailId));
}

/** Whether a breach has somebody to be mailed to who hasn't seen to it already. */
function needsMail({ alert, coordinatorId }: StoredAlert, { directory }: Config, now: Instant): boolean {
  if (alert.acknowledgedBy !== null || (alert.snoozedUntil !== null && alert.snoozedUntil > now)) return false;
  return directory.people.some(({ id }) => id === coordinatorId);
}

/** One urgent mail for each recipient, with the alerts that wait and aren't in an urgent mail to that recipient yet. */
function urgentJobs(pending: readonly StoredAlert[], planned: readonly MailJob[], now: Instant): MailJob[] {
  const byRecipient = new Map<string, UrgentRef[]>();
  for (const { alert, coordinatorId } of pending) {
    const { referralId, kind, instance, openedAt } = alert;
    if (coordinatorId === null || openedAt === null) continue;
    const ref: UrgentRef = { referralId, kind, instance, openedAt };
    const mailed = planned.some(({ personId, urgent }) => personId === coordinatorId && urgent.some(isSame(ref)));
    if (!mailed) byRecipient.set(coordinatorId, [...(byRecipient.get(coordinatorId) ?? []), ref]);
  }
  return [...byRecipient].map(([personId, urgent]) => ({
    ...newJob('urgent_alert', personId, urgentPeriod(now)),
    urgent,
  }));
}

const isSame =
  (a: UrgentRef) =>
  (b: UrgentRef): boolean =>
    a.referralId === b.referralId && a.kind === b.kind && a.instance === b.instance && a.openedAt === b.openedAt;

function newJob(kind: MailKind, personId: string, period: Period): MailJob {
  return {
    mailId: mailIdOf(kind, personId, period),
    kind,
    personId,
    ...period,
    status: 'planned',
    leaseUntil: null,
    sentAt: null,
    messageId: null,
    urgent: [],
  };
}

export function createHandler(deps: PlanDeps) {
  return middy()
    .use(failWithoutDetail(deps.log))
    .handler((event: unknown) => plan(scheduleEvent.parse(event).time, deps));
}
