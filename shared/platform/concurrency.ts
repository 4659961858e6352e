/**
 * Runs `work` for each item, at most `limit` at a time, and waits for all of them.
 * @returns results in the items' order, settled: one failure doesn't stop its neighbours
 */
export async function settleEach<T, R>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = [];
  const all = [...items];
  const queue = all.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results[index] = { status: 'fulfilled', value: await work(item) };
      } catch (reason) {
        results[index] = { status: 'rejected', reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, all.length) }, worker));
  return results;
}

/** Like `settleEach`, but if any failed, throws once all have finished. */
export async function forEach<T, R>(items: Iterable<T>, limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = await settleEach(items, limit, work);
  const failures = results.filter((result) => result.status === 'rejected');
  if (failures.length === 1) throw failures[0]?.reason;
  if (failures.length > 1)
    throw new AggregateError(
      failures.map(({ reason }) => reason),
      `${failures.length} failed`,
    );
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** A list in pieces of at most `size`. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
