import type {
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
  CreateTableCommandInput,
  DeleteItemCommandInput,
  DeleteTableCommandInput,
  DescribeTableCommandInput,
  DynamoDBClient,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  TableDescription,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Item, itemSize } from '../cost/item-size.ts';
import {
  batchGetUnits,
  failedConditionUnits,
  getUnits,
  queryUnits,
  type TableSpec,
  tableSpec,
  writeUnits,
} from '../cost/model.ts';
import { QUIET } from '../stand-ins/client-config.ts';
import { conditionFailed, noSuchTable, tableInUse, validationError } from './errors.ts';
import { type Placeholders, readCondition, readProjection, readUpdate } from './expressions.ts';
import { MemoryTable, type Page } from './memory-table.ts';
import { type Measure, type Metered, noteCalls, noteMetered } from './metering.ts';

const MOST_BATCH_KEYS = 100;
const MOST_BATCH_BYTES = 16 * 1024 * 1024;
const MOST_BATCH_WRITES = 25;

/**
 * DynamoDB in memory, within this process: real SDK clients are attached to it and send nothing; `serve.ts` lets other
 * processes ask it. It keeps DynamoDB's limits of items, keys, pages and batches, and reports each call's request units.
 * Reads of an index are consistent.
 */
export class MemoryDynamo {
  readonly #tables = new Map<string, MemoryTable>();
  /** What `CreateTable` was given. */
  readonly #definitions = new Map<string, CreateTableCommandInput>();
  readonly #onCall: ((call: Metered) => void) | undefined;
  /** Of the answer that was given last. */
  #calls: Measure[] = [];

  /** @param tables those that are there from the start */
  constructor(tables: readonly TableSpec[] = [], onCall?: (call: Metered) => void) {
    for (const spec of tables) this.#tables.set(spec.name, new MemoryTable(spec));
    this.#onCall = onCall;
  }

  /**
   * Makes a client ask these tables instead of the network, before the SDK writes or signs anything. What is added to its
   * middlewares after its first call has no effect.
   */
  attach<Client extends DynamoDBClient>(client: Client): Client {
    const answer = (_next: unknown, { commandName }: { commandName?: string }) => {
      const action = String(commandName).replace(/Command$/, '');
      return async ({ input }: { input: object }) => ({
        output: this.#meteredAnswer(action, input),
        response: undefined,
      });
    };
    client.middlewareStack.add(answer, { step: 'initialize', priority: 'low', name: 'loopwatchMemoryDynamo' });
    Object.assign(client.config, { cacheMiddleware: true, logger: QUIET });
    noteMetered(client);
    return client;
  }

  /** The first entry that a query would read. It is no call: nothing is reported. */
  first(table: string, query: Parameters<MemoryTable['query']>[0]): Item | undefined {
    return this.#table(table).query(query, undefined, 1).read[0];
  }

  /** All items of a table, in no order. */
  items(table: string): Item[] {
    return [...this.#table(table).items()];
  }

  /** An answer whose calls `callsOf` tells, whether it is given or thrown. */
  #meteredAnswer(action: string, input: object): { $metadata: object } {
    try {
      const output = { ...this.answer(action, input), $metadata: { httpStatusCode: 200 } };
      noteCalls(output, this.#calls);
      return output;
    } catch (error) {
      if (error instanceof Error) noteCalls(error, this.#calls);
      throw error;
    }
  }

  /**
   * What DynamoDB would answer.
   * @param action as its API names it, such as `PutItem`
   * @throws what the SDK would throw
   */
  answer(action: string, input: object): object {
    this.#calls = [];
    return this.#answer(action, input);
  }

  #answer(action: string, input: object): object {
    switch (action) {
      case 'GetItem':
        return this.#getItem(input as GetItemCommandInput);
      case 'BatchGetItem':
        return this.#batchGetItem(input as BatchGetItemCommandInput);
      case 'Query':
        return this.#query(input as QueryCommandInput);
      case 'Scan':
        return this.#scan(input as ScanCommandInput);
      case 'PutItem': {
        const { Item: item = {}, ...rest } = input as PutItemCommandInput;
        return this.#write('PutItem', rest, item, () => item);
      }
      case 'UpdateItem': {
        const { Key: key = {}, ...rest } = input as UpdateItemCommandInput;
        const apply = readUpdate(rest.UpdateExpression, rest);
        return this.#write('UpdateItem', rest, key, (before) => apply(before ?? key));
      }
      case 'DeleteItem': {
        const { Key: key = {}, ...rest } = input as DeleteItemCommandInput;
        return this.#write('DeleteItem', rest, key, () => undefined);
      }
      case 'BatchWriteItem':
        return this.#batchWriteItem(input as BatchWriteItemCommandInput);
      case 'CreateTable':
        return this.#createTable(input as CreateTableCommandInput);
      case 'DescribeTable':
        return this.#describeTable(input as DescribeTableCommandInput);
      case 'DeleteTable':
        return this.#deleteTable(input as DeleteTableCommandInput);
      default:
        throw validationError(`${action} is not known to the tables in memory`);
    }
  }

  #createTable(input: CreateTableCommandInput): object {
    const spec = tableSpec(input);
    if (this.#tables.has(spec.name)) throw tableInUse(spec.name);
    this.#tables.set(spec.name, new MemoryTable(spec));
    this.#definitions.set(spec.name, input);
    return { TableDescription: this.#describe(spec.name) };
  }

  #describeTable({ TableName }: DescribeTableCommandInput): object {
    return { Table: this.#describe(this.#table(TableName).spec.name) };
  }

  #describe(TableName: string): TableDescription {
    const TableArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
    const { BillingMode, ...definition } = this.#definitions.get(TableName) ?? {};
    return {
      ...definition,
      TableName,
      TableArn,
      TableStatus: 'ACTIVE',
      ...(BillingMode && { BillingModeSummary: { BillingMode } }),
    };
  }

  #deleteTable({ TableName }: DeleteTableCommandInput): object {
    const { spec } = this.#table(TableName);
    this.#tables.delete(spec.name);
    return { TableDescription: this.#describe(spec.name) };
  }

  #batchWriteItem({ RequestItems = {} }: BatchWriteItemCommandInput): object {
    const all = Object.entries(RequestItems).flatMap(([TableName, writes]) =>
      writes.map((write) => ({ TableName, ...write })),
    );
    if (all.length > MOST_BATCH_WRITES) {
      throw validationError(`Too many items requested for the BatchWriteItem call: ${all.length}`);
    }
    for (const { TableName, PutRequest, DeleteRequest } of all) {
      if (PutRequest) this.#answer('PutItem', { TableName, Item: PutRequest.Item });
      else this.#answer('DeleteItem', { TableName, Key: DeleteRequest?.Key });
    }
    return { UnprocessedItems: {} };
  }

  #getItem(input: GetItemCommandInput): object {
    const item = this.#table(input.TableName).get(input.Key ?? {});
    this.#report('GetItem', input.TableName, undefined, () => ({
      readUnits: getUnits(item, input.ConsistentRead ?? false),
      items: item ? [item] : [],
    }));
    return item ? { Item: readProjection(input.ProjectionExpression, input)(copy(item)) } : {};
  }

  #batchGetItem({ RequestItems = {} }: BatchGetItemCommandInput): object {
    const Responses: Record<string, Item[]> = {};
    const UnprocessedKeys: NonNullable<BatchGetItemCommandInput['RequestItems']> = {};
    const wanted = Object.values(RequestItems).reduce((sum, { Keys = [] }) => sum + Keys.length, 0);
    if (wanted > MOST_BATCH_KEYS)
      throw validationError(`Too many items requested for the BatchGetItem call: ${wanted}`);
    for (const [name, request] of Object.entries(RequestItems)) {
      const { Keys = [], ConsistentRead = false } = request;
      const read: (Item | undefined)[] = [];
      let bytes = 0;
      for (const key of Keys) {
        const item = this.#table(name).get(key);
        bytes += item ? itemSize(item) : 0;
        if (bytes > MOST_BATCH_BYTES) break;
        read.push(item);
      }
      const project = readProjection(request.ProjectionExpression, request);
      const found = read.filter((item) => item !== undefined);
      Responses[name] = found.map((item) => project(copy(item)));
      if (read.length < Keys.length) UnprocessedKeys[name] = { ...request, Keys: Keys.slice(read.length) };
      this.#report('BatchGetItem', name, undefined, () => ({
        readUnits: batchGetUnits(read, ConsistentRead),
        items: found,
      }));
    }
    return { Responses, UnprocessedKeys };
  }

  #query(input: QueryCommandInput): object {
    const limit = input.Limit ?? Number.POSITIVE_INFINITY;
    return this.#answerPage('Query', input, this.#table(input.TableName).query(input, input.ExclusiveStartKey, limit));
  }

  #scan(input: ScanCommandInput): object {
    const limit = input.Limit ?? Number.POSITIVE_INFINITY;
    const page = this.#table(input.TableName).scan(input.IndexName, input.ExclusiveStartKey, limit);
    return this.#answerPage('Scan', input, page);
  }

  #answerPage(
    action: 'Query' | 'Scan',
    input: Pick<
      QueryCommandInput,
      'TableName' | 'IndexName' | 'ConsistentRead' | 'Select' | 'FilterExpression' | 'ProjectionExpression'
    > &
      Placeholders,
    { read, lastKey }: Page,
  ): object {
    if (input.IndexName !== undefined && input.ConsistentRead) {
      throw validationError('Consistent reads are not supported on global secondary indexes');
    }
    this.#report(action, input.TableName, input.IndexName, () => ({
      readUnits: queryUnits(read, input.ConsistentRead ?? false),
      items: read,
    }));
    const passes = readCondition(input.FilterExpression, input);
    const project = readProjection(input.ProjectionExpression, input);
    const found = read.filter(passes);
    return {
      ...(input.Select !== 'COUNT' && { Items: found.map((item) => project(copy(item))) }),
      Count: found.length,
      ScannedCount: read.length,
      ...(lastKey && { LastEvaluatedKey: lastKey }),
    };
  }

  #write(
    action: string,
    input: Pick<
      PutItemCommandInput,
      'TableName' | 'ConditionExpression' | 'ReturnValues' | 'ReturnValuesOnConditionCheckFailure'
    > &
      Placeholders,
    key: Item,
    next: (before: Item | undefined) => Item | undefined,
  ): object {
    const table = this.#table(input.TableName);
    const before = table.get(key);
    if (!readCondition(input.ConditionExpression, input)(before ?? {})) {
      this.#report(action, input.TableName, undefined, () => ({
        writeUnits: failedConditionUnits(before),
        items: [key],
      }));
      throw conditionFailed(input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? before : undefined);
    }
    const after = next(before);
    const kept = after && copy(after);
    table.write(key, kept);
    this.#report(action, input.TableName, undefined, () => {
      const { total, indexes } = writeUnits(table.spec, before, kept);
      return { writeUnits: total, indexWriteUnits: indexes, items: [key] };
    });
    if (input.ReturnValues === 'ALL_NEW' && kept) return { Attributes: copy(kept) };
    return input.ReturnValues === 'ALL_OLD' && before ? { Attributes: copy(before) } : {};
  }

  #report(action: string, table = '', index: string | undefined, cost: () => Partial<Metered>): void {
    const nothing = { readUnits: 0, writeUnits: 0, indexWriteUnits: {}, items: [] };
    const measure = () => ({ action, table, index, ...nothing, ...cost() });
    this.#calls.push(measure);
    this.#onCall?.(measure());
  }

  #table(name: string | undefined): MemoryTable {
    const table = this.#tables.get(name ?? '');
    if (!table) throw noSuchTable(name);
    return table;
  }
}

/** Values are never changed in place, so a new object of the same attributes is a copy. */
function copy(item: Item): Item {
  return { ...item };
}
