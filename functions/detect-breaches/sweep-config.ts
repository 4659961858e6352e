import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { chunksOf, settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
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
import { isNotTheReferrals, type SetAsideStore, setAsideAll } from '../../shared/store/set-aside-store.ts';

/**
 * The sweep under a new configuration: calendars, routes and people may have changed, and dues with them, so every
 * referral in the due index is folded and detected again, due or not. It takes as many runs as it needs, and each goes on
 * where the one before stopped. A referral that will fail again is set aside. One that may not, because a call was
 * throttled or others wrote it, fails the run, and the next one goes on from before it.
 */

export interface SweepDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  sweeps: ConfigSweepStore;
  setAsides: SetAsideStore;
  log: Log;
}

export interface ConfigSweepRun {
  /** It has come to the end of every shard. */
  finished: boolean;
  /** How many referrals it set aside. */
  setAside: number;
  /**
   * What failed and isn't set aside: a shard that couldn't be read, a referral that may not fail again, or so many referrals
   * that it isn't they.
   */
  failures: unknown[];
}

/** Longer than a worker may go on with the configuration before: what it writes meanwhile is swept, too. */
export const SETTLED_MS = 6 * MINUTE_MS;

const CHUNK = 100;
const REFERRALS_AT_ONCE = 16;
/** So many that fail together may be those of one site, say, with others behind them. */
const DOUBTED_AT_MOST = 500;

/** Whether there is anything to sweep at a run. */
export function isToBeSwept({ pushedAt, appliedPush }: ConfigInForce, run: Instant): boolean {
  return pushedAt !== appliedPush && run >= pushedAt + SETTLED_MS;
}

/** Folds and detects a referral that isn't yet under the configuration. @returns whether it wasn't */
type Visit = (referralId: string) => Promise<boolean>;

/**
 * Goes on with the sweep for as long as there is time. A referral whose next wake-up moves behind where the sweep has come
 * is met again there, and found done.
 * @param options `aside`: what is set aside already is passed over, as every run tries it again in any case
 */
export async function sweepConfig(
  { pushedAt: push, shardCounts }: ConfigInForce,
  { run, remainingMs, aside }: { run: Instant; remainingMs: () => number; aside: ReadonlySet<string> },
  visit: Visit,
  deps: SweepDeps,
): Promise<ConfigSweepRun> {
  const { configs, sweeps, log } = deps;
  const progress = await sweeps.load(push);
  const isTimeLeft = (): boolean => remainingMs() >= MARGIN_MS;
  const failures: unknown[] = [];
  let setAside = 0;
  const sweepShard = async (shard: DueShard): Promise<void> => {
    // What will fail again and has failed since one succeeded. If none does, it isn't the referrals.
    let doubtful = new Map<string, LastingError>();
    // Something has to be visited again: what lies behind is swept, but the next run doesn't begin there.
    let isHeld = false;
    const settle = async (upTo: SweptUpTo): Promise<void> => {
      await setAsideAll(doubtful, { by: 'detect-breaches', now: run }, deps);
      setAside += doubtful.size;
      doubtful = new Map();
      if (!isHeld) progress.shards[shardName(shard)] = upTo;
      await sweeps.saveProgress(push, progress, run);
    };
    for await (const chunk of leftOf(shard, progress, deps.referrals)) {
      if (!isTimeLeft()) {
        log.warn('RUN_CUT_SHORT', { shard: shard.shard });
        // Visited again by the next run: nobody knows yet whose fault it is.
        failures.push(...doubtful.values());
        return;
      }
      const referralIds = chunk.map(({ referralId }) => referralId).filter((referralId) => !aside.has(referralId));
      const visited = await visitAll(referralIds, visit, shard, log);
      const { changed, succeeded, lasting, passing } = visited;
      failures.push(...passing);
      isHeld ||= passing.length > 0;
      doubtful = new Map([...doubtful, ...lasting]);
      progress.swept += changed;
      if (isStuck(visited, doubtful.size)) break;
      if (succeeded > 0 || doubtful.size === 0) await settle(chunk.at(-1) as DueEntry);
    }
    if (isNotTheReferrals(doubtful.size, 0)) throw new AggregateError([...doubtful.values()], 'all failed');
    await settle('end');
  };
  const left = shardsOf(shardCounts);
  const swept = await settleEach(left, left.length, sweepShard);
  failures.push(...swept.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  const finished = left.every((shard) => progress.shards[shardName(shard)] === 'end');
  if (finished) await configs.markApplied(push);
  return { finished, setAside, failures };
}

interface Visited {
  changed: number;
  succeeded: number;
  /** Which failed and will again. */
  lasting: Map<string, LastingError>;
  /** What was thrown and may not be the next time. */
  passing: unknown[];
}

/** Whether nothing gets through, at least at the moment. */
const isStuck = ({ succeeded, passing }: Visited, doubtful: number): boolean =>
  succeeded === 0 && (passing.length > 0 || doubtful >= DOUBTED_AT_MOST);

async function visitAll(referralIds: readonly string[], visit: Visit, { shard }: DueShard, log: Log): Promise<Visited> {
  const visited: Visited = { changed: 0, succeeded: 0, lasting: new Map(), passing: [] };
  const results = await settleEach(referralIds, REFERRALS_AT_ONCE, visit);
  for (const [index, referralId] of referralIds.entries()) {
    const result = results[index] as PromiseSettledResult<boolean>;
    if (result.status === 'fulfilled') {
      visited.succeeded += 1;
      if (result.value) visited.changed += 1;
    } else if (result.reason instanceof LastingError) visited.lasting.set(referralId, result.reason);
    else {
      await logFailure(log, 'REFERRAL_FAILED', result.reason, { referralId, shard });
      visited.passing.push(result.reason);
    }
  }
  return visited;
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
