import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { chunksOf, forEach, settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { MARGIN_MS } from '../../shared/platform/sweep.ts';
import { type ConfigInForce, type ConfigStore, shardsOf } from '../../shared/store/config-store.ts';
import {
  type ConfigSweepStore,
  type SweepProgress,
  type SweptUpTo,
  shardName,
} from '../../shared/store/config-sweep-store.ts';
import type { DueEntry, DueShard, ReferralStore } from '../../shared/store/referral-store.ts';

/**
 * The sweep under a new configuration: calendars, routes and people may have changed, and dues with them, so every
 * referral in the due index is folded and detected again, due or not. It takes as many runs as it needs, and each goes on
 * where the one before stopped. A referral that fails is set aside and tried again by every run.
 */

export interface SweepDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  sweeps: ConfigSweepStore;
  log: Log;
}

export interface ConfigSweepRun {
  /** It has come to the end of every shard. */
  finished: boolean;
  /** What failed: referrals that are set aside, or a shard that couldn't be read. */
  failures: unknown[];
}

/** Longer than a worker may go on with the configuration before: what it writes meanwhile is swept, too. */
export const SETTLED_MS = 6 * MINUTE_MS;

const CHUNK = 100;
const REFERRALS_AT_ONCE = 16;
/** If so many fail and none succeeds, it isn't the referrals. */
const TOO_MANY = 10;
/** So many that fail together may be those of one site, say, with others behind them. */
const DOUBTED_AT_MOST = 500;

/** Whether there is anything to sweep at a run. */
export function isToBeSwept({ pushedAt, appliedPush, setAside }: ConfigInForce, run: Instant): boolean {
  return pushedAt === appliedPush ? setAside > 0 : run >= pushedAt + SETTLED_MS;
}

/** Folds and detects a referral that isn't yet under the configuration. @returns whether it wasn't */
type Visit = (referralId: string) => Promise<boolean>;

/**
 * Goes on with the sweep for as long as there is time. A referral whose next wake-up moves behind where the sweep has come
 * is met again there, and found done.
 */
export async function sweepConfig(
  { pushedAt: push, appliedPush, shardCounts }: ConfigInForce,
  { run, remainingMs }: { run: Instant; remainingMs: () => number },
  visit: Visit,
  deps: SweepDeps,
): Promise<ConfigSweepRun> {
  const { configs, sweeps, log } = deps;
  const { progress, setAside } = await sweeps.load(push);
  const isTimeLeft = (): boolean => remainingMs() >= MARGIN_MS;
  const failures: unknown[] = [];
  for (const chunk of chunksOf(rotated(setAside, run), CHUNK)) {
    if (!isTimeLeft()) break;
    const { failed, errors } = await visitAll(chunk, visit, log);
    failures.push(...errors);
    const succeeded = chunk.filter((referralId) => !failed.includes(referralId));
    await forEach(succeeded, REFERRALS_AT_ONCE, (referralId) => sweeps.takeBack(push, referralId));
  }

  const sweepShard = async (shard: DueShard): Promise<void> => {
    // What has failed since one succeeded. If none does, it isn't the referrals.
    let doubtful: string[] = [];
    const errors: unknown[] = [];
    const settle = async (upTo: SweptUpTo): Promise<void> => {
      await forEach(doubtful, REFERRALS_AT_ONCE, (referralId) => sweeps.setAside(push, referralId, run));
      failures.push(...errors.splice(0));
      doubtful = [];
      progress.shards[shardName(shard)] = upTo;
      await sweeps.saveProgress(push, progress, run);
    };
    for await (const chunk of leftOf(shard, progress, deps.referrals)) {
      if (!isTimeLeft()) {
        log.warn('RUN_CUT_SHORT', { shard: shard.shard });
        // Visited again by the next run: nobody knows yet whose fault it is.
        failures.push(...errors);
        return;
      }
      const referralIds = chunk.map(({ referralId }) => referralId);
      const visited = await visitAll(referralIds, visit, log);
      doubtful.push(...visited.failed);
      errors.push(...visited.errors);
      progress.swept += visited.changed;
      if (visited.failed.length < chunk.length) await settle(chunk.at(-1) as DueEntry);
      else if (doubtful.length >= DOUBTED_AT_MOST) break;
    }
    if (doubtful.length >= TOO_MANY) throw new AggregateError(errors, 'all failed');
    await settle('end');
  };
  const left = push === appliedPush ? [] : shardsOf(shardCounts);
  const swept = await settleEach(left, left.length, sweepShard);
  failures.push(...swept.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  const finished = left.every((shard) => progress.shards[shardName(shard)] === 'end');
  // Counted from what is stored: another run may have set some aside, too.
  if (finished) await configs.markApplied(push, (await sweeps.load(push)).setAside.length);
  return { finished, failures };
}

/** Visits referrals; each that fails is logged. @returns how many changed, which failed, and why */
async function visitAll(
  referralIds: readonly string[],
  visit: Visit,
  log: Log,
): Promise<{ changed: number; failed: string[]; errors: unknown[] }> {
  const results = await settleEach(referralIds, REFERRALS_AT_ONCE, visit);
  const errors: unknown[] = [];
  for (const [index, referralId] of referralIds.entries()) {
    const result = results[index];
    if (result?.status !== 'rejected') continue;
    errors.push(result.reason);
    await logFailure(log, 'REFERRAL_FAILED', result.reason, { referralId });
  }
  return {
    changed: results.filter((result) => result.status === 'fulfilled' && result.value).length,
    failed: referralIds.filter((_, index) => results[index]?.status === 'rejected'),
    errors,
  };
}

/** A list that begins elsewhere in each run, so that what there is no time for comes first some other time. */
function rotated(referralIds: readonly string[], run: Instant): string[] {
  const start = referralIds.length === 0 ? 0 : (Math.floor(run / MINUTE_MS) * CHUNK) % referralIds.length;
  return [...referralIds.slice(start), ...referralIds.slice(0, start)];
}

/** What a sweep hasn't visited of a shard, in pieces. */
async function* leftOf(
  shard: DueShard,
  { shards }: SweepProgress,
  referrals: ReferralStore,
): AsyncGenerator<DueEntry[]> {
  const after = shards[shardName(shard)];
  if (after === 'end') return;
  for await (const page of referrals.due(shard, Number.MAX_SAFE_INTEGER, after)) {
    yield* chunksOf(page, CHUNK);
  }
}
