import { settleEach } from './concurrency.ts';
import { errorName, type Log } from './logger.ts';

/** A sweep stops this long before its Lambda's time ends. What it leaves is found by the next run. */
export const MARGIN_MS = 20_000;

interface Sweep<S, T> {
  shards: readonly S[];
  shardsAtOnce: number;
  itemsAtOnce: number;
  /** What there is to visit in a shard, page by page. */
  pages: (shard: S) => AsyncIterable<T[]>;
  visit: (item: T) => Promise<void>;
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
  const { pages, visit, itemsAtOnce, remainingMs, log } = options;
  let outOfTime = false;
  // Asked before each item: a page of an index's keys holds thousands.
  const visitInTime = async (item: T): Promise<void> => {
    outOfTime ||= remainingMs() < MARGIN_MS;
    if (!outOfTime) await visit(item);
  };
  for await (const page of pages(shard)) {
    for (const result of await settleEach(page, itemsAtOnce, visitInTime)) {
      if (result.status === 'fulfilled') continue;
      swept.failures.push({ shard: index, error: result.reason });
      log.error('REFERRAL_FAILED', { shard: index, error: errorName(result.reason) });
    }
    if (outOfTime) {
      log.warn('RUN_CUT_SHORT', { shard: index });
      swept.cutShort = true;
      return;
    }
  }
}

/** Throws what went wrong in a sweep, if anything did. */
export function throwFailures({ failures }: Swept): void {
  if (failures.length === 0) return;
  throw new AggregateError(
    failures.map(({ error }) => error),
    `${failures.length} failed`,
  );
}
