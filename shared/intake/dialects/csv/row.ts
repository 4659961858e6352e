import { createHash } from 'node:crypto';
import { ROW_COLUMN, saidHash } from './row-column.ts';

/** A row with its cells by the names of their columns. */
export interface Row {
  /** In its file, from 1. */
  line: number;
  /** A cell, trimmed; empty where the row or the table has none. */
  cell(column: string): string;
  /** All cells that aren't empty, by name. */
  filled(): [string, string][];
}

const HASH_DIGITS = 32;

/** Gives a row its names. @param places where each column stands */
export function namedRow(line: number, cells: readonly string[], places: ReadonlyMap<string, number>): Row {
  const cell = (column: string): string => {
    const place = places.get(column.trim());
    return place === undefined ? '' : (cells[place] ?? '').trim();
  };
  return {
    line,
    cell,
    filled: () =>
      [...places.keys()].map((name): [string, string] => [name, cell(name)]).filter(([, text]) => text !== ''),
  };
}

/**
 * What identifies a row: its key columns, else a hash of all its cells, wherever their columns stand; of a row that was
 * sent without some of them, the hash that it says. Null: it has key columns and all are empty.
 */
export function keyOf(row: Row, columns: readonly string[]): string | null {
  if (columns.length === 0) return hashOf(row);
  const parts = columns.map((column) => row.cell(column));
  if (parts.every((part) => part === '')) return null;
  const [only] = parts;
  // Several are put together so that no two rows come to the same.
  return parts.length === 1 && only !== undefined ? only : parts.map(escaped).join('/');
}

const escaped = (part: string): string => part.replace(/[%/]/g, encodeURIComponent);

function hashOf(row: Row): string {
  const said = saidHash(row.cell(ROW_COLUMN));
  if (said !== null) return said;
  const cells = row.filled().sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(cells)).digest('hex').slice(0, HASH_DIGITS);
}
