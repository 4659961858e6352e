import type { Backoff } from '../platform/backoff.ts';
import { chunksOf, forEach } from '../platform/concurrency.ts';
import type { Item } from './dynamo.ts';
import type { Key, Table } from './table.ts';

const BATCH_GET_KEYS = 100;
const BATCHES_AT_ONCE = 8;
const MAX_BATCH_ATTEMPTS = 8;

/** Items by their keys, in no order; those that don't exist are left out. @param keys each once */
export async function readBatches(
  table: Pick<Table, 'batchGet'>,
  keys: readonly Key[],
  backoff: Backoff,
  options: { consistent?: boolean } = {},
): Promise<Item[]> {
  const found = await forEach(chunksOf(keys, BATCH_GET_KEYS), BATCHES_AT_ONCE, async (chunk) => {
    const items: Item[] = [];
    let left = chunk;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt === MAX_BATCH_ATTEMPTS) throw new Error(`DynamoDB left ${left.length} keys of a batch unread`);
      // What a batch leaves unread was throttled, and would be again without a wait.
      if (attempt > 0) await backoff(attempt);
      const read = await table.batchGet(left, options);
      items.push(...read.items);
      left = read.unread;
    }
    return items;
  });
  return found.flat();
}
