import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { EventType } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import {
  ALERT_KINDS,
  CLOSE_REASONS,
  CONTACT_CHANNELS,
  CONTACT_OUTCOMES,
  DECLINE_REASONS,
  PRIORITIES,
} from '../../shared/contracts/vocabulary.ts';
import { at, QUARTER } from './instants.ts';

/** Single events for fast-check: every type, with instants in their data that lie around their time. */

/** Clocks go forward on 8 March in North America, in Havana at midnight. */
export const HISTORY_START = at('02-23 05:00');
/** The first of a few starts that several bookings share. */
const SLOTS = HISTORY_START + DAY_MS + 10 * HOUR_MS;

/** An event whose data are made once its time is known, so that instants in them can lie around it. */
export interface Happening {
  type: EventType;
  data: (time: Instant) => object;
  /** In place of what the step says. */
  now?: Instant;
  source?: string;
  entity?: string | null;
}

export const one = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.option(fc.option(values, { nil: undefined, freq: 2 }), { freq: 3 });
const plain = (type: EventType, data: fc.Arbitrary<object> = fc.constant({})): fc.Arbitrary<Happening> =>
  data.map((value) => ({ type, data: () => value }));

/** An instant around the event's, most often a round one. */
const around = (from: number, to: number) =>
  fc.record({ days: fc.integer({ min: from * 96, max: to * 96 }), round: fc.boolean() }).map(
    ({ days, round }) =>
      (time: Instant): string =>
        formatInstant(round ? Math.round((time + days * QUARTER) / HOUR_MS) * HOUR_MS : time + days * QUARTER),
  );

/** Few, so that most events speak of an appointment that has a status by then. */
const appointmentId = one('A', 'A', 'B', 'B', 'C');
/** The start of an appointment: before, at or after its event, or one of a few slots, which are then booked again. */
const startsAt = fc.oneof(
  { weight: 3, arbitrary: around(-1, 14) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 0, max: 6 }).map((slot) => () => formatInstant(SLOTS + slot * 2 * DAY_MS)),
  },
  {
    weight: 2,
    arbitrary: one(-MINUTE_MS, 0, 1, MINUTE_MS, HOUR_MS).map((by) => (time: Instant) => formatInstant(time + by)),
  },
);
/** An instant or a date around the event's. */
const order = fc.tuple(around(-12, 2), fc.boolean()).map(
  ([instant, date]) =>
    (time: Instant) =>
      instant(time).slice(0, date ? 10 : undefined),
);
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

const ordered = (type: EventType, data: fc.Arbitrary<object>): fc.Arbitrary<Happening> =>
  fc.tuple(data, fc.option(order)).map(([rest, orderedAt]) => ({
    type,
    data: (time) => ({ ...rest, ...(orderedAt && { orderedAt: orderedAt(time) }) }),
  }));
export const received = ordered('referral.received', merged([dimensions, extras]));
const patientChoice = maybe(one(true, true, false));
const booking = (type: EventType, more: fc.Arbitrary<object>) =>
  fc.tuple(appointmentId, startsAt, more).map(([id, start, rest]) => ({
    type,
    data: (time: Instant) => ({ appointmentId: id, startsAt: start(time), ...rest }),
  }));
const visit = fc.record({ appointmentId: maybe(appointmentId) });
const mark = { kind: fc.oneof(one('all' as const), one(...ALERT_KINDS)), instance: maybe(one(1, 2)), by: one('c-1') };

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 1, arbitrary: received },
  { weight: 3, arbitrary: ordered('referral.updated', merged([updates, extras])) },
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
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.record({ channel: one(...CONTACT_CHANNELS), outcome: one(...CONTACT_OUTCOMES, 'declined', 'wrong_number') }),
        maybe(around(-1, 4)),
      )
      .map(
        ([data, next]): Happening => ({
          type: 'contact.attempted',
          data: (time) => ({ ...data, nextAttemptAt: next?.(time) ?? null }),
        }),
      ),
  },
  { weight: 1, arbitrary: plain('appointment.offered') },
  { weight: 5, arbitrary: booking('appointment.scheduled', fc.record({ patientChoice })) },
  {
    weight: 3,
    arbitrary: booking(
      'appointment.rescheduled',
      fc.record({ previousAppointmentId: maybe(appointmentId), patientChoice }),
    ),
  },
  {
    weight: 3,
    arbitrary: plain('appointment.cancelled', fc.record({ appointmentId, by: one('patient', 'practice', 'system') })),
  },
  { weight: 4, arbitrary: plain('appointment.no_show', fc.record({ appointmentId })) },
  { weight: 2, arbitrary: plain('visit.arrived', visit) },
  { weight: 3, arbitrary: plain('visit.completed', visit) },
  { weight: 1, arbitrary: one<EventType>('note.interim_received', 'note.signed').chain((type) => plain(type)) },
  { weight: 3, arbitrary: plain('note.received') },
  { weight: 2, arbitrary: plain('note.acknowledged') },
  { weight: 3, arbitrary: plain('referral.closed', fc.record({ reason: one(...CLOSE_REASONS) })) },
  { weight: 2, arbitrary: plain('referral.cancelled', fc.record({ by: one('referrer', 'patient', 'system') })) },
  { weight: 4, arbitrary: plain('referral.reopened') },
  { weight: 1, arbitrary: plain('referral.voided') },
  { weight: 4, arbitrary: plain('referrer.notified', fc.record({ about: one('scheduled', 'declined', 'closed') })) },
  { weight: 2, arbitrary: plain('alert.acknowledged', fc.record(mark)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.record(mark), fc.oneof(around(0, 5), around(28, 32))).map(
      ([data, until]): Happening => ({
        type: 'alert.snoozed',
        data: (time) => ({ ...data, until: until(time) }),
      }),
    ),
  },
);
