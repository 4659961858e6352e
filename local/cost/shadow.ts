import { canonicalText, type Item } from './item-size.ts';
import { compareBy, type KeyConditions, keyConditions } from './key-condition.ts';
import { entryOf, type IndexSpec, type TableSpec } from './model.ts';

type Entries = Map<string, Item>;

/** The part of a Query that says which entries it reads, and in what order. */
type Reading = KeyConditions & {
  readonly IndexName?: string | undefined;
  readonly ExclusiveStartKey?: Item | undefined;
  readonly ScanIndexForward?: boolean | undefined;
};

/**
 * A copy of a table's items and of its indexes' entries, kept by watching writes. It knows what an item was before a
 * write, and the size of entries that a query read but did not return.
 */
export class TableShadow {
  readonly spec: TableSpec;
  readonly #items: Entries = new Map();
  // Entries of the table itself (name '') and of each index, by partition key, so that a query looks at one partition.
  readonly #partitions = new Map<string, Map<string, Entries>>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(spec: TableSpec) {
    this.spec = spec;
  }

  /** The item under the key attributes of `item`. */
  get(item: Item): Item | undefined {
    return this.#items.get(this.#keyText(item));
  }

  /** Notes that `item` is now stored under its key. */
  put(item: Item): void {
    this.delete(item);
    // Values are never changed in place, so a new object of the same attributes is a copy.
    const kept = { ...item };
    const key = this.#keyText(item);
    this.#items.set(key, kept);
    for (const index of this.#orders()) {
      const entry = entryOf(this.spec, index, kept);
      if (entry) this.#partition(index, entry[index.keys[0] ?? '']).set(key, entry);
    }
  }

  /** Notes that nothing is stored under the key of `item` any more. */
  delete(item: Item): void {
    const key = this.#keyText(item);
    const old = this.#items.get(key);
    if (!old) return;
    this.#items.delete(key);
    for (const index of this.#orders()) {
      const entry = entryOf(this.spec, index, old);
      if (entry) this.#partition(index, entry[index.keys[0] ?? '']).delete(key);
    }
  }

  /**
   * Runs `write` when all earlier writes of the same key have ended. Answers can overtake each other, but the shadow
   * must see the writes of a key in the order of the table.
   */
  async inTurn<T>(item: Item, write: () => Promise<T>): Promise<T> {
    const key = this.#keyText(item);
    const before = this.#turns.get(key);
    const turn = (before ?? Promise.resolve()).then(write);
    const settled = turn.catch(() => undefined);
    this.#turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    }
  }

  /** All entries of the table or of one of its indexes, in no order. */
  all(indexName: string | undefined): Item[] {
    const partitions = this.#partitions.get(this.#order(indexName).name);
    return [...(partitions?.values() ?? [])].flatMap((entries) => [...entries.values()]);
  }

  /** The entries that a Query reads, from its start key on and in its order, before limit, filter and projection. */
  queried(query: Reading): Item[] {
    const { entries, compare } = this.#asked(query);
    return entries.toSorted(compare);
  }

  /** The first of the entries that a Query reads; undefined if there is none. */
  first(query: Reading): Item | undefined {
    const { entries, compare } = this.#asked(query);
    return entries.reduce<Item | undefined>(
      (first, entry) => (first === undefined || compare(entry, first) < 0 ? entry : first),
      undefined,
    );
  }

  /** The entries that a Query reads, in no order, and what puts them in its order. */
  #asked(query: Reading): { entries: Item[]; compare: (one: Item, other: Item) => number } {
    const index = this.#order(query.IndexName);
    const [partitionKey = ''] = index.keys;
    const conditions = keyConditions(query);
    const partition = conditions.find((condition) => condition.name === partitionKey)?.equals;
    // Those of a partition are equal in its key.
    const others = conditions.filter(({ name, equals }) => name !== partitionKey || equals === undefined);
    const order = [...index.keys.slice(1), ...this.spec.keys];
    const direction = query.ScanIndexForward === false ? -1 : 1;
    const compare = (one: Item, other: Item) => direction * compareBy(order, one, other);
    const start = query.ExclusiveStartKey;
    const entries = [...this.#partition(index, partition).values()].filter(
      (entry) =>
        others.every(({ name, side }) => entry[name] !== undefined && side(entry[name]) === 0) &&
        (!start || compare(entry, start) > 0),
    );
    return { entries, compare };
  }

  #orders(): IndexSpec[] {
    return [this.#order(undefined), ...this.spec.indexes];
  }

  #order(indexName: string | undefined): IndexSpec {
    if (indexName === undefined) return { name: '', keys: this.spec.keys, projection: 'ALL' };
    const index = this.spec.indexes.find(({ name }) => name === indexName);
    if (!index) throw new Error(`The table ${this.spec.name} has no index ${indexName} in its cost model`);
    return index;
  }

  #partition(index: IndexSpec, value: Item[string] | undefined): Entries {
    const text = value ? canonicalText(value) : '';
    const partitions = this.#partitions.get(index.name) ?? new Map<string, Entries>();
    this.#partitions.set(index.name, partitions);
    const entries = partitions.get(text) ?? new Map<string, Item>();
    partitions.set(text, entries);
    return entries;
  }

  #keyText(item: Item): string {
    return this.spec.keys
      .map((name) => {
        const value = item[name];
        if (!value) throw new Error(`An item of ${this.spec.name} has no ${name}`);
        return canonicalText(value);
      })
      .join();
  }
}
