import { expect, test } from 'vitest';
import { decode1252 } from '../../../../shared/intake/dialects/windows-1252.ts';

/** https://encoding.spec.whatwg.org/index-windows-1252.txt, from 80 to 9F. */
const FROM_80 = [
  ...[0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d],
  ...[0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a],
  ...[0x0153, 0x009d, 0x017e, 0x0178],
];

test('each byte of Windows-1252 is the character that the encoding standard says', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const expected = Array.from(bytes, (byte) => String.fromCodePoint(FROM_80[byte - 0x80] ?? byte)).join('');
  expect(decode1252(bytes)).toBe(expected);
});
