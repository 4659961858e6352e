/**
 * Trigger: EventBridge Scheduler, once a day.
 * Reads: the configuration in force, for the shards; the closed referrals in the due index; projection and log of each
 * that was closed longer ago than referrals are kept; if one can't be read, what is set aside already.
 * Writes: that a referral is retired; a day later the time to live of its items, its projection's last; referrals that are
 * set aside, because they can't be read.
 * Idempotency: a referral is retired, and its projection expires, on condition of the version that was read; it stays
 * in the index until all of its items expire, so the next run goes on where one stopped.
 * On failure: a referral that failed stays in the index and the run fails, so that it is retried and alarmed.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import { keptUntil } from '../../shared/domain/referral/retention.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { failingIn, type Log } from '../../shared/platform/logger.ts';
import { failWithoutDetail } from '../../shared/platform/middleware.ts';
import { sweep, throwFailures } from '../../shared/platform/sweep.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import { type ConfigStore, isUnconfigured, shardsOf } from '../../shared/store/config-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { type SetAsideStore, setAsideUnlessAll } from '../../shared/store/set-aside-store.ts';
import { type Retirement, retireReferral } from './retire-referral.ts';

export interface RetireDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  setAsides: SetAsideStore;
  /** Calendar months for which a closed referral is kept. */
  months: number;
  time: TimeSource;
  log: Log;
}

/** What a run did. */
export interface RetirementRun extends Record<Retirement, number> {
  run: Instant;
}

const REFERRALS_AT_ONCE = 8;

async function retire(run: Instant, remainingMs: () => number, deps: RetireDeps): Promise<RetirementRun> {
  const { referrals, configs, months, time, log } = deps;
  const result: RetirementRun = { run, retired: 0, expired: 0, kept: 0 };
  const until = keptUntil(run, months);
  // Not the scheduled time: how long a referral has been retired matters to functions that really run.
  const now = time.now();
  const { shardCounts } = await configs.inForce();
  const bad = new Map<string, LastingError>();
  const swept = await sweep({
    shards: shardsOf(shardCounts),
    shardsAtOnce: 1,
    itemsAtOnce: REFERRALS_AT_ONCE,
    pages: (shard) => referrals.closed(shard, until),
    visit: async ({ referralId }) => {
      try {
        const step = await retireReferral(referralId, { until, now }, referrals);
        result[step] += 1;
      } catch (error) {
        if (!(error instanceof LastingError)) throw error;
        bad.set(referralId, error);
      }
    },
    referralIdOf: ({ referralId }) => referralId,
    remainingMs,
    log,
  });
  const succeeded = result.retired + result.expired + result.kept;
  const blameless = await setAsideUnlessAll(bad, succeeded, { by: 'retire-referrals', now }, deps);
  const failures = [...swept.failures.map(({ error }) => error), ...blameless];
  log.info('REFERRALS_RETIRED', { ...result, failed: failures.length });
  throwFailures(failures);
  return result;
}

export function createHandler(deps: RetireDeps) {
  return middy()
    .use(failWithoutDetail(deps.log, { isIdle: isUnconfigured }))
    .handler((event: unknown, context: Context) =>
      retire(scheduleEvent.parse(event).time, () => context.getRemainingTimeInMillis(), {
        ...deps,
        log: failingIn(deps.log, { requestId: context.awsRequestId }),
      }),
    );
}
