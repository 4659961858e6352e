import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { EventType } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { ALERT_KINDS, CLOSE_REASONS, DECLINE_REASONS, PRIORITIES } from '../../shared/contracts/vocabulary.ts';
import type { SentEvent } from './events.ts';
import { at, QUARTER } from './instants.ts';

/** Histories of one referral for fast-check: every event type, with all the awkward cases. */

/** An event and when it arrives. */
export interface Arriving {
  event: SentEvent;
  arrivedAt: Instant;
}

/** Clocks go forward on 8 March in North America, in Havana at midnight. */
export const HISTORY_START = at('02-23 05:00');

/** An event whose data are made once its time is known, so that instants in them can lie around it. */
interface Happening {
  type: EventType;
  data: (time: Instant) => object;
}

const one = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.option(fc.option(values, { nil: undefined, freq: 1 }), { freq: 3 });
const plain = (type: EventType, data: fc.Arbitrary<object> = fc.constant({})): fc.Arbitrary<Happening> =>
  data.map((value) => ({ type, data: () => value }));

/** An instant around the event's, most often a round one. */
const around = (from: number, to: number) =>
  fc.record({ days: fc.integer({ min: from * 96, max: to * 96 }), round: fc.boolean() }).map(
    ({ days, round }) =>
      (time: Instant): string =>
        formatInstant(round ? Math.round((time + days * QUARTER) / HOUR_MS) * HOUR_MS : time + days * QUARTER),
  );

const appointmentId = one('A', 'B', 'C');
const dimensions = fc.record({
  priority: one(...PRIORITIES),
  specialty: one('dermatology', 'cardiology', 'imaging'),
  site: one('north', 'west', 'cape', 'nowhere'),
  practice: fc.record({ id: one('practice-1', 'practice-2', 'unknown'), providerNpi: maybe(one('2900000018', '')) }),
  patient: fc.record({ id: one('p'), initials: maybe(one('AB')) }),
});
const extras = fc.record(
  {
    payer: maybe(one('hmo', 'ppo', '')),
    tags: maybe(fc.subarray(['quiet', 'fast', 'vip', 'other'])),
    coordinatorId: maybe(one('c-1', 'c-gone', 'l-1')),
    liaisonId: maybe(one('l-1', 'c-1', 'gone')),
  },
  { requiredKeys: [] },
);
const merged = (parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all): object => Object.assign({}, ...all) as object);
const updates = fc
  .record({ whole: dimensions, keep: fc.subarray(['priority', 'specialty', 'site', 'practice', 'patient']) })
  .map(({ whole, keep }) => Object.fromEntries(Object.entries(whole).filter(([key]) => keep.includes(key))));

const received = plain('referral.received', merged([dimensions, extras]));
const booking = (type: EventType, more: fc.Arbitrary<object>) =>
  fc.tuple(appointmentId, around(-1, 14), more).map(([id, startsAt, rest]) => ({
    type,
    data: (time: Instant) => ({ appointmentId: id, startsAt: startsAt(time), ...rest }),
  }));
const visit = fc.record({ appointmentId: maybe(appointmentId) });
const mark = { kind: one(...ALERT_KINDS), instance: maybe(one(1, 2)), by: one('c-1') };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 1, arbitrary: received },
  { weight: 3, arbitrary: plain('referral.updated', merged([updates, extras])) },
  { weight: 2, arbitrary: plain('referral.accepted') },
  { weight: 3, arbitrary: plain('referral.declined', fc.record({ reason: one(...DECLINE_REASONS) })) },
  { weight: 2, arbitrary: plain('referral.rerouted', fc.constant({ to: 'elsewhere', inNetwork: true })) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        one('awaiting_information', 'awaiting_authorization', 'patient_requested', 'medical_hold'),
        maybe(around(-1, 9)),
      )
      .map(
        ([reason, until]): Happening => ({
          type: 'referral.paused',
          data: (time) => ({ reason, until: until?.(time) ?? null }),
        }),
      ),
  },
  { weight: 2, arbitrary: plain('referral.resumed') },
  {
    weight: 4,
    arbitrary: plain(
      'contact.attempted',
      fc.record({
        channel: one('phone', 'letter', 'portal', 'sms', 'email'),
        outcome: one('reached', 'voicemail', 'no_answer', 'wrong_number', 'sent', 'declined'),
      }),
    ),
  },
  { weight: 1, arbitrary: plain('appointment.offered') },
  { weight: 5, arbitrary: booking('appointment.scheduled', fc.constant({})) },
  {
    weight: 3,
    arbitrary: booking('appointment.rescheduled', fc.record({ previousAppointmentId: maybe(appointmentId) })),
  },
  {
    weight: 3,
    arbitrary: plain('appointment.cancelled', fc.record({ appointmentId, by: one('patient', 'practice', 'system') })),
  },
  { weight: 4, arbitrary: plain('appointment.no_show', fc.record({ appointmentId })) },
  { weight: 2, arbitrary: plain('visit.arrived', visit) },
  { weight: 3, arbitrary: plain('visit.completed', visit) },
  { weight: 1, arbitrary: one<EventType>('note.interim_received', 'note.signed').chain((type) => plain(type)) },
  { weight: 2, arbitrary: plain('note.received') },
  { weight: 2, arbitrary: plain('note.acknowledged') },
  { weight: 3, arbitrary: plain('referral.closed', fc.record({ reason: one(...CLOSE_REASONS) })) },
  { weight: 2, arbitrary: plain('referral.cancelled', fc.record({ by: one('referrer', 'patient', 'system') })) },
  { weight: 4, arbitrary: plain('referral.reopened') },
  { weight: 1, arbitrary: plain('referral.voided') },
  { weight: 4, arbitrary: plain('referrer.notified', fc.record({ about: one('scheduled', 'declined', 'closed') })) },
  { weight: 1, arbitrary: plain('alert.acknowledged', fc.record(mark)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.record(mark), around(0, 5)).map(
      ([data, until]): Happening => ({
        type: 'alert.snoozed',
        data: (time) => ({ ...data, until: until(time) }),
      }),
    ),
  },
);

const gap = fc.oneof(
  { weight: 2, arbitrary: one(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 * 60 }).map((minutes) => minutes * MINUTE_MS) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 * 96 }).map((quarters) => quarters * QUARTER) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 * DAY_MS }) },
);
/** Round times coincide with dues, closing times and runs: a whole hour is 17:00 or midnight in some zone. */
const rounding = one(1, 1, MINUTE_MS, QUARTER, HOUR_MS, HOUR_MS);
const SKEW = -10 * MINUTE_MS;
const delay = fc.oneof(
  { weight: 2, arbitrary: one(0) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 * HOUR_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * DAY_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: SKEW, max: 0 }) },
);
const retraction = fc.record({ of: fc.nat({ max: 30 }), by: one('id', 'entity') });

/** The second comes first by code point, the first by UTF-16 code unit. */
const ASTRAL = ['/\u{1F3E5}', '/\uFF21'];

const step = fc.record({
  gap,
  rounding,
  delay,
  source: one('/records', '/records', '/scheduling', ...ASTRAL),
  entity: one(null, null, null, 'Appointment/1', 'Task/2'),
  does: fc.oneof({ weight: 10, arbitrary: happening }, { weight: 1, arbitrary: retraction }),
});

/** The receipt: sometimes missing, sometimes late or dated after other events. */
const start = fc.record({
  receipt: fc.option(received, { freq: 12 }),
  place: fc.oneof({ weight: 6, arbitrary: one(0) }, { weight: 1, arbitrary: fc.nat({ max: 4 }) }),
});

/** A history of one referral, in the order of arrival. Nothing in it is refused. */
export function histories(subject: string, { maxEvents = 14 }: { maxEvents?: number } = {}): fc.Arbitrary<Arriving[]> {
  return fc.tuple(start, fc.array(step, { minLength: 1, maxLength: maxEvents })).map(([{ receipt, place }, steps]) => {
    const events: Arriving[] = [];
    let now = HISTORY_START;
    steps.forEach(({ gap: after, rounding: unit, delay: late, source, entity, does }, index) => {
      now = Math.round((now + after) / unit) * unit;
      const chosen = index === place && receipt ? receipt : does;
      const { type, data } = 'of' in chosen ? retractionOf(chosen, events) : chosen;
      const arrivedAt = now + late;
      const event: SentEvent = {
        specversion: '1.0',
        id: `e${index}`,
        source,
        type,
        subject,
        time: formatInstant(now),
        recordedtime: formatInstant(arrivedAt),
        ...(entity !== null && { entity }),
        data: data(now),
      };
      events.push({ event, arrivedAt });
    });
    return events.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
  });
}

/** A retraction of an earlier event, of a later one, or of none. */
function retractionOf({ of, by }: { of: number; by: string }, events: readonly Arriving[]): Happening {
  const event = events[of % (events.length + 2)]?.event;
  const source = event?.source ?? '/records';
  const id = event?.id ?? `e${events.length + 1}`;
  const data = by === 'id' ? { source, id } : { source, entity: event?.entity ?? 'Appointment/1' };
  return { type: 'event.retracted', data: () => data };
}
