import type { Table } from '../../shared/intake/dialects/csv/read-rows.ts';
import { areDates } from './guess-dates.ts';
import { type Column, profileOf, SAMPLE_ROWS } from './profile.ts';
import { rolesOf } from './roles.ts';

/**
 * The columns of several exports of one sender, as the last of them has them. A row that comes every night says its values
 * once: else what somebody wrote of a patient would look like a code.
 */
export function profileOfFiles(tables: readonly Table[]): Column[] {
  const profiles = tables.map(profileOf);
  const last = profiles.at(-1) ?? [];
  if (tables.length < 2) return last;
  const ofFiles = (name: string): Column[] =>
    profiles.flatMap((own) => own.find((column) => column.name === name) ?? []);
  const isUnique = (name: string): boolean => ofFiles(name).every((column) => column.isUnique);
  const key = rowKey(last.filter(({ name }) => isUnique(name)));
  return last.map((column): Column => {
    const own = ofFiles(column.name);
    const counts = key === null ? most(own) : countByRow(tables, column.name, key);
    const cells = [...counts].flatMap(([value, count]) => Array<string>(count).fill(value));
    return {
      ...{ name: column.name, cells, counts, isDate: areDates([...counts.keys()]) },
      ...{ isFilled: own.every(({ isFilled }) => isFilled), isUnique: isUnique(column.name) },
    };
  });
}

/** The column that tells rows apart, in all files. Null: none does. */
function rowKey(unique: readonly Column[]): string | null {
  const { roles } = rolesOf(unique);
  return (roles.get('rowId') ?? roles.get('appointmentId') ?? roles.get('subject'))?.name ?? null;
}

/** In how many rows each value has stood. */
function countByRow(tables: readonly Table[], name: string, key: string): Map<string, number> {
  const rows = new Map<string, Set<string>>();
  for (const { head, rows: all } of tables) {
    const [place, keyPlace] = [head.names.indexOf(name), head.names.indexOf(key)];
    for (const { cells } of all.slice(0, SAMPLE_ROWS)) {
      const value = cells?.length === head.names.length ? (cells[place] ?? '').trim() : '';
      if (value === '') continue;
      rows.set(value, (rows.get(value) ?? new Set()).add((cells?.[keyPlace] ?? '').trim()));
    }
  }
  return new Map([...rows].map(([value, own]) => [value, own.size]));
}

/** Nothing tells rows apart: as often as in the file that has a value most. */
function most(columns: readonly Column[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const own of columns) {
    for (const [value, count] of own.counts) counts.set(value, Math.max(count, counts.get(value) ?? 0));
  }
  return counts;
}
