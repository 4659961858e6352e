import { describe, expect, it } from 'vitest';
import { type Baseline, baselineOf, type Change, destructiveChanges } from '../../infra/gate/stateful.ts';
import { judge, parseWaivers, type Waiver } from '../../infra/gate/waivers.ts';
import { synthesizeStacks } from '../../infra/templates.ts';

// biome-ignore lint/suspicious/noExplicitAny: templates are JSON, and each test changes a place of its own
type Json = any;

const BASELINE = baselineOf(synthesizeStacks('gate'));
const STACK = 'loopwatch-gate-state';
const idOf = (type: string, part = ''): string =>
  Object.entries(BASELINE[STACK]?.Resources ?? {}).find(([id, { Type }]) => Type === type && id.includes(part))?.[0] ??
  '';
const TABLE = idOf('AWS::DynamoDB::GlobalTable', 'Referrals');
const QUEUE = idOf('AWS::SQS::Queue', 'ReferralEventsQueue');
const KEY = idOf('AWS::KMS::Key');

/** What the gate finds after `change` to the resources of the stateful stack. */
function gateFinds(change: (resources: Json) => void): string[] {
  const next = structuredClone(BASELINE) as Baseline;
  change(next[STACK]?.Resources);
  return destructiveChanges(BASELINE, next).map((found) => `${found.change} of ${found.logicalId}`);
}

const index = (IndexName: string) => ({
  IndexName,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'KEYS_ONLY' },
});

describe('the gate before stored data', () => {
  it('watches tables, keys, queues, topics, the mail identity and the configuration set', () => {
    const types = Object.values(BASELINE).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
    expect(new Set(types)).toContain('AWS::DynamoDB::GlobalTable');
    expect(new Set(types)).toContain('AWS::KMS::Key');
    expect(new Set(types)).toContain('AWS::SQS::Queue');
    expect(new Set(types)).toContain('AWS::SNS::Topic');
    expect(new Set(types)).toContain('AWS::SES::ConfigurationSet');
    expect([TABLE, QUEUE, KEY]).not.toContain('');
  });

  it('passes if nothing changes', () => {
    expect(gateFinds(() => {})).toEqual([]);
  });

  it.each<[string, string, (resources: Json) => void]>([
    ['a table is removed', `removal of ${TABLE}`, (all) => delete all[TABLE]],
    ['a table is renamed', `replacement of ${TABLE}`, (all) => (all[TABLE].Properties.TableName = 'other')],
    [
      "a table's key changes",
      `replacement of ${TABLE}`,
      (all) => (all[TABLE].Properties.KeySchema[1].AttributeName = 'other'),
    ],
    [
      'a table may be deleted with its stack',
      `unprotected of ${TABLE}`,
      (all) => (all[TABLE].DeletionPolicy = 'Delete'),
    ],
    [
      'a table that a failed creation would let go may be deleted with its stack',
      `unprotected of ${TABLE}`,
      (all) => delete all[TABLE].DeletionPolicy,
    ],
    ['a replaced table goes', `unprotected of ${TABLE}`, (all) => delete all[TABLE].UpdateReplacePolicy],
    [
      'a table loses its deletion protection',
      `unprotected of ${TABLE}`,
      (all) => (all[TABLE].Properties.Replicas[0].DeletionProtectionEnabled = false),
    ],
    [
      'point-in-time recovery is switched off',
      `unprotected of ${TABLE}`,
      (all) => (all[TABLE].Properties.Replicas[0].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled = false),
    ],
    [
      'a table becomes one of another type',
      `replacement of ${TABLE}`,
      (all) => (all[TABLE].Type = 'AWS::DynamoDB::Table'),
    ],
    ['a replica is removed', `replica of ${TABLE}`, (all) => all[TABLE].Properties.Replicas.pop()],
    ['an index is removed', `index of ${TABLE}`, (all) => all[TABLE].Properties.GlobalSecondaryIndexes.pop()],
    [
      'an index gets another key under its name',
      `index of ${TABLE}`,
      (all) => (all[TABLE].Properties.GlobalSecondaryIndexes[0].KeySchema[0].AttributeName = 'pk'),
    ],
    [
      'an index gets another projection under its name',
      `index of ${TABLE}`,
      (all) => (all[TABLE].Properties.GlobalSecondaryIndexes[0].Projection = { ProjectionType: 'ALL' }),
    ],
    [
      'two indexes are added at once',
      `index of ${TABLE}`,
      (all) => all[TABLE].Properties.GlobalSecondaryIndexes.push(index('a'), index('b')),
    ],
    ['a queue is renamed', `replacement of ${QUEUE}`, (all) => (all[QUEUE].Properties.QueueName = 'other')],
    ['a queue becomes FIFO', `replacement of ${QUEUE}`, (all) => (all[QUEUE].Properties.FifoQueue = true)],
    ['the key is removed', `removal of ${KEY}`, (all) => delete all[KEY]],
    [
      'the key is made under another logical id',
      `removal of ${KEY}`,
      (all) => {
        all.OtherKey = all[KEY];
        delete all[KEY];
      },
    ],
  ])('stops when %s', (_, found, change) => {
    expect(gateFinds(change)).toEqual([found]);
  });

  describe('of a table in several regions', () => {
    const copy = (Region: string) => ({
      Region,
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    /** What the gate finds if a table with replicas elsewhere gets others. */
    function replicasFind(before: object[], after: object[]): string[] {
      const [old, next] = [before, after].map((replicas) => {
        const all = structuredClone(BASELINE) as Json;
        all[STACK].Resources[TABLE].Properties.Replicas.push(...replicas);
        return all as Baseline;
      }) as [Baseline, Baseline];
      return destructiveChanges(old, next).map(({ change, detail }) => `${change}: ${detail}`);
    }
    const [west, east] = [copy('us-west-2'), copy('us-east-2')];

    it('lets through that one is added', () => {
      expect(replicasFind([], [west])).toEqual([]);
    });

    it('stops when one is removed', () => {
      expect(replicasFind([west, east], [west])).toEqual([
        expect.stringContaining('replica: the replica in us-east-2'),
      ]);
    });

    it('stops when two are added at once, or one moves, because CloudFormation changes one an update', () => {
      const oneAnUpdate = expect.stringContaining('one an update');
      expect(replicasFind([], [west, east])).toEqual([oneAnUpdate]);
      expect(replicasFind([west], [east])).toEqual([expect.stringContaining('us-west-2'), oneAnUpdate]);
    });

    it.each([
      ['deletion protection', { DeletionProtectionEnabled: false }],
      ['point-in-time recovery', { PointInTimeRecoverySpecification: undefined }],
    ])('stops when one loses its %s, wherever it stands in the list', (_, without) => {
      expect(replicasFind([west, east], [{ ...east, ...without }, west])).toEqual([
        expect.stringMatching(/^unprotected: /),
      ]);
    });
  });

  it('lets through that a resource which was kept always is now let go by a failed creation, and back', () => {
    const always = structuredClone(BASELINE) as Json;
    for (const resource of Object.values<Json>(always[STACK].Resources)) {
      if (resource.DeletionPolicy) resource.DeletionPolicy = 'Retain';
    }
    expect(destructiveChanges(always, BASELINE)).toEqual([]);
    expect(destructiveChanges(BASELINE, always)).toEqual([]);
  });

  it('stops when a resource moves to another stack', () => {
    const { [STACK]: state, ...others } = structuredClone(BASELINE);
    expect(destructiveChanges(BASELINE, { ...others, 'loopwatch-gate-other': state as Baseline[string] })).toHaveLength(
      Object.keys(BASELINE[STACK]?.Resources ?? {}).length,
    );
  });

  it.each<[string, (resources: Json) => void]>([
    ['a table is added', (all) => (all.Other = { ...all[TABLE] })],
    ['one index is added', (all) => all[TABLE].Properties.GlobalSecondaryIndexes.push(index('a'))],
    ['a tag is added', (all) => (all[TABLE].Properties.Tags = [{ Key: 'team', Value: 'any' }])],
    ["a queue's visibility timeout changes", (all) => (all[QUEUE].Properties.VisibilityTimeout = 1)],
    ["the key's description changes", (all) => (all[KEY].Properties.Description = 'other')],
    ['a protection is added', (all) => (all[QUEUE].UpdateReplacePolicy = 'Retain')],
  ])('lets through that %s', (_, change) => {
    expect(gateFinds(change)).toEqual([]);
  });
});

describe('a waiver', () => {
  const change: Change = {
    stack: STACK,
    logicalId: TABLE,
    type: 'AWS::DynamoDB::GlobalTable',
    change: 'index',
    detail: '',
  };
  const waiver: Waiver = {
    stack: STACK,
    logicalId: TABLE,
    change: 'index',
    reason: 'Nothing reads this index since the last release.',
    expires: '2026-03-10',
  };
  const on = (time: string) => judge([change], [waiver], Date.parse(time));

  it('allows its change until the end of its last day', () => {
    expect(on('2026-03-10T23:59:59.999Z')).toEqual({ blocked: [], waived: [change], expired: [], unused: [] });
    expect(on('2026-03-11T00:00:00.000Z')).toEqual({ blocked: [change], waived: [], expired: [waiver], unused: [] });
  });

  it.each([
    ['stack', 'other'],
    ['logicalId', 'other'],
    ['change', 'removal'],
  ])('allows nothing with another %s, and is reported as unused', (field, value) => {
    const other = { ...waiver, [field]: value } as Waiver;
    const { blocked, unused } = judge([change], [other], Date.parse('2026-03-01'));
    expect({ blocked, unused }).toEqual({ blocked: [change], unused: [other] });
  });

  it('that is not needed is reported until it is removed, and fails once it has expired', () => {
    expect(judge([], [waiver], Date.parse('2026-03-01')).unused).toEqual([waiver]);
    expect(judge([], [waiver], Date.parse('2026-04-01')).expired).toEqual([waiver]);
  });

  it.each([
    ['no reason worth the name', { ...waiver, reason: 'ok' }],
    ['no date', { ...waiver, expires: 'never' }],
    ['an unknown change', { ...waiver, change: 'anything' }],
    ['a field that means nothing', { ...waiver, forever: true }],
  ])('with %s is refused', (_, broken) => {
    expect(() => parseWaivers([broken])).toThrow();
  });
});
