import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  ReturnValue,
  ScanCommandInput,
  ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { type Item, itemSize } from './item-size.ts';
import { batchGetUnits, failedConditionUnits, getUnits, queryUnits, type TableSpec, writeUnits } from './model.ts';
import { TableShadow } from './shadow.ts';

/** What one DynamoDB call cost by the model. */
export interface Units {
  readUnits: number;
  writeUnits: number;
  /** The part of `writeUnits` for each index. */
  indexWriteUnits: Readonly<Record<string, number>>;
  /** The shadow does not know everything that was read, so the true cost may differ. */
  estimated: boolean;
}

/** The part of the SDK's middleware chain that is needed here. */
export type Send = (input: object) => Promise<{ output: object; response: unknown }>;

interface WriteInput {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ReturnValues?: ReturnValue;
}

/** Actions on the tables themselves, which cost no units. An action that is in none of these lists is refused. */
const FREE =
  /^(Create|Update|Delete|Describe|List|Tag|Untag)(Table|TimeToLive|ContinuousBackups|Endpoints|Limits|Tags|Resource)/;

export const NO_UNITS: Units = { readUnits: 0, writeUnits: 0, indexWriteUnits: {}, estimated: false };

/** Sends DynamoDB calls and computes their units from input, answer and the earlier writes that it has seen. */
export class DynamoDbMeter {
  readonly #shadows = new Map<string, TableShadow>();

  constructor(tables: readonly TableSpec[]) {
    for (const table of tables) this.#shadows.set(table.name, new TableShadow(table));
  }

  /** Notes items that were written earlier, or without the recorder. */
  seed(tableName: string, items: readonly Item[]): void {
    for (const item of items) this.#shadow(tableName).put(item);
  }

  /** The first entry that a query would read. */
  first(tableName: string, query: Parameters<TableShadow['first']>[0]): Item | undefined {
    return this.#shadow(tableName).first(query);
  }

  /** Forgets all items, for tables that were made again. */
  forget(): void {
    for (const { spec } of [...this.#shadows.values()]) this.#shadows.set(spec.name, new TableShadow(spec));
  }

  /**
   * Sends one call with `send`, passes its units to `report` whether it succeeds or fails, and returns the answer that
   * the caller would have got. `look` reads an item without being recorded.
   */
  async send(
    action: string,
    input: object,
    send: Send,
    report: (units: Units) => void,
    look: (tableName: string, key: Item) => Promise<Item | undefined>,
  ): ReturnType<Send> {
    switch (action) {
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem':
        return this.#write(action, input, send, report, look);
      case 'GetItem':
      case 'BatchGetItem':
      case 'Query':
      case 'Scan': {
        const result = await send(input);
        report(this.#read(action, input, result.output));
        return result;
      }
      default:
        if (FREE.test(action)) return send(input);
        // A total that silently leaves out calls is worse than none.
        throw new Error(`The cost model has no rule for DynamoDB's ${action}`);
    }
  }

  async #write(
    action: 'PutItem' | 'UpdateItem' | 'DeleteItem',
    input: WriteInput,
    send: Send,
    report: (units: Units) => void,
    look: (tableName: string, key: Item) => Promise<Item | undefined>,
  ): ReturnType<Send> {
    const shadow = this.#shadow(input.TableName);
    const key = (action === 'PutItem' ? input.Item : input.Key) ?? {};
    return shadow.inTurn(key, async () => {
      const before = shadow.get(key);
      // An update that returns nothing is asked to return the new item: it costs nothing and saves computing it.
      const quiet = action === 'UpdateItem' && (input.ReturnValues ?? 'NONE') === 'NONE';
      const result = await send(quiet ? { ...input, ReturnValues: 'ALL_NEW' } : input).catch((error) => {
        const failedCondition = error instanceof Error && error.name === 'ConditionalCheckFailedException';
        if (failedCondition) report({ ...NO_UNITS, writeUnits: failedConditionUnits(before) });
        throw error;
      });
      const output: { Attributes?: Item } = result.output;
      const isWhole = quiet || input.ReturnValues === 'ALL_NEW';
      const after = await itemAfter(action, input, () => (isWhole ? output.Attributes : look(shadow.spec.name, key)));
      if (after) shadow.put(after);
      else shadow.delete(key);
      const { total, indexes } = writeUnits(shadow.spec, before, after);
      report({ ...NO_UNITS, writeUnits: total, indexWriteUnits: indexes });
      if (!quiet) return result;
      const { Attributes: _, ...rest } = output;
      return { ...result, output: rest };
    });
  }

  #read(action: 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan', input: object, output: object): Units {
    switch (action) {
      case 'GetItem':
        return this.#get(input as GetItemCommandInput, output as GetItemCommandOutput);
      case 'BatchGetItem':
        return this.#batchGet(input as BatchGetItemCommandInput, output as BatchGetItemCommandOutput);
      case 'Query':
      case 'Scan':
        return this.#page(action, input as QueryCommandInput | ScanCommandInput, output as QueryCommandOutput);
    }
  }

  #get(input: GetItemCommandInput, output: GetItemCommandOutput): Units {
    const consistent = input.ConsistentRead ?? false;
    const whole = projected(input) && output.Item ? this.#shadow(input.TableName).get(input.Key ?? {}) : output.Item;
    const estimated = whole === undefined && output.Item !== undefined;
    return { ...NO_UNITS, readUnits: getUnits(whole ?? output.Item, consistent), estimated };
  }

  #batchGet(input: BatchGetItemCommandInput, output: BatchGetItemCommandOutput): Units {
    let readUnits = 0;
    let estimated = false;
    for (const [tableName, request] of Object.entries(input.RequestItems ?? {})) {
      const shadow = this.#shadow(tableName);
      const consistent = request.ConsistentRead ?? false;
      const keys = request.Keys ?? [];
      const returned = output.Responses?.[tableName] ?? [];
      const unprocessed = output.UnprocessedKeys?.[tableName]?.Keys?.length ?? 0;
      const missing = keys.length - unprocessed - returned.length;
      // With a projection the answer may lack the keys, so items are found by the requested keys.
      const whole = projected(request)
        ? keys.map((key) => shadow.get(key)).filter((item) => item !== undefined)
        : returned;
      estimated ||= whole.length !== returned.length;
      const read = [...whole, ...returned.slice(whole.length)].slice(0, returned.length);
      readUnits += batchGetUnits(read, consistent) + missing * getUnits(undefined, consistent);
    }
    return { ...NO_UNITS, readUnits, estimated };
  }

  #page(action: 'Query' | 'Scan', input: QueryCommandInput | ScanCommandInput, output: ScanCommandOutput): Units {
    const consistent = input.ConsistentRead ?? false;
    const returned = output.Items ?? [];
    const scanned = output.ScannedCount ?? returned.length;
    const partial = projected(input) || ['COUNT', 'SPECIFIC_ATTRIBUTES'].includes(input.Select ?? '');
    if (!partial && returned.length === scanned) return { ...NO_UNITS, readUnits: queryUnits(returned, consistent) };
    const shadow = this.#shadow(input.TableName);
    const known = action === 'Query' ? shadow.queried(input) : shadow.all(input.IndexName);
    // ScannedCount says how long a page is. The order of a scan isn't known, so only a complete scan is exact.
    const read = known.slice(0, scanned);
    const estimated = action === 'Query' ? read.length < scanned : known.length !== scanned;
    return { ...NO_UNITS, readUnits: queryUnits(larger(read, returned), consistent), estimated };
  }

  #shadow(tableName: string | undefined): TableShadow {
    const shadow = this.#shadows.get(tableName ?? '');
    if (!shadow) throw new Error(`The table ${tableName} was not named to the cost recorder`);
    return shadow;
  }
}

function projected(input: {
  readonly ProjectionExpression?: string | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
}): boolean {
  return input.ProjectionExpression !== undefined || input.AttributesToGet !== undefined;
}

function larger(one: readonly Item[], other: readonly Item[]): readonly Item[] {
  const total = (items: readonly Item[]) => items.reduce((bytes, item) => bytes + itemSize(item), 0);
  return total(one) >= total(other) ? one : other;
}

/** The item that a write leaves. @param updated what an update made of it */
async function itemAfter(
  action: 'PutItem' | 'UpdateItem' | 'DeleteItem',
  { Item: put }: WriteInput,
  updated: () => Item | undefined | Promise<Item | undefined>,
): Promise<Item | undefined> {
  switch (action) {
    case 'PutItem':
      return put;
    case 'UpdateItem':
      return updated();
    case 'DeleteItem':
      return undefined;
  }
}
