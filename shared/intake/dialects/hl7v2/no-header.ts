import { READ_FIELDS } from './read-fields.ts';
import { linesOf } from './split.ts';

const EXPECTED = 'MSH: expected a header that begins with MSH|^~\\&';
const HEADER = /MSH[^A-Za-z0-9\s]/;
/** The first bytes of gzip and zip, in whatever character set somebody read them. */
const COMPRESSED = ['\u001f\u008b', '\u001f\u2039', '\u001f\ufffd', 'PK\u0003\u0004'];
/** How logs write the byte that MLLP begins a message with. */
const WRITTEN_FRAME = /^(?:<(?:VT|SB|0x0B)>|\\x0b|\\v|\^K)/i;
const SEGMENT = new RegExp(`^(?:${Object.keys(READ_FIELDS).join('|')})(?=[^A-Za-z0-9\\s])`, 'i');
/** Of so many characters, and so large a share of them. */
const LOOKED_AT = 200;
const MOST_ODD = 0.4;

/** What stands where the header of a message should, with the likely cause. Shows nothing but names of the standard. */
export function complaintOfHeader(text: string): string {
  const found = foundIn(text);
  return found === null ? EXPECTED : `${EXPECTED}, found ${found}`;
}

/** Null: anything. */
function foundIn(text: string): string | null {
  const start = text.trimStart().slice(0, LOOKED_AT);
  if (start === '') return 'nothing';
  if (COMPRESSED.some((bytes) => start.startsWith(bytes))) return 'compressed data';
  if (start.includes('\0')) return 'UTF-16 without a byte order mark, or no text';
  if (WRITTEN_FRAME.test(start)) return 'the byte 0x0B of MLLP written out';
  const segment = SEGMENT.exec(start)?.[0];
  if (segment === 'MSH') return 'MSH without separators in MSH-1 and MSH-2 that differ';
  const behind = placeOfHeader(text);
  if (behind !== null) return behind;
  if (segment !== undefined) return segment.toUpperCase() === 'MSH' ? 'MSH in small letters' : segment.toUpperCase();
  if (/^[{[]/.test(start)) return 'JSON';
  if (/^<[?!A-Za-z]/.test(start)) return 'XML';
  return [...start].filter(isOdd).length > start.length * MOST_ODD ? 'no text, or another encoding' : null;
}

/** A log has the time and more in front of a message. */
function placeOfHeader(text: string): string | null {
  for (const [index, line] of linesOf(text).entries()) {
    const at = HEADER.exec(line)?.index ?? 0;
    if (at > 0) return `MSH at character ${at + 1} of line ${index + 1}, behind something else`;
  }
  return null;
}

const isOdd = (character: string): boolean => character > '\u007e' || (character < ' ' && !/\s/.test(character));
