import type { EventAbout, EventTypeAbout, LoopEvent } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ClockKind } from '../../contracts/vocabulary.ts';
import type { Appointments } from './appointments.ts';
import { isExclusion } from './end-reasons.ts';

type Fact = EventAbout<'referral'>;

/** What a condition may ask about the referral, besides the event itself. */
export interface Standing {
  appointments: Appointments;
  /** When the patient was first seen, and the first event that says that a visit is booked. */
  first: { seen: Instant | null; toBook: Fact | null };
}

/** An event type with the condition under which it starts a clock, and under which it stops one. */
type Starts = { [K in EventTypeAbout<'referral'>]?: (event: LoopEvent<K>, standing: Standing) => boolean };
type Stops = { [K in EventTypeAbout<'referral'>]?: (event: LoopEvent<K>, standing: Standing) => boolean };

const always = (): boolean => true;

export function wasReached({ data }: LoopEvent<'contact.attempted'>): boolean {
  return data.outcome === 'reached' || data.outcome === 'declined';
}

/** A no-show or cancellation that took effect: none is active, and no visit was completed before. */
function leavesNoAppointment(event: Fact, standing: Standing): boolean {
  return isLoss(event, standing) && standing.first.seen === null && !standing.appointments.isAnyActive;
}

/** Not a no-show of an appointment that was kept, cancelled or moved: that changes nothing. */
function isLoss(event: Fact, { appointments }: Standing): boolean {
  return appointments.isLoss(event);
}

/** It makes an appointment active or gives it another start; restating one doesn't. */
function isBooking(event: Fact, { appointments }: Standing): boolean {
  return appointments.isBooking(event);
}

/** Only the first of all: if a `referrer_update` ran then, no later one starts one. */
function isFirstToBook(event: Fact, { first }: Standing): boolean {
  return first.toBook === event;
}

const BOOKED_OR_SEEN = {
  'appointment.scheduled': always,
  'appointment.rescheduled': always,
  'visit.arrived': always,
  'visit.completed': always,
  'note.received': always,
} satisfies Stops;

/**
 * What starts and stops each kind of clock: docs/domain.md#4-2. A clock that doesn't repeat
 * starts at the first event that starts it.
 */
const CLOCK_TABLE = {
  acceptance: {
    starts: { 'referral.received': always },
    stops: { 'referral.accepted': always, 'referral.declined': always, ...BOOKED_OR_SEEN },
  },
  first_attempt: {
    starts: { 'referral.received': always },
    stops: { 'contact.attempted': always, ...BOOKED_OR_SEEN },
  },
  reached: {
    starts: { 'referral.received': always },
    stops: { 'contact.attempted': wasReached, ...BOOKED_OR_SEEN },
  },
  scheduled: {
    starts: { 'referral.received': always },
    stops: BOOKED_OR_SEEN,
  },
  visit: {
    starts: { 'referral.received': always },
    stops: { 'visit.completed': always, 'note.received': always },
  },
  rebook: {
    repeats: true,
    starts: { 'appointment.no_show': leavesNoAppointment, 'appointment.cancelled': leavesNoAppointment },
    stops: { ...BOOKED_OR_SEEN, 'appointment.scheduled': isBooking, 'appointment.rescheduled': isBooking },
  },
  reroute: {
    repeats: true,
    starts: { 'referral.declined': always },
    stops: { 'referral.rerouted': always, 'referral.accepted': always, ...BOOKED_OR_SEEN },
  },
  note: {
    starts: { 'visit.completed': always },
    stops: { 'note.received': always },
  },
  acknowledge: {
    starts: { 'note.received': always },
    stops: { 'note.acknowledged': always },
  },
  referrer_update: {
    repeats: true,
    starts: {
      'appointment.scheduled': isFirstToBook,
      'appointment.rescheduled': isFirstToBook,
      'referral.declined': always,
      'appointment.no_show': isLoss,
      'referral.closed': ({ data }) => !isExclusion(data.reason),
      'referral.cancelled': ({ data }) => data.by !== 'referrer',
    },
    stops: { 'referrer.notified': always, 'note.received': always },
  },
} satisfies Record<ClockKind, { repeats?: true; starts: Starts; stops: Stops }>;

/** Every other event type: it neither starts nor stops a clock. */
type LeavesClocksAlone =
  | 'referral.updated'
  | 'referral.paused'
  | 'referral.resumed'
  | 'referral.reopened'
  | 'referral.voided'
  | 'appointment.offered'
  | 'note.interim_received'
  | 'note.signed';

type EventsOf<Row> = Row extends { starts: infer A; stops: infer B } ? keyof A | keyof B : never;
/** Every event type has to be in the table or the list: otherwise the calls of `holds` are type errors. */
type Decided = EventsOf<(typeof CLOCK_TABLE)[ClockKind]> | LeavesClocksAlone;

const KINDS = Object.keys(CLOCK_TABLE) as ClockKind[];
const repeats = (kind: ClockKind): boolean => 'repeats' in CLOCK_TABLE[kind];
/** Both in the order of the table. */
export const SINGLE_KINDS = KINDS.filter((kind) => !repeats(kind));
export const REPEATING_KINDS = KINDS.filter(repeats);

/** @param standing how things stand once the event has been walked */
export function startsClock(kind: ClockKind, event: EventAbout<'referral'>, standing: Standing): boolean {
  return holds(CLOCK_TABLE[kind].starts, event, standing);
}

export function stopsClock(kind: ClockKind, event: EventAbout<'referral'>, standing: Standing): boolean {
  return holds(CLOCK_TABLE[kind].stops, event, standing);
}

/** The event types that can start a clock. */
export const typesThatStart = (kind: ClockKind): EventTypeAbout<'referral'>[] =>
  Object.keys(CLOCK_TABLE[kind].starts) as EventTypeAbout<'referral'>[];

/**
 * The event types that can stop a clock: those that say what it waits for, and those that stop it because the patient is
 * booked or seen. Of a clock that waits for just that the latter are what it waits for.
 */
export function typesThatStop(kind: ClockKind): Record<'own' | 'bookedOrSeen', EventTypeAbout<'referral'>[]> {
  const all = Object.keys(CLOCK_TABLE[kind].stops) as EventTypeAbout<'referral'>[];
  const own = all.filter((type) => !Object.hasOwn(BOOKED_OR_SEEN, type));
  const others = Object.keys(BOOKED_OR_SEEN) as (keyof typeof BOOKED_OR_SEEN)[];
  const isBesides = own.length > 0 && others.every((type) => all.includes(type));
  return isBesides ? { own, bookedOrSeen: others } : { own: all, bookedOrSeen: [] };
}

export function isBookedOrSeen({ type }: EventAbout<'referral'>): boolean {
  return Object.hasOwn(BOOKED_OR_SEEN, type);
}

function holds(conditions: Starts | Stops, event: LoopEvent<Decided>, standing: Standing): boolean {
  // The condition is the one for the event's own type; the compiler can't see that they belong together.
  const condition = conditions[event.type] as ((event: LoopEvent, standing: Standing) => boolean) | undefined;
  return condition?.(event, standing) ?? false;
}
