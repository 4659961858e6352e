import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryDynamo, type Metered } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { DYNAMODB_ENDPOINT, type LocalTable, spec, startLocalTable, TABLE } from '../cost/local-table.ts';

/**
 * The tables in memory and a DynamoDB emulator are given the same calls and must answer the same. `DYNAMODB_ENDPOINT`
 * names another emulator to compare with (test/README.md).
 */

const pk = fc.constantFrom('a', 'b');
const sk = fc.constantFrom('1', '2', '3', 'é', '𐐷');
const key = fc.record({ pk, sk });
const text = fc.constantFrom('x', 'y', 'z');
const number = fc.integer({ min: -3, max: 12 });
const attributes = fc.record(
  { shard: text, due: text, week: text, stage: text, version: number, note: fc.string({ maxLength: 9 }) },
  { requiredKeys: [] },
);
const values = fc
  .record({ low: number, more: fc.nat({ max: 5 }), text })
  // BETWEEN refuses bounds in the wrong order.
  .map(({ low, more, text }) => ({ ':n': low, ':m': low + more, ':t': text }));

/** `shard` is a reserved word, which the tables in memory don't check. */
const NAMES = { '#s': 'shard', '#v': 'version' };
const CONDITIONS = [
  undefined,
  'attribute_not_exists(pk)',
  'attribute_exists(pk)',
  'version = :n',
  'version <> :n',
  'attribute_not_exists(version) OR version < :n',
  'version >= :n AND (stage = :t OR NOT attribute_exists(due))',
  'version BETWEEN :n AND :m',
  'stage IN (:t, :n)',
  '#v IN (:n, :m) OR begins_with(note, :t)',
];
const UPDATES = [
  'SET version = :n, stage = :t REMOVE due',
  'SET version = if_not_exists(version, :n) + :m',
  'SET due = :t, #s = if_not_exists(#s, :t)',
  'REMOVE #s, week',
  'SET #v = #v - :n',
  'SET week = stage',
];
const KEY_CONDITIONS: [index: string | undefined, condition: string][] = [
  [undefined, 'pk = :p'],
  [undefined, 'pk = :p AND sk >= :s'],
  [undefined, 'pk = :p AND sk BETWEEN :s AND :z'],
  [undefined, 'pk = :p AND begins_with(sk, :s)'],
  ['due', '#s = :t'],
  ['due', '#s = :t AND due <= :t'],
  ['cohort', 'week = :t'],
];

const COMMANDS = {
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  BatchGetItem: BatchGetItemCommand,
  Query: QueryCommand,
};
type Call = [action: keyof typeof COMMANDS, input: object];
/** Plain data, which fast-check prints and shrinks well; a command is made of it when it is sent. */
const call = (...made: Call): Call => made;

/** Only what an expression refers to may be given along with it. */
function placeholders(expression: string, given: Record<string, unknown>) {
  const names = Object.entries(NAMES).filter(([name]) => expression.includes(name));
  const used = Object.entries(given).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
  return {
    ...(used.length > 0 && { ExpressionAttributeValues: marshall(Object.fromEntries(used)) }),
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
  };
}

const calls = fc.oneof(
  fc
    .record({ key, attributes, condition: fc.constantFrom(...CONDITIONS), values })
    .map(({ key, attributes, condition = '', values }) =>
      call('PutItem', {
        TableName: TABLE,
        Item: marshall({ ...attributes, ...key }),
        ReturnValues: 'ALL_OLD',
        ...(condition && { ConditionExpression: condition }),
        ...placeholders(condition, values),
      }),
    ),
  fc
    .record({ key, update: fc.constantFrom(...UPDATES), condition: fc.constantFrom(...CONDITIONS), values })
    .map(({ key, update, condition = '', values }) =>
      call('UpdateItem', {
        TableName: TABLE,
        Key: marshall(key),
        UpdateExpression: update,
        ReturnValues: 'ALL_NEW',
        ...(condition && { ConditionExpression: condition }),
        ...placeholders(`${update} ${condition}`, values),
      }),
    ),
  fc.record({ key, condition: fc.constantFrom(...CONDITIONS), values }).map(({ key, condition = '', values }) =>
    call('DeleteItem', {
      TableName: TABLE,
      Key: marshall(key),
      ReturnValues: 'ALL_OLD',
      ...(condition && { ConditionExpression: condition }),
      ...placeholders(condition, values),
    }),
  ),
  key.map((key) => call('GetItem', { TableName: TABLE, Key: marshall(key), ConsistentRead: true })),
  fc
    .uniqueArray(key, { selector: ({ pk, sk }) => pk + sk, minLength: 1, maxLength: 4 })
    .map((keys) => call('BatchGetItem', { RequestItems: { [TABLE]: { Keys: keys.map((key) => marshall(key)) } } })),
  fc
    .record({
      over: fc.constantFrom(...KEY_CONDITIONS),
      values: fc.record({ ':p': pk, ':s': sk, ':t': text }),
      forward: fc.boolean(),
      limit: fc.option(fc.integer({ min: 1, max: 3 })),
      names: fc.constantFrom(undefined, 'pk, sk', 'sk, #v'),
    })
    .map(({ over: [index, condition], values, forward, limit, names }) =>
      call('Query', {
        TableName: TABLE,
        KeyConditionExpression: condition,
        ScanIndexForward: forward,
        ...(index && { IndexName: index }),
        ...(index === undefined && limit !== null && { Limit: limit }),
        ...(names && { ProjectionExpression: names }),
        ...placeholders(`${condition} ${names}`, { ...values, ':z': '𐐷' }),
      }),
    ),
);
async function answer(client: DynamoDBClient, [action, input]: Call): Promise<object> {
  try {
    const output = await client.send(new (COMMANDS[action] as typeof QueryCommand)(input as QueryCommandInput));
    const { $metadata, ...rest } = output;
    if (action === 'Query' && 'IndexName' in input) return { ...rest, Items: texts(output.Items) };
    if (action !== 'BatchGetItem') return rest;
    const { Responses = {} } = output as BatchGetItemCommandOutput;
    return texts(Responses[TABLE]);
  } catch (error) {
    return { error: (error as Error).name };
  }
}

/** Items in an order of their own: a batch answers in any, and so does an index among equal keys. */
function texts(items: readonly object[] = []): string[] {
  const sorted = (item: object) => Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  return items.map((item) => JSON.stringify(sorted(item))).toSorted();
}

describe('the tables in memory', () => {
  let emulator: LocalTable;
  beforeAll(async () => {
    emulator = await startLocalTable();
  });
  afterAll(() => emulator.stop());

  it('answer every sequence of calls as the emulator does', async () => {
    const real = emulator.client();
    const property = fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 30 }), async (made) => {
      await clear(real);
      const memory = new MemoryDynamo([spec]).attach(new DynamoDBClient({ region: 'eu-central-1' }));
      for (const one of made) expect(await answer(memory, one)).toEqual(await answer(real, one));
      const all = new ScanCommand({ TableName: TABLE });
      const items = async (client: DynamoDBClient) => texts((await client.send(all)).Items);
      expect(await items(memory)).toEqual(await items(real));
    });
    await fc.assert(property, { numRuns: 60 });
  });

  // The emulator that comes along reports no units of indexes.
  it.skipIf(DYNAMODB_ENDPOINT === undefined)('cost as many units as DynamoDB Local says', async () => {
    const real = emulator.client();
    const property = fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 30 }), async (made) => {
      await clear(real);
      let metered = 0;
      const note = ({ readUnits, writeUnits }: Metered): void => {
        metered += readUnits + writeUnits;
      };
      const memory = new MemoryDynamo([spec], note).attach(new DynamoDBClient({ region: 'eu-central-1' }));
      for (const one of made) {
        metered = 0;
        await answer(memory, one);
        const units = await unitsOf(real, one);
        // What fails says nothing of units.
        if (units !== null) expect([one, metered]).toEqual([one, units]);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

/** What the emulator says a call has cost, indexes included. Null: the call failed. */
async function unitsOf(client: DynamoDBClient, [action, input]: Call): Promise<number | null> {
  const asked = { ...input, ReturnConsumedCapacity: 'TOTAL' } as unknown as QueryCommandInput;
  try {
    const { ConsumedCapacity } = await client.send(new (COMMANDS[action] as typeof QueryCommand)(asked));
    return [ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  } catch {
    return null;
  }
}

/** Removes everything that a property may have put. */
async function clear(client: DynamoDBClient): Promise<void> {
  for (const pk of ['a', 'b']) {
    for (const sk of ['1', '2', '3', 'é', '𐐷']) {
      await client.send(new DeleteItemCommand({ TableName: TABLE, Key: marshall({ pk, sk }) }));
    }
  }
}
