/**
 * Trigger: EventBridge Scheduler, every 15 minutes, after detection.
 * Reads: configuration and how far planning has come; alerts that wait for an urgent mail; the mails of the last two UTC
 * dates, once an hour of three; once an hour, and if a period was finished since, which periods are finished, and the mails
 * of the latest of them.
 * Writes: mails to be made, and their messages on the mail-jobs queue, again for a mail that came to no end and whose
 * message must have been lost or given up; mails that were first held within the last day, once mail is sent again; how far
 * planning has come; referrals that are set aside, because they can't be read.
 * Idempotency: a mail's id is derived from kind, recipient and period, and it is put on condition of its absence. How far
 * planning has come is noted last, so a run that died is done again, and a mail that was put but not announced is
 * announced then. A message sent twice is harmless: the sender claims the mail, and each alert of an urgent mail, so that
 * only one of two mails reports it.
 * On failure: a mail that can't be planned doesn't hold up the others. The next run plans every period of the last 24
 * hours since planning last came to its end: an outage delays a digest and never skips what it would have said. A report
 * is planned once it is written, however late. Mails that are overdue, or that reached nobody, are counted for the alarms.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReportKind } from '../../shared/contracts/report.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import { liveFrom } from '../../shared/domain/alert/live-from.ts';
import { dailyMails, digestPeriods } from '../../shared/domain/mail/schedule.ts';
import { reportRecipients } from '../../shared/domain/report/recipients.ts';
import { forEach, settleEach } from '../../shared/platform/concurrency.ts';
import { failingIn, type Log } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import { type ConfigStore, isUnconfigured } from '../../shared/store/config-store.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import type { FinishedPeriod, ReportStore } from '../../shared/store/report-store.ts';
import type { SetAsideStore } from '../../shared/store/set-aside-store.ts';
import { mailTrouble } from './mail-trouble.ts';
import { newJob } from './new-job.ts';
import { releaseHeld } from './released.ts';
import { isHourly, lastMails, unfinishedMails } from './unfinished.ts';
import { urgentJobs } from './urgent-jobs.ts';

/** Where mails to be made are announced. */
export interface MailQueue {
  announce(mailIds: readonly string[]): Promise<void>;
}

export interface PlanDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  mails: MailStore;
  reports: ReportStore;
  setAsides: SetAsideStore;
  queue: MailQueue;
  /** Mail is made and kept, and none is sent. */
  holds: boolean;
  log: Log;
  metrics: Metrics;
}

const MAILS_AT_ONCE = 8;

async function plan(now: Instant, deps: PlanDeps): Promise<void> {
  const { configs, mails, queue, log, metrics } = deps;
  const inForce = await configs.inForce();
  const { config, version, since, progress } = inForce;
  // Another configuration has other people: what was planned by the one before is gone through again.
  const again = progress.plannedVersion !== version;
  // What is due at the very instant of the first configuration is owed.
  const after = Math.max(now - DAY_MS, since - 1, again ? 0 : (progress.plannedUntil ?? 0));
  const digests = digestJobs(config, Math.max(after, liveFrom(config) - 1), now);
  const newReports = again || progress.reportsPlanned !== progress.reportsFinished;
  // What can't be read of one kind of mail holds up no other.
  const unread: unknown[] = [];
  const known = lastMails(now, deps);
  const [urgent, reports, last] = await Promise.allSettled([
    now < liveFrom(config) ? [] : urgentJobs(inForce, now, { ...deps, known }, unread),
    newReports || isHourly(now) ? reportJobs(config, deps) : [],
    known,
  ]);
  const unfinished = await unfinishedMails(now, { known: fulfilled(last), reports: fulfilled(reports), mails });
  unread.push(...unfinished.unread);
  const all = [...fulfilled(last), ...unfinished.older];
  const held = deps.holds ? { released: [], failed: [] } : await releaseHeld(now, all, mails);
  unread.push(...held.failed);
  const { overdue, notDelivered } = mailTrouble(all, now);
  if (overdue > 0) metrics.count('MailsOverdue', overdue);
  if (notDelivered > 0) metrics.count('MailsNotDelivered', notDelivered);
  const jobs = [...fulfilled(urgent), ...digests, ...(newReports ? fulfilled(reports) : [])];
  const planned = await settleEach(jobs, MAILS_AT_ONCE, (job) => planOne(job, mails));
  const fresh = planned.flatMap((outcome) => (outcome.status === 'fulfilled' ? (outcome.value ?? []) : []));
  const toAnnounce = [...new Set([...fresh, ...unfinished.again, ...held.released])];
  await queue.announce(toAnnounce);
  await forEach(toAnnounce, MAILS_AT_ONCE, (mailId) => mails.markQueued(mailId));
  log.info('MAILS_PLANNED', {
    run: now,
    digests: digests.length,
    urgent: fulfilled(urgent).length,
    reports: newReports ? fulfilled(reports).length : 0,
    queued: toAnnounce.length,
    again: unfinished.again.length,
    leftOut: unfinished.leftOut,
    released: held.released.length,
  });
  const failures = [
    ...unread,
    ...new Set(
      [urgent, reports, last, ...planned].flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
    ),
  ];
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} mails or kinds of mail failed`);
  if (digests.length > 0 || newReports) {
    const { reportsFinished } = progress;
    await configs.markPlanned({ plannedUntil: now, plannedVersion: version, reportsPlanned: reportsFinished });
  }
}

const fulfilled = (outcome: PromiseSettledResult<MailJob[]>): MailJob[] =>
  outcome.status === 'fulfilled' ? outcome.value : [];

/** Keeps one mail to be made. @returns its id if it has to be announced: it is new, or a run died before it was */
async function planOne(job: MailJob, mails: MailStore): Promise<string | null> {
  if ((await mails.plan(job)) === 'written') return job.mailId;
  const known = await mails.get(job.mailId);
  return known?.status === 'planned' ? job.mailId : null;
}

function digestJobs(config: Config, after: Instant, now: Instant): MailJob[] {
  return dailyMails(config.directory).flatMap(({ kind, recipient }) =>
    digestPeriods(recipient, after, now).map((period) => newJob(kind, recipient.id, period)),
  );
}

/**
 * The latest report of each kind for each leader who gets it, however late it was finished. Earlier reports that an outage
 * of weeks delayed are kept, but not mailed: they are no longer news. Nor are those from before the organization went live.
 */
async function reportJobs(config: Config, { reports }: Pick<PlanDeps, 'reports'>): Promise<MailJob[]> {
  const { directory } = config;
  if (!directory.people.some(({ role }) => role === 'leader')) return [];
  const live = liveFrom(config);
  const latest = new Map<ReportKind, FinishedPeriod>();
  for (const period of await reports.finishedPeriods()) {
    if (period.asOf > (latest.get(period.kind)?.asOf ?? 0) && period.asOf >= live) latest.set(period.kind, period);
  }
  return [...latest.values()].flatMap(({ kind, period, asOf }) =>
    reportRecipients(directory, kind).map(({ id }) => newJob('weekly_report', id, { period, dueAt: asOf })),
  );
}

export function createHandler(deps: PlanDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log, { isIdle: isUnconfigured }))
    .handler((event: unknown, context: Context) =>
      plan(scheduleEvent.parse(event).time, {
        ...deps,
        log: failingIn(deps.log, { requestId: context.awsRequestId }),
      }),
    );
}
