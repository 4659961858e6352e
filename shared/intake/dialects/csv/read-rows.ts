import Papa from 'papaparse';

/** A row as it stands in a text. */
export interface RawRow {
  /** In the text, from 1. */
  line: number;
  /** With its line break. Line breaks are LF, whatever they were. */
  text: string;
  /** Null: its quotes don't match, so it can't be told where its cells end. */
  cells: readonly string[] | null;
}

/** A text of comma-separated values. */
export interface Table {
  delimiter: string;
  /** What stands before the first row: the row of names, and above it Excel's `sep=;`. */
  head: { text: string; names: readonly string[] };
  /** Rows with anything in them, in order. */
  rows: RawRow[];
}

const EXCEL_DELIMITER = /^sep=([,;\t|])\n/i;

/**
 * Reads a text by RFC 4180, with any line breaks and a byte order mark. A row whose quotes don't match hides those below
 * it: then each of its lines is read by itself, and only the lines that can't be are lost.
 * @param delimiter unless the text begins with Excel's line `sep=;`
 * @returns null if there is no row of names
 */
export function readTable(body: string, delimiter: string): Table | null {
  const text = body.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const excel = EXCEL_DELIMITER.exec(text);
  const above = excel?.[0] ?? '';
  const used = excel?.[1] ?? delimiter;
  const [first, ...rows] = readRows(text.slice(above.length), used, above === '' ? 1 : 2);
  const names = first?.cells?.map((name) => name.trim());
  // Only a text that begins with a row of names has names: not one that begins with empty lines.
  if (!first || !names || !text.startsWith(first.text, above.length)) return null;
  return {
    delimiter: used,
    head: { text: above + ended(first.text), names },
    rows: resolved(rows, names.length, used),
  };
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

/** Rows as they come, without the empty ones: Excel leaves rows of nothing but commas. */
function readRows(text: string, delimiter: string, firstLine: number): RawRow[] {
  const rows: RawRow[] = [];
  let from = 0;
  let line = firstLine;
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    step: ({ data, errors, meta: { cursor } }) => {
      const raw = text.slice(from, cursor);
      const isEmpty = data.every((cell) => cell.trim() === '');
      if (errors.length > 0) rows.push({ line, text: raw, cells: null });
      else if (!isEmpty) rows.push({ line, text: raw, cells: data });
      from = cursor;
      line += lineBreaks(raw);
    },
  });
  return rows;
}

/** The same rows; one of several lines that is no whole row is taken apart into its lines. */
function resolved(rows: readonly RawRow[], width: number, delimiter: string): RawRow[] {
  return rows.flatMap((row) => {
    const isBroken = row.cells?.length !== width && row.text.trimEnd().includes('\n');
    if (!isBroken) return [row];
    const lines = row.text.split('\n').map((text, index) => ({ text: `${text}\n`, line: row.line + index }));
    return lines.flatMap(({ text, line }) => readRows(text, delimiter, line));
  });
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Cells as a line of a text. */
export const rowText = (cells: readonly string[], delimiter: string): string =>
  Papa.unparse([[...cells]], { delimiter, newline: '\n' });
