import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';
import { fromItem, type Item, toItem } from './dynamo.ts';

export type Key = { pk: string; sk: string };

/** A request without what the table itself adds; `values` are plain. */
type Input<T> = Omit<T, 'TableName' | 'Item' | 'Key' | 'ExpressionAttributeValues' | 'ExclusiveStartKey'>;
export type Query = Input<QueryCommandInput> & {
  values: Item;
  /** The key of the table and index behind which the query goes on. */
  after?: Item;
};
export type Put = Input<PutItemCommandInput> & { item: Item; values?: Item };
export type Update = Input<UpdateItemCommandInput> & { key: Key; values?: Item };
export type Remove = Input<DeleteItemCommandInput> & { key: Key };

type Attributes = Record<string, AttributeValue>;
type Page = { Items?: Attributes[] | undefined; LastEvaluatedKey?: Attributes | undefined };

/**
 * A DynamoDB table: plain values in and out, every read complete, a failed condition an answer instead of an exception.
 * Any other failure throws.
 */
export class Table {
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** One item, consistent. */
  async get(key: Key): Promise<Item | null> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#name, Key: toItem(key), ConsistentRead: true }),
    );
    return Item ? fromItem(Item) : null;
  }

  /** Items by their keys, at most 100, and the keys that DynamoDB left unread. Items that don't exist are left out. */
  async batchGet(
    keys: readonly Key[],
    { consistent = false }: { consistent?: boolean } = {},
  ): Promise<{ items: Item[]; unread: Key[] }> {
    const request = { [this.#name]: { Keys: keys.map(toItem), ConsistentRead: consistent } };
    const { Responses, UnprocessedKeys } = await this.#client.send(new BatchGetItemCommand({ RequestItems: request }));
    return {
      items: (Responses?.[this.#name] ?? []).map(fromItem),
      unread: (UnprocessedKeys?.[this.#name]?.Keys ?? []).map((key) => fromItem(key) as Key),
    };
  }

  /** A whole partition, consistent. */
  partition(pk: string, options: Pick<QueryCommandInput, 'ProjectionExpression'> = {}): Promise<Item[]> {
    return this.all({
      ...options,
      KeyConditionExpression: 'pk = :pk',
      ConsistentRead: true,
      values: { ':pk': pk },
    });
  }

  /** All items of a query. */
  async all(query: Query): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of this.pages(query)) items.push(...page);
    return items;
  }

  /** Every page of a query, to the end: an empty page can carry a `LastEvaluatedKey`. */
  async *pages({ values, after, ...rest }: Query): AsyncGenerator<Item[]> {
    const query = { ...rest, TableName: this.#name, ExpressionAttributeValues: toItem(values) };
    yield* toTheEnd((start) => this.#client.send(new QueryCommand({ ...query, ...start })), after && toItem(after));
  }

  /** Every page of an index, to the end. */
  async *scanPages(index: string): AsyncGenerator<Item[]> {
    const scan = { TableName: this.#name, IndexName: index };
    yield* toTheEnd((start) => this.#client.send(new ScanCommand({ ...scan, ...start })));
  }

  /** The keys of every item, page by page. It costs as much as reading all of each item. */
  async *scanKeys(): AsyncGenerator<Item[]> {
    const scan = { TableName: this.#name, ProjectionExpression: 'pk, sk' };
    yield* toTheEnd((start) => this.#client.send(new ScanCommand({ ...scan, ...start })));
  }

  /** Puts an item on a condition. */
  put({ item, values, ...rest }: Put): Promise<Written> {
    const input: PutItemCommandInput = { ...rest, TableName: this.#name, Item: toItem(item) };
    if (values) input.ExpressionAttributeValues = toItem(values);
    return conditionally(this.#client.send(new PutItemCommand(input)));
  }

  /** Puts an item unless one with its key exists. */
  putNew(item: Item): Promise<Written> {
    return this.put({ item, ConditionExpression: 'attribute_not_exists(pk)' });
  }

  /** Updates an item on a condition. */
  update({ key, values, ...rest }: Update): Promise<Written> {
    const input: UpdateItemCommandInput = { ...rest, TableName: this.#name, Key: toItem(key) };
    if (values) input.ExpressionAttributeValues = toItem(values);
    return conditionally(this.#client.send(new UpdateItemCommand(input)));
  }

  /** Removes an item on a condition. Only for what an operator discards: what grows old goes by its time to live. */
  remove({ key, ...rest }: Remove): Promise<Written> {
    return conditionally(
      this.#client.send(new DeleteItemCommand({ ...rest, TableName: this.#name, Key: toItem(key) })),
    );
  }
}

/** An item that is larger than DynamoDB takes, or has such a key. It never will be taken. */
export class OversizedItemError extends LastingError {
  override readonly name = 'OversizedItemError';
}

const isOversize = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationException' && /size/i.test(error.message);

async function conditionally(write: Promise<unknown>): Promise<Written> {
  try {
    await write;
    return 'written';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'conflict';
    if (isOversize(error)) throw new OversizedItemError('DynamoDB takes no item or key of this size');
    throw error;
  }
}

async function* toTheEnd(
  read: (start: { ExclusiveStartKey?: Attributes }) => Promise<Page>,
  after?: Attributes,
): AsyncGenerator<Item[]> {
  let start = after;
  do {
    const page = await read(start ? { ExclusiveStartKey: start } : {});
    yield (page.Items ?? []).map(fromItem);
    start = page.LastEvaluatedKey;
  } while (start);
}
