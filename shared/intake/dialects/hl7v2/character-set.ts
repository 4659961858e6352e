import { decode1252 } from '../windows-1252.ts';

/** Character sets of HL7 table 0211, by what the encoding standard calls them. Others are tried by their own name. */
const LABELS: Readonly<Record<string, string>> = {
  ascii: 'utf-8',
  unicode: 'utf-16le',
  'unicode utf-8': 'utf-8',
  'unicode utf-16': 'utf-16be',
  'iso ir6': 'utf-8',
  'iso ir14': 'shift_jis',
  'iso ir87': 'iso-2022-jp',
  'iso ir159': 'iso-2022-jp',
  'gb 18030-2000': 'gb18030',
  'ks x 1001': 'euc-kr',
  'big-5': 'big5',
};
const ISO_8859 = /^8859\/(\d{1,2})$/;
/** By the standard a message without MSH-18 is ASCII, which UTF-8 contains. */
const USUAL = 'utf-8';
/** What systems that say nothing send if it isn't UTF-8. */
const UNSAID = 'windows-1252';
const CHARACTER_SET_FIELD = 17;
/** At the beginning, or after a character that ends a line or a frame. */
const HEADER = /(?<=^|[^\t -\xff])(?:\xef\xbb\xbf)?[ \t]*MSH[^A-Za-z0-9\s]/g;
const BOMS: readonly [label: string, mark: readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Reads bytes in a character set of MSH-18; those that it doesn't have as UTF-8, else as Windows-1252, which has all. */
export function decodeBytes(bytes: Uint8Array, characterSet: string): string {
  return decoded(bytes, [characterSet, USUAL]);
}

/**
 * The text of a file with messages of HL7 v2: by its byte order mark, else each message by its own MSH-18. One that has none
 * is UTF-8 if it can be, else as a message before it says. Bodies of queue messages are text already: there whoever queued
 * them has done this.
 *
 * A segment that isn't in the character set which its message says is read as if it said none. With replacement characters
 * two ids would become one, and one id two referrals; only that segment, so that a stray byte in a narrative, or a character
 * that was cut in two, changes no id elsewhere.
 */
export function decodeHl7(bytes: Uint8Array): string {
  const wide = markOf(bytes);
  if (wide !== null && wide !== USUAL) return new TextDecoder(wide).decode(bytes);
  let said = UNSAID;
  return messagesIn(bytes)
    .map((message) => {
      const characterSet = markOf(message) ?? characterSetIn(latin1(message)).trim();
      if (characterSet === '' || !isKnown(characterSet)) return decoded(message, [USUAL, said]);
      // Two bytes a character: then nobody could have read so far.
      said = labelOf(characterSet.toLowerCase()).startsWith('utf-16') ? USUAL : characterSet;
      return decodedInside(message, said);
    })
    .join('');
}

/** What a byte order mark says. Null: there is none. */
const markOf = (bytes: Uint8Array): string | null =>
  BOMS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0] ?? null;

/** By the first of some character sets that has all of the bytes, else as Windows-1252. */
function decoded(bytes: Uint8Array, characterSets: readonly string[]): string {
  for (const characterSet of characterSets) {
    const text = strictly(bytes, characterSet);
    if (text !== null) return text;
  }
  return decode1252(bytes);
}

function decodedInside(message: Uint8Array, characterSet: string): string {
  return (
    strictly(message, characterSet) ??
    linesIn(message)
      .map((line) => decodeBytes(line, characterSet))
      .join('')
  );
}

/** Null: some of the bytes are none of its characters, or nobody knows it. */
function strictly(bytes: Uint8Array, characterSet: string): string | null {
  const label = labelOf(characterSet.trim().toLowerCase());
  try {
    const known = new TextDecoder(label, { fatal: true });
    return known.encoding === UNSAID ? decode1252(bytes) : known.decode(bytes);
  } catch {
    return null;
  }
}

function isKnown(characterSet: string): boolean {
  try {
    return new TextDecoder(labelOf(characterSet.toLowerCase())).encoding !== '';
  } catch {
    return false;
  }
}

/** Cut before each message but the first. */
function messagesIn(bytes: Uint8Array): Uint8Array[] {
  const begins = [...latin1(bytes).matchAll(HEADER)].map(({ index }) => index).slice(1);
  return [0, ...begins].map((from, index) => bytes.subarray(from, begins[index] ?? bytes.length));
}

/** Each with what ends it: the same byte in every character set of HL7. */
function linesIn(bytes: Uint8Array): Uint8Array[] {
  const ends = [...latin1(bytes).matchAll(/[\r\n]+/g)].map(({ 0: end, index }) => index + end.length);
  return [...ends, bytes.length].map((to, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], to));
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

function characterSetIn(start: string): string {
  const header = start.slice(Math.max(0, start.indexOf('MSH'))).split(/[\r\n]/, 1)[0] ?? '';
  const field = header.split(header.charAt(3) || '|')[CHARACTER_SET_FIELD] ?? '';
  return field.split(/[~^]/, 1)[0] ?? '';
}

function labelOf(name: string): string {
  const part = ISO_8859.exec(name)?.[1];
  if (part !== undefined) return `iso-8859-${part}`;
  const label = Object.hasOwn(LABELS, name) ? LABELS[name] : name;
  return label || USUAL;
}
