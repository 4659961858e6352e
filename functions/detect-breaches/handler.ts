/**
 * Trigger: EventBridge Scheduler, every 15 minutes, on the quarter hour UTC.
 * Reads: configuration; the due index; projection and alerts of each referral that is due. Once after a new
 * configuration was pushed: every referral in the index, with its log.
 * Writes: alerts; the referral's next wake-up. Alerts first, re-arming second. After a new configuration: projections.
 * Idempotency: an alert is put on condition of its revision, the wake-up set on condition of what was read; a run that
 * comes again, later or beside another, finds what the other wrote.
 * On failure: a referral that failed stays due and the run fails, so that it is retried and alarmed; the next run sees
 * it in any case, however long the outage was.
 */
import middy from '@middy/core';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import type { Log } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import { sweep, throwFailures } from '../../shared/platform/sweep.ts';
import type { ConfigStore } from '../../shared/store/config-store.ts';
import { project } from '../../shared/store/projection.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { detectReferral } from './detect-referral.ts';

export interface DetectDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  shards: number;
  backoff: Backoff;
  log: Log;
  metrics: Metrics;
}

/** What a run did. */
export interface DetectionRun {
  run: Instant;
  looked: number;
  alertsWritten: number;
  /** Time ran out; the next run goes on. */
  cutShort: boolean;
}

const REFERRALS_AT_ONCE = 16;

async function detect(run: Instant, remainingMs: () => number, deps: DetectDeps): Promise<DetectionRun> {
  const { referrals, configs, shards, log, metrics } = deps;
  const { config, version, appliedVersion } = await configs.inForce();
  // Calendars, routes and people may have changed, and dues and owners with them: every referral in the index is folded
  // and detected again, due or not.
  const everything = appliedVersion !== version;
  const result: DetectionRun = { run, looked: 0, alertsWritten: 0, cutShort: false };
  let oldestDue = run;
  const swept = await sweep({
    shards,
    shardsAtOnce: shards,
    itemsAtOnce: REFERRALS_AT_ONCE,
    pages: (shard) => referrals.due(shard, everything ? Number.MAX_SAFE_INTEGER : run),
    visit: async ({ referralId, wakeAt }) => {
      oldestDue = Math.min(oldestDue, wakeAt);
      if (everything) await project(referralId, [], { ...deps, store: referrals, config, now: run });
      const written = await detectReferral(referralId, { config, run, evenIfNotDue: everything }, deps);
      result.alertsWritten += written;
      result.looked += 1;
    },
    remainingMs,
    log,
  });
  result.cutShort = swept.cutShort;
  const failedShards = new Set(swept.failures.map(({ shard }) => shard)).size;
  metrics.gauge('SweepLagMilliseconds', run - oldestDue);
  metrics.count('ReferralsLooked', result.looked);
  metrics.count('AlertsWritten', result.alertsWritten);
  log.info('RUN_FINISHED', { ...result, sweepLagMs: run - oldestDue, failedShards });
  throwFailures(swept);
  if (everything && !result.cutShort) await configs.markApplied(version);
  return result;
}

export function createHandler(deps: DetectDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log))
    .handler((event: unknown, context: { getRemainingTimeInMillis(): number }) =>
      detect(scheduleEvent.parse(event).time, () => context.getRemainingTimeInMillis(), deps),
    );
}
