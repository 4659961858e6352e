import type { EventType, LoopEvent } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ClockKind, DeclineReason, EndReason } from '../../contracts/vocabulary.ts';
import { Appointments } from './appointments.ts';
import { isExclusion } from './end-reasons.ts';
import { type ReferralFields, withEvent } from './fields.ts';

/** A place in the fold's order and the instant of the event there. */
export interface Moment {
  place: number;
  at: Instant;
}

/** An instance of a clock before the policy is asked: where it starts and what stops it. */
export interface Promised {
  kind: ClockKind;
  instance: number;
  start: Moment;
  stop: Instant | null;
  /** Of `rebook`: a no-show started it. */
  afterNoShow?: true;
}

export interface End {
  at: Instant;
  reason: EndReason;
  /** A closing event that says what shows its reason. */
  hasEvidence: boolean;
}

/** A walk through a referral's events in the fold's order: what happened, before any policy or calendar. */
export interface Timeline {
  received: Moment | null;
  /** The closing or cancelling event in force. */
  end: End | null;
  voided: boolean;
  promised: Promised[];
  fields: ReferralFields;
  /** The dimensions after each event that touched them, in order. */
  fieldChanges: (Moment & { dimensions: ReferralFields })[];
  appointments: Appointments;
  /** Of accepted, declined and rerouted the last. */
  answer: EventType | null;
  declines: { at: Instant; reason: DeclineReason }[];
  /** Instant of the first of each. */
  first: { reached: Instant | null; booked: Instant | null; seen: Instant | null; note: Instant | null };
}

const BOOKED_OR_SEEN: readonly EventType[] = [
  'appointment.scheduled',
  'appointment.rescheduled',
  'visit.arrived',
  'visit.completed',
  'note.received',
];

/** What stops each kind of clock (domain contract, section 4). */
const STOPS: Record<ClockKind, readonly EventType[]> = {
  acceptance: ['referral.accepted', 'referral.declined', ...BOOKED_OR_SEEN],
  first_attempt: ['contact.attempted', ...BOOKED_OR_SEEN],
  // `contact.attempted` counts only where the patient was reached; see `stops`.
  reached: ['contact.attempted', ...BOOKED_OR_SEEN],
  scheduled: BOOKED_OR_SEEN,
  visit: ['visit.completed', 'note.received'],
  rebook: BOOKED_OR_SEEN,
  reroute: ['referral.rerouted', 'referral.accepted', ...BOOKED_OR_SEEN],
  note: ['note.received'],
  acknowledge: ['note.acknowledged'],
  referrer_update: ['referrer.notified', 'note.received'],
};

const FROM_RECEIPT = ['acceptance', 'first_attempt', 'reached', 'scheduled', 'visit'] as const;
const REPEATING = ['rebook', 'reroute', 'referrer_update'] as const;
type Repeating = (typeof REPEATING)[number];

/** These start after the referral's end as well, and its end doesn't end them but for an exclusion reason. */
const OWED_AFTER_END: readonly ClockKind[] = ['note', 'acknowledge', 'referrer_update'];

/** Whether a value of any form says nothing. */
function isEmpty(value: unknown): boolean {
  if (value == null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function wasReached(event: LoopEvent): boolean {
  return event.type === 'contact.attempted' && ['reached', 'declined'].includes(event.data.outcome);
}

function stops(kind: ClockKind, event: LoopEvent): boolean {
  if (!STOPS[kind].includes(event.type)) return false;
  return kind !== 'reached' || event.type !== 'contact.attempted' || wasReached(event);
}

/** When the referral's end ends a clock of that kind; null where it doesn't. */
export function endOf(kind: ClockKind, end: End | null): Instant | null {
  if (end === null || (OWED_AFTER_END.includes(kind) && !isExclusion(end.reason))) return null;
  return end.at;
}

/** Walks the events. @param events in force, in the fold's order, alert events and retractions left out */
export function timelineOf(events: readonly LoopEvent[]): Timeline {
  const timeline: Timeline = {
    received: null,
    end: null,
    voided: false,
    promised: [],
    fields: {},
    fieldChanges: [],
    appointments: new Appointments(),
    answer: null,
    declines: [],
    first: { reached: null, booked: null, seen: null, note: null },
  };
  const repeating = new RepeatingClocks();
  let visited: Moment | null = null;
  let noted: Moment | null = null;

  events.forEach((event, place) => {
    const moment = { place, at: event.time };
    const changesNothing =
      event.type === 'appointment.no_show' && timeline.appointments.wasVisited(event.data.appointmentId);
    timeline.appointments.apply(event);
    const dimensions = withEvent(timeline.fields, event);
    if (dimensions !== timeline.fields) timeline.fieldChanges.push({ ...moment, dimensions });
    timeline.fields = dimensions;

    repeating.stop(event);
    switch (event.type) {
      case 'referral.received':
        timeline.received ??= moment;
        break;
      case 'referral.accepted':
      case 'referral.rerouted':
        timeline.answer = event.type;
        break;
      case 'referral.declined':
        timeline.answer = event.type;
        timeline.declines.push({ at: event.time, reason: event.data.reason });
        repeating.start('reroute', moment);
        repeating.start('referrer_update', moment);
        break;
      case 'appointment.scheduled':
      case 'appointment.rescheduled':
        repeating.startAtFirstBooking(moment);
        break;
      case 'appointment.no_show':
      case 'appointment.cancelled':
        if (changesNothing) break;
        if (visited === null && timeline.appointments.active.length === 0) {
          repeating.start('rebook', moment, event.type === 'appointment.no_show');
        }
        if (event.type === 'appointment.no_show') repeating.start('referrer_update', moment);
        break;
      case 'visit.completed':
        visited ??= moment;
        break;
      case 'note.received':
        noted ??= moment;
        break;
      case 'referral.closed':
        timeline.end = { at: event.time, reason: event.data.reason, hasEvidence: !isEmpty(event.data.evidence) };
        if (!isExclusion(event.data.reason)) repeating.start('referrer_update', moment);
        break;
      case 'referral.cancelled':
        timeline.end = { at: event.time, reason: 'cancelled', hasEvidence: false };
        if (event.data.by !== 'referrer') repeating.start('referrer_update', moment);
        break;
      case 'referral.reopened':
        timeline.end = null;
        break;
      case 'referral.voided':
        timeline.voided = true;
        break;
      default:
        break;
    }
    if (wasReached(event)) timeline.first.reached ??= event.time;
    if (BOOKED_OR_SEEN.includes(event.type)) timeline.first.booked ??= event.time;
  });
  timeline.first.seen = visited === null ? null : (visited as Moment).at;
  timeline.first.note = noted === null ? null : (noted as Moment).at;

  const single = (kind: ClockKind, start: Moment | null): Promised[] =>
    start === null ? [] : [{ kind, instance: 1, start, stop: earliestStop(kind, start, events) }];
  timeline.promised = [
    ...FROM_RECEIPT.flatMap((kind) => single(kind, timeline.received)),
    ...single('note', visited),
    ...single('acknowledge', noted),
    ...repeating.all,
  ].filter(({ kind, start }) => timeline.end === null || start.at <= timeline.end.at || OWED_AFTER_END.includes(kind));
  return timeline;
}

/** A stop dated before the start stops the clock at its start: two systems' clocks differ. */
function earliestStop(kind: ClockKind, start: Moment, events: readonly LoopEvent[]): Instant | null {
  const stop = events.find((event) => stops(kind, event));
  return stop ? Math.max(start.at, stop.time) : null;
}

/** The three kinds that can occur more than once. Whether one runs is judged in the fold's order. */
class RepeatingClocks {
  readonly all: Promised[] = [];
  readonly #running = new Map<Repeating, Promised>();
  #booked = false;

  stop(event: LoopEvent): void {
    for (const [kind, running] of this.#running) {
      if (!stops(kind, event)) continue;
      running.stop = event.time;
      this.#running.delete(kind);
    }
  }

  start(kind: Repeating, start: Moment, afterNoShow = false): void {
    if (this.#running.has(kind)) return;
    const instance = this.all.filter((other) => other.kind === kind).length + 1;
    const promised: Promised = { kind, instance, start, stop: null, ...(afterNoShow && { afterNoShow }) };
    this.#running.set(kind, promised);
    this.all.push(promised);
  }

  /** Only the first booking of all starts a `referrer_update`; where another ran then, no later booking does. */
  startAtFirstBooking(start: Moment): void {
    if (!this.#booked) this.start('referrer_update', start);
    this.#booked = true;
  }
}
