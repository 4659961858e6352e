/**
 * Trigger: EventBridge Scheduler, every 15 minutes, on the quarter hour UTC.
 * Reads: configuration; the due index; each referral that is due. After a new configuration was pushed: how far the sweep
 * has come, and every referral in the index, with its log.
 * Writes: each of these referrals, with its alerts and its next wake-up, in one put; how far the sweep has come; referrals
 * that are set aside, because nobody can compute on them.
 * Idempotency: a referral is put on condition of the version that was read; a run that comes again, later or beside
 * another, finds what the other wrote.
 * On failure: a referral that failed stays due, and the run fails, so that it is retried and alarmed; the next run sees it
 * in any case, however long the outage was. One that will fail again is set aside, and the run goes on: every run makes
 * it anew from its log and looks at it.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { failingIn } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import { sweep } from '../../shared/platform/sweep.ts';
import { inForceWithShards, isUnconfigured, shardsOf } from '../../shared/store/config-store.ts';
import { setAsideAll } from '../../shared/store/set-aside-store.ts';
import { detectReferral } from './detect-referral.ts';
import { rebuildReferral } from './rebuild-referral.ts';
import { TOO_MANY, tryAgain } from './set-aside.ts';
import { isToBeSwept, type SweepDeps, sweepConfig } from './sweep-config.ts';

export interface DetectDeps extends SweepDeps {
  /** Into how many shards the due index is divided. */
  shards: number;
  backoff: Backoff;
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
  const { referrals, configs, log, metrics } = deps;
  const inForce = await inForceWithShards(configs, deps.shards);
  const { config, version } = inForce;
  const result: DetectionRun = { run, looked: 0, alertsWritten: 0, cutShort: false };
  const bad = new Map<string, LastingError>();
  const look = async (referralId: string): Promise<boolean> => {
    const { isWritten, alerts } = await detectReferral(referralId, { config, version, run }, deps);
    result.alertsWritten += alerts;
    result.looked += 1;
    return isWritten;
  };
  let oldestDue = run;
  const shards = shardsOf(inForce.shardCounts);
  const swept = await sweep({
    shards,
    shardsAtOnce: shards.length,
    itemsAtOnce: REFERRALS_AT_ONCE,
    pages: (shard) => referrals.due(shard, run),
    visit: async ({ referralId, wakeAt }) => {
      try {
        await look(referralId);
      } catch (error) {
        if (!(error instanceof LastingError)) throw error;
        bad.set(referralId, error);
        return;
      } finally {
        // What is set aside stays due for as long as it takes, and says nothing of how far the runs are behind.
        if (!bad.has(referralId)) oldestDue = Math.min(oldestDue, wakeAt);
      }
    },
    referralIdOf: ({ referralId }) => referralId,
    remainingMs,
    log,
  });
  result.cutShort = swept.cutShort;
  const failures = swept.failures.map(({ error }) => error);
  if (bad.size >= TOO_MANY && result.looked === 0) failures.push(...bad.values());
  else await setAsideAll(bad, { by: 'detect-breaches', now: run }, deps);
  if (swept.cutShort) metrics.count('RunsCutShort', 1);
  let isApplied = inForce.pushedAt === inForce.appliedPush;
  // What is due comes first: a new configuration may take its time.
  if (!result.cutShort && isToBeSwept(inForce, run)) {
    const sweeping = await sweepConfig(inForce, { run, remainingMs }, look, deps);
    isApplied = sweeping.finished;
    result.cutShort = !sweeping.finished;
    failures.push(...sweeping.failures);
  }
  if (!isApplied) metrics.gauge('UnappliedConfigurationMilliseconds', run - inForce.pushedAt);
  const setAside = await tryAgain(
    { run, remainingMs },
    async (referralId) => {
      await rebuildReferral(referralId, { config, version, now: run }, deps);
      await look(referralId);
    },
    deps,
  );
  const failedShards = new Set(swept.failures.map(({ shard }) => shard)).size;
  metrics.gauge('SweepLagMilliseconds', run - oldestDue);
  if (setAside > 0) metrics.count('ReferralsSetAside', setAside);
  log.info('RUN_FINISHED', { ...result, setAside, sweepLagMs: run - oldestDue, failedShards });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} failed`);
  return result;
}

export function createHandler(deps: DetectDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log, { isIdle: isUnconfigured }))
    .handler((event: unknown, context: Context) =>
      detect(scheduleEvent.parse(event).time, () => context.getRemainingTimeInMillis(), {
        ...deps,
        log: failingIn(deps.log, { requestId: context.awsRequestId }),
      }),
    );
}
