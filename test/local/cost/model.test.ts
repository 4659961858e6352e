import { describe, expect, it } from 'vitest';
import { type Item, itemSize } from '../../../local/cost/item-size.ts';
import {
  batchGetUnits,
  entryOf,
  failedConditionUnits,
  getUnits,
  type IndexSpec,
  queryUnits,
  tableSpec,
  writeUnits,
} from '../../../local/cost/model.ts';

const KB = 1024;

/** An item of a given total size in bytes. */
function sized(bytes: number, rest: Item = {}): Item {
  const start: Item = { pk: { S: 'p' }, sk: { S: 's' }, ...rest };
  return { ...start, fill: { S: 'x'.repeat(bytes - itemSize(start) - 'fill'.length) } };
}

const index = (projection: IndexSpec['projection'], keys = ['shard', 'due']): IndexSpec => ({
  name: 'due',
  keys,
  projection,
});
const tableWith = (...indexes: IndexSpec[]) => ({ name: 'loopwatch', keys: ['pk', 'sk'], indexes });

const due = (at: string, shard = '1'): Item => ({ shard: { S: shard }, due: { S: at } });
const key: Item = { pk: { S: 'p' }, sk: { S: 's' } };

describe('GetItem', () => {
  const cases: [what: string, item: Item | undefined, strong: number, eventual: number][] = [
    ['a small item', sized(100), 1, 0.5],
    ['exactly 4 KB', sized(4 * KB), 1, 0.5],
    ['a byte more', sized(4 * KB + 1), 2, 1],
    ['10 KB, which round to 12', sized(10 * KB), 3, 1.5],
    ['an item that is not there', undefined, 1, 0.5],
  ];
  it.each(cases)('%s', (_what, item, strong, eventual) => {
    expect(getUnits(item, true)).toBe(strong);
    expect(getUnits(item, false)).toBe(eventual);
  });
});

describe('BatchGetItem', () => {
  it('rounds each item by itself: 1.5 KB and 6.5 KB are 12 KB, as in the guide', () => {
    expect(batchGetUnits([sized(1.5 * KB), sized(6.5 * KB)], true)).toBe(3);
    expect(batchGetUnits([sized(1.5 * KB), sized(6.5 * KB)], false)).toBe(1.5);
  });

  it('charges for an absent item', () => {
    expect(batchGetUnits([sized(100), undefined], false)).toBe(1);
  });
});

describe('Query', () => {
  const cases: [what: string, items: Item[], strong: number, eventual: number][] = [
    ['an empty page costs the minimum', [], 1, 0.5],
    ['small items share a unit', [sized(1 * KB), sized(1 * KB), sized(1 * KB)], 1, 0.5],
    ['sizes add up before they are rounded', [sized(1.5 * KB), sized(6.5 * KB)], 2, 1],
    ['10 items of 40.8 KB round to 44, as in the guide', Array(10).fill(sized(4178)), 11, 5.5],
    ['1500 items of 64 bytes are 96,000 bytes', Array(1500).fill(sized(64)), 24, 12],
    ['8 entries of 2000 bytes are 2 units, as in the guide on indexes', Array(8).fill(sized(2000)), 4, 2],
  ];
  it.each(cases)('%s', (_what, items, strong, eventual) => {
    expect(queryUnits(items, true)).toBe(strong);
    expect(queryUnits(items, false)).toBe(eventual);
  });
});

describe('a write to a table without indexes', () => {
  const cases: [what: string, before: Item | undefined, after: Item | undefined, units: number][] = [
    ['a new item of 1 KB', undefined, sized(KB), 1],
    ['a new item of a byte more', undefined, sized(KB + 1), 2],
    ['the larger counts: it grew', sized(KB), sized(3 * KB), 3],
    ['the larger counts: it shrank', sized(3 * KB), sized(KB), 3],
    ['the same again', sized(KB), sized(KB), 1],
    ['a deletion', sized(1.6 * KB), undefined, 2],
    ['a deletion of nothing', undefined, undefined, 1],
  ];
  it.each(cases)('%s', (_what, before, after, units) => {
    expect(writeUnits(tableWith(), before, after)).toEqual({ total: units, indexes: {} });
  });
});

describe('a failed condition', () => {
  const cases: [what: string, existing: Item | undefined, units: number][] = [
    ['costs 1 if nothing is there', undefined, 1],
    ['costs 1 for a small existing item', sized(100), 1],
    ['costs by the size of the existing item', sized(2 * KB + 1), 3],
  ];
  it.each(cases)('%s', (_what, existing, units) => {
    expect(failedConditionUnits(existing)).toBe(units);
  });
});

describe('what a write costs in an index', () => {
  const plain = sized(500);
  type Case = [
    what: string,
    projection: IndexSpec['projection'],
    before: Item | undefined,
    after: Item | undefined,
    units: number,
  ];
  const cases: Case[] = [
    ['not in the index, before or after', 'ALL', plain, sized(600), 0],
    ['a new item outside of it', 'ALL', undefined, plain, 0],
    ['only one of its keys is there', 'ALL', undefined, sized(500, { shard: { S: '1' } }), 0],
    ['a new item in it', 'ALL', undefined, sized(500, due('A')), 1],
    ['an old item gets the keys', 'ALL', plain, sized(500, due('A')), 1],
    ['an entry of 2.5 KB is added', 'ALL', undefined, sized(2.5 * KB, due('A')), 3],
    ['the same item by its keys only', 'KEYS_ONLY', undefined, sized(2.5 * KB, due('A')), 1],
    ['an item loses its key', 'ALL', sized(500, due('A')), plain, 1],
    ['an item is deleted', 'ALL', sized(1.5 * KB, due('A')), undefined, 2],
    ['its sort key changes', 'ALL', sized(500, due('A')), sized(500, due('B')), 2],
    ['its partition key changes', 'ALL', sized(500, due('A', '1')), sized(500, due('A', '2')), 2],
    ['its key changes and it grows: each by its size', 'ALL', sized(500, due('A')), sized(2.5 * KB, due('B')), 4],
    ['its key changes in a large item, keys only', 'KEYS_ONLY', sized(9 * KB, due('A')), sized(9 * KB, due('B')), 2],
    ['a projected attribute changes', 'ALL', sized(500, due('A')), sized(501, due('A')), 1],
    ['it grows: the larger entry', 'ALL', sized(500, due('A')), sized(1.5 * KB, due('A')), 2],
    ['it shrinks: the larger entry', 'ALL', sized(1.5 * KB, due('A')), sized(500, due('A')), 2],
    ['what is not projected changes', 'KEYS_ONLY', sized(500, due('A')), sized(9 * KB, due('A')), 0],
    [
      'an included attribute changes',
      { include: ['stage'] },
      { ...key, ...due('A'), stage: { S: 'received' } },
      { ...key, ...due('A'), stage: { S: 'scheduled' } },
      1,
    ],
    [
      'an included attribute comes to be',
      { include: ['stage'] },
      { ...key, ...due('A') },
      { ...key, ...due('A'), stage: { S: 'scheduled' } },
      1,
    ],
    ['one that is not included changes', { include: ['stage'] }, sized(500, due('A')), sized(600, due('A')), 0],
    ['the same item is put again', 'ALL', sized(500, due('A')), sized(500, due('A')), 0],
    [
      'a number is written in another way',
      'ALL',
      { ...key, ...due('A'), version: { N: '1' } },
      { ...key, ...due('A'), version: { N: '1.0' } },
      0,
    ],
  ];
  it.each(cases)('%s', (_what, projection, before, after, units) => {
    const table = tableWith(index(projection));
    const base = writeUnits(tableWith(), before, after).total;
    const expected = { total: base + units, indexes: units === 0 ? {} : { due: units } };
    expect(writeUnits(table, before, after)).toEqual(expected);
  });

  it('is added up over all indexes', () => {
    const cohort: IndexSpec = { name: 'cohort', keys: ['week'], projection: 'KEYS_ONLY' };
    const before = sized(500, { ...due('A'), week: { S: '2026-W10' } });
    const after = sized(500, { ...due('B'), week: { S: '2026-W10' } });
    expect(writeUnits(tableWith(index('KEYS_ONLY'), cohort), before, after)).toEqual({ total: 3, indexes: { due: 2 } });
    expect(writeUnits(tableWith(index('KEYS_ONLY'), cohort), undefined, after)).toEqual({
      total: 3,
      indexes: { due: 1, cohort: 1 },
    });
  });
});

describe('an index entry', () => {
  const item = sized(500, due('A'));

  it('has the keys of table and index only, once each', () => {
    const overlapping = index('KEYS_ONLY', ['shard', 'sk']);
    expect(entryOf(tableWith(overlapping), overlapping, item)).toEqual({ ...key, shard: { S: '1' } });
  });

  it('has the included attributes that the item has', () => {
    const included = index({ include: ['fill', 'stage'] });
    expect(entryOf(tableWith(included), included, item)).toEqual(item);
  });
});

describe('a table specification', () => {
  it('is read from the properties of a CloudFormation table', () => {
    const spec = tableSpec({
      TableName: 'loopwatch',
      KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }],
      GlobalSecondaryIndexes: [
        { IndexName: 'due', KeySchema: [{ AttributeName: 'shard' }], Projection: { ProjectionType: 'KEYS_ONLY' } },
        {
          IndexName: 'owner',
          KeySchema: [{ AttributeName: 'owner' }, { AttributeName: 'due' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['level'] },
        },
      ],
    });
    expect(spec).toEqual({
      name: 'loopwatch',
      keys: ['pk', 'sk'],
      indexes: [
        { name: 'due', keys: ['shard'], projection: 'KEYS_ONLY' },
        { name: 'owner', keys: ['owner', 'due'], projection: { include: ['level'] } },
      ],
    });
  });

  it('takes the name that a deployment gave the table', () => {
    expect(tableSpec({ KeySchema: [{ AttributeName: 'pk' }] }, 'Stack-Table-1')).toMatchObject({
      name: 'Stack-Table-1',
    });
  });
});
