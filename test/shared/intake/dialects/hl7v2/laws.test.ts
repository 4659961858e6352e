import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DialectSettings } from '../../../../../shared/contracts/dialects.ts';
import { EVENT_DATA } from '../../../../../shared/contracts/event.ts';
import { eventId } from '../../../../../shared/intake/dialects/event-id.ts';
import { keptOfText } from '../../../../../shared/intake/dialects/hl7v2/message.ts';
import { readFields } from '../../../../../shared/intake/dialects/hl7v2/read-fields.ts';
import { splitHl7, withoutNarrative } from '../../../../../shared/intake/dialects/hl7v2/split.ts';
import type { Translated } from '../../../../../shared/intake/dialects/member.ts';
import { message, segment, translate } from './messages.ts';

const RUNS = { numRuns: 300 };

/** Codes that a table names, ones that it doesn't, and names that every object has. */
const code = fc.constantFrom(
  ...['', 'A', 'R', 'E', 'P', 'NW', 'XO', 'CA', 'HD', 'RL', 'SC', 'CM', 'IP', 'OK', 'UA', 'CR', 'AU', 'DI', 'F', 'CN'],
  ...['Booked', 'Pending', 'Arrived', 'Complete', 'Noshow', 'Cancelled', 'odd', '__proto__', 'constructor', 'toString'],
  ...['57133-1^Referral note^LN', '11488-4^Consult note^LN', '11488-4', '""'],
);
const number = fc.constantFrom('', '1', '007', 'R-1^EAST', ' 9 ', '__proto__', '""', '1~2');
const time = fc.constantFrom(
  '',
  '20260302',
  '202603020930',
  '20260302093015.123-0500',
  '2026',
  '00000000',
  'soon',
  '""',
);
const SIGNED = `1^secret^secret${'^'.repeat(12)}20260302`;
const PARTS: Readonly<Record<string, Readonly<Record<number, fc.Arbitrary<string>>>>> = {
  EVN: { 1: code, 6: time },
  PID: { 3: number, 5: fc.constant('secret^secret'), 13: fc.constant('secret') },
  ZZZ: { 1: number, 2: fc.constantFrom('Booked^secret', '^secret', '') },
  PV1: { 2: code, 19: number, 44: time, 45: time },
  SCH: {
    ...{
      1: number,
      2: number,
      6: code,
      7: fc.constant('secret'),
      8: code,
      11: fc.constantFrom('', '^^^20260302'),
      25: code,
    },
    26: number,
  },
  AIL: { 3: fc.constant('secret'), 6: time },
  PR1: { 3: code },
  TQ1: { 7: time, 8: time, 9: code },
  AIS: { 4: time },
  RF1: { 1: code, 2: code, 6: number, 9: time, 10: code, 11: number },
  PRD: { 1: fc.constantFrom('RP', 'RT'), 2: code, 3: fc.constant('secret'), 4: number, 7: number, 10: number },
  ORC: {
    ...{ 1: code, 2: number, 3: number, 5: code, 7: fc.constantFrom('', '^^^^^A'), 9: time, 12: number, 16: code },
    21: number,
  },
  OBR: { 2: number, 3: number, 4: code, 13: fc.constant('secret'), 25: code, 27: fc.constantFrom('', '^^^^^S') },
  OBX: { 3: code, 5: fc.constant('secret'), 11: code },
  NTE: { 3: fc.constant('secret') },
  TXA: { 2: code, 12: number, 13: number, 14: number, 15: number, 17: code, 19: code, 22: fc.constantFrom('', SIGNED) },
};
const part = fc
  .constantFrom(...Object.keys(PARTS))
  .chain((name) => fc.record(PARTS[name] ?? {}).map((fields) => segment(name, fields as Record<number, string>)));
const KINDS = [
  'REF^I12',
  'REF^I13',
  'REF^I14',
  'RRI^I12',
  'OMG^O19',
  'ORM^O01',
  'OSU^O51',
  'SIU^S12',
  'SIU^S13',
  'SIU^S15',
];
const kind = fc.constantFrom(
  ...KINDS,
  'SIU^S17',
  'SIU^S26',
  'ADT^A04',
  'ADT^A03',
  'ADT^A11',
  'MDM^T02',
  'MDM^T11',
  'ORU^R01',
);
const header = fc.record({
  7: time,
  10: number,
  11: fc.constantFrom('P', 'P', 'P', 'T', ''),
  21: fc.constantFrom('', '360X'),
});
const anyMessage = fc
  .tuple(kind, fc.array(part, { maxLength: 8 }), header)
  .map(([name, parts, fields]) => message(name, parts, fields));
const entry: fc.Arbitrary<DialectSettings> = fc.record(
  {
    role: fc.constantFrom('referring', 'receiving'),
    side: fc.constantFrom('initiator', 'recipient'),
    s17: fc.constantFrom('retract', 'cancel'),
    arrivalCompletes: fc.boolean(),
    visitIsAppointment: fc.boolean(),
    authorities: fc.constant({ EAST: 'E-' }),
    visitTypes: fc.constant({ exclude: ['odd'] }),
    statusField: fc.constantFrom('ZZZ-2', 'ZZZ-2.1'),
    keys: fc.constantFrom({ SIU: ['ZZZ-1'] }, { REF: ['PID-3'], OMG: ['ORC-3'] }),
    crosswalks: fc.constant({ status: { odd: 'Arrived' }, priority: { E: 'urgent' } }),
  },
  { requiredKeys: [] },
);

const placeless = (members: readonly Translated[]) => members.map((member) => ({ ...member, position: 0 }));

describe('translating', () => {
  test('twice gives the same, ids too', () => {
    const ids = (members: Translated[]): string[] =>
      members.flatMap((member) =>
        'facts' in member ? member.facts.map((fact) => eventId(member.sender, member.sequence, fact)) : [],
      );
    fc.assert(
      fc.property(anyMessage, entry, (body, settings) => {
        const [first, second] = [translate(body, { entry: settings }), translate(body, { entry: settings })];
        expect(second).toEqual(first);
        expect(ids(second)).toEqual(ids(first));
      }),
      RUNS,
    );
  });

  test('messages together, in whatever order and however framed, gives what it gives one by one', () => {
    const framing = fc.constantFrom(
      (text: string) => text,
      (text: string) => `\u000B${text}\u001C\r`,
      (text: string) => text.replaceAll('\r', '\r\n'),
      (text: string) => text.replaceAll('\r', '\n'),
      (text: string) => `BHS|^~\\&|x\r${text}BTS|1\r`,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(anyMessage, framing), { maxLength: 6 }), entry, (bodies, settings) => {
        const together = bodies.map(([body, frame]) => frame(body)).join('');
        const alone = bodies.flatMap(([body]) => translate(body, { entry: settings }));
        if (bodies.length === 0) return;
        expect(placeless(translate(together, { entry: settings }))).toEqual(placeless(alone));
        const pieces = splitHl7(together);
        expect(pieces.map(({ text }) => text)).toEqual(bodies.map(([body]) => body));
        expect(pieces.flatMap(({ number, text }) => translate(text, { entry: settings, position: number }))).toEqual(
          translate(together, { entry: settings }),
        );
      }),
      RUNS,
    );
  });

  test('without what people wrote gives the same, and shows nothing of it anywhere', () => {
    fc.assert(
      fc.property(anyMessage, entry, (body, settings) => {
        const members = translate(body, { entry: settings });
        expect(translate(withoutNarrative(body), { entry: settings })).toEqual(members);
        if (!settings.statusField) expect(JSON.stringify(members)).not.toContain('secret');
      }),
      RUNS,
    );
  });

  test('what may be kept of a message gives the same, and shows nothing that is not read', () => {
    fc.assert(
      fc.property(anyMessage, entry, (body, settings) => {
        const kept = keptOfText(body, readFields({ defaults: {}, senders: [{ name: 'east', ...settings }] }));
        expect(translate(kept, { entry: settings })).toEqual(translate(body, { entry: settings }));
        if (!settings.statusField) expect(kept).not.toContain('secret');
      }),
      { numRuns: 1000 },
    );
  });

  test('gives data as the contract wants it, each of an entity', () => {
    fc.assert(
      fc.property(anyMessage, entry, (body, settings) => {
        for (const member of translate(body, { entry: settings })) {
          if (member.outcome !== 'translated') continue;
          expect(member.facts.length).toBeGreaterThan(0);
          expect(member.sequence).toMatch(/^\d*$/);
          for (const { type, entity, data, time: at } of member.facts) {
            expect(EVENT_DATA[type].safeParse(data).error).toBeUndefined();
            expect(entity).toMatch(/^(Referral|Appointment|Encounter|Document)\/./);
            expect(Number.isFinite(at)).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });
});

describe('no body crashes it', () => {
  const survives = (body: string): void => {
    for (const member of translate(body)) {
      expect(['translated', 'passed_over', 'refused']).toContain(member.outcome);
      if ('kind' in member) expect(member.kind).toMatch(/^([A-Z][A-Z0-9]{2}(\^[A-Z][A-Z0-9]{2})?|message)$/);
      if ('detail' in member) expect(member.detail).not.toContain('secret');
    }
  };
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      '|',
      '^',
      '~',
      '\\',
      '&',
      '\r',
      '\n',
      '\uD800',
      '\u0000',
      'MSH|',
      '__proto__',
      '\\X',
      '\\.',
      '\uFEFF',
    ),
  );

  test('made of anything', () => {
    fc.assert(
      fc.property(junk, (body) => survives(body)),
      RUNS,
    );
    fc.assert(
      fc.property(junk, (body) => survives(`MSH|^~\\&|${body}`)),
      RUNS,
    );
    fc.assert(
      fc.property(junk, (body) => survives(`MSH${body}\rSCH|1`)),
      RUNS,
    );
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, (body) => survives(`MSH|^~\\&|${Buffer.from(body).toString('latin1')}`)),
      RUNS,
    );
  });

  test('torn, cut off or with something in it', () => {
    const mutated = fc.tuple(anyMessage, fc.nat(), fc.nat({ max: 30 }), junk).map(([body, from, length, inserted]) => {
      const at = from % (body.length + 1);
      return body.slice(0, at) + inserted + body.slice(at + length);
    });
    fc.assert(fc.property(mutated, survives), { numRuns: 1000 });
    fc.assert(
      fc.property(anyMessage, fc.nat(), (body, at) => survives(body.slice(0, at % body.length))),
      RUNS,
    );
  });

  test('of one huge field, or of nothing but separators', () => {
    const huge = (text: string): string =>
      message('SIU^S12', [segment('SCH', { 2: text }), segment('TQ1', { 7: '2026' })]);
    for (const character of ['A', '|', '^', '~', '\\', '&', '\r', '\uD800'])
      survives(huge(character.repeat(1_000_000)));
    survives(huge('~'.repeat(10_000_000)));
    survives('\r'.repeat(1_000_000));
  });

  test('in another dialect', () => {
    for (const body of [
      '{"resourceType":"Bundle"}',
      '[]',
      '<ClinicalDocument/>',
      'Ref No;Created\n1;2',
      `${'['.repeat(100_000)}`,
    ]) {
      survives(body);
    }
  });
});
