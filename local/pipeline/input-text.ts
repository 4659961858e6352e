import { readFileSync } from 'node:fs';
import type { QuarantineRow } from '../../shared/contracts/output.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { type CsvEncoding, decodeCsv } from '../../shared/intake/dialects/csv/decode-csv.ts';
import { InputError } from './input-error.ts';

/** Takes a file, or a line of one, that isn't in the encoding that it should be in. */
export type Refuse = (row: QuarantineRow) => void;

/** Whoever has no place for what is refused stops there. @throws InputError that says file, position and why */
export const refuseAll: Refuse = ({ file, position, detail }) => {
  throw new InputError(`${file} line ${position}: ${detail}`);
};

export interface TextLine {
  text: string;
  /** From 1. */
  number: number;
}

/** The text of a CSV in the encoding that its sender's mapping says. Null: it was refused. */
export function csvText(file: string, encoding: CsvEncoding, refuse: Refuse): string | null {
  const decoded = decodeCsv(readFileSync(file), encoding);
  if ('text' in decoded) return decoded.text;
  const detail = `the file ${decoded.fault}; csv.encoding of its sender in dialects.json says which it is in`;
  return refused(refuse, file, 'csv', decoded.line, detail);
}

/** The text of a file of JSON, which is always in UTF-8, without a byte order mark. Null: it was refused. */
export function jsonText(file: string, dialect: Dialect, refuse: Refuse): string | null {
  const bytes = readFileSync(file);
  const decoded = decodeCsv(bytes, 'utf-8');
  if ('text' in decoded) return decoded.text;
  return refused(
    refuse,
    file,
    dialect,
    decoded.line,
    `the file ${decoded.fault}${columnAt(bytes, decoded)}; ${AS_UTF8}`,
  );
}

/** The lines of a file of JSON lines that aren't empty. One that isn't UTF-8 is refused by itself, UTF-16 as a whole. */
export function jsonLines(file: string, dialect: Dialect, refuse: Refuse): TextLine[] {
  const bytes = readFileSync(file);
  if (isUtf16(bytes)) {
    refused(refuse, file, dialect, 1, `the file is not utf-8, but utf-16 as it seems; ${AS_UTF8}`);
    return [];
  }
  const lines = linesOf(bytes).flatMap((line, index): TextLine[] => {
    const text = utf8(line);
    if (text === null) {
      const column = columnOf(line);
      refused(
        refuse,
        file,
        dialect,
        index + 1,
        `is not utf-8: a byte in column ${column} is none of its characters; ${AS_UTF8}`,
      );
    }
    return text === null ? [] : [{ text, number: index + 1 }];
  });
  return lines.filter(({ text }) => text.trim() !== '');
}

function refused(refuse: Refuse, file: string, dialect: Dialect, position: number, detail: string): null {
  refuse({ reason: 'malformed', detail, dialect, file, position });
  return null;
}

/** What to do with a file of JSON in another encoding. */
const AS_UTF8 = 'save the file as UTF-8';

/** All of a document may be one line. Empty: the fault isn't one of a byte in it. */
function columnAt(bytes: Uint8Array, { line, fault }: { line: number; fault: string }): string {
  if (!fault.includes('a byte of line')) return '';
  return ` (column ${columnOf(linesOf(bytes)[line - 1] ?? bytes)})`;
}

/** Where a line stops being UTF-8, from 1. */
const columnOf = (line: Uint8Array): number => new TextDecoder('utf-8').decode(line).indexOf('\uFFFD') + 1;

/** By its byte order mark, or because one of its first two bytes is zero, which no JSON begins with. */
function isUtf16([first, second]: Uint8Array): boolean {
  const mark = [first, second].toSorted().join();
  return mark === '254,255' || first === 0 || second === 0;
}

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end;
    lines.push(bytes.subarray(from, bytes[to - 1] === 0x0d ? Math.max(from, to - 1) : to));
    from = to + 1;
  }
  return lines;
}

/** Null: it is none. A byte order mark is left out. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
