import type { Random } from '../simulate/random.ts';

/** Values that systems really send, and such as nobody should: each has broken some software. */

const DATES = [
  '9999-12-31',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '1900-01-01',
  '1969-12-31T23:59:59.999Z',
  '2000-01-01T00:00:00Z',
  '2026-02-30T10:00:00Z',
  '2026-03-08T02:30:00-05:00',
  '2026-03-02T24:00:00Z',
  '2026-03-02T23:59:60Z',
  '2026-03-02T10:00:00',
  '2026-03-02 10:00:00Z',
  '2026-03-02T10:00:00+99:99',
  '2026-03-02T10:00:00.1234567890123456789Z',
  '2026-W10-1',
  '20260302T100000Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2100-12-31T23:59:59.999Z',
  '2101-01-01T00:00:00Z',
  '2099-02-29T00:00:00Z',
  '02/03/2026',
  '1772445600000',
  'Invalid Date',
];

const WORDS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud83d',
  'half \udc00 pair',
  '\u{1F600}'.repeat(64),
  'ä'.repeat(128),
  'ä'.repeat(129),
  'x'.repeat(256),
  'x'.repeat(257),
  '\u202Etxet desrever',
  '\u200B\u200B',
  '\uFEFFbom',
  'e\u0301'.repeat(60),
  'ﷺ',
  '</script><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://example.org","x")',
  "'; DROP TABLE referrals; --",
  '../../../../etc/passwd',
  '%s%s%n{{7*7}}',
  'line\r\nBcc: somebody@example.org',
  '\u2028\u2029',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  '0',
  '#',
  'referral#',
  '1#referral',
  'due#4#0',
  'all',
];

const NUMBERS = [0, -0, -1, 0.1, 1e21, -1e308, 2 ** 53, 2 ** 53 + 2, 5e-324, 4_294_967_296];

/** Text that can't be packed well. */
function noise(length: number, random: Random): string {
  let text = '';
  while (text.length < length) text += random.next().toString(36).slice(2);
  return text.slice(0, length);
}

/** Lists or objects in one another. Raw JSON, as half a million levels can't be written by JSON.stringify. */
export function nested(levels: number, open = '[', close = ']'): string {
  return `${open.repeat(levels)}${close === '}' ? '1' : ''}${close.repeat(levels)}`;
}

/** A date or time as it shouldn't be, or just may be. */
export const nastyDate = (random: Random): unknown => random.pick(DATES);

/** Text as it shouldn't be, or just may be. */
export function nastyWord(random: Random): string {
  return random.chance(0.02) ? noise(random.int(300, 60_000), random) : random.pick(WORDS);
}

/** Any value of JSON. Few are large, as each takes its time. */
export function nastyValue(random: Random): unknown {
  const kind = random.weighted({
    word: 6,
    date: 4,
    number: 3,
    none: 2,
    flag: 1,
    list: 1,
    object: 1,
    names: 1,
    deep: 0.6,
    large: 0.08,
  });
  switch (kind) {
    case 'word':
      return nastyWord(random);
    case 'date':
      return nastyDate(random);
    case 'number':
      return random.pick(NUMBERS);
    case 'none':
      return null;
    case 'flag':
      return random.chance(0.5);
    case 'list':
      return Array.from({ length: random.int(0, 40) }, () => random.pick([null, 1, nastyWord(random), [], {}]));
    case 'object':
      return { id: nastyWord(random), name: random.pick(NUMBERS), [nastyWord(random)]: nastyDate(random) };
    case 'names':
      return JSON.parse('{"__proto__":{"id":"p"},"constructor":{"prototype":{}},"toString":1,"length":-1}');
    case 'deep':
      return JSON.parse(nested(random.int(2, 70), '{"a":', '}'));
    case 'large':
      return random.chance(0.5)
        ? noise(random.int(100_000, 700_000), random)
        : Array.from({ length: random.int(20_000, 90_000) }, () => 1);
  }
}
