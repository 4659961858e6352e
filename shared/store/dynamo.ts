import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Written } from './referral-store.ts';

/** Attribute values in, plain values out, conditions as answers instead of exceptions. */

export type Item = Record<string, unknown>;

/** Undefined attributes are left out knowingly: an index key that is absent keeps the item out of that index. */
export const toItem = (item: Item): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });
export const fromItem = (item: Record<string, AttributeValue>): Item => unmarshall(item);

async function conditionally(write: Promise<unknown>): Promise<Written> {
  try {
    await write;
    return 'written';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'conflict';
    throw error;
  }
}

/** Puts an item on a condition. */
export function put(
  client: DynamoDBClient,
  input: Omit<PutItemCommandInput, 'Item' | 'ExpressionAttributeValues'> & { Item: Item; values?: Item },
): Promise<Written> {
  const { Item, values, ...rest } = input;
  const command: PutItemCommandInput = { ...rest, Item: toItem(Item) };
  if (values) command.ExpressionAttributeValues = toItem(values);
  return conditionally(client.send(new PutItemCommand(command)));
}

/** Updates an item on a condition. */
export function update(
  client: DynamoDBClient,
  input: Omit<UpdateItemCommandInput, 'Key' | 'ExpressionAttributeValues'> & { Key: Item; values: Item },
): Promise<Written> {
  const { Key, values, ...rest } = input;
  const command = new UpdateItemCommand({ ...rest, Key: toItem(Key), ExpressionAttributeValues: toItem(values) });
  return conditionally(client.send(command));
}

/** Every page of a query, to the end: an empty page can carry a `LastEvaluatedKey`. */
export async function* pages(
  client: DynamoDBClient,
  input: Omit<QueryCommandInput, 'ExpressionAttributeValues' | 'ExclusiveStartKey'> & { values: Item },
): AsyncGenerator<Item[]> {
  const { values, ...rest } = input;
  const query = { ...rest, ExpressionAttributeValues: toItem(values) };
  yield* toTheEnd((start) => client.send(new QueryCommand({ ...query, ...start })));
}

/** Every page of an index, to the end. */
export async function* scanPages(
  client: DynamoDBClient,
  input: Pick<ScanCommandInput, 'TableName'> & { IndexName: string },
): AsyncGenerator<Item[]> {
  yield* toTheEnd((start) => client.send(new ScanCommand({ ...input, ...start })));
}

type Key = Record<string, AttributeValue>;

async function* toTheEnd(
  read: (start: {
    ExclusiveStartKey?: Key;
  }) => Promise<{ Items?: Key[] | undefined; LastEvaluatedKey?: Key | undefined }>,
): AsyncGenerator<Item[]> {
  let start: Key | undefined;
  do {
    const page = await read(start ? { ExclusiveStartKey: start } : {});
    yield (page.Items ?? []).map(fromItem);
    start = page.LastEvaluatedKey;
  } while (start);
}

/** All items of a query. */
export async function all(client: DynamoDBClient, input: Parameters<typeof pages>[1]): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages(client, input)) items.push(...page);
  return items;
}

/** A list in pieces of at most `size`. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
