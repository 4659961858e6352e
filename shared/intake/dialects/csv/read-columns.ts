import type { CsvMapping } from '../../../contracts/dialects.ts';
import { columnsOf, complaintOfHead } from './columns.ts';
import { complaintOfEvents, isColumnOfEvents, isUnknownField } from './plain-events.ts';
import { type RawRow, readTable, rowText, type Table } from './read-rows.ts';
import { keyOf, namedRow } from './row.ts';
import { faultOfRow, ROW, ROW_COLUMN } from './row-column.ts';

/** A row holds a few hundred characters; one of more is no row, and its cells would fit no event. */
export const MOST_ROW_CHARACTERS = 100_000;
export const NO_NAMES = 'expected a header row at the beginning';

/** A table's rows without the columns that nobody reads. */
export interface ReadColumns {
  /** The row of names, with what stands above it. */
  head: string;
  /** A row, with its line break. It says the same below `head` as the whole row in its table. */
  lineOf(row: RawRow): string;
}

/** @param columns what is read; others are left out */
export function readColumns(
  { head: { text, names }, delimiter }: Table,
  columns: readonly string[],
  mapping: CsvMapping | undefined,
): ReadColumns {
  const read = new Set(columns.map((column) => column.trim()));
  const kept = [...names.keys()].filter((index) => read.has(names[index] as string));
  const only = (cells: readonly string[]): string[] => kept.map((index) => cells[index] ?? '');
  const places = new Map(names.map((name, index) => [name, index]));
  const mostCharacters = mapping ? MOST_ROW_CHARACTERS : Number.POSITIVE_INFINITY;
  const cellsOf = (row: RawRow): string[] => {
    const wrong = faultOfRow(row, names, mostCharacters);
    if (wrong !== null) return [...only([]), wrong];
    const cells = row.cells ?? [];
    // Without a key the whole row identifies it, also if the mapping loses its key before the row is read.
    const hash = mapping ? keyOf(namedRow(row.line, cells, places), []) : null;
    return [...only(cells), hash ?? ROW];
  };
  const [above = ''] = /^sep=.\n/i.exec(text) ?? [];
  return {
    head: `${above}${rowText([...only(names), ROW_COLUMN], delimiter)}\n`,
    lineOf: (row) => `${rowText(cellsOf(row), delimiter)}\n`,
  };
}

/**
 * A body without the columns that nobody reads: they may hold names of patients, and needn't leave whoever sends them.
 * Translating it gives what translating the whole gives, at the same lines; of a row that can't be read only what is wrong
 * with it is left. Without a mapping the columns of events are read.
 * @param whyNone why there is no mapping, for who is told so
 * @returns `fault` says why the whole body would be refused; `unknown` columns that are named like fields of events, and are
 * left out as no event has them
 */
export function withoutUnread(
  body: string,
  mapping: CsvMapping | undefined,
  whyNone: string,
): { body: string; unknown: string[] } | { fault: string } {
  const table = readTable(body, mapping?.delimiter ?? ',');
  if (!table) return { fault: NO_NAMES };
  const { names } = table.head;
  const columns = mapping ? columnsOf(mapping) : names.filter(isColumnOfEvents);
  const fault = mapping ? complaintOfHead(table, columns) : complaintOfEvents(names, whyNone);
  if (fault !== null) return { fault };
  const { head, lineOf } = readColumns(table, columns, mapping);
  const texts = [head];
  let below = 1 + lineBreaks(head);
  for (const row of table.rows) {
    // Lines stay where they are: cells with line breaks may be gone.
    const text = `${'\n'.repeat(row.line - below)}${lineOf(row)}`;
    texts.push(text);
    below += lineBreaks(text);
  }
  return { body: texts.join(''), unknown: mapping ? [] : names.filter(isUnknownField) };
}

const lineBreaks = (text: string): number => text.split('\n').length - 1;
