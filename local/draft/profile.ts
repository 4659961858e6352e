import type { Table } from '../../shared/intake/dialects/csv/read-rows.ts';
import { areDates } from './guess-dates.ts';

/** What a draft looks at of a column. */
export interface Column {
  name: string;
  /** Its cells that aren't empty, trimmed. */
  cells: readonly string[];
  /** How often each value comes. */
  counts: ReadonlyMap<string, number>;
  isDate: boolean;
  /** Whether every row has a value, and none has the same. */
  isUnique: boolean;
}

/** Most values of a column that is taken for coded. */
const MOST_CODES = 40;
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
    const isUnique = sample.length > 0 && cells.length === sample.length && counts.size === cells.length;
    return [{ name, cells, counts, isUnique, isDate: areDates(cells.slice(0, DATES_TRIED)) }];
  });
}

/**
 * Values of a column of codes, the commonest first. A value that comes once may be what somebody wrote about a patient, so
 * it isn't among them. Empty: the column has too many values or too long ones for codes.
 */
export function codesOf({ cells, counts }: Column): [string, number][] {
  const often = [...counts].filter(([, count]) => count > 1);
  const coded = often.reduce((total, [, count]) => total + count, 0);
  const isCoded = often.length <= MOST_CODES && coded >= cells.length / 2;
  if (!isCoded || often.some(([value]) => value.length > MOST_CODE_CHARACTERS)) return [];
  return often.sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
}
