import { canonicalText, type Item, itemSize } from '../cost/item-size.ts';
import { compareBy, type KeyCondition, type KeyConditions, keyConditions } from '../cost/key-condition.ts';
import { entryOf, type IndexSpec, type TableSpec } from '../cost/model.ts';
import { validationError } from './errors.ts';

/** DynamoDB's limits (Developer Guide, "Quotas in Amazon DynamoDB"). Index keys have the same as table keys. */
const MOST_ITEM_BYTES = 400 * 1024;
const MOST_PARTITION_KEY_BYTES = 2048;
const MOST_SORT_KEY_BYTES = 1024;
const MOST_PAGE_BYTES = 1024 * 1024;

/** An item's copy in the table or in an index, with its size. */
interface Entry {
  readonly item: Item;
  readonly bytes: number;
}

/** Entries of one partition, in the order of their keys. */
type Partition = Entry[];

/** The table's own order, or that of an index. */
interface Order {
  readonly index: IndexSpec;
  /** What says where an entry stands: the keys of the index, then the table's own. */
  readonly keys: readonly string[];
  /** What a partition is ordered by: the sort key of the index, then the table's own keys. */
  readonly sortedBy: readonly string[];
  readonly partitions: Map<string, Partition>;
}

/** What a page of a query or scan read, before projection and filter. */
export interface Page {
  readonly read: Item[];
  /** Where the next page starts; undefined if this is the last. */
  readonly lastKey: Item | undefined;
}

/** One table in memory with its indexes, each kept in order. Limits of size are DynamoDB's. */
export class MemoryTable {
  readonly spec: TableSpec;
  readonly #items = new Map<string, Item>();
  readonly #orders: readonly Order[];

  constructor(spec: TableSpec) {
    this.spec = spec;
    const own: IndexSpec = { name: '', keys: spec.keys, projection: 'ALL' };
    this.#orders = [own, ...spec.indexes].map((index) => ({
      index,
      keys: [...new Set([...index.keys, ...spec.keys])],
      sortedBy: [...new Set([...index.keys.slice(1), ...spec.keys])],
      partitions: new Map(),
    }));
  }

  get(key: Item): Item | undefined {
    return this.#items.get(this.#keyText(key));
  }

  /** All items, in no order. */
  items(): Iterable<Item> {
    return this.#items.values();
  }

  /** Puts an item, or, if `after` is undefined, deletes what its key holds. */
  write(key: Item, after: Item | undefined): void {
    const bytes = after ? this.#check(after) : 0;
    const text = this.#keyText(key);
    const before = this.#items.get(text);
    if (after) this.#items.set(text, after);
    else this.#items.delete(text);
    for (const order of this.#orders) {
      const old = before && entryOf(this.spec, order.index, before);
      const next = after && entryOf(this.spec, order.index, after);
      const isInPlace = old && next && compareBy(order.keys, old, next) === 0;
      if (old && !isInPlace) remove(order, old);
      if (next) put(order, { item: next, bytes: next === after ? bytes : itemSize(next) });
    }
  }

  /** The page of a query that begins after `start`. */
  query(
    query: KeyConditions & { readonly IndexName?: string | undefined; readonly ScanIndexForward?: boolean | undefined },
    start: Item | undefined,
    limit: number,
  ): Page {
    const order = this.#order(query.IndexName);
    const { partitionKey, range } = asked(query, order.index);
    const found = inRange(order.partitions.get(canonicalText(partitionKey)) ?? [], range);
    const direction = query.ScanIndexForward === false ? -1 : 1;
    const ordered = direction === 1 ? found : found.toReversed();
    const isRead = (item: Item, last: Item) => direction * compareBy(order.sortedBy, item, last) <= 0;
    const from = start === undefined ? 0 : countWhile(ordered, (item) => isRead(item, start));
    return this.#page(order.index, ordered, from, limit);
  }

  /** The page of a scan that begins after `start`: partitions in the order in which they came to be. */
  scan(indexName: string | undefined, start: Item | undefined, limit: number): Page {
    const { index, partitions } = this.#order(indexName);
    const all = [...partitions.values()].flat();
    const wanted = start && this.#keyText(start);
    const from = wanted === undefined ? 0 : all.findIndex(({ item }) => this.#keyText(item) === wanted) + 1;
    return this.#page(index, all, from, limit);
  }

  #page(index: IndexSpec, entries: readonly Entry[], from: number, limit: number): Page {
    const read: Item[] = [];
    let bytes = 0;
    for (let place = from; place < entries.length; place += 1) {
      const entry = entries[place];
      if (!entry) break;
      bytes += entry.bytes;
      if (read.length > 0 && bytes > MOST_PAGE_BYTES) return { read, lastKey: this.#keyOf(index, read.at(-1)) };
      read.push(entry.item);
      // A page that its limit ends says so even if nothing follows.
      if (read.length === limit) return { read, lastKey: this.#keyOf(index, entry.item) };
    }
    return { read, lastKey: undefined };
  }

  #keyOf(index: IndexSpec, item: Item | undefined): Item | undefined {
    if (!item) return undefined;
    const names = new Set([...this.spec.keys, ...index.keys]);
    return Object.fromEntries([...names].flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
  }

  #order(indexName: string | undefined) {
    const order = this.#orders.find(({ index }) => index.name === (indexName ?? ''));
    if (!order) throw validationError(`The table does not have the specified index: ${indexName}`);
    return order;
  }

  #keyText(item: Item): string {
    return this.spec.keys
      .map((name) => {
        const value = item[name];
        if (!value) throw validationError(`The provided key element does not match the schema: ${name} is missing`);
        return canonicalText(value);
      })
      .join();
  }

  /** @returns the item's size */
  #check(item: Item): number {
    const bytes = itemSize(item);
    if (bytes > MOST_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
    for (const { index } of this.#orders) {
      const [partition, sort] = index.keys.map((name) => item[name]);
      this.#checkKey(partition, MOST_PARTITION_KEY_BYTES, index.name);
      this.#checkKey(sort, MOST_SORT_KEY_BYTES, index.name);
    }
    return bytes;
  }

  #checkKey(value: Item[string] | undefined, most: number, index: string): void {
    if (value === undefined) return;
    const where = index === '' ? 'the table' : `the index ${index}`;
    if (value.S === undefined && value.N === undefined && value.B === undefined) {
      throw validationError(`Type mismatch for key of ${where}`);
    }
    const bytes = value.S === undefined ? (value.B?.byteLength ?? 1) : Buffer.byteLength(value.S);
    if (bytes === 0) throw validationError(`An empty key is not allowed in ${where}`);
    if (bytes > most) throw validationError(`A key of ${where} has exceeded the size limit of ${most} bytes`);
  }
}

/** The partition that a query is for, and the condition on its sort key, if it has one. */
function asked(query: KeyConditions, { keys }: IndexSpec) {
  const conditions = keyConditions(query);
  const ofKeys = keys.map((key) => conditions.find(({ name }) => name === key));
  const [partition, range] = ofKeys;
  if (partition?.equals === undefined) throw validationError('Query condition missed key schema element');
  const unknown = conditions.find((condition) => !ofKeys.includes(condition));
  if (unknown) throw validationError(`Query key condition not supported: ${unknown.name}`);
  return { partitionKey: partition.equals, range };
}

function partitionText(index: IndexSpec, item: Item): string {
  const value = item[index.keys[0] ?? ''];
  return value ? canonicalText(value) : '';
}

/** Puts an entry where its keys say, in place of one with the same keys. */
function put({ sortedBy, partitions, index }: Order, entry: Entry): void {
  const text = partitionText(index, entry.item);
  const partition = partitions.get(text) ?? [];
  partitions.set(text, partition);
  const place = countWhile(partition, (item) => compareBy(sortedBy, item, entry.item) < 0);
  const there = partition[place];
  const isFormer = there !== undefined && compareBy(sortedBy, there.item, entry.item) === 0;
  partition.splice(place, isFormer ? 1 : 0, entry);
}

function remove({ sortedBy, partitions, index }: Order, gone: Item): void {
  const partition = partitions.get(partitionText(index, gone)) ?? [];
  const place = countWhile(partition, (item) => compareBy(sortedBy, item, gone) < 0);
  partition.splice(place, 1);
}

/** The entries of a partition that a condition on the sort key asks for: all of them without one. */
function inRange(partition: Partition, condition: KeyCondition | undefined): Partition {
  if (!condition) return partition;
  const { name, side } = condition;
  const sideOf = ({ [name]: value }: Item): number => (value ? side(value) : 0);
  return partition.slice(
    countWhile(partition, (item) => sideOf(item) < 0),
    countWhile(partition, (item) => sideOf(item) <= 0),
  );
}

/** How many entries come before the first whose item doesn't pass. Those that pass come first. */
function countWhile(entries: readonly Entry[], passes: (item: Item) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry && passes(entry.item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
