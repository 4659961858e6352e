import { canonicalText, type Item, itemSize } from './item-size.ts';

/**
 * What AWS charges on demand for DynamoDB reads and writes, in request units. Needed because the local stand-in reports
 * no capacity for index writes and queries. Standard (not transactional) requests and global secondary indexes only.
 */

/** A global secondary index: its partition key, then its sort key if it has one. */
export interface IndexSpec {
  readonly name: string;
  readonly keys: readonly string[];
  readonly projection: 'ALL' | 'KEYS_ONLY' | { readonly include: readonly string[] };
}

/** A table: its partition key, then its sort key if it has one. */
export interface TableSpec {
  readonly name: string;
  readonly keys: readonly string[];
  readonly indexes: readonly IndexSpec[];
}

/** What a write costs in total, and how much of that each index takes. */
interface WriteUnits {
  readonly total: number;
  readonly indexes: Readonly<Record<string, number>>;
}

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

/**
 * GetItem: the item's size rounded up to 4 KB, half for an eventually consistent read; an absent item costs as much
 * as the smallest. Attributes that a projection expression leaves out still count.
 *
 * Source: Developer Guide, "DynamoDB read and write operations" (read-write-operations).
 */
export function getUnits(item: Item | undefined, consistent: boolean): number {
  return readUnits(item ? itemSize(item) : 0, consistent);
}

/** BatchGetItem: each item is rounded up by itself, as if read with its own GetItem. Source: as `getUnits`. */
export function batchGetUnits(items: readonly (Item | undefined)[], consistent: boolean): number {
  return items.reduce((total, item) => total + getUnits(item, consistent), 0);
}

/**
 * Query, one page: the sizes of all entries read are added up, then rounded up once. `read` is what was read and not
 * what was returned: a filter, a projection expression or `Select: COUNT` changes nothing. For an index these are its
 * entries (`entryOf`), and consistency is always eventual. A page without entries costs the minimum.
 *
 * Source: as `getUnits`; for indexes "Using Global Secondary Indexes in DynamoDB" (GSI), "Read capacity units".
 */
export function queryUnits(read: readonly Item[], consistent: boolean): number {
  return readUnits(
    read.reduce((total, item) => total + itemSize(item), 0),
    consistent,
  );
}

/**
 * A PutItem, UpdateItem or DeleteItem that succeeded: the larger of the item before and after, rounded up to 1 KB, plus
 * the cost of each index.
 *
 * Source: as `getUnits`; for indexes "Using Global Secondary Indexes in DynamoDB" (GSI), "Write capacity units".
 */
export function writeUnits(table: TableSpec, before: Item | undefined, after: Item | undefined): WriteUnits {
  const indexes: Record<string, number> = {};
  let total = largerUnits(before, after);
  for (const index of table.indexes) {
    const units = indexWriteUnits(table, index, before, after);
    if (units === 0) continue;
    indexes[index.name] = units;
    total += units;
  }
  return { total, indexes };
}

/**
 * A write whose condition was false: charged by the size of the existing item, at least 1. No index is written.
 *
 * Source: Developer Guide, "Working with items and attributes" (WorkingWithItems), "Capacity units consumed by
 * conditional writes". An older edition charged by the larger of the existing and the new item.
 */
export function failedConditionUnits(existing: Item | undefined): number {
  return largerUnits(existing, undefined);
}

/** What an index costs for one write to its table; the cases are those of the guide, one line each. */
function indexWriteUnits(
  table: TableSpec,
  index: IndexSpec,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const old = before && entryOf(table, index, before);
  const next = after && entryOf(table, index, after);
  if (!old && !next) return 0;
  if (!old || !next) return largerUnits(old, next);
  if (!sameAttributes(old, next, index.keys)) return largerUnits(old, undefined) + largerUnits(undefined, next);
  if (sameAttributes(old, next, Object.keys({ ...old, ...next }))) return 0;
  return largerUnits(old, next);
}

/**
 * The index's copy of an item: the table's key, the index's key and projected attributes. There is none if the item
 * lacks a key attribute of the index, which makes an index sparse.
 */
export function entryOf(table: TableSpec, index: IndexSpec, item: Item): Item | undefined {
  if (index.keys.some((name) => item[name] === undefined)) return undefined;
  if (index.projection === 'ALL') return item;
  const included = index.projection === 'KEYS_ONLY' ? [] : index.projection.include;
  const entry: Item = {};
  for (const name of [...table.keys, ...index.keys, ...included]) {
    const value = item[name];
    if (value !== undefined) entry[name] = value;
  }
  return entry;
}

/** The part of CloudFormation's table properties, and of CreateTable's input, that says what writes cost. */
interface TableDescription {
  readonly TableName?: string | undefined;
  readonly KeySchema?: readonly { readonly AttributeName?: string | undefined }[] | undefined;
  readonly GlobalSecondaryIndexes?:
    | readonly {
        readonly IndexName?: string | undefined;
        readonly KeySchema?: readonly { readonly AttributeName?: string | undefined }[] | undefined;
        readonly Projection?:
          | {
              readonly ProjectionType?: string | undefined;
              readonly NonKeyAttributes?: readonly string[] | undefined;
            }
          | undefined;
      }[]
    | undefined;
}

/** Reads keys and indexes from a table's definition, so that they are defined once. */
export function tableSpec(description: TableDescription, name = description.TableName): TableSpec {
  if (name === undefined) throw new Error('A table without a name has no cost model');
  return {
    name,
    keys: keyNames(description.KeySchema),
    indexes: (description.GlobalSecondaryIndexes ?? []).map((index) => ({
      name: index.IndexName ?? '',
      keys: keyNames(index.KeySchema),
      projection: projectionOf(index.Projection ?? {}),
    })),
  };
}

function projectionOf(projection: {
  readonly ProjectionType?: string | undefined;
  readonly NonKeyAttributes?: readonly string[] | undefined;
}): IndexSpec['projection'] {
  switch (projection.ProjectionType) {
    case 'ALL':
      return 'ALL';
    case 'INCLUDE':
      return { include: projection.NonKeyAttributes ?? [] };
    case 'KEYS_ONLY':
      return 'KEYS_ONLY';
    default:
      throw new Error(`Unknown projection type ${projection.ProjectionType}`);
  }
}

function keyNames(schema: TableDescription['KeySchema']): string[] {
  return (schema ?? []).map((key) => key.AttributeName ?? '');
}

function sameAttributes(one: Item, other: Item, names: readonly string[]): boolean {
  return names.every((name) => {
    const [left, right] = [one[name], other[name]];
    if (!left || !right) return left === right;
    return canonicalText(left) === canonicalText(right);
  });
}

function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
}

function largerUnits(one: Item | undefined, other: Item | undefined): number {
  const bytes = Math.max(one ? itemSize(one) : 0, other ? itemSize(other) : 0);
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}
