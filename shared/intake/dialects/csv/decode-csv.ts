import type { CsvMapping } from '../../../contracts/dialects.ts';

export type CsvEncoding = NonNullable<CsvMapping['encoding']>;

/** No character of Windows-1252, though decoders take them. */
const NOT_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** ISO 8859-1 has control characters there that no export has: quotes and dashes of Windows-1252 are what it is. */
const isControl = (byte: number): boolean => byte >= 0x80 && byte <= 0x9f;
const BOMS: readonly [CsvEncoding | 'utf-16be', readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * The text of a file in the encoding that its mapping says, without a byte order mark. Nothing is guessed: bytes that are
 * none in this encoding, or a mark of another, are refused.
 * @returns `fault` says where the first byte stands that can't be read, `line` is its line from 1
 */
export function decodeCsv(
  bytes: Uint8Array,
  encoding: CsvEncoding,
): { text: string } | { fault: string; line: number } {
  const marked = BOMS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
  if (marked !== undefined && marked !== encoding) {
    return { fault: `is not ${encoding}: it begins with the byte order mark of ${marked}`, line: 1 };
  }
  const text = decoded(bytes, encoding);
  if (text === null) {
    const line = whereItEnds(bytes, encoding);
    return { fault: `is not ${encoding}: a byte of line ${line} is none of its characters${orElse(encoding)}`, line };
  }
  const zero = text.indexOf('\0');
  if (zero === -1) return { text };
  const line = lineAt(text, zero);
  return { fault: `line ${line} has a NUL character: it is in another encoding than ${encoding}`, line };
}

function decoded(bytes: Uint8Array, encoding: CsvEncoding): string | null {
  switch (encoding) {
    case 'utf-8':
    case 'utf-16le':
      return strictly(bytes, encoding);
    case 'windows-1252':
      return bytes.some((byte) => NOT_IN_1252.has(byte)) ? null : strictly(bytes, encoding);
    case 'iso-8859-1':
      // What decoders of the web call ISO 8859-1 is Windows-1252.
      return bytes.some(isControl) ? null : Buffer.from(bytes).toString('latin1');
  }
}

function strictly(bytes: Uint8Array, encoding: CsvEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const orElse = (encoding: CsvEncoding): string => (encoding === 'iso-8859-1' ? '; is it windows-1252?' : '');

/** The line with the first byte that is no character. */
function whereItEnds(bytes: Uint8Array, encoding: CsvEncoding): number {
  switch (encoding) {
    case 'utf-8':
    case 'utf-16le': {
      const text = new TextDecoder(encoding).decode(bytes);
      const at = text.indexOf('\uFFFD');
      return lineAt(text, at === -1 ? text.length : at);
    }
    case 'windows-1252':
      return lineAtByte(bytes, (byte) => NOT_IN_1252.has(byte));
    case 'iso-8859-1':
      return lineAtByte(bytes, isControl);
  }
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

function lineAtByte(bytes: Uint8Array, isWrong: (byte: number) => boolean): number {
  const before = bytes.subarray(0, bytes.findIndex(isWrong));
  return before.filter((byte) => byte === 0x0a).length + 1;
}
