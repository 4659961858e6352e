import { expect, it } from 'vitest';
import { shardsOf } from '../../../shared/store/config-store.ts';
import { shardName } from '../../../shared/store/config-sweep-store.ts';

it('Every shard of every number into which the due index was divided is looked into, each under its own name', () => {
  const shards = shardsOf([1, 3]);
  expect(shards).toEqual([
    { shard: 0, of: 1 },
    { shard: 0, of: 3 },
    { shard: 1, of: 3 },
    { shard: 2, of: 3 },
  ]);
  expect(shardsOf([])).toEqual([]);
  const names = shardsOf([1, 2, 11, 12]).map(shardName);
  expect(new Set(names).size).toBe(names.length);
});
