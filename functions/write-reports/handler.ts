/**
 * Trigger: EventBridge Scheduler, every 15 minutes, between detection and planning.
 * Reads: configuration; which reports are there. When a report is due: the projection of every received referral, the
 * log of those that changed since it was due, alerts of orphans, counts of refused input, feeds.
 * Writes: the reports of each scope with the charts of their mails; that all of a period are there.
 * Idempotency: a report is put on condition of its absence and never changes; made again, it says the same, since what
 * arrived after it was due is left out. A period is finished last, so a run that died is done again.
 * On failure: the next run does it, for 8 days; mails wait for their period to be finished.
 */
import middy from '@middy/core';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Report } from '../../shared/contracts/report.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import { type ReportPeriod, reportPeriods, spanOf } from '../../shared/domain/report/periods.ts';
import { reportReaders, scopeOf } from '../../shared/domain/report/readers.ts';
import { ReportBuilder } from '../../shared/domain/report/report.ts';
import { scopeKey } from '../../shared/domain/report/scopes.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { Log } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import type { OperationsStore, StoredReport } from '../../shared/store/operations-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { knownStates } from './known-states.ts';

/** Draws the charts of a report's mail. */
export type DrawCharts = (report: Report) => Promise<StoredReport['charts']>;

export interface ReportDeps {
  referrals: ReferralStore;
  operations: OperationsStore;
  drawCharts: DrawCharts;
  log: Log;
  metrics: Metrics;
}

/** What a run did. */
export interface ReportsRun {
  run: Instant;
  periods: number;
  reports: number;
}

const DAY_MS = 86_400_000;
/** An outage of a week delays a report; of a longer one the next reports tell, which look 8 weeks back. */
const CATCH_UP_DAYS = 8;
const WRITES_AT_ONCE = 8;
const READS_AT_ONCE = 8;

async function writeReports(run: Instant, deps: ReportDeps): Promise<ReportsRun> {
  const { config, since } = await deps.operations.config();
  const { timeZone } = config.directory.organization;
  const due = reportPeriods(timeZone, Math.max(since, run - CATCH_UP_DAYS * DAY_MS), run);
  const finished = new Set((await deps.operations.finishedReports()).map(({ kind, period }) => `${kind} ${period}`));
  const missing = due.filter(({ kind, name }) => !finished.has(`${kind} ${name}`));
  const result: ReportsRun = { run, periods: 0, reports: 0 };
  for (const period of missing) {
    result.reports += await writePeriod(period, config, deps);
    result.periods += 1;
  }
  deps.metrics.count('ReportsWritten', result.reports);
  deps.log.info('REPORTS_WRITTEN', { ...result });
  return result;
}

/** Writes the reports of one period, then that they are there. */
async function writePeriod(period: ReportPeriod, config: Config, deps: ReportDeps): Promise<number> {
  const { referrals, operations } = deps;
  const { kind, name, asOf } = period;
  const builder = new ReportBuilder(period, config);
  for await (const states of knownStates(referrals, asOf, config)) {
    for (const state of states) builder.add(state);
  }
  const { from, to } = spanOf(period);
  const [refused, feedsHeard, orphans] = await Promise.all([
    operations.refusedBetween(from, to, 'arrivedAt'),
    operations.feedsHeard(),
    countOrphans(asOf, config, referrals),
  ]);
  const reports = builder.finish({ refused, orphans, feedsHeard });
  const mailed = new Set(reportReaders(config.directory, kind).map((person) => scopeKey(scopeOf(person))));
  await forEach(reports, WRITES_AT_ONCE, async ([scope, report]) => {
    const charts = mailed.has(scope) ? await deps.drawCharts(report) : {};
    await operations.saveReport({ kind, period: name, scope }, { report, charts });
  });
  await operations.finishReports({ kind, period: name, asOf });
  return reports.size;
}

/**
 * Referrals that were known by events only, those too of which somebody has heard since. For most nobody is responsible;
 * a coordinator whose routes take everything is.
 */
async function countOrphans(asOf: Instant, { directory }: Config, referrals: ReferralStore): Promise<number> {
  const coordinators = directory.people.filter(({ role }) => role === 'coordinator').map(({ id }) => id);
  const alerts = await forEach([null, ...coordinators], READS_AT_ONCE, async (id) => {
    const owner = { role: 'coordinator', id } as const;
    return [...(await referrals.openAlerts(owner)), ...(await referrals.resolvedAlerts(owner, asOf))];
  });
  return alerts.flat().filter(({ alert }) => alert.kind === 'orphan' && alert.since <= asOf).length;
}

export function createHandler(deps: ReportDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log))
    .handler((event: unknown) => writeReports(scheduleEvent.parse(event).time, deps));
}
