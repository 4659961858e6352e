import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, type EventType, isAbout, type LoopEvent } from '../../../shared/contracts/event.ts';
import { CLOCK_KINDS, type ClockKind } from '../../../shared/contracts/vocabulary.ts';
import { REPEATING_KINDS, typesThatStart, typesThatStop } from '../../../shared/domain/referral/clock-table.ts';
import { foldReferral } from '../../../shared/domain/referral/fold.ts';
import { sampleDirectory, samplePolicy } from '../../builders/config.ts';
import { accepted, type DataSent, receivedData, sent } from '../../builders/events.ts';
import { at, short } from '../../builders/instants.ts';
import { codes, paragraph, table } from './domain-page.ts';

/** The table of clocks in docs/domain.md, compared with what the fold makes of one event more. */

const config = { policy: samplePolicy(), directory: sampleDirectory() };

/** Data with which an event can start and stop a clock, for the types that need any. */
const DATA: { [T in EventType]?: DataSent<T> } = {
  'referral.received': receivedData({ specialty: 'cardiology' }),
  'referral.declined': { reason: 'other' },
  'referral.paused': { reason: 'medical_hold' },
  'contact.attempted': { channel: 'phone', outcome: 'reached' },
  'appointment.scheduled': { appointmentId: 'A', startsAt: '2026-03-20T14:00:00Z' },
  'appointment.rescheduled': { appointmentId: 'B', startsAt: '2026-03-23T14:00:00Z' },
  'appointment.cancelled': { appointmentId: 'A', by: 'patient' },
  'appointment.no_show': { appointmentId: 'A' },
  'referral.closed': { reason: 'distance' },
  'referral.cancelled': { by: 'patient' },
  'referrer.notified': { about: 'scheduled' },
};
const TYPES = EVENT_TYPES.filter((type) => isAbout({ type }, 'referral'));

/** Events of these types, an hour apart from 3 March 2026 14:00. */
const story = (types: readonly EventType[]): LoopEvent[] =>
  types.map((type, hour) => accepted(sent(type, at('03-03 14:00') + hour * 3_600_000, (DATA[type] ?? {}) as never)));
const clocksAfter = (types: readonly EventType[]) => {
  const events = story(types);
  return { clocks: foldReferral('R-1', events, config).clocks, last: events.at(-1)?.time };
};

/** Beginnings after which an event may start a clock. */
const BEGINNINGS: EventType[][] = [
  [],
  ['referral.received'],
  ['referral.received', 'appointment.scheduled', 'referrer.notified'],
];
const startsInCode = (kind: ClockKind): EventType[] =>
  TYPES.filter((type) =>
    BEGINNINGS.some((before) => {
      const { clocks, last } = clocksAfter([...before, type]);
      return clocks.some((clock) => clock.kind === kind && clock.startedAt === last);
    }),
  );

/** Beginnings in which a clock runs. */
const RUNNING: Record<ClockKind, EventType[]> = {
  acceptance: ['referral.received'],
  first_attempt: ['referral.received'],
  reached: ['referral.received'],
  scheduled: ['referral.received'],
  visit: ['referral.received'],
  rebook: ['referral.received', 'appointment.scheduled', 'appointment.no_show'],
  reroute: ['referral.received', 'referral.declined'],
  note: ['referral.received', 'visit.completed'],
  acknowledge: ['referral.received', 'note.received'],
  referrer_update: ['referral.received', 'referral.declined'],
};
const stopsInCode = (kind: ClockKind): EventType[] =>
  TYPES.filter((type) => {
    const { clocks, last } = clocksAfter([...RUNNING[kind], type]);
    return clocks.some((clock) => clock.kind === kind && clock.startedAt !== last && clock.stoppedAt === last);
  });

/** The event types that a cell names; "booked or seen" stands for those of 4.1. */
const typesIn = (cell: string): EventType[] => {
  const named = [...codes(cell), ...(cell.includes('booked or seen') ? codes(paragraph('4-1')) : [])];
  return TYPES.filter((type) => named.includes(type));
};

describe('the table of clocks in docs/domain.md', () => {
  const rows = new Map(table('4-2').map(([kind = '', starts = '', stops = '']) => [codes(kind)[0], { starts, stops }]));

  it.each(CLOCK_KINDS)('names every event type that starts %s, and no other', (kind) => {
    expect(typesIn(rows.get(kind)?.starts ?? '')).toEqual(startsInCode(kind));
  });

  it.each(CLOCK_KINDS)('names every event type that stops %s, and no other', (kind) => {
    expect(short(clocksAfter(RUNNING[kind]).clocks.find((clock) => clock.kind === kind)?.startedAt ?? 0)).toMatch(
      /^03-03/,
    );
    expect(typesIn(rows.get(kind)?.stops ?? '')).toEqual(stopsInCode(kind));
  });

  it.each(CLOCK_KINDS)('has for %s the types that the code gives to others', (kind) => {
    const sorted = (types: readonly EventType[]) => TYPES.filter((type) => types.includes(type));
    const { own, bookedOrSeen } = typesThatStop(kind);
    expect(sorted(typesThatStart(kind))).toEqual(startsInCode(kind));
    expect(sorted([...own, ...bookedOrSeen])).toEqual(stopsInCode(kind));
    // What books or sees the patient stands in their place, as the page has it.
    const isNamedSo = rows.get(kind)?.stops.includes('booked or seen') === true && kind !== 'scheduled';
    expect(bookedOrSeen.length > 0).toBe(isNamedSo);
  });

  it('is followed by the kinds that can occur more than once', () => {
    const named = codes(paragraph('4-8'));
    expect(CLOCK_KINDS.filter((kind) => named.includes(kind))).toEqual(REPEATING_KINDS);
  });
});
