import type { Table } from '../../shared/intake/dialects/csv/read-rows.ts';
import { areDates } from './guess-dates.ts';

/** What a draft looks at of a column. */
export interface Column {
  name: string;
  /** Its cells that aren't empty, trimmed. Of several files what a row says again is there once. */
  cells: readonly string[];
  /** How often each value comes. */
  counts: ReadonlyMap<string, number>;
  isDate: boolean;
  /** Whether every row has a value. */
  isFilled: boolean;
  /** Whether every row has a value, and none has the same. */
  isUnique: boolean;
}

/** Most values of a column that is taken for coded. */
export const MOST_CODES = 40;
const MOST_CODE_CHARACTERS = 40;
/** Rows that are looked at. */
export const SAMPLE_ROWS = 5_000;
const DATES_TRIED = 200;

/** The columns of a table by a sample of its rows; those without a name, or with one that comes twice, are left out. */
export function profileOf({ head: { names }, rows }: Table): Column[] {
  const sample = rows.slice(0, SAMPLE_ROWS).flatMap(({ cells }) => (cells?.length === names.length ? [cells] : []));
  return names.flatMap((name, index) => {
    if (name === '' || names.indexOf(name) !== names.lastIndexOf(name)) return [];
    const cells = sample.map((row) => (row[index] ?? '').trim()).filter((cell) => cell !== '');
    const counts = new Map<string, number>();
    for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
    const isFilled = sample.length > 0 && cells.length === sample.length;
    const isUnique = isFilled && counts.size === cells.length;
    return [{ name, cells, counts, isFilled, isUnique, isDate: areDates(cells.slice(0, DATES_TRIED)) }];
  });
}

/**
 * Values of a column of codes, the commonest first. A value that comes once may be what somebody wrote about a patient, so
 * it isn't among them unless it is known. Empty: the column isn't coded.
 * @param isKnown whether a value is a word that says nothing of a patient
 */
export function codesOf(column: Column, isKnown: (value: string) => boolean = () => false): [string, number][] {
  if (whyNotCoded(column, isKnown) !== null) return [];
  return codesIn(column, isKnown).sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
}

/** Why a column has no codes, as what is said of it. Null: it has some. @param isKnown as in `codesOf` */
export function whyNotCoded(column: Column, isKnown: (value: string) => boolean): string | null {
  const { cells, counts } = column;
  const codes = codesIn(column, isKnown);
  const coded = codes.reduce((total, [, count]) => total + count, 0);
  if (counts.size === 0) return 'is empty in every row';
  if (counts.size === 1 && codes.length === 0) return 'its one value comes once, and is no word that the draft knows';
  if (codes.length === 0)
    return `each of its ${counts.size} values comes once, and none is a word that the draft knows`;
  if (codes.length > MOST_CODES) return `has ${counts.size} values, too many for a status`;
  if (coded < cells.length / 2) return `most of its ${counts.size} values come once, too many for a status`;
  return codes.some(([value]) => value.length > MOST_CODE_CHARACTERS) ? 'has values too long for a status' : null;
}

const codesIn = ({ counts }: Column, isKnown: (value: string) => boolean): [string, number][] =>
  [...counts].filter(([value, count]) => count > 1 || isKnown(value));
