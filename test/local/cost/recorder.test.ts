import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Item, itemSize } from '../../../local/cost/item-size.ts';
import { type Call, Recorder } from '../../../local/cost/recorder.ts';
import { type LocalTable, spec, startLocalTable, TABLE } from './local-table.ts';

const KB = 1024;
let table: LocalTable;
let client: DynamoDBClient;
let recorder: Recorder;

beforeEach(async () => {
  table = await startLocalTable();
  client = table.client();
  recorder = new Recorder([spec]);
  recorder.attach(client);
});
afterEach(() => table.stop());

const key = (sk: string): Item => ({ pk: { S: 'R1' }, sk: { S: sk } });

/** A referral's item of a given size in bytes, due at an instant. */
function referral(sk: string, bytes: number, rest: Item = {}): Item {
  const start: Item = { ...key(sk), ...rest };
  return { ...start, fill: { S: 'x'.repeat(bytes - itemSize(start) - 'fill'.length) } };
}
const dueAt = (at: string): Item => ({ shard: { S: '1' }, due: { S: at } });

const put = (item: Item) => client.send(new PutItemCommand({ TableName: TABLE, Item: item }));
const update = (sk: string, rest: Partial<UpdateItemCommandInput>) =>
  client.send(new UpdateItemCommand({ TableName: TABLE, Key: key(sk), ...rest }));
const query = (rest: Partial<QueryCommandInput>) => client.send(new QueryCommand({ TableName: TABLE, ...rest }));
const partition: Partial<QueryCommandInput> = {
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'R1' } },
};
const dues: Partial<QueryCommandInput> = {
  IndexName: 'due',
  KeyConditionExpression: '#s = :s AND due <= :now',
  ExpressionAttributeNames: { '#s': 'shard' },
  ExpressionAttributeValues: { ':s': { S: '1' }, ':now': { S: '2026-03-02' } },
};
const last = () => recorder.calls.at(-1) as Call;

describe('a sequence of writes and reads', () => {
  it('costs what the rules say', async () => {
    // In both indexes: 2 for the item, 1 for each entry.
    await put(referral('STATE', 1.5 * KB, { ...dueAt('2026-03-01'), week: { S: '2026-W09' } }));
    expect(last()).toMatchObject({ writeUnits: 4, indexWriteUnits: { due: 1, cohort: 1 } });
    // A later due: the entry is deleted and put again. The entry of `cohort` doesn't change.
    const setDue = { UpdateExpression: 'SET due = :due' };
    await update('STATE', { ...setDue, ExpressionAttributeValues: { ':due': { S: '2026-03-02' } } });
    expect(last()).toMatchObject({ writeUnits: 4, indexWriteUnits: { due: 2 } });
    // The same write again changes no entry.
    await update('STATE', { ...setDue, ExpressionAttributeValues: { ':due': { S: '2026-03-02' } } });
    expect(last()).toMatchObject({ writeUnits: 2, indexWriteUnits: {} });
    // A projected attribute.
    const stage = { UpdateExpression: 'SET stage = :s', ExpressionAttributeValues: { ':s': { S: 'scheduled' } } };
    await update('STATE', stage);
    expect(last()).toMatchObject({ writeUnits: 3, indexWriteUnits: { due: 1 } });
    // An event is in no index.
    await put(referral('EVENT#1', 800));
    expect(last()).toMatchObject({ writeUnits: 1 });
    // The event again, on condition of its absence, and one that is there.
    await expect(
      client.send(
        new PutItemCommand({
          TableName: TABLE,
          Item: referral('STATE', 100),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    ).rejects.toThrow('conditional');
    expect(last()).toMatchObject({ writeUnits: 2, outcome: 'ConditionalCheckFailedException' });
    // The whole partition: a little over 2.3 KB.
    await query({ ...partition, ConsistentRead: true });
    expect(last()).toMatchObject({ readUnits: 1, writeUnits: 0, resources: [TABLE] });
    // Due: one entry.
    expect((await query(dues)).Count).toBe(1);
    expect(last()).toMatchObject({ readUnits: 0.5, resources: [`${TABLE}/due`] });
    // Not due any more: out of the index.
    await update('STATE', { UpdateExpression: 'REMOVE due' });
    expect(last()).toMatchObject({ writeUnits: 3, indexWriteUnits: { due: 1 } });
    expect((await query(dues)).Count).toBe(0);
    expect(last()).toMatchObject({ readUnits: 0.5 });
    // Deleted: 2 for the item, 1 for the entry of `cohort`.
    await client.send(new DeleteItemCommand({ TableName: TABLE, Key: key('STATE') }));
    expect(last()).toMatchObject({ writeUnits: 3, indexWriteUnits: { cohort: 1 } });
    await client.send(new DeleteItemCommand({ TableName: TABLE, Key: key('STATE') }));
    expect(last()).toMatchObject({ writeUnits: 1, indexWriteUnits: {} });

    expect(recorder.summary()).toEqual({
      unnamed: {
        requests: 12,
        byAction: { 'dynamodb:PutItem': 3, 'dynamodb:UpdateItem': 4, 'dynamodb:Query': 3, 'dynamodb:DeleteItem': 2 },
        readUnits: 2,
        writeUnits: 4 + 4 + 2 + 3 + 1 + 2 + 3 + 3 + 1,
      },
    });
    expect(recorder.calls.some((call) => call.estimated)).toBe(false);
  });
});

describe('reads that return less than they read', () => {
  beforeEach(async () => {
    for (const sk of ['E1', 'E2', 'E3', 'E4']) await put(referral(sk, 3 * KB, { kind: { S: sk } }));
  });

  const cases: [what: string, input: Partial<QueryCommandInput>, units: number][] = [
    ['the whole page: 12 KB', {}, 1.5],
    ['a projection', { ProjectionExpression: 'sk' }, 1.5],
    ['a count', { Select: 'COUNT' }, 1.5],
    ['a filter', { FilterExpression: 'kind = :pk' }, 1.5],
    ['a limit: 6 KB', { Limit: 2, Select: 'COUNT' }, 1],
    ['a limit without projection', { Limit: 2 }, 1],
    ['a page from the middle: 9 KB', { ExclusiveStartKey: key('E1'), Select: 'COUNT' }, 1.5],
    [
      'a page from the middle, backwards: 6 KB',
      { ExclusiveStartKey: key('E3'), Select: 'COUNT', ScanIndexForward: false },
      1,
    ],
    ['strongly consistent', { Select: 'COUNT', ConsistentRead: true }, 3],
  ];
  it.each(cases)('a query with %s', async (_what, input, units) => {
    await query({ ...partition, ...input });
    expect(last()).toMatchObject({ readUnits: units, estimated: false });
  });

  const conditions: [expression: string, values: Item, units: number][] = [
    ['pk = :pk AND sk = :a', { ':a': { S: 'E2' } }, 0.5],
    ['pk = :pk AND sk > :a', { ':a': { S: 'E2' } }, 1],
    ['pk = :pk AND sk >= :a', { ':a': { S: 'E2' } }, 1.5],
    ['sk < :a AND pk = :pk', { ':a': { S: 'E2' } }, 0.5],
    ['pk=:pk and sk BETWEEN :a AND :b', { ':a': { S: 'E2' }, ':b': { S: 'E3' } }, 1],
    ['(pk = :pk) AND (begins_with(sk, :a))', { ':a': { S: 'E' } }, 1.5],
    ['pk = :pk AND begins_with ( sk , :a )', { ':a': { S: 'F' } }, 0.5],
  ];
  it.each(conditions)('a count of %s', async (expression, values, units) => {
    await query({
      KeyConditionExpression: expression,
      ExpressionAttributeValues: { ':pk': { S: 'R1' }, ...values },
      Select: 'COUNT',
    });
    expect(last()).toMatchObject({ readUnits: units, estimated: false });
  });

  it('a get with a projection costs the whole item', async () => {
    await put(referral('BIG', 5 * KB));
    await client.send(new GetItemCommand({ TableName: TABLE, Key: key('BIG'), ProjectionExpression: 'sk' }));
    expect(last()).toMatchObject({ readUnits: 1, estimated: false });
  });

  it('a get of nothing costs the minimum', async () => {
    await client.send(new GetItemCommand({ TableName: TABLE, Key: key('NONE'), ConsistentRead: true }));
    expect(last()).toMatchObject({ readUnits: 1, estimated: false });
  });

  it.each([undefined, 'pk'])(
    'a batch rounds each item and charges missing ones (projection: %s)',
    async (projection) => {
      await put(referral('BIG', 5 * KB));
      const RequestItems = {
        [TABLE]: {
          Keys: [key('BIG'), key('E1'), key('NONE')],
          ...(projection && { ProjectionExpression: projection }),
        },
      };
      await client.send(new BatchGetItemCommand({ RequestItems }));
      expect(last()).toMatchObject({ readUnits: 1 + 0.5 + 0.5, estimated: false });
    },
  );

  it('a scan with a filter costs all it saw', async () => {
    await client.send(new ScanCommand({ TableName: TABLE, FilterExpression: 'attribute_not_exists(pk)' }));
    expect(last()).toMatchObject({ readUnits: 1.5, estimated: false });
  });

  it('says if it can only estimate, which seeding prevents', async () => {
    const item = referral('PAST', 9 * KB);
    await table.client().send(new PutItemCommand({ TableName: TABLE, Item: item }));
    const get = new GetItemCommand({ TableName: TABLE, Key: key('PAST'), ProjectionExpression: 'sk' });
    await client.send(get);
    expect(last()).toMatchObject({ readUnits: 0.5, estimated: true });
    recorder.seed(TABLE, [item]);
    await client.send(get);
    expect(last()).toMatchObject({ readUnits: 1.5, estimated: false });
  });
});

describe('an index query', () => {
  it('costs the entries, not the items', async () => {
    for (const sk of ['A', 'B', 'C']) await put(referral(sk, 4 * KB, dueAt('2026-03-01')));
    expect((await query(dues)).Count).toBe(3);
    expect(last()).toMatchObject({ readUnits: 0.5 });
    await query({ ...dues, Select: 'COUNT' });
    expect(last()).toMatchObject({ readUnits: 0.5, estimated: false });
  });

  it('costs what is projected, including entries that a filter drops', async () => {
    for (const sk of ['A', 'B', 'C'])
      await put(referral(sk, 4 * KB, { ...dueAt('2026-03-01'), stage: { S: 'x'.repeat(3 * KB) } }));
    await query({ ...dues, FilterExpression: 'attribute_not_exists(stage)' });
    expect(last()).toMatchObject({ readUnits: 1.5, estimated: false });
  });
});

describe('the caller of an update', () => {
  const bump = { UpdateExpression: 'ADD version :one', ExpressionAttributeValues: { ':one': { N: '1' } } };

  it('gets no attributes if it asked for none', async () => {
    const output = await update('S', bump);
    expect(output).not.toHaveProperty('Attributes');
    expect(output.$metadata.httpStatusCode).toBe(200);
  });

  it.each(['ALL_NEW', 'ALL_OLD', 'UPDATED_NEW', 'UPDATED_OLD'] as const)(
    'gets %s as without a recorder',
    async (values) => {
      await put({ ...key('S'), version: { N: '1' }, other: { S: 'x' } });
      await table
        .client()
        .send(new PutItemCommand({ TableName: TABLE, Item: { ...key('T'), version: { N: '1' }, other: { S: 'x' } } }));
      const recorded = await update('S', { ...bump, ReturnValues: values });
      const plain = await table
        .client()
        .send(new UpdateItemCommand({ TableName: TABLE, Key: key('T'), ...bump, ReturnValues: values }));
      const rest = ({ sk: _, ...attributes }: Item) => attributes;
      expect(rest(recorded.Attributes ?? {})).toEqual(rest(plain.Attributes ?? {}));
      expect(recorder.calls).toHaveLength(2);
    },
  );

  it.each([undefined, 'UPDATED_NEW'] as const)('leaves the next write its cost (returning %s)', async (values) => {
    await put({ ...key('S'), ...dueAt('A') });
    await update('S', {
      UpdateExpression: 'SET fill = :fill REMOVE due',
      ExpressionAttributeValues: { ':fill': { S: 'x'.repeat(2 * KB) } },
      ...(values && { ReturnValues: values }),
    });
    expect(last()).toMatchObject({ writeUnits: 4, indexWriteUnits: { due: 1 } });
    await client.send(new DeleteItemCommand({ TableName: TABLE, Key: key('S') }));
    expect(last()).toMatchObject({ writeUnits: 3, indexWriteUnits: {} });
  });
});

describe('concurrent writes of one item', () => {
  it('are seen in the order in which the table applied them', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        update('S', {
          UpdateExpression: 'SET due = :due, #s = :s',
          ExpressionAttributeNames: { '#s': 'shard' },
          ExpressionAttributeValues: { ':due': { S: `${i}` }, ':s': { S: '1' } },
        }),
      ),
    );
    // One entry is put, then moved 19 times.
    expect(recorder.summary().unnamed).toMatchObject({ requests: 20, writeUnits: 20 + 1 + 19 * 2 });
  });

  it('do not wait for other items', async () => {
    await Promise.all(['A', 'B', 'C', 'D'].map((sk) => put(referral(sk, 100, { week: { S: 'w' } }))));
    expect(recorder.summary().unnamed).toMatchObject({ requests: 4, writeUnits: 8 });
  });
});

describe('calls', () => {
  it('carry the name of the function that made them, even in parallel', async () => {
    await Promise.all([
      recorder.during('ingest-events', async () => {
        await put(referral('A', 100));
        await put(referral('B', 100));
      }),
      recorder.during('detect-breaches', () => query(dues)),
    ]);
    await put(referral('C', 100));
    expect(recorder.summary()).toEqual({
      'ingest-events': { requests: 2, byAction: { 'dynamodb:PutItem': 2 }, readUnits: 0, writeUnits: 2 },
      'detect-breaches': { requests: 1, byAction: { 'dynamodb:Query': 1 }, readUnits: 0.5, writeUnits: 0 },
      unnamed: { requests: 1, byAction: { 'dynamodb:PutItem': 1 }, readUnits: 0, writeUnits: 1 },
    });
    recorder.reset();
    expect(recorder.summary()).toEqual({});
  });

  it('of other services are counted, with their resource and outcome', async () => {
    const sqs = new SQSClient({
      endpoint: 'http://127.0.0.1:1',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 2,
    });
    recorder.attach(sqs);
    const QueueUrl = 'http://127.0.0.1:1/000000000000/referral-events';
    await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }))).rejects.toThrow();
    sqs.destroy();
    expect(recorder.calls).toHaveLength(1);
    expect(last()).toMatchObject({
      service: 'sqs',
      action: 'SendMessage',
      resources: [QueueUrl],
      readUnits: 0,
      writeUnits: 0,
    });
    expect(last().outcome).not.toBe('ok');
  });

  it('about a table itself cost no units', async () => {
    await client.send(new DescribeTableCommand({ TableName: TABLE }));
    expect(last()).toMatchObject({ action: 'DescribeTable', outcome: 'ok', readUnits: 0, writeUnits: 0 });
  });

  it('without a rule are refused instead of left out', async () => {
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toThrow('no rule');
    await expect(client.send(new GetItemCommand({ TableName: 'other', Key: key('A') }))).rejects.toThrow();
  });
});
