import { READ_FIELDS } from './read-fields.ts';

/** One message of a text. */
export interface Hl7Piece {
  /** Of the message in its text, from 1. */
  number: number;
  /** Begins with `MSH`, unless the text has something else before its first message. Segments end with CR. */
  text: string;
}

/** What ends a segment: CR by the standard, LF and CRLF in files. */
const ENDS = /[\r\n]+/;
/** MLLP's frame around a message. */
const FRAME = ['\u000B', '\u001C'];
const BYTE_ORDER_MARK = /^\uFEFF/;
const HEADER = /^MSH[^A-Za-z0-9\s]/;
/** Headers and trailers of files and batches. Each message has a header of its own, so they say nothing more. */
const BATCH = /^(FHS|BHS|BTS|FTS)([^A-Za-z0-9]|$)/;
const SEGMENT_NAME = /^[A-Z][A-Z0-9]{2}$/;
const READ = Object.keys(READ_FIELDS).filter((name) => name !== 'MSH');
/** A segment that is read, indented or in small letters, or an indented header: edited by hand, and nothing else. */
const BENT = new RegExp(`^[ \\t]*(?:${READ.join('|')})(?=[^A-Za-z0-9\\s]|$)`, 'i');
const INDENTED_HEADER = /^[ \t]+(?=MSH[^A-Za-z0-9\s])/;
/** OBX-1 to OBX-4 tell what was observed; OBX-5 and what follows is what was found. */
const OBX_FIELDS_KEPT = 5;
const OBX_STATUS = 11;
/** A status of table 0085 has one letter. Longer: a narrative with separators in it reaches so far. */
const STATUS_LENGTH = 2;

/**
 * The messages of a text, one by one: of a file or batch with FHS, BHS, BTS, FTS, of several bare messages, framed by MLLP or
 * not. Each becomes a queue message of its own when a file is sent.
 */
export function splitHl7(text: string): Hl7Piece[] {
  const pieces: string[][] = [];
  for (const line of linesOf(text)) {
    if (BATCH.test(line)) continue;
    const last = pieces.at(-1);
    if (HEADER.test(line) || !last) pieces.push([line]);
    else last.push(line);
  }
  return pieces.map((lines, index) => ({ number: index + 1, text: `${lines.join('\r')}\r` }));
}

/** Whether there is nothing in a text but the headers and trailers of a batch. */
export function isEmptyBatch(text: string): boolean {
  const lines = linesOf(text);
  return lines.length > 0 && lines.every((line) => BATCH.test(line));
}

/** The lines of a text that aren't blank. */
export function linesOf(text: string): string[] {
  const unframed = FRAME.reduce((rest, byte) => rest.replaceAll(byte, '\r'), text);
  const lines = unframed.split(ENDS).map((line) => line.replace(BYTE_ORDER_MARK, ''));
  const filled = lines.filter((line) => line.trim() !== '');
  return filled.map((line, index) => (index === 0 ? line.trimStart() : straightened(line)));
}

const straightened = (line: string): string =>
  line.replace(INDENTED_HEADER, '').replace(BENT, (name) => name.trimStart().toUpperCase());

/** A segment that is read, in the line of another one, and what stands before it in place of a line's end. */
const WITHIN = new RegExp(`(\\\\[rn]|\\\\X0[AD]\\\\|<CR>|\\s|(?<=\\d))(?:${READ.join('|')})[|]`, 'i');
/** MSH-9: a system or a facility before it may have any name. */
const KIND_FIELD = 9;
const NAMES_OF_ENDS: Readonly<Record<string, string>> = { '\t': 'a tab', '': 'nothing' };

/**
 * How the ends of segments were lost where a line has several. Null: it has one.
 * @returns what stands in place of the first end, for a person, and the segment before it
 */
export function lostEnd(line: string): { found: string; before: string } | null {
  const fields = line.split(line.charAt(3));
  const known = `${fields.slice(0, KIND_FIELD).join('|')}|`;
  const found = WITHIN.exec(fields.slice(KIND_FIELD).join('|'));
  if (!found) return null;
  const { index, 1: end = '' } = found;
  const name = NAMES_OF_ENDS[end] ?? (end.trim() === '' ? 'a space' : `${end} written out`);
  return { found: name, before: line.slice(0, known.length + index) };
}

/**
 * A text of HL7 v2 without what people wrote in it: of OBX only what was observed and its status, no NTE, and no line that
 * isn't a segment, as it goes on a narrative with line breaks in it. Translating it gives the same.
 */
export function withoutNarrative(text: string): string {
  let separator = '|';
  let kept = '';
  for (const line of linesOf(text)) {
    if (HEADER.test(line)) separator = line.charAt(3);
    if (isSegment(line, separator)) kept += segmentWithoutNarrative(line, separator);
  }
  return kept;
}

/** The same of one segment, with its CR. Empty: it is nothing but narrative. */
export function segmentWithoutNarrative(line: string, separator: string): string {
  if (line.startsWith('NTE')) return '';
  return `${line.startsWith('OBX') ? withoutValue(line, separator) : line}\r`;
}

/** Whether a line is a segment of a message whose fields a character separates. */
export const isSegment = (line: string, separator: string): boolean =>
  SEGMENT_NAME.test(line.slice(0, 3)) && (line.length === 3 || line.charAt(3) === separator);

function withoutValue(line: string, separator: string): string {
  const fields = line.split(separator, OBX_STATUS + 1);
  const kept = fields.slice(0, OBX_FIELDS_KEPT);
  const status = fields[OBX_STATUS]?.trim() ?? '';
  if (status === '' || status.length > STATUS_LENGTH) return kept.join(separator);
  return [...kept, ...Array<string>(OBX_STATUS - OBX_FIELDS_KEPT).fill(''), status].join(separator);
}
