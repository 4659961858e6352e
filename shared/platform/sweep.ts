import { settleEach } from './concurrency.ts';
import { logFailure } from './failure.ts';
import type { Log } from './logger.ts';

/** A sweep stops this long before its Lambda's time ends. What it leaves is found by the next run. */
export const MARGIN_MS = 20_000;

interface Sweep<S, T> {
  shards: readonly S[];
  shardsAtOnce: number;
  itemsAtOnce: number;
  /** What there is to visit in a shard, page by page. */
  pages: (shard: S) => AsyncIterable<T[]>;
  visit: (item: T) => Promise<void>;
  /** Which referral an item is. */
  referralIdOf: (item: T) => string;
  remainingMs: () => number;
  log: Log;
}

export interface Swept {
  /** Time ran out in at least one shard. */
  cutShort: boolean;
  /** What went wrong, by the shard's place in the list: items that failed, or a page that couldn't be read. */
  failures: { shard: number; error: unknown }[];
}

/**
 * Visits every item of every shard. One failure stops neither its neighbours nor the other shards; each item that failed
 * is logged.
 */
export async function sweep<S, T>(options: Sweep<S, T>): Promise<Swept> {
  const swept: Swept = { cutShort: false, failures: [] };
  const results = await settleEach(options.shards.entries(), options.shardsAtOnce, ([index, shard]) =>
    sweepShard(shard, index, options, swept),
  );
  results.forEach((result, shard) => {
    if (result.status === 'rejected') swept.failures.push({ shard, error: result.reason });
  });
  return swept;
}

async function sweepShard<S, T>(shard: S, index: number, options: Sweep<S, T>, swept: Swept): Promise<void> {
  const { pages, visit, referralIdOf, itemsAtOnce, remainingMs, log } = options;
  let outOfTime = false;
  // Asked before each item: a page of an index's keys holds thousands.
  const visitInTime = async (item: T): Promise<void> => {
    outOfTime ||= remainingMs() < MARGIN_MS;
    if (!outOfTime) await visit(item);
  };
  for await (const page of pages(shard)) {
    const results = await settleEach(page, itemsAtOnce, visitInTime);
    for (const [place, item] of page.entries()) {
      const result = results[place];
      if (result?.status !== 'rejected') continue;
      swept.failures.push({ shard: index, error: result.reason });
      await logFailure(log, 'REFERRAL_FAILED', result.reason, { referralId: referralIdOf(item), shard: index });
    }
    if (outOfTime) {
      log.warn('RUN_CUT_SHORT', { shard: index });
      swept.cutShort = true;
      return;
    }
  }
}

/** Throws what went wrong in a run, if anything did. */
export function throwFailures(failures: readonly unknown[]): void {
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} failed`);
}
