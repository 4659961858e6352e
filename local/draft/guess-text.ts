import { type CsvEncoding, decodeCsv } from '../../shared/intake/dialects/csv/decode-csv.ts';
import { type RawRow, readTable, type Table } from '../../shared/intake/dialects/csv/read-rows.ts';

import { areDates } from './guess-dates.ts';

/** How a file seems to be written. Only for a draft: what takes files in guesses nothing. */
export interface GuessedText {
  text: string;
  encoding: CsvEncoding;
  delimiter: Delimiter;
  table: Table;
}
export type Delimiter = (typeof DELIMITERS)[number];

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** From the strictest: what is UTF-8 is hardly ever anything else. */
const ENCODINGS: readonly CsvEncoding[] = ['utf-8', 'windows-1252', 'utf-16le'];
const SAMPLE_LINES = 200;

/** Guesses encoding and delimiter. Throws if the bytes are no text or have no row of names. */
export function guessText(bytes: Uint8Array): GuessedText {
  const { text, encoding } = guessEncoding(bytes);
  const sample = text.split(/\r\n?|\n/, SAMPLE_LINES).join('\n');
  const tables = DELIMITERS.flatMap((delimiter) => {
    const table = readTable(sample, delimiter);
    return table ? [{ delimiter: table.delimiter as Delimiter, score: scoreOf(table) }] : [];
  });
  const best = tables.sort((a, b) => b.score - a.score)[0];
  const table = best && readTable(text, best.delimiter);
  if (!table || !best) throw new Error('the file has no header row');
  // Whatever parts the cells, its first line has one: then a title stands above the names.
  const below =
    best.score > 0 ? undefined : DELIMITERS.flatMap((each) => readTable(text, each)?.rows ?? []).find(isParted);
  if (below)
    throw new Error(
      `the first line has one cell, and line ${below.line} several: leave out what stands above the header row`,
    );
  // Names are printed, and cells of patients must not be.
  if (table.head.names.some((name) => areDates([name]) || /^[\d.,-]+$/.test(name))) {
    throw new Error('the first row looks like data: it has dates or numbers. Put a header row above it');
  }
  return { text, encoding, delimiter: best.delimiter, table };
}

function guessEncoding(bytes: Uint8Array): { text: string; encoding: CsvEncoding } {
  for (const encoding of ENCODINGS) {
    const read = decodeCsv(bytes, encoding);
    if ('text' in read) return { text: read.text, encoding };
  }
  throw new Error(`the file is no text in ${ENCODINGS.join(', ')}`);
}

const isParted = ({ cells }: RawRow): boolean => (cells?.length ?? 0) > 1;

/** Cells of the rows that have as many as there are names. */
const scoreOf = ({ head, rows }: Table): number =>
  head.names.length < 2
    ? 0
    : head.names.length + rows.filter(({ cells }) => cells?.length === head.names.length).length * head.names.length;
