import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { EventType } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { SentEvent } from './events.ts';
import { type Happening, HISTORY_START, happening, one, received } from './happenings.ts';
import { at, QUARTER } from './instants.ts';

/** Histories of one referral for fast-check: every event type, with all the awkward cases. */

export { HISTORY_START } from './happenings.ts';

/** An event and when it arrives. */
export interface Arriving {
  event: SentEvent;
  arrivedAt: Instant;
}

const gap = fc.oneof(
  { weight: 2, arbitrary: one(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 * 60 }).map((minutes) => minutes * MINUTE_MS) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 * 96 }).map((quarters) => quarters * QUARTER) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 * DAY_MS }) },
);
/** Round times coincide with dues, closing times and runs: a whole hour is 17:00 or midnight in some zone. */
const rounding = one(1, MINUTE_MS, MINUTE_MS, QUARTER, HOUR_MS, HOUR_MS);
const SKEW = -10 * MINUTE_MS;
const delay = fc.oneof(
  { weight: 2, arbitrary: one(0) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 * HOUR_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * DAY_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: SKEW, max: 0 }) },
);
const retraction = fc.record({ of: fc.nat({ max: 30 }), by: one('id', 'entity') });
/** The sender says an earlier event again, as it was. */
const restatement = fc.record({ again: fc.nat({ max: 30 }), booking: one(true, true, false) });
/** An object of the sender's is touched: it says again what it said last. */
const touch = fc.record({ touched: fc.nat({ max: 30 }) });
/** The object of the event before says something else at the same time. */
const second = fc.record({ besides: happening });
/** What becomes of an appointment that was booked, around its start. */
const outcome = fc.record({
  bookedAs: fc.nat({ max: 5 }),
  becomes: one<EventType>(
    'appointment.no_show',
    'appointment.no_show',
    'appointment.cancelled',
    'appointment.rescheduled',
    'visit.arrived',
    'visit.completed',
  ),
  after: one(-4 * HOUR_MS, -MINUTE_MS, 0, QUARTER, 40 * MINUTE_MS, 10 * HOUR_MS, 26 * HOUR_MS),
  named: one(true, true, true, false),
});

/** The second comes first by code point, the first by UTF-16 code unit. */
const ASTRAL = ['/\u{1F3E5}', '/\uFF21'];

/** When the sender says that it wrote an event down. */
type Recorded = 'on arrival' | 'at once' | 'never' | 'sooner' | 'later';
const RECORDED: Record<Recorded, (time: Instant, arrivedAt: Instant) => Instant | null> = {
  'on arrival': (_time, arrivedAt) => arrivedAt,
  'at once': (time) => time,
  never: () => null,
  sooner: (time) => time - MINUTE_MS,
  later: (time) => time + HOUR_MS,
};

const step = fc.record({
  gap,
  rounding,
  delay,
  source: one('/records', '/records', '/scheduling', ...ASTRAL),
  recorded: one<Recorded>('on arrival', 'on arrival', 'at once', 'never', 'sooner', 'later'),
  entity: one(null, null, 'own', 'own', 'Appointment/1', 'Task/2'),
  does: fc.oneof(
    { weight: 10, arbitrary: happening },
    { weight: 1, arbitrary: retraction },
    { weight: 2, arbitrary: restatement },
    { weight: 3, arbitrary: outcome },
    { weight: 2, arbitrary: touch },
    { weight: 2, arbitrary: second },
  ),
});

/** The receipt: sometimes missing, sometimes late or dated after other events. */
const start = fc.record({
  receipt: fc.option(received, { freq: 12 }),
  place: fc.oneof({ weight: 4, arbitrary: one(0) }, { weight: 1, arbitrary: fc.nat({ max: 4 }) }),
});

/** A history of one referral, in the order of arrival. Nothing in it is refused. */
export function histories(subject: string, { maxEvents = 14 }: { maxEvents?: number } = {}): fc.Arbitrary<Arriving[]> {
  return fc.tuple(start, fc.array(step, { minLength: 1, maxLength: maxEvents })).map(([{ receipt, place }, steps]) => {
    const events: Arriving[] = [];
    let now = HISTORY_START;
    steps.forEach(({ gap: after, rounding: unit, delay: late, recorded, source, entity, does }, index) => {
      now = Math.round((now + after) / unit) * unit;
      const { type, data, ...rest } = happeningOf(index === place && receipt ? receipt : does, events, now);
      now = rest.now ?? now;
      const arrivedAt = now + late;
      const recordedAt = RECORDED[recorded](now, arrivedAt);
      const said = data(now);
      const own = entity === 'own' ? entityOf(said) : entity;
      const about = rest.entity === undefined ? own : rest.entity;
      const event: SentEvent = {
        specversion: '1.0',
        id: `${index}`,
        source: rest.source ?? source,
        type,
        subject,
        time: formatInstant(now),
        ...(recordedAt !== null && { recordedtime: formatInstant(recordedAt) }),
        ...(about !== null && { entity: about }),
        data: said,
      };
      events.push({ event, arrivedAt });
    });
    return events.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
  });
}

/** The sender's object for the appointment that an event speaks of, if it does. */
function entityOf(data: object): string | null {
  const { appointmentId: id } = data as { appointmentId?: string | null };
  return id ? `Appointment/${id}` : null;
}

type Choice<T> = T extends fc.Arbitrary<infer C> ? C : never;
type Does = Happening | Choice<typeof retraction | typeof restatement | typeof outcome | typeof touch | typeof second>;

function happeningOf(does: Does, events: readonly Arriving[], now: Instant): Happening {
  if ('of' in does) return retractionOf(does, events);
  if ('again' in does) return restatementOf(does, events);
  if ('touched' in does) return touchOf(does, events);
  if ('besides' in does) return besides(does, events);
  return 'becomes' in does ? outcomeOf(does, events, now) : does;
}

/** A retraction of an earlier event, of a later one, or of none. */
function retractionOf({ of, by }: { of: number; by: string }, events: readonly Arriving[]): Happening {
  const event = events[of % (events.length + 2)]?.event;
  const source = event?.source ?? '/records';
  const id = event?.id ?? `${events.length + 1}`;
  const data = by === 'id' ? { source, id } : { source, entity: event?.entity ?? 'Appointment/A' };
  return { type: 'event.retracted', data: () => data };
}

/** The same again, mostly of a booking: resources that are sent every night are booked ones. */
function restatementOf({ again, booking }: Choice<typeof restatement>, events: readonly Arriving[]): Happening {
  const facts = events.map(({ event }) => event).filter(({ type }) => type !== 'event.retracted');
  const bookings = facts.filter(isBooking);
  const among = booking && bookings.length > 0 ? bookings : facts;
  return sayAgain(among[again % among.length]);
}

/** The same again as one of the senders' objects said last. */
function touchOf({ touched }: Choice<typeof touch>, events: readonly Arriving[]): Happening {
  const ofObjects = events.map(({ event }) => event).filter(({ entity }) => entity !== undefined);
  const one = ofObjects[touched % ofObjects.length];
  return sayAgain(ofObjects.findLast(({ source, entity }) => source === one?.source && entity === one.entity));
}

function sayAgain(event: SentEvent | undefined): Happening {
  if (!event) return { type: 'referral.accepted', data: () => ({}) };
  const { type, source, entity = null, data } = event;
  return { type, source, entity, data: () => data };
}

/** Two clicks in the minute of a feed's clock. */
function besides({ besides: does }: Choice<typeof second>, events: readonly Arriving[]): Happening {
  const last = events.at(-1)?.event;
  return last ? { ...does, now: at(last.time), source: last.source, entity: last.entity ?? null } : does;
}

/** The longest that a history waits for an appointment. */
const PATIENCE = 6 * DAY_MS;

function outcomeOf(
  { bookedAs, becomes: type, after, named }: Choice<typeof outcome>,
  events: readonly Arriving[],
  now: Instant,
): Happening {
  const bookings = events.map(({ event }) => event).filter(isBooking);
  const booked = bookings[bookedAs % bookings.length]?.data as Record<string, string> | undefined;
  const id = booked?.appointmentId ?? 'A';
  const around = at(booked?.startsAt ?? formatInstant(now)) + after;
  const time = around > now && around < now + PATIENCE ? around : now;
  const of = { appointmentId: id };
  const next = { appointmentId: id === 'B' ? 'C' : 'B', startsAt: formatInstant(time + 2 * DAY_MS) };
  const data: Partial<Record<EventType, object>> = {
    'appointment.cancelled': { ...of, by: 'patient' },
    'appointment.rescheduled': { ...next, previousAppointmentId: id },
    ...(named ? {} : { 'visit.arrived': {}, 'visit.completed': {} }),
  };
  return { type, now: time, data: () => data[type] ?? of };
}

function isBooking({ type }: SentEvent): boolean {
  return type === 'appointment.scheduled' || type === 'appointment.rescheduled';
}
