import type { EventAbout, EventTypeAbout, LoopEvent } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { DeclineReason, EndReason } from '../../contracts/vocabulary.ts';
import { Appointments } from './appointments.ts';
import { isBookedOrSeen, wasReached } from './clock-table.ts';
import { type End, isEvidence, mayStart } from './end.ts';
import { isExclusion } from './end-reasons.ts';
import type { Facts } from './facts.ts';
import type { ReferralFields } from './fields.ts';
import { type Moment, type Promised, RepeatingClocks, singleClocks } from './promised.ts';

/** The walk through a referral's events in the fold's order: what happened, before any policy or calendar. */
export interface Timeline {
  /** The first `referral.received`. */
  received: Moment | null;
  /** The closing or cancelling event in force. */
  end: End | null;
  voided: boolean;
  promised: Promised[];
  fields: ReferralFields;
  /** The fields after each event that touched them, in order. */
  fieldChanges: (Moment & { fields: ReferralFields })[];
  appointments: Appointments;
  /** The last answer of the receiving side is that it declines. */
  declined: boolean;
  declines: { at: Instant; reason: DeclineReason }[];
  attempts: LoopEvent<'contact.attempted'>[];
  pauseTurns: LoopEvent<'referral.paused' | 'referral.resumed'>[];
  /** When the patient was first reached, booked or seen, seen; and the first event that says that a visit is booked. */
  first: { reached: Instant | null; booked: Instant | null; seen: Instant | null; toBook: Fact | null };
  /** When notes came back. */
  notes: Instant[];
  /** The patient's last word is no: nobody was booked, reached or the referral reopened since. */
  saidNo: boolean;
  /** When the next attempt was promised to the patient, who was neither booked nor seen since. */
  callbackAt: Instant | null;
  /** When a no-show or cancellation last left no active appointment. */
  visitLostAt: Instant | null;
  /** When it was last reopened after an end. */
  reopenedAt: Instant | null;
  /** What was heard after an end that should have been its last. */
  news: Fact[];
}

type Fact = EventAbout<'referral'>;
type Step<K extends EventTypeAbout<'referral'>> = (timeline: Timeline, event: LoopEvent<K>, moment: Moment) => void;

/** What each event type does to the timeline, apart from the clocks that it starts and stops (clock-table.ts). */
const STEPS: { [K in EventTypeAbout<'referral'>]: Step<K> } = {
  'referral.received': (timeline, event, moment) => {
    timeline.received ??= moment;
    changeFields(timeline, event, moment);
  },
  'referral.updated': changeFields,
  'referral.accepted': (timeline) => {
    timeline.declined = false;
  },
  'referral.declined': (timeline, { time, data }) => {
    timeline.declined = true;
    timeline.declines.push({ at: time, reason: data.reason });
  },
  'referral.rerouted': (timeline) => {
    timeline.declined = false;
  },
  'referral.paused': (timeline, event) => timeline.pauseTurns.push(event),
  'referral.resumed': (timeline, event) => timeline.pauseTurns.push(event),
  'contact.attempted': (timeline, event) => {
    timeline.attempts.push(event);
    timeline.callbackAt = event.data.nextAttemptAt == null ? null : parseInstant(event.data.nextAttemptAt);
    if (!wasReached(event)) return;
    timeline.first.reached ??= event.time;
    timeline.saidNo = event.data.outcome === 'declined';
  },
  'appointment.offered': ignore,
  'appointment.scheduled': book,
  'appointment.rescheduled': book,
  'appointment.cancelled': lose,
  'appointment.no_show': lose,
  'visit.arrived': (timeline, event) => {
    timeline.appointments.take(event);
    timeline.callbackAt = null;
  },
  'visit.completed': (timeline, event) => {
    timeline.appointments.take(event);
    timeline.first.seen ??= event.time;
    timeline.callbackAt = null;
  },
  'note.interim_received': ignore,
  'note.signed': ignore,
  'note.received': (timeline, { time }) => {
    timeline.notes.push(time);
    timeline.callbackAt = null;
  },
  'note.acknowledged': ignore,
  'referral.closed': (timeline, { time, data }) => {
    end(timeline, { at: time, reason: data.reason, hasEvidence: isEvidence(data.evidence) });
  },
  'referral.cancelled': (timeline, { time }) => {
    end(timeline, { at: time, reason: 'cancelled', hasEvidence: false });
  },
  'referral.reopened': (timeline, { time }) => {
    if (timeline.end !== null) timeline.reopenedAt = time;
    end(timeline, null);
    timeline.saidNo = false;
  },
  'referral.voided': (timeline) => {
    timeline.voided = true;
  },
  'referrer.notified': ignore,
};

function book(timeline: Timeline, event: LoopEvent<'appointment.scheduled' | 'appointment.rescheduled'>): void {
  timeline.appointments.take(event);
  timeline.first.toBook ??= event;
  if (!timeline.appointments.isBooking(event)) return;
  timeline.saidNo = false;
  timeline.callbackAt = null;
}

function lose(timeline: Timeline, event: LoopEvent<'appointment.cancelled' | 'appointment.no_show'>): void {
  timeline.appointments.take(event);
  if (timeline.appointments.isLoss(event) && !timeline.appointments.isAnyActive) timeline.visitLostAt = event.time;
}

/** The referral ends, or goes on. What came before is no news after this end. */
function end(timeline: Timeline, next: End | null): void {
  timeline.end = next;
  timeline.news = [];
}

/** The later value of a field wins; `practice` and `patient` are replaced whole. */
function changeFields(
  timeline: Timeline,
  { data }: LoopEvent<'referral.received' | 'referral.updated'>,
  moment: Moment,
): void {
  timeline.fields = { ...timeline.fields, ...data };
  timeline.fieldChanges.push({ ...moment, fields: timeline.fields });
}

/** The event leaves the timeline as it is. */
function ignore(): void {}

/**
 * Walks a referral's events.
 */
export function timelineOf({
  facts: events,
  calendar,
  undoing,
}: Pick<Facts, 'facts' | 'calendar' | 'undoing'>): Timeline {
  const timeline: Timeline = {
    received: null,
    end: null,
    voided: false,
    promised: [],
    fields: {},
    fieldChanges: [],
    appointments: new Appointments(calendar, undoing),
    declined: false,
    declines: [],
    attempts: [],
    pauseTurns: [],
    first: { reached: null, booked: null, seen: null, toBook: null },
    notes: [],
    saidNo: false,
    callbackAt: null,
    visitLostAt: null,
    reopenedAt: null,
    news: [],
  };
  const repeating = new RepeatingClocks();
  events.forEach((event, place) => {
    const moment = { place, at: event.time };
    // The step is the one for the event's own type; the compiler can't see that they belong together.
    (STEPS[event.type] as Step<Fact['type']>)(timeline, event, moment);
    if (isBookedOrSeen(event)) timeline.first.booked ??= event.time;
    if (isNewsAfterEnd(event, timeline)) timeline.news.push(event);
    repeating.take(event, moment, timeline);
  });
  timeline.promised = [...singleClocks(events, timeline), ...repeating.all].filter(({ kind, start }) =>
    mayStart(kind, start.at, timeline.end),
  );
  return timeline;
}

/** Ends after which a note can't be the referral's own: there was none to report on. */
const NEVER_SEEN: readonly EndReason[] = ['duplicate', 'entered_in_error', 'test'];

/** Whether a walked event is news on a referral whose end should have been its last: it belongs to another one. */
function isNewsAfterEnd(event: Fact, { end, appointments }: Timeline): boolean {
  if (end === null || !isExclusion(end.reason)) return false;
  switch (event.type) {
    case 'appointment.scheduled':
    case 'appointment.rescheduled':
      return appointments.isBooking(event);
    case 'visit.arrived':
    case 'visit.completed':
      return true;
    case 'note.received':
      return NEVER_SEEN.includes(end.reason);
    default:
      return false;
  }
}
