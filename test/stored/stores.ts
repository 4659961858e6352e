import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStored, type Stored } from '../../local/stored/stored-file.ts';
import { fromItem, type Item } from '../../shared/store/dynamo.ts';
import { itemKinds, shape } from '../local/docs/data-model-page.ts';

const FILE = /^(\d+\.\d+\.\d+)\.ndjson\.gz$/;

/** The releases of which something is kept here. */
export const releases = (): string[] => readdirSync(import.meta.dirname).flatMap((name) => FILE.exec(name)?.[1] ?? []);

/** What a release stored. */
export const storedBy = (release: string): Stored =>
  readStored(readFileSync(join(import.meta.dirname, `${release}.ndjson.gz`)));

/** An item with plain values, and its kind as docs/data-model.md names it. */
export interface KindedItem {
  kind: string;
  item: Item;
}

interface Pattern {
  kind: string;
  matches: RegExp;
  /** How much of the key the kind says: of two that match, the one that says more is meant. */
  said: number;
}

const patterns = itemKinds().map((kind): Pattern => {
  const parts = shape(kind).split('<>');
  const text = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.+');
  return { kind, matches: new RegExp(`^${text}$`, 's'), said: parts.join('').length };
});

/** The items of a store by kind. @throws if one is of no kind that the page names */
export function kinded({ items }: Stored): KindedItem[] {
  return items.map(({ table, item }) => {
    const key = `${table} ${item.pk?.S} ${item.sk?.S}`;
    const [pattern] = patterns.filter(({ matches }) => matches.test(key)).sort((a, b) => b.said - a.said);
    if (!pattern) throw new Error(`docs/data-model.md names no kind of item for ${key}`);
    return { kind: pattern.kind, item: fromItem(item) };
  });
}
