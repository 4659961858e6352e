import { describe, expect, it } from 'vitest';
import type { Log } from '../../../shared/platform/logger.ts';
import { sweep, throwFailures } from '../../../shared/platform/sweep.ts';

/** What a shard holds: pages of items, or a page that can't be read. */
type Shard = (string[] | Error)[];

async function* pagesOf(shard: Shard): AsyncGenerator<string[]> {
  for (const page of shard) {
    if (page instanceof Error) throw page;
    yield page;
  }
}

const names = ['first', 'second', 'third'];

/** Sweeps shards, which are told apart by their names. */
async function swept(shards: Shard[], { shardsAtOnce = 1, remainingMs = (): number => 60_000 } = {}) {
  const lines: unknown[] = [];
  const note: Log['info'] = (code, figures) => void lines.push([code, figures]);
  const visited: string[] = [];
  const result = await sweep({
    shards: names.slice(0, shards.length),
    shardsAtOnce,
    itemsAtOnce: 2,
    pages: (name) => pagesOf(shards[names.indexOf(name)] ?? []),
    visit: async (item: string) => {
      if (item.startsWith('bad')) throw new RangeError(`cannot read ${item}`);
      visited.push(item);
    },
    referralIdOf: (item) => item,
    remainingMs,
    log: { info: note, warn: note, error: note },
  });
  return { ...result, visited: visited.sort(), lines };
}

describe('a sweep', () => {
  it.each([1, 3])('visits every item of every page and shard, %i shards at once', async (shardsAtOnce) => {
    const { visited, ...rest } = await swept([[['a', 'b'], [], ['c']], [], [['d']]], { shardsAtOnce });
    expect(visited).toEqual(['a', 'b', 'c', 'd']);
    expect(rest).toEqual({ cutShort: false, failures: [], lines: [] });
  });

  it('has nothing to do without a shard', async () => {
    expect(await swept([])).toEqual({ visited: [], cutShort: false, failures: [], lines: [] });
  });

  it('goes on after an item that fails, and logs it without what it says', async () => {
    const { visited, failures, lines } = await swept([[['bad 1', 'a'], ['b']], [['c']]]);
    expect(visited).toEqual(['a', 'b', 'c']);
    expect(failures).toEqual([{ shard: 0, error: new RangeError('cannot read bad 1') }]);
    expect(lines).toEqual([['REFERRAL_FAILED', expect.objectContaining({ shard: 0, error: 'RangeError' })]]);
    expect(JSON.stringify(lines)).not.toContain('bad 1');
  });

  it('goes on with the other shards after a page that cannot be read', async () => {
    const { visited, failures } = await swept([[['d']], [['a'], new Error('throttled'), ['b']], [['c']]]);
    expect(visited).toEqual(['a', 'c', 'd']);
    expect(failures).toEqual([{ shard: 1, error: new Error('throttled') }]);
  });

  it('stops before time runs out, in each shard', async () => {
    let left = 30_000;
    const remainingMs = () => {
      left -= 6_000;
      return left;
    };
    const { visited, cutShort, lines } = await swept([[['a'], ['b'], ['c']], [['d']]], { remainingMs });
    expect(visited).toEqual(['a']);
    expect(cutShort).toBe(true);
    expect(lines).toEqual([
      ['RUN_CUT_SHORT', { shard: 0 }],
      ['RUN_CUT_SHORT', { shard: 1 }],
    ]);
  });

  it('stops in the middle of a page: one of keys holds thousands', async () => {
    let calls = 0;
    const remainingMs = () => {
      calls += 1;
      return calls > 3 ? 19_999 : 20_000;
    };
    const page = Array.from({ length: 1000 }, (_, number) => String(number));
    const { visited, cutShort } = await swept([[page, ['next']]], { remainingMs });
    expect(visited).toEqual(['0', '1', '2']);
    expect(cutShort).toBe(true);
  });

  it('fails with everything that went wrong', async () => {
    const { failures } = await swept([[['bad 1']], [['bad 2']]]);
    expect(() => throwFailures(failures.map(({ error }) => error))).toThrow(
      expect.objectContaining({ errors: [new RangeError('cannot read bad 1'), new RangeError('cannot read bad 2')] }),
    );
    expect(() => throwFailures([])).not.toThrow();
  });
});
