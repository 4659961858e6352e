import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowText } from '../../../../../shared/intake/dialects/csv/read-rows.ts';
import { splitCsv } from '../../../../../shared/intake/dialects/csv/split-csv.ts';
import type { Translated } from '../../../../../shared/intake/dialects/member.ts';
import { clinicWith, HEAD, NIGHTS, translate } from './clinic.ts';

const NAMES = HEAD.split(';');
const FILE = { file: 'referrals_20260303_0400.csv' };
const date = fc.constantFrom(
  '',
  '02/23/2026',
  '02/23/2026 10:15',
  '03/03/2026 14:30',
  '31/31/2026',
  '2026-03-01T08:00Z',
  'soon',
);
const word = fc.oneof(
  fc.constantFrom(
    '',
    'U',
    'DNA',
    'Closed',
    '__proto__',
    'constructor',
    ' a b ',
    'x;y',
    'say "hi"',
    'two\nlines',
    '\ud800',
    ',',
  ),
  fc.string({ maxLength: 12 }).filter((text) => !text.includes('\r')),
);
const DATES = new Set(['Created', 'Booked On', 'Appt']);
const row = fc
  .tuple(...NAMES.map((name) => (DATES.has(name) ? date : word)))
  .map((cells) => rowText(['R-1', ...cells.slice(1)], ';'));
const rows = fc.array(row, { maxLength: 12 });

const textOf = (lines: readonly string[]): string => [HEAD, ...lines].join('\n');
const nowhere = (members: readonly Translated[]) => members.map((member) => ({ ...member, position: 0 }));
const sorted = (members: readonly Translated[]): string[] =>
  nowhere(members)
    .map((each) => JSON.stringify(each))
    .sort();

describe('laws of CSV', () => {
  it('translating twice gives the same', () => {
    const law = fc.property(rows, (lines) => {
      expect(translate(textOf(lines), FILE)).toEqual(translate(textOf(lines), FILE));
    });
    fc.assert(law);
  });

  it('shuffled rows say the same', () => {
    const shuffled = rows.chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
    );
    const law = fc.property(shuffled, ([lines, others]) => {
      expect(sorted(translate(textOf(others), FILE))).toEqual(sorted(translate(textOf(lines), FILE)));
    });
    fc.assert(law);
  });

  it('files joined say what each says', () => {
    const law = fc.property(rows, rows, (some, others) => {
      const each = [some, others].flatMap((lines) => nowhere(translate(textOf(lines), FILE)));
      expect(nowhere(translate(textOf([...some, ...others]), FILE))).toEqual(each);
    });
    fc.assert(law);
  });

  it('a file that is cut into bodies says the same, with the same lines', () => {
    // No quotes left open: what they hide below them depends on where the body ends.
    const noise = fc.constantFrom('', ';;;;;;;;;;;', 'R-9;x', 'a"b;c"');
    const file = fc.array(fc.oneof({ weight: 4, arbitrary: row }, noise), { maxLength: 14 });
    const limits = { maxBytes: fc.integer({ min: 50, max: 700 }), maxRows: fc.integer({ min: 1, max: 5 }) };
    fc.assert(
      fc.property(file, fc.record(limits), fc.constantFrom('', 'sep=;\n'), (lines, limit, above) => {
        const text = above + textOf(lines);
        const parts = splitCsv(text, { delimiter: ';', ...limit });
        const members = parts.flatMap(({ body, position }) => translate(body, { ...FILE, position }));
        expect(members).toEqual(translate(text, FILE));
        for (const { body, rows: count } of parts) {
          expect(count).toBeLessThanOrEqual(limit.maxRows);
          expect(count > 1 && Buffer.byteLength(body) > limit.maxBytes).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a refused row says the same by itself as in its file', () => {
    fc.assert(
      fc.property(row, (line) => {
        for (const member of translate(textOf([line]), FILE)) {
          if (member.outcome === 'refused')
            expect(translate(member.kept, FILE)).toMatchObject([{ detail: member.detail }]);
        }
      }),
    );
  });
});

describe('anything at all', () => {
  const senders = [undefined, null, clinicWith({ key: undefined }), clinicWith({ delimiter: ',' })];
  const survives = (body: string): void => {
    for (const sender of senders) {
      const sent = sender === undefined ? FILE : { ...FILE, sender };
      for (const { outcome } of translate(body, sent)) {
        expect(['translated', 'passed_over', 'refused', 'event']).toContain(outcome);
      }
    }
  };

  it('is translated or refused, and never thrown at', () => {
    const piece = fc.constantFrom(
      HEAD,
      ';',
      ',',
      '"',
      '\n',
      '\r',
      '\uFEFF',
      '\0',
      '\ud800',
      'sep=;',
      '{"resourceType":',
      'MSH|^~\\&',
      '<xml>',
      '__proto__',
    );
    const body = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 }).map((pieces) => pieces.join('')),
      fc
        .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 })
        .map((pieces) => `${HEAD}\n${pieces.join('')}`),
      fc.integer({ min: 0, max: 900 }).map((length) => (NIGHTS[1]?.text ?? '').slice(0, length)),
    );
    fc.assert(fc.property(body, survives), { numRuns: 500 });
  });

  it('is a name or a cell that objects have of their own', () => {
    const names = [
      'id',
      'source',
      'type',
      'subject',
      'time',
      'data.__proto__',
      'data.constructor',
      'data.a.__proto__',
      '__proto__',
    ];
    survives(`${names.join(',')}\n${names.join(',')}`);
    const [member] = translate(`${names.join(',')}\n${names.join(',')}`, { sender: null });
    expect(JSON.stringify(member)).not.toContain('__proto__');
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  it('is a field of 10 MB, or a quote that is left open before it', () => {
    const long = 'x'.repeat(10_000_000);
    for (const cell of [long, `"${long}`, '"'.repeat(10_000_001)]) {
      const members = translate(`${HEAD}\nR-1;${cell}`, FILE);
      expect(members).toMatchObject([{ outcome: 'refused', reason: 'too_large', position: 2, kept: '' }]);
    }
  });

  it('is a quote left open on every line: each line is refused once, and no line is read again and again', () => {
    const members = translate(`${HEAD}\n${'"a;b\n'.repeat(5_000)}`, FILE);
    expect(members.length).toBe(5_000);
  });
});
