import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import type { EventType, LoopEvent } from '../../../shared/contracts/event.ts';
import { type AlertKind, CLOCK_KINDS, type Stage } from '../../../shared/contracts/vocabulary.ts';
import { holdingAt } from '../../../shared/domain/alert/detect.ts';
import { foldReferral } from '../../../shared/domain/referral/fold.ts';
import { NEXT_STEP_CELLS, nextStep, POSSIBLE_STAGES } from '../../../shared/mail/digest/next-step.ts';
import { config, days, hours, MONDAY, policyVersion } from './builders.ts';

const MOVED_ON = nextStep('note', 'to_contact', 'routine');
const possible = new Set(NEXT_STEP_CELLS.map(({ kind, stage }) => `${kind} ${stage}`));

describe('what to do next', () => {
  test.each(NEXT_STEP_CELLS)('has a sentence for $kind in $stage, $priority', ({ kind, stage, priority }) => {
    const sentence = nextStep(kind, stage, priority);
    expect(sentence).toMatch(/^[A-Z][^{}]+\.$/);
    expect(sentence).not.toBe(MOVED_ON);
    expect(sentence.length).toBeLessThanOrEqual(100);
  });

  test('never says the same about two different things', () => {
    const meanings = new Map<string, Set<string>>();
    for (const { kind, stage, priority } of NEXT_STEP_CELLS) {
      // Once the patient has said no, it doesn't matter which promise is late. Asap is worked like stat.
      const saidNo = stage === 'to_close' && kind !== 'referrer_update' && kind !== 'unassigned';
      const meaning = `${saidNo ? 'any' : kind} ${stage} ${priority === 'asap' ? 'stat' : priority}`;
      const sentence = nextStep(kind, stage, priority);
      meanings.set(sentence, (meanings.get(sentence) ?? new Set()).add(meaning));
    }
    expect([...meanings.values()].filter((all) => all.size > 1)).toEqual([]);
  });

  test('hurries if the priority does', () => {
    expect(nextStep('first_attempt', 'to_contact', 'routine')).toBe('Call the patient; nobody has yet.');
    expect(nextStep('first_attempt', 'to_contact', 'urgent')).toBe('Call the patient today; nobody has yet.');
    expect(nextStep('first_attempt', 'to_contact', 'stat')).toBe('Call the patient now; nobody has yet.');
  });

  test('says to look first if the referral has moved on since detection', () => {
    expect(nextStep('rebook', 'scheduled', 'routine')).toBe(MOVED_ON);
  });
});

/** Every clock is on, all with the same short target, and every field that can be required is. */
const everything = {
  ...config(),
  policy: {
    versions: [
      policyVersion({
        effectiveFrom: '2020-01-01T00:00:00.000Z',
        rules: [
          {
            match: {},
            clocks: Object.fromEntries(
              CLOCK_KINDS.map((kind) => [kind, { target: { value: 1, unit: 'hours' as const } }]),
            ),
          },
        ],
        silence: { stat: 1, asap: 1, urgent: 1, routine: 1 },
        attendanceUnknownAfter: { value: 1, unit: 'hours' },
        required: [{ match: {}, fields: ['payer'] }],
      }),
    ],
  },
};

/** Nothing is late by name, so that what isn't a clock can be silent. */
const noClocks: Config = {
  ...everything,
  policy: {
    versions: everything.policy.versions.map((version) => ({ ...version, rules: [{ match: {}, clocks: {} }] })),
  },
};

const DATA: Partial<Record<EventType, readonly object[]>> = {
  'referral.received': [
    { priority: 'routine', specialty: 'cardiology', site: 'north', practice: { id: 'p1' }, patient: { id: 'x' } },
  ],
  'referral.accepted': [{}],
  'referral.declined': [{ reason: 'other' }],
  'referral.rerouted': [{}],
  'contact.attempted': [
    { channel: 'phone', outcome: 'voicemail' },
    { channel: 'phone', outcome: 'reached' },
    { channel: 'phone', outcome: 'declined' },
    { channel: 'phone', outcome: 'voicemail', nextAttemptAt: '2026-03-02T23:00:00.000Z' },
  ],
  'appointment.scheduled': [
    { appointmentId: 'a', startsAt: '2026-03-02T12:00:00.000Z' },
    { appointmentId: 'b', startsAt: '2026-04-20T12:00:00.000Z' },
  ],
  'appointment.cancelled': [{ appointmentId: 'a', by: 'patient' }],
  'appointment.no_show': [{ appointmentId: 'a' }],
  'visit.arrived': [{}],
  'visit.completed': [{}],
  'note.received': [{}],
  'note.acknowledged': [{}],
  'referral.closed': [{ reason: 'completed_in_network' }, { reason: 'duplicate' }],
  'referral.reopened': [{}],
  'referral.voided': [{}],
  'referrer.notified': [{ about: 'received' }],
};

const facts = Object.entries(DATA).flatMap(([type, all]) => all.map((data) => ({ type: type as EventType, data })));
const log = fc.array(fc.record({ fact: fc.constantFrom(...facts), hour: fc.integer({ min: 0, max: 200 }) }), {
  minLength: 1,
  maxLength: 9,
});

/** Kinds of alerts that are open after these events, soon or much later, each with the stage it is open in. */
function openCells(entries: { fact: { type: EventType; data: object }; hour: number }[]): [AlertKind, Stage][] {
  const events = entries.map(
    ({ fact, hour }, index) =>
      ({
        ...fact,
        id: `e${index}`,
        source: 'test',
        subject: 'R-1',
        time: MONDAY + hours(hour),
        recordedAt: null,
        entity: null,
      }) as LoopEvent,
  );
  return [everything, noClocks].flatMap((config) => openUnder(config, events, entries));
}

function openUnder(config: Config, events: LoopEvent[], entries: { hour: number }[]): [AlertKind, Stage][] {
  const state = foldReferral('R-1', events, config);
  const instants = [...entries.map(({ hour }) => MONDAY + hours(hour)), MONDAY + days(10), MONDAY + days(60)];
  return instants.flatMap((instant) =>
    holdingAt(state, config, instant).map(({ kind }): [AlertKind, Stage] => [kind, state.stage]),
  );
}

describe('the combinations that can occur', () => {
  test('include whatever is folded', () => {
    const arrived = facts.filter(({ type }) => type === 'referral.received');
    fc.assert(
      fc.property(log, fc.boolean(), (entries, withReceipt) => {
        const all = withReceipt ? [...entries, ...arrived.map((fact) => ({ fact, hour: 0 }))] : entries;
        for (const [kind, stage] of openCells(all)) expect(possible).toContain(`${kind} ${stage}`);
      }),
      { numRuns: 5000 },
    );
  });

  test('are each reached by some course of events', () => {
    const shortest = (types: string): [AlertKind, Stage][] =>
      openCells(
        types.split(' ').map((type, hour) => {
          const [name, variant] = type.split('/');
          const data = DATA[name as EventType]?.[Number(variant ?? 0)];
          if (!data) throw new Error(`no such event: ${type}`);
          return { fact: { type: name as EventType, data }, hour };
        }),
      );
    const received = 'referral.received';
    const declined = `${received} referral.declined`;
    const booked = `${received} appointment.scheduled`;
    const reached = `${received} contact.attempted/1`;
    const saidNo = 'contact.attempted/2';
    const toCall = 'contact.attempted/3';
    const courses = [
      'referral.accepted',
      received,
      reached,
      `${received} appointment.cancelled`,
      declined,
      `${declined} referral.rerouted`,
      `${declined} referral.accepted contact.attempted/1`,
      booked,
      `${booked} referral.declined`,
      `${booked} appointment.cancelled`,
      `${booked} appointment.cancelled referral.declined`,
      `${booked} visit.completed`,
      `${booked} visit.completed referral.declined`,
      `${booked} visit.completed referral.closed`,
      `${received} note.received`,
      `${received} note.received referral.closed`,
      `${received} note.received referral.declined`,
      `${received} note.received appointment.no_show`,
      `${received} ${saidNo}`,
      `${received} appointment.no_show ${saidNo}`,
      `${declined} ${saidNo}`,
      `${received} appointment.scheduled/1`,
      `${received} referral.closed/1 appointment.scheduled/1`,
      `${received} ${toCall}`,
      `${reached} ${toCall}`,
      `${received} appointment.cancelled ${toCall}`,
      `${declined} ${toCall}`,
      `${booked} ${toCall}`,
      `${booked} visit.completed ${toCall}`,
    ];
    const found = new Set(courses.flatMap(shortest).map((cell) => cell.join(' ')));
    const wanted = Object.entries(POSSIBLE_STAGES).flatMap(([kind, stages]) => stages.map((s) => `${kind} ${s}`));
    expect(wanted.filter((cell) => !found.has(cell))).toEqual([]);
  });
});
