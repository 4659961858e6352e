import { closest, distance } from 'fastest-levenshtein';
import type { CsvMapping, Emit } from '../../../contracts/dialects.ts';
import type { RawRow, Table } from './read-rows.ts';

/** Stands for the instant of the export where a mapping names a column for a time. */
export const EXPORTED_AT = 'exportedAt';
/** A name that isn't this near to one of the mapping may be no name at all, but a patient's: it isn't shown. */
const NEAR = 0.5;

/** What makes an event of a row. */
type Rule = Pick<Emit, 'time' | 'when' | 'data'>;

/** The columns that a mapping reads, each once. */
export function columnsOf(mapping: CsvMapping): string[] {
  const { key = [], subject, appointmentId, exportedAt } = mapping;
  const named = [
    ...key,
    subject,
    ...(appointmentId === undefined ? [] : [appointmentId]),
    ...(exportedAt && 'column' in exportedAt ? [exportedAt.column] : []),
    ...(mapping.kind === 'events' ? [mapping.type.column] : []),
    ...rulesOf(mapping).flatMap(columnsOfRule),
  ];
  return [...new Set(named)];
}

function rulesOf(mapping: CsvMapping): Rule[] {
  switch (mapping.kind) {
    case 'states':
      return mapping.emit;
    case 'events':
      return [mapping];
  }
}

function columnsOfRule({ time, when = {}, data = {} }: Rule): string[] {
  const filled = Object.values(data).flatMap((from) => (typeof from === 'string' ? [from] : []));
  return [...(time === EXPORTED_AT ? [] : [time]), ...Object.keys(when), ...filled];
}

/** What is wrong with a row of names for who reads some columns by them. Null: nothing. */
export function complaintOfNames(names: readonly string[], columns: readonly string[]): string | null {
  const faults = columns.flatMap((column) => {
    const times = names.filter((name) => name === column.trim()).length;
    if (times === 1) return [];
    if (times > 1) return [`column ${column}: more than once in the header row`];
    return [`column ${column}: not in the header row${nearest(column, names)}`];
  });
  return faults.length === 0 ? null : faults.join('; ');
}

/** So many lines above the header row are looked through: a title, when it was made, an empty line. */
const MOST_ABOVE = 10;

/** What is wrong with the row of names of a table for a mapping's columns; a row below it that has them all is named. Null: nothing. */
export function complaintOfHead({ head: { names }, rows }: Table, columns: readonly string[]): string | null {
  const fault = complaintOfNames(names, columns);
  if (fault === null) return null;
  const isHead = ({ cells }: RawRow): boolean => {
    const texts = new Set(cells?.map((cell) => cell.trim()));
    return columns.every((column) => texts.has(column.trim()));
  };
  const below = rows.slice(0, MOST_ABOVE).find(isHead);
  return below === undefined
    ? fault
    : `line ${below.line} looks like the header row, which has to be the first line: leave out what stands above it`;
}

function nearest(column: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const name = closest(column, names);
  const isNear = distance(column.toLowerCase(), name.toLowerCase()) <= column.length * NEAR;
  return isNear ? `; the nearest is ${name}` : '';
}
