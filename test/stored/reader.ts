import { gunzipSync } from 'node:zlib';
import type { MemoryStage } from '../../local/memory-stage/memory-stage.ts';
import type { Item } from '../../shared/store/dynamo.ts';

/** What today's stores read of an item, and what the item says: the first must say all of the second. */
export interface Read {
  read: unknown;
  said: unknown;
}

/**
 * Reads what an item says with today's stores: it is looked for by what it stands for, and not by the key that it has.
 * @param others all items of its table
 */
export type Reader = (item: Item, stage: MemoryStage, others: readonly Item[]) => Promise<Read>;

/** Attributes that only the table goes by. */
const OF_TABLE = ['pk', 'sk', 'expiresAt'];

/** What an item says in some attributes; without names in all that aren't the table's. */
export function said(item: Item, names = Object.keys(item).filter((name) => !OF_TABLE.includes(name))): Item {
  return Object.fromEntries(names.flatMap((name) => (name in item ? [[name, item[name]]] : [])));
}

export const keyOf = ({ pk, sk }: Item): Item => ({ pk, sk });
export const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
export const unzipped = (packed: unknown): unknown => json(gunzipSync(packed as Uint8Array));
/** What follows the first mark in a key. */
export const after = (key: unknown, mark = '#'): string => String(key).slice(String(key).indexOf(mark) + mark.length);
