import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { serveTables } from '../../../local/memory-dynamo/serve.ts';
import { clientConfig } from '../../../local/stand-ins/client-config.ts';
import { spec, TABLE } from '../cost/local-table.ts';

const tables = new MemoryDynamo([spec]);
const inside = tables.attach(new DynamoDBClient({ region: 'eu-central-1' }));
let outside: DynamoDBClient;
let close: () => Promise<void>;
beforeAll(async () => {
  const served = await serveTables(tables);
  outside = new DynamoDBClient(clientConfig(served.endpoint));
  close = served.close;
});
afterAll(async () => {
  outside.destroy();
  await close();
});

const Key = { pk: { S: 'a' }, sk: { S: '1' } };
/** Every type, and names that look like types. */
const Item = {
  ...Key,
  note: { S: 'é 𐐷 \u2028' },
  version: { N: '-1.5' },
  packed: { B: Uint8Array.of(0, 255, 128) },
  more: { L: [{ BS: [Uint8Array.of(1), Uint8Array.of(2)] }, { NULL: true }, { BOOL: false }] },
  B: { M: { B: { S: 'bytes?' }, S: { SS: ['x', 'y'] } } },
};

describe('tables in memory, asked over HTTP', () => {
  it('give back what was written there, and what was written within the process', async () => {
    await outside.send(new PutItemCommand({ TableName: TABLE, Item }));
    for (const client of [inside, outside]) {
      const answer = await client.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
      expect(answer.Item).toEqual(Item);
    }
    const other = { ...Item, sk: { S: '2' }, packed: { B: Buffer.from([9, 8]) } };
    await inside.send(new PutItemCommand({ TableName: TABLE, Item: other }));
    const query = new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'pk = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
    });
    const { Items } = await outside.send(query);
    expect(Items).toEqual([Item, { ...other, packed: { B: Uint8Array.of(9, 8) } }]);
  });

  it('fail by the names that the SDK knows, with the item that stood in the way', async () => {
    const put = new PutItemCommand({
      TableName: TABLE,
      Item,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await outside.send(new PutItemCommand({ TableName: TABLE, Item }));
    await expect(outside.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item });
    const elsewhere = new GetItemCommand({ TableName: 'elsewhere', Key });
    await expect(outside.send(elsewhere)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const wrong = new GetItemCommand({ TableName: TABLE, Key: { pk: { S: 'a' } } });
    await expect(outside.send(wrong)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('can be made, once, and say how', async () => {
    const definition = {
      TableName: 'made',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
      BillingMode: 'PAY_PER_REQUEST' as const,
    };
    await outside.send(new CreateTableCommand(definition));
    await expect(outside.send(new CreateTableCommand(definition))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    const { Table } = await outside.send(new DescribeTableCommand({ TableName: 'made' }));
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE', KeySchema: definition.KeySchema });
  });
});
