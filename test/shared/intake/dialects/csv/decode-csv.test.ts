import { describe, expect, it } from 'vitest';
import { type CsvEncoding, decodeCsv } from '../../../../../shared/intake/dialects/csv/decode-csv.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');

describe('the text of a file', () => {
  it.each<[CsvEncoding, Uint8Array, string]>([
    ['utf-8', Buffer.from('a;Zoë'), 'a;Zoë'],
    ['utf-8', Buffer.from('\uFEFFa;Zoë'), 'a;Zoë'],
    ['windows-1252', bytes('a;Zo', [0xeb], [0x80], [0x93]), 'a;Zoë€“'],
    ['iso-8859-1', bytes('a;Zo', [0xeb]), 'a;Zoë'],
    ['utf-16le', utf16('a;Zoë'), 'a;Zoë'],
    ['utf-16le', utf16('\uFEFFa;Zoë'), 'a;Zoë'],
    ['utf-8', new Uint8Array(), ''],
  ])('is read in %s', (encoding, file, text) => {
    expect(decodeCsv(file, encoding)).toEqual({ text });
  });

  it.each<[CsvEncoding, Uint8Array, string]>([
    ['utf-8', bytes('a\nZo', [0xeb], '\n'), 'is not utf-8: a byte of line 2 is none of its characters'],
    ['utf-8', utf16('\uFEFFa'), 'is not utf-8: it begins with the byte order mark of utf-16le'],
    ['utf-8', utf16('a\nb'), 'line 1 has a NUL character: it is in another encoding than utf-8'],
    ['windows-1252', bytes('a\n\n', [0x8d]), 'is not windows-1252: a byte of line 3 is none of its characters'],
    ['windows-1252', Buffer.from('\uFEFFa'), 'is not windows-1252: it begins with the byte order mark of utf-8'],
    ['windows-1252', utf16('a'), 'line 1 has a NUL character: it is in another encoding than windows-1252'],
    [
      'iso-8859-1',
      bytes('a', [0x93]),
      'is not iso-8859-1: a byte of line 1 is none of its characters; is it windows-1252?',
    ],
    ['utf-16le', bytes([0xfe, 0xff], [0, 0x61]), 'is not utf-16le: it begins with the byte order mark of utf-16be'],
    ['utf-16le', bytes('abc'), 'is not utf-16le: a byte of line 1 is none of its characters'],
  ])('is refused if it is not %s', (encoding, file, fault) => {
    const line = Number(/line (\d)/.exec(fault)?.[1] ?? 1);
    expect(decodeCsv(file, encoding)).toEqual({ fault, line });
  });
});
