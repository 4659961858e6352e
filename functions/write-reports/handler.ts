/**
 * Trigger: EventBridge Scheduler, every 15 minutes, between detection and planning.
 * Reads: configuration and how far the reports have come. When a report is due: which periods are finished; once for all
 * that are due the projection of every received referral and of orphans, and the log of those that changed since; counts
 * of refused input and of replaced words, feeds, the reports before.
 * Writes: the report of each scope with the charts of its mail; then that the period is finished; how far the reports have
 * come.
 * Idempotency: a report is put only if it doesn't exist, and never changes. Made again it says the same, because what
 * arrived after it was due is left out. A period is finished last, so the work of a run that died is done again.
 * On failure: the other periods are written. The next run tries again, during 8 days for a week, 35 for a month and 100
 * for a quarter. Mails wait until their period is finished.
 */
import middy from '@middy/core';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { REPORT_KINDS, type Report, type ReportKind } from '../../shared/contracts/report.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import { isOrphan } from '../../shared/domain/alert/watches.ts';
import { type ReportPeriod, reportPeriods, spanOf } from '../../shared/domain/report/periods.ts';
import { reportRecipients, scopeOf } from '../../shared/domain/report/recipients.ts';
import { ReportBuilder } from '../../shared/domain/report/report-builder.ts';
import { restatedSince } from '../../shared/domain/report/restatement.ts';
import { scopeKey } from '../../shared/domain/report/scopes.ts';
import { forEach, settleEach } from '../../shared/platform/concurrency.ts';
import type { Log } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import type { ConfigStore } from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import type { QuarantineStore } from '../../shared/store/quarantine-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import type { ReportStore, StoredReport } from '../../shared/store/report-store.ts';
import type { UnmappedStore } from '../../shared/store/unmapped-store.ts';
import { knownStates } from './known-states.ts';

/** Draws the charts of a report's mail. */
export type DrawCharts = (report: Report) => Promise<StoredReport['charts']>;

export interface ReportDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  quarantine: Pick<QuarantineStore, 'countBetween'>;
  unmapped: Pick<UnmappedStore, 'countByField'>;
  feeds: FeedStore;
  reports: ReportStore;
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

/**
 * How many days after it was due a report may still be made. If an outage lasts longer, a week's figures show in the next
 * reports, which look 8 weeks back; for a month or a quarter people are ready to wait longer.
 */
const CATCH_UP_DAYS: Record<ReportKind, number> = { weekly: 8, monthly: 35, quarterly: 100 };
const WRITES_AT_ONCE = 8;

async function writeReports(run: Instant, deps: ReportDeps): Promise<ReportsRun> {
  const { config, version, since, progress } = await deps.configs.inForce();
  const result: ReportsRun = { run, periods: 0, reports: 0 };
  const due = duePeriods(config, progress.reportsUntil ?? since, since, run);
  if (due.length > 0) {
    const finished = new Set((await deps.reports.finishedPeriods()).map(({ kind, period }) => `${kind} ${period}`));
    const missing = due.filter(({ kind, name }) => !finished.has(`${kind} ${name}`));
    const written = await settleEach(await countReferrals(missing, { config, version }, deps), 1, (counted) =>
      writePeriod(counted, config, deps),
    );
    for (const outcome of written) {
      if (outcome.status === 'rejected') continue;
      result.periods += 1;
      result.reports += outcome.value;
    }
    const failures = written.filter((outcome) => outcome.status === 'rejected');
    // The mails of the periods that are finished don't wait for one that failed.
    await deps.configs.markReports({
      reportsUntil: failures.length === 0 ? run : (progress.reportsUntil ?? since),
      reportsFinished: finished.size + result.periods,
    });
    if (failures.length > 0) {
      throw new AggregateError(
        failures.map(({ reason }) => reason),
        `${failures.length} of ${missing.length} periods failed`,
      );
    }
  }
  deps.metrics.count('ReportsWritten', result.reports);
  deps.log.info('REPORTS_WRITTEN', { ...result });
  return result;
}

/** The periods whose reports fell due in (after, run] and may still be made, oldest first within a kind. */
function duePeriods({ directory }: Config, after: Instant, since: Instant, run: Instant): ReportPeriod[] {
  return REPORT_KINDS.flatMap((kind) => {
    const from = Math.max(after, since, run - CATCH_UP_DAYS[kind] * DAY_MS);
    return reportPeriods(directory.organization.timeZone, from, run).filter((period) => period.kind === kind);
  });
}

interface CountedPeriod {
  period: ReportPeriod;
  builder: ReportBuilder;
  /** Referrals that were orphans when the report was due. */
  orphans: number;
}

/** Counts every referral for each of the periods, in one pass over all referrals. */
async function countReferrals(
  periods: readonly ReportPeriod[],
  versioned: VersionedConfig,
  { referrals }: ReportDeps,
): Promise<CountedPeriod[]> {
  if (periods.length === 0) return [];
  const { config } = versioned;
  const counted = periods.map((period) => ({ period, builder: new ReportBuilder(period, config), orphans: 0 }));
  const instants = [...new Set(periods.map(({ asOf }) => asOf))];
  for await (const { asOf, states } of knownStates(referrals, instants, versioned)) {
    const orphans = states.filter((state) => isOrphan(state, asOf)).length;
    for (const each of counted.filter(({ period }) => period.asOf === asOf)) {
      for (const state of states) each.builder.add(state);
      each.orphans += orphans;
    }
  }
  return counted;
}

/** Writes the reports of one period, then that it is finished. @returns how many reports */
async function writePeriod(
  { period, builder, orphans }: CountedPeriod,
  config: Config,
  deps: ReportDeps,
): Promise<number> {
  const { quarantine, unmapped, feeds, reports } = deps;
  const { kind, name, asOf } = period;
  const { from, to } = spanOf(period);
  const [refused, replaced, feedsHeard] = await Promise.all([
    quarantine.countBetween(from, to, 'arrivedAt'),
    unmapped.countByField(from, to),
    feeds.heard((config.directory.feeds ?? []).map(({ name }) => name)),
  ]);
  const made = builder.finish({ refused, unmapped: replaced, orphans, feedsHeard });
  const mailed = new Set(reportRecipients(config.directory, kind).map((person) => scopeKey(scopeOf(person))));
  await forEach(made, WRITES_AT_ONCE, async ([scope, figures]) => {
    const before = await reports.get({ kind, period: period.previous, scope });
    const report = before === null ? figures : { ...figures, restated: restatedSince(before.report, figures) };
    const charts = mailed.has(scope) ? await deps.drawCharts(report) : {};
    await reports.save({ kind, period: name, scope }, { report, charts });
  });
  await reports.finishPeriod({ kind, period: name, asOf });
  return made.size;
}

export function createHandler(deps: ReportDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log))
    .handler((event: unknown) => writeReports(scheduleEvent.parse(event).time, deps));
}
