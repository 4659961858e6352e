/**
 * Trigger: EventBridge Scheduler, every 15 minutes, on the quarter hour UTC.
 * Reads: configuration; the due index; projection and alerts of each referral that is due. Once after a new
 * configuration was pushed: every referral in the index, with its log.
 * Writes: alerts; the referral's next wake-up. Alerts first, re-arming second. After a new configuration: projections.
 * Idempotency: an alert is put on condition of its revision, the wake-up set on condition of what was read; a run again,
 * later or beside another finds what the other wrote.
 * On failure: a referral that failed stays due and the run fails, so that it is retried and alarmed; the next run sees
 * it in any case, however long the outage was.
 */
import middy from '@middy/core';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { errorName, type Log } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import type { OperationsStore } from '../../shared/store/operations-store.ts';
import { project } from '../../shared/store/projection.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { detectReferral } from './detect-referral.ts';

export interface DetectDeps {
  referrals: ReferralStore;
  operations: OperationsStore;
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
/** A run stops this long before its Lambda's time ends; the due index keeps the rest. */
const MARGIN_MS = 20_000;

async function detect(run: Instant, remainingMs: () => number, deps: DetectDeps): Promise<DetectionRun> {
  const { config, version, appliedVersion } = await deps.operations.config();
  // Calendars, routes and people may have changed: dues, owners and alerts with them.
  const everything = appliedVersion !== version;
  const result: DetectionRun = { run, looked: 0, alertsWritten: 0, cutShort: false };
  const shards = Array.from({ length: deps.shards }, (_, shard) => shard);
  const lag = { oldestDue: run };
  const swept = await settleEach(shards, deps.shards, (shard) =>
    sweepShard(shard, { run, config, everything, remainingMs, result, lag }, deps),
  );
  const failures = swept.filter((shard) => shard.status === 'rejected');
  deps.metrics.gauge('SweepLagMilliseconds', run - lag.oldestDue);
  deps.metrics.count('ReferralsLooked', result.looked);
  deps.metrics.count('AlertsWritten', result.alertsWritten);
  deps.log.info('RUN_FINISHED', { ...result, sweepLagMs: run - lag.oldestDue, failedShards: failures.length });
  if (failures.length > 0) {
    throw new AggregateError(
      failures.map(({ reason }) => reason),
      `${failures.length} of ${deps.shards} shards failed`,
    );
  }
  if (everything && !result.cutShort) await deps.operations.markApplied(version);
  return result;
}

interface Sweep {
  run: Instant;
  config: Config;
  /** Every referral in the index, due or not, is folded and detected anew. */
  everything: boolean;
  remainingMs: () => number;
  result: DetectionRun;
  lag: { oldestDue: Instant };
}

/** Looks at every referral of a shard that is due. Fails, once all were tried, where any failed. */
async function sweepShard(shard: number, sweep: Sweep, deps: DetectDeps): Promise<void> {
  const failed: unknown[] = [];
  const { run, config, everything } = sweep;
  for await (const page of deps.referrals.due(shard, everything ? Number.MAX_SAFE_INTEGER : run)) {
    if (sweep.remainingMs() < MARGIN_MS) {
      deps.log.warn('RUN_CUT_SHORT', { shard });
      sweep.result.cutShort = true;
      break;
    }
    for (const { wakeAt } of page) sweep.lag.oldestDue = Math.min(sweep.lag.oldestDue, wakeAt);
    const looked = await settleEach(page, REFERRALS_AT_ONCE, async ({ referralId }) => {
      if (everything) await project(referralId, [], { ...deps, store: deps.referrals, config, now: run });
      return detectReferral(referralId, { config, run, evenIfNotDue: everything }, deps);
    });
    for (const outcome of looked) {
      if (outcome.status === 'fulfilled') {
        sweep.result.looked += 1;
        sweep.result.alertsWritten += outcome.value;
      } else {
        failed.push(outcome.reason);
        deps.log.error('REFERRAL_FAILED', { shard, error: errorName(outcome.reason) });
      }
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} referrals of shard ${shard} failed`);
}

export function createHandler(deps: DetectDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log))
    .handler((event: unknown, context: { getRemainingTimeInMillis(): number }) =>
      detect(scheduleEvent.parse(event).time, () => context.getRemainingTimeInMillis(), deps),
    );
}
