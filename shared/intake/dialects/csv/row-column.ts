import type { RawRow } from './read-rows.ts';

/**
 * The column that stands for those that were left out because nobody reads them: with a hash of the whole row, which
 * identifies it where no key does, or with what was wrong with the row.
 */
export const ROW_COLUMN = 'loopwatch:row';

/** Of a row of which nothing more has to be said; so no row is empty that wasn't. */
export const ROW = 'row';
const QUOTES = 'quotes';
const TOO_LONG = 'too long';
const CELLS = /^(\d{1,9}) cells of (\d{1,9})$/;
const HASH = /^[0-9a-f]{32}$/;

/** What is wrong with a row, in a few words of ours. */
export type RowFault = string;

/** Why a row can't be read at all, or couldn't when it was whole. Null: it can. */
export function faultOfRow({ cells, text }: RawRow, names: readonly string[], mostCharacters: number): RowFault | null {
  const isWhole = cells?.length === names.length;
  const said = isWhole ? (cells[names.lastIndexOf(ROW_COLUMN)]?.trim() ?? '') : '';
  if (said === QUOTES || said === TOO_LONG || CELLS.test(said)) return said;
  if (text.length > mostCharacters) return TOO_LONG;
  if (!cells) return QUOTES;
  return isWhole ? null : `${cells.length} cells of ${names.length}`;
}

export const isTooLong = (fault: RowFault): boolean => fault === TOO_LONG;

/** A fault for a person. @param mostCharacters that a row may have */
export function faultText(fault: RowFault, mostCharacters: number): string {
  if (isTooLong(fault)) return `a row of over ${mostCharacters} characters: is a quote left open?`;
  const [, found, expected] = CELLS.exec(fault) ?? [];
  return found === undefined ? 'quotes that do not match' : `${found} cells, expected ${expected} as in the header row`;
}

/** The hash that a row without its other columns says. Null: it says none. @param said its cell in `ROW_COLUMN` */
export const saidHash = (said: string): string | null => (HASH.test(said) ? said : null);
