/**
 * Trigger: EventBridge Scheduler, every 15 minutes, after detection.
 * Reads: configuration and how far planning has come; alerts that wait for an urgent mail, and if there are any the mails
 * of the last two UTC dates; if a period was finished since, which periods are finished.
 * Writes: mails to be made, and their messages on the mail-jobs queue; how far planning has come; referrals that are set
 * aside, because they can't be read.
 * Idempotency: a mail's id is derived from kind, recipient and period, and it is put on condition of its absence. How far
 * planning has come is noted last, so a run that died is done again, and a mail that was put but not announced is
 * announced then. A message sent twice is harmless: the sender claims the mail, and each alert of an urgent mail, so that
 * only one of two mails reports it.
 * On failure: a mail that can't be planned doesn't hold up the others. The next run plans every period of the last 24
 * hours since planning last came to its end: an outage delays a digest and never skips what it would have said. A report
 * is planned once it is written, however late.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Config, Directory } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReportKind } from '../../shared/contracts/report.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import { liveFrom } from '../../shared/domain/alert/live-from.ts';
import { mailIdOf, utcDate } from '../../shared/domain/mail/mail-id.ts';
import { dailyMails, digestPeriods, type Period, urgentPeriod } from '../../shared/domain/mail/schedule.ts';
import { coordinatorOf } from '../../shared/domain/referral/owners.ts';
import { reportRecipients } from '../../shared/domain/report/recipients.ts';
import { forEach, settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { failingIn, type Log } from '../../shared/platform/logger.ts';
import { failWithoutDetail } from '../../shared/platform/middleware.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { ConfigStore } from '../../shared/store/config-store.ts';
import type { MailJob, MailStore, UrgentRef } from '../../shared/store/mail-store.ts';
import type { ReferralStore, StoredReferral } from '../../shared/store/referral-store.ts';
import type { FinishedPeriod, ReportStore } from '../../shared/store/report-store.ts';
import { type SetAsideStore, setAsideAll } from '../../shared/store/set-aside-store.ts';

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
  log: Log;
}

const MAILS_AT_ONCE = 8;
const REFERRALS_AT_ONCE = 16;
/** Alerts in one urgent mail: it names all of them, and mail programs cut off what is longer than some 100 KB. */
export const MOST_URGENT = 200;

async function plan(now: Instant, deps: PlanDeps): Promise<void> {
  const { configs, mails, queue, log } = deps;
  const { config, version, since, progress } = await configs.inForce();
  // Another configuration has other people: what was planned by the one before is gone through again.
  const again = progress.plannedVersion !== version;
  // What is due at the very instant of the first configuration is owed.
  const after = Math.max(now - DAY_MS, since - 1, again ? 0 : (progress.plannedUntil ?? 0));
  const digests = digestJobs(config, Math.max(after, liveFrom(config) - 1), now);
  const newReports = again || progress.reportsPlanned !== progress.reportsFinished;
  // What can't be read of one kind of mail holds up no other.
  const unread: unknown[] = [];
  const [urgent, reports] = await Promise.allSettled([
    now < liveFrom(config) ? [] : urgentJobs(config, now, deps, unread),
    newReports ? reportJobs(config, deps) : [],
  ]);
  const jobs = [...fulfilled(urgent), ...digests, ...fulfilled(reports)];
  const planned = await settleEach(jobs, MAILS_AT_ONCE, (job) => planOne(job, mails));
  const toAnnounce = planned.flatMap((outcome) => (outcome.status === 'fulfilled' ? (outcome.value ?? []) : []));
  await queue.announce(toAnnounce);
  await forEach(toAnnounce, MAILS_AT_ONCE, (mailId) => mails.markQueued(mailId));
  log.info('MAILS_PLANNED', {
    run: now,
    digests: digests.length,
    urgent: fulfilled(urgent).length,
    reports: fulfilled(reports).length,
    queued: toAnnounce.length,
  });
  const failures = [
    ...unread,
    ...[urgent, reports, ...planned].flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
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

/**
 * Urgent mails for the alerts that wait and aren't in an urgent mail of the last day to their recipient yet: one for each
 * recipient, more if it would name too many. What a run that died has planned is planned again as it was. An alert that
 * is nobody's any more waits until it is somebody's or detection takes it off.
 * @param unread gets what went wrong with a referral and may not the next time: it holds up no other
 */
async function urgentJobs(
  { directory }: Config,
  now: Instant,
  { referrals, mails, setAsides, log }: Pick<PlanDeps, 'referrals' | 'mails' | 'setAsides' | 'log'>,
  unread: unknown[],
): Promise<MailJob[]> {
  // An alert in a planned mail stays pending until the sender claims it: if that never comes, it is planned again.
  const referralIds = await referrals.pendingUrgent();
  const pending = await settleEach(referralIds, REFERRALS_AT_ONCE, async (referralId) => {
    try {
      const stored = await referrals.load(referralId);
      return stored === null ? [] : pendingRefs(stored, directory);
    } catch (error) {
      if (!(error instanceof LastingError)) throw error;
      await setAsideAll([[referralId, error]], { by: 'plan-mail', now }, { setAsides, log });
      return [];
    }
  });
  const waiting = pending.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  for (const [index, referralId] of referralIds.entries()) {
    const result = pending[index];
    if (result?.status !== 'rejected') continue;
    await logFailure(log, 'REFERRAL_FAILED', result.reason, { referralId });
    unread.push(result.reason);
  }
  if (waiting.length === 0) return [];
  const dates = [utcDate(now - DAY_MS), utcDate(now)];
  const known = (await Promise.all(dates.map((date) => mails.dueOn(date)))).flat();
  const mailed = new Set(known.flatMap(({ personId, urgent }) => urgent.map((ref) => refKey(personId, ref))));
  const byRecipient = Map.groupBy(
    waiting.filter(({ personId, ref }) => !mailed.has(refKey(personId, ref))),
    ({ personId }) => personId,
  );
  const unannounced = known.filter(({ kind, status }) => kind === 'urgent_alert' && status === 'planned');
  const planned = [...byRecipient].flatMap(([personId, refs]) =>
    urgentMails(
      personId,
      refs.map(({ ref }) => ref),
      now,
    ),
  );
  return [...unannounced, ...planned];
}

/** A referral's alerts that wait for an urgent mail, and to whom it goes. */
function pendingRefs(stored: StoredReferral, directory: Directory): { personId: string; ref: UrgentRef }[] {
  const personId = coordinatorOf(stored.state, directory);
  return unpackAlerts(stored).flatMap(({ alert: { referralId, kind, instance, since }, urgentMail }) =>
    urgentMail?.is !== 'pending' || personId === null ? [] : [{ personId, ref: { referralId, kind, instance, since } }],
  );
}

function urgentMails(personId: string, refs: readonly UrgentRef[], now: Instant): MailJob[] {
  const count = Math.ceil(refs.length / MOST_URGENT);
  return Array.from({ length: count }, (_, index) => {
    const { period, dueAt } = urgentPeriod(now);
    const part = index === 0 ? period : `${period}#${index + 1}`;
    const urgent = refs.slice(index * MOST_URGENT, (index + 1) * MOST_URGENT);
    return { ...newJob('urgent_alert', personId, { period: part, dueAt }), urgent };
  });
}

/** Identifies an alert's episode in the mail of one person. */
const refKey = (personId: string, { referralId, kind, instance, since }: UrgentRef): string =>
  JSON.stringify([personId, referralId, kind, instance, since]);

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
    .handler((event: unknown, context: Context) =>
      plan(scheduleEvent.parse(event).time, {
        ...deps,
        log: failingIn(deps.log, { requestId: context.awsRequestId }),
      }),
    );
}
