/**
 * Trigger: EventBridge Scheduler, once a day.
 * Reads: the closed referrals in the due index; projection and log of each that was closed longer ago than referrals
 * are kept.
 * Writes: that a referral is retired; a day later the time to live of its items, its projection's last.
 * Idempotency: a referral is retired, and its projection given away, on condition of the version that was read; it
 * stays in the index until all of it is given away, so the next run goes on where one stopped.
 * On failure: a referral that failed stays in the index and the run fails, so that it is retried and alarmed.
 */
import middy from '@middy/core';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import { keptUntil } from '../../shared/domain/referral/retention.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { errorName, type Log } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { type Retirement, retireReferral } from './retire-referral.ts';

export interface RetireDeps {
  referrals: ReferralStore;
  shards: number;
  /** Calendar months for which a closed referral is kept. */
  months: number;
  clock: TimeSource;
  log: Log;
  metrics: Metrics;
}

/** What a run did. */
export interface RetirementRun extends Record<Retirement, number> {
  run: Instant;
}

const REFERRALS_AT_ONCE = 8;
/** A run stops this long before its Lambda's time ends; the index keeps the rest for tomorrow. */
const MARGIN_MS = 20_000;

async function retire(run: Instant, remainingMs: () => number, deps: RetireDeps): Promise<RetirementRun> {
  const result: RetirementRun = { run, retired: 0, expired: 0, kept: 0 };
  const failed: unknown[] = [];
  const until = keptUntil(run, deps.months);
  // Not the scheduled time: how long a referral has been retired is about functions that really run.
  const now = deps.clock.now();
  for (let shard = 0; shard < deps.shards; shard += 1) {
    for await (const page of deps.referrals.closed(shard, until)) {
      if (remainingMs() < MARGIN_MS) {
        deps.log.warn('RUN_CUT_SHORT', { shard });
        break;
      }
      const steps = await settleEach(page, REFERRALS_AT_ONCE, ({ referralId }) =>
        retireReferral(referralId, { until, now }, deps.referrals),
      );
      for (const step of steps) {
        if (step.status === 'fulfilled') {
          result[step.value] += 1;
        } else {
          failed.push(step.reason);
          deps.log.error('REFERRAL_FAILED', { shard, error: errorName(step.reason) });
        }
      }
    }
  }
  deps.metrics.count('ReferralsExpired', result.expired);
  deps.log.info('REFERRALS_RETIRED', { ...result, failed: failed.length });
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} referrals failed`);
  return result;
}

export function createHandler(deps: RetireDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log))
    .handler((event: unknown, context: { getRemainingTimeInMillis(): number }) =>
      retire(scheduleEvent.parse(event).time, () => context.getRemainingTimeInMillis(), deps),
    );
}
