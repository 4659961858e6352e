/**
 * Trigger: EventBridge Scheduler, every 15 minutes, after detection.
 * Reads: configuration; the mails of the last two UTC dates and of those on which reports were due; which reports are
 * there; alerts that wait for an urgent mail.
 * Writes: mails to be made, and their messages on the mail-jobs queue; that an alert needs no urgent mail any more.
 * Idempotency: a mail's id is derived from kind, recipient and period, and it is put on condition of its absence. A
 * mail that was put but not queued is queued by the next run; a message sent twice is harmless, the sender claims: the
 * mail, and of an urgent one each alert, so that of two mails only one tells of it.
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
import type { FinishedReports, MailJob, OperationsStore, UrgentRef } from '../../shared/store/operations-store.ts';
import type { ReferralStore, StoredAlert } from '../../shared/store/referral-store.ts';

/** Where mails to be made are announced. */
export interface MailQueue {
  announce(mailIds: readonly string[]): Promise<void>;
}

export interface PlanDeps {
  referrals: ReferralStore;
  operations: OperationsStore;
  queue: MailQueue;
  log: Log;
}

const MAILS_AT_ONCE = 8;

async function plan(now: Instant, { referrals, operations, queue, log }: PlanDeps): Promise<void> {
  const { config, since } = await operations.config();
  const planned = new Map<string, MailJob>();
  for (const date of [utcDate(now - DAY_MS), utcDate(now)]) {
    for (const job of await operations.mailsOn(date)) planned.set(job.mailId, job);
  }

  const digests = digestJobs(config, Math.max(now - DAY_MS, since), now).filter(({ mailId }) => !planned.has(mailId));
  // What is in a planned mail stays pending until its sender claims it: where that never comes, it is planned anew.
  const pending = Map.groupBy(await referrals.pendingUrgent(), (stored) => needsMail(stored, config, now));
  const urgent = urgentJobs(pending.get(true) ?? [], [...planned.values()], now);
  const reports = await reportJobs(config, planned, operations);
  const jobs = [...digests, ...urgent, ...reports];
  await forEach(jobs, MAILS_AT_ONCE, (job) => operations.planMail(job));
  await forEach(pending.get(false) ?? [], MAILS_AT_ONCE, (stored) => referrals.settleUrgent(stored, 'skipped'));

  const unqueued = [...planned.values(), ...jobs].filter(({ status }) => status === 'planned');
  await queue.announce(unqueued.map(({ mailId }) => mailId));
  await forEach(unqueued, MAILS_AT_ONCE, ({ mailId }) => operations.markQueued(mailId));
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
 * The latest report of each kind for each leader who gets it, once it is there, however late, unless it is planned
 * already. One that an outage of weeks has left behind it is kept, but no news any more.
 */
async function reportJobs(
  { directory }: Config,
  planned: ReadonlyMap<string, MailJob>,
  operations: OperationsStore,
): Promise<MailJob[]> {
  if (!directory.people.some(({ role }) => role === 'leader')) return [];
  const latest = new Map<ReportKind, FinishedReports>();
  for (const run of await operations.finishedReports()) {
    if (run.asOf > (latest.get(run.kind)?.asOf ?? 0)) latest.set(run.kind, run);
  }
  const jobs = [...latest.values()].flatMap(({ kind, period, asOf }) =>
    reportRecipients(directory, kind).map(({ id }) => newJob('weekly_report', id, { period, dueAt: asOf })),
  );
  const known = new Set(planned.keys());
  for (const date of new Set(jobs.filter(({ mailId }) => !known.has(mailId)).map(({ dueAt }) => utcDate(dueAt)))) {
    for (const { mailId } of await operations.mailsOn(date)) known.add(mailId);
  }
  return jobs.filter(({ mailId }) => !known.has(mailId));
}

/** Whether there is somebody to tell of a breach who hasn't seen to it already. */
function needsMail({ alert, coordinatorId }: StoredAlert, { directory }: Config, now: Instant): boolean {
  if (alert.acknowledgedBy !== null || (alert.snoozedUntil !== null && alert.snoozedUntil > now)) return false;
  return directory.people.some(({ id }) => id === coordinatorId);
}

/** One urgent mail a recipient, of what waits and isn't in an urgent mail to that recipient yet. */
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
