import {
  BatchGetItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { spec, TABLE } from '../cost/local-table.ts';

const newClient = () => new MemoryDynamo([spec]).attach(new DynamoDBClient({ region: 'eu-central-1' }));
const put = (client: DynamoDBClient, item: Record<string, unknown>) =>
  client.send(new PutItemCommand({ TableName: TABLE, Item: marshall(item) }));

describe('the limits of DynamoDB, kept in memory', () => {
  it('an item of 400 KB is taken, one byte more is refused', async () => {
    const client = newClient();
    const room = 400 * 1024 - Buffer.byteLength('pkasksnote') + 1;
    await put(client, { pk: 'a', sk: 's', note: 'x'.repeat(room - 1) });
    await expect(put(client, { pk: 'a', sk: 's', note: 'x'.repeat(room) })).rejects.toThrow('Item size');
  });

  it('an update that makes an item too large is refused, and changes nothing', async () => {
    const client = newClient();
    await put(client, { pk: 'a', sk: 's', note: 'small' });
    const update = new UpdateItemCommand({
      TableName: TABLE,
      Key: marshall({ pk: 'a', sk: 's' }),
      UpdateExpression: 'SET note = :n',
      ExpressionAttributeValues: marshall({ ':n': 'x'.repeat(410_000) }),
    });
    await expect(client.send(update)).rejects.toThrow('Item size');
    const { Items } = await client.send(new ScanCommand({ TableName: TABLE }));
    expect(Items).toEqual([marshall({ pk: 'a', sk: 's', note: 'small' })]);
  });

  it.each([
    ['partition key of the table', 'pk', 2048],
    ['sort key of the table', 'sk', 1024],
    ['partition key of an index', 'week', 2048],
    ['partition key of an index with a sort key', 'shard', 2048],
    ['sort key of an index', 'due', 1024],
  ])('the %s has a limit in bytes, not characters', async (_, name, most) => {
    const client = newClient();
    const item = { pk: 'a', sk: 's', shard: 's' };
    await put(client, { ...item, [name]: 'ä'.repeat(most / 2) });
    await expect(put(client, { ...item, [name]: `ä${'ä'.repeat(most / 2)}` })).rejects.toThrow('size limit');
  });

  it('an index key is neither empty nor of another type', async () => {
    const client = newClient();
    await expect(put(client, { pk: 'a', sk: 's', week: '' })).rejects.toThrow('empty key');
    await expect(put(client, { pk: 'a', sk: 's', week: true })).rejects.toThrow('Type mismatch');
  });

  it('a page ends before 1 MB, and the next one goes on', async () => {
    const client = newClient();
    for (let number = 0; number < 5; number += 1) {
      await put(client, { pk: 'a', sk: String(number), note: 'x'.repeat(300_000) });
    }
    const query = (start?: Record<string, never>) =>
      client.send(
        new QueryCommand({
          TableName: TABLE,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: marshall({ ':p': 'a' }),
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
    const first = await query();
    const second = await query(first.LastEvaluatedKey as never);
    expect([first.Count, second.Count]).toEqual([3, 2]);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it('a batch of 101 keys is refused; what is beyond 16 MB is left unprocessed', async () => {
    const client = newClient();
    const keys = Array.from({ length: 101 }, (_, number) => marshall({ pk: 'a', sk: String(number) }));
    const batch = (Keys: typeof keys) => client.send(new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys } } }));
    await expect(batch(keys)).rejects.toThrow('Too many items');
    for (let number = 0; number < 50; number += 1) {
      await put(client, { pk: 'a', sk: String(number), note: 'x'.repeat(400_000) });
    }
    const { Responses, UnprocessedKeys } = await batch(keys.slice(0, 50));
    expect(Responses?.[TABLE]).toHaveLength(41);
    expect(UnprocessedKeys?.[TABLE]?.Keys).toEqual(keys.slice(41, 50));
  });

  it('refuses what it does not know instead of leaving it out', async () => {
    const client = newClient();
    const conditional = (ConditionExpression: string) =>
      client.send(new PutItemCommand({ TableName: TABLE, Item: marshall({ pk: 'a', sk: 's' }), ConditionExpression }));
    await expect(conditional('contains(pk, :p)')).rejects.toThrow();
    await expect(conditional('pk.inner = pk')).rejects.toThrow('unreadable');
    const query = new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'pk = :p AND sk > :p AND sk < :q',
      ExpressionAttributeValues: marshall({ ':p': 'a', ':q': 'b' }),
    });
    await expect(client.send(query)).rejects.toThrow('not supported');
  });
});
