/**
 * Trigger: EventBridge Scheduler, every 15 minutes, between detection and planning.
 * Reads: configuration and how far the reports have come. When a report is due: the latest attempt, which holds a lease;
 * which periods are finished; once for all that are due the projection of every received referral and of orphans, and the
 * log of those that changed since; counts of refused input, of what waits for its referral and of replaced words, feeds,
 * the reports before.
 * Writes: when a report is due the attempt, before anything else is read, and that it has ended; the report of each scope
 * with the charts of its mail; then that the period is finished; how far the reports have come.
 * Idempotency: a report is put only if it doesn't exist, and never changes. Made again it says the same, because what
 * arrived after it was due is left out; only what waited may have found its referral meanwhile. A period is finished last, so the work of a run that died is done again.
 * On failure: the other periods are written; nothing is if referrals couldn't all be read. Lambda doesn't try again, a
 * later run does: after 15 minutes, then twice as long each time up to 4 hours, a killed run's too, during 8 days for a
 * week, 35 for a month and 100 for a quarter. Mails wait until their period is finished.
 */
import middy from '@middy/core';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { REPORT_KINDS, type Report, type ReportKind } from '../../shared/contracts/report.ts';
import { reportScheduleEvent } from '../../shared/contracts/schedule.ts';
import { type ReportPeriod, reportPeriods, spanOf } from '../../shared/domain/report/periods.ts';
import { reportRecipients, scopeOf } from '../../shared/domain/report/recipients.ts';
import { restatedSince } from '../../shared/domain/report/restatement.ts';
import { scopeKey } from '../../shared/domain/report/scopes.ts';
import { forEach, settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { ComputationError, LastingError } from '../../shared/platform/lasting-error.ts';
import { errorName, type Log } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import { type ConfigInForce, type ConfigStore, isUnconfigured } from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';
import type { QuarantineStore, RefusedCounts } from '../../shared/store/quarantine-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import type { ReportAttempt, ReportStore, StoredReport } from '../../shared/store/report-store.ts';
import type { SetAsideStore } from '../../shared/store/set-aside-store.ts';
import type { UnmappedStore } from '../../shared/store/unmapped-store.ts';
import type { UnmatchedStore } from '../../shared/store/unmatched-store.ts';
import { decideAttempt, type Left } from './attempt.ts';
import { type CountedPeriod, countReferrals } from './count-referrals.ts';

/** Draws the charts of a report's mail. */
export type DrawCharts = (report: Report) => Promise<StoredReport['charts']>;

export interface ReportDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  quarantine: Pick<QuarantineStore, 'countBetween'>;
  unmapped: Pick<UnmappedStore, 'countByField'>;
  unmatched: Pick<UnmatchedStore, 'heldBetween'>;
  feeds: FeedStore;
  reports: ReportStore;
  setAsides: SetAsideStore;
  drawCharts: DrawCharts;
  time: TimeSource;
  log: Log;
  metrics: Metrics;
}

/** What a run did. */
export interface ReportsRun {
  run: Instant;
  periods: number;
  reports: number;
  /** Reports were due, and left alone. */
  left?: Left;
}

/**
 * How many days after it was due a report may still be made. If an outage lasts longer, a week's figures show in the next
 * reports, which look 8 weeks back; for a month or a quarter people are ready to wait longer.
 */
const CATCH_UP_DAYS: Record<ReportKind, number> = { weekly: 8, monthly: 35, quarterly: 100 };
const WRITES_AT_ONCE = 8;

interface Call {
  run: Instant;
  again: boolean;
  remainingMs: number;
}

async function writeReports(call: Call, deps: ReportDeps): Promise<ReportsRun> {
  const { run } = call;
  const inForce = await deps.configs.inForce();
  const { config, since, progress } = inForce;
  const due = duePeriods(config, progress.reportsUntil ?? since, since, run);
  const result: ReportsRun = { run, periods: 0, reports: 0 };
  if (due.length > 0) {
    const begun = await beginAttempt(call, inForce, due, deps);
    const failed = 'left' in begun ? begun.failed : begun.unfinished - 1;
    if (failed > 0) deps.metrics.count('ReportRunsFailed', failed);
    if ('left' in begun) {
      deps.log.info('REPORTS_LEFT', { run, why: begun.left, failed });
      return { ...result, left: begun.left };
    }
    // A run that is killed says nothing more.
    deps.metrics.publish();
    try {
      Object.assign(result, await writeDue(due, run, inForce, deps));
    } catch (error) {
      // If the lease can't be given back it runs out.
      const [returned] = await Promise.allSettled([deps.reports.endAttempt(begun.number, false)]);
      throw returned.status === 'fulfilled'
        ? error
        : new AggregateError([error, returned.reason], 'a run failed twice');
    }
    await deps.reports.endAttempt(begun.number, true);
  }
  deps.log.info('REPORTS_WRITTEN', { ...result });
  return result;
}

/** Takes the lease and notes the attempt. @returns the attempt; or why the reports are left, and how many runs failed */
async function beginAttempt(
  { run, again, remainingMs }: Call,
  { pushedAt }: ConfigInForce,
  due: readonly ReportPeriod[],
  { reports, time }: ReportDeps,
): Promise<ReportAttempt | { left: Left; failed: number }> {
  const last = await reports.latestAttempt();
  const decision = decideAttempt(
    last,
    { push: pushedAt, periods: due.map(nameOf) },
    { run, again, remainingMs, now: time.now() },
  );
  if ('left' in decision) return decision;
  const written = await reports.beginAttempt(decision.begin);
  return written === 'written' ? decision.begin : { left: 'leased', failed: 0 };
}

/** As what a period is noted in an attempt. */
const nameOf = ({ kind, name }: Pick<ReportPeriod, 'kind' | 'name'>): string => `${kind} ${name}`;

/** Writes the reports of the periods that are due and aren't finished. Throws what failed, once the others are written. */
async function writeDue(
  due: readonly ReportPeriod[],
  run: Instant,
  { config, version, since, progress }: ConfigInForce,
  deps: ReportDeps,
): Promise<Pick<ReportsRun, 'periods' | 'reports'>> {
  const finished = new Set(
    (await deps.reports.finishedPeriods()).map(({ kind, period }) => nameOf({ kind, name: period })),
  );
  const missing = due.filter((period) => !finished.has(nameOf(period)));
  const written = await settleEach(await countReferrals(missing, { config, version }, run, deps), 1, (counted) =>
    writePeriod(counted, config, deps),
  );
  const counts = written.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = written.filter((outcome) => outcome.status === 'rejected');
  // The mails of the periods that are finished don't wait for one that failed.
  await deps.configs.markReports({
    reportsUntil: failures.length === 0 ? run : (progress.reportsUntil ?? since),
    reportsFinished: finished.size + counts.length,
  });
  if (failures.length > 0) {
    throw new AggregateError(
      failures.map(({ reason }) => reason),
      `${failures.length} of ${missing.length} periods failed`,
    );
  }
  return { periods: counts.length, reports: counts.reduce((sum, count) => sum + count, 0) };
}

/** The periods whose reports fell due in (after, run] and may still be made, oldest first within a kind. */
function duePeriods({ directory }: Config, after: Instant, since: Instant, run: Instant): ReportPeriod[] {
  return REPORT_KINDS.flatMap((kind) => {
    const from = Math.max(after, since, run - CATCH_UP_DAYS[kind] * DAY_MS);
    return reportPeriods(directory.organization.timeZone, from, run).filter((period) => period.kind === kind);
  });
}

/** Writes the reports of one period, then that it is finished. @returns how many reports */
async function writePeriod(
  { period, builder, orphans, setAside }: CountedPeriod,
  config: Config,
  deps: ReportDeps,
): Promise<number> {
  const { quarantine, unmapped, unmatched, feeds, reports } = deps;
  const { kind, name, asOf } = period;
  const { from, to } = spanOf(period);
  const unread: LastingError[] = [];
  const tell = (error: LastingError) => void unread.push(error);
  const [counts, held, replaced, feedsHeard] = await Promise.all([
    quarantine.countBetween(from, to, 'arrivedAt', tell),
    unmatched.heldBetween(from, to, tell),
    unmapped.countByField(from, to, tell),
    feeds.heard((config.directory.feeds ?? []).map(({ name }) => name)),
  ]);
  for (const error of unread) await logFailure(deps.log, 'ITEM_UNREADABLE', error);
  const refused = withUnmatched(counts, held.length);
  const made = builder.finish({ refused, unmapped: replaced, orphans, setAside, feedsHeard });
  const mailed = new Set(reportRecipients(config.directory, kind).map((person) => scopeKey(scopeOf(person))));
  const written = await forEach(made, WRITES_AT_ONCE, async ([scope, figures]) => {
    const before = await orNull(() => reports.get({ kind, period: period.previous, scope }), deps);
    const report = before === null ? figures : { ...figures, restated: restatedSince(before.report, figures) };
    const charts = mailed.has(scope) ? ((await orNull(() => drawn(report, deps), deps)) ?? {}) : {};
    return (await orNull(() => reports.save({ kind, period: name, scope }, { report, charts }), deps)) !== null;
  });
  await reports.finishPeriod({ kind, period: name, asOf });
  return written.filter(Boolean).length;
}

/** What still waits for its referral is in no figure either, and counts with what was refused for want of one. */
function withUnmatched(refused: RefusedCounts, held: number): RefusedCounts {
  return held === 0 ? refused : { ...refused, unmatched: (refused.unmatched ?? 0) + held };
}

/** What fails for good for one scope holds up no other: its report goes without it, or isn't written. */
async function orNull<T>(work: () => Promise<T>, { log }: ReportDeps): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LastingError)) throw error;
    await logFailure(log, 'REPORT_INCOMPLETE', error);
    return null;
  }
}

/** Drawing depends on nothing but the report. @throws ComputationError */
async function drawn(report: Report, { drawCharts }: ReportDeps): Promise<StoredReport['charts']> {
  try {
    return await drawCharts(report);
  } catch (error) {
    throw new ComputationError(errorName(error), { cause: error });
  }
}

export function createHandler(deps: ReportDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log, { isIdle: isUnconfigured }))
    .handler((event: unknown, context: { getRemainingTimeInMillis(): number }) => {
      const { time: run, again } = reportScheduleEvent.parse(event);
      return writeReports({ run, again, remainingMs: context.getRemainingTimeInMillis() }, deps);
    });
}
