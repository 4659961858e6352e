import type { EventAbout, EventTypeAbout, LoopEvent } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { DeclineReason } from '../../contracts/vocabulary.ts';
import { Appointments } from './appointments.ts';
import { isBookedOrSeen, wasReached } from './clock-table.ts';
import { type End, isEvidence, mayStart } from './end.ts';
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
  /** When the patient was first reached, booked or seen, seen, and when the note first came back. */
  first: { reached: Instant | null; booked: Instant | null; seen: Instant | null; note: Instant | null };
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
    if (wasReached(event)) timeline.first.reached ??= event.time;
  },
  'appointment.offered': ignore,
  'appointment.scheduled': ({ appointments }, { data }) => appointments.schedule(data),
  'appointment.rescheduled': ({ appointments }, { data }) => appointments.reschedule(data),
  'appointment.cancelled': ({ appointments }, { data }) => appointments.cancel(data),
  'appointment.no_show': ({ appointments }, { data }) => appointments.miss(data),
  'visit.arrived': ({ appointments }, { data }) => appointments.arrive(data),
  'visit.completed': ({ appointments, first }, { data, time }) => {
    appointments.complete(data);
    first.seen ??= time;
  },
  'note.interim_received': ignore,
  'note.signed': ignore,
  'note.received': ({ first }, { time }) => {
    first.note ??= time;
  },
  'note.acknowledged': ignore,
  'referral.closed': (timeline, { time, data }) => {
    timeline.end = { at: time, reason: data.reason, hasEvidence: isEvidence(data.evidence) };
  },
  'referral.cancelled': (timeline, { time }) => {
    timeline.end = { at: time, reason: 'cancelled', hasEvidence: false };
  },
  'referral.reopened': (timeline) => {
    timeline.end = null;
  },
  'referral.voided': (timeline) => {
    timeline.voided = true;
  },
  'referrer.notified': ignore,
};

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

/** Walks a referral's events. @param events in force, in the fold's order */
export function timelineOf(events: readonly Fact[]): Timeline {
  const timeline: Timeline = {
    received: null,
    end: null,
    voided: false,
    promised: [],
    fields: {},
    fieldChanges: [],
    appointments: new Appointments(),
    declined: false,
    declines: [],
    attempts: [],
    pauseTurns: [],
    first: { reached: null, booked: null, seen: null, note: null },
  };
  const repeating = new RepeatingClocks();
  events.forEach((event, place) => {
    const moment = { place, at: event.time };
    // The step is the one for the event's own type; the compiler can't see that they belong together.
    (STEPS[event.type] as Step<Fact['type']>)(timeline, event, moment);
    if (isBookedOrSeen(event)) timeline.first.booked ??= event.time;
    repeating.take(event, moment, timeline);
  });
  timeline.promised = [...singleClocks(events, timeline), ...repeating.all].filter(({ kind, start }) =>
    mayStart(kind, start.at, timeline.end),
  );
  return timeline;
}
