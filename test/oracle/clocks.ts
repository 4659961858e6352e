// Oracle, part 6: clocks (docs/domain.md#4, docs/domain.md#5): starts, stops, targets, changes of dimensions, outcomes.

import { type Ev, REASON_CLASS } from './intake.ts';
import { type Clock, dimsAt, type State } from './state.ts';
import { calendarOf, dueOf, plain, type Target } from './time.ts';

const BOOKED_OR_SEEN = [
  'appointment.scheduled',
  'appointment.rescheduled',
  'visit.arrived',
  'visit.completed',
  'note.received',
];
const STILL_OWED = ['note', 'acknowledge', 'referrer_update'];

/** Does an event stop `kind`? Of `rebook` a booking does only if it is one: see `stopsAt`. */
export function stops(kind: string, e: Ev): boolean {
  const booked = BOOKED_OR_SEEN.includes(e.type);
  const reached = e.type === 'contact.attempted' && ['reached', 'declined'].includes(e.data.outcome);
  if (kind === 'acceptance') return booked || e.type === 'referral.accepted' || e.type === 'referral.declined';
  if (kind === 'first_attempt') return booked || e.type === 'contact.attempted';
  if (kind === 'reached') return booked || reached;
  if (kind === 'scheduled' || kind === 'rebook') return booked;
  if (kind === 'visit') return e.type === 'visit.completed' || e.type === 'note.received';
  if (kind === 'reroute') return booked || e.type === 'referral.rerouted' || e.type === 'referral.accepted';
  if (kind === 'note') return e.type === 'note.received';
  if (kind === 'acknowledge') return e.type === 'note.acknowledged';
  return e.type === 'referrer.notified' || e.type === 'note.received'; // referrer_update
}

const isBookingEvent = (e: Ev): boolean => e.type === 'appointment.scheduled' || e.type === 'appointment.rescheduled';

// `rebook` stops at a booking; what only restates an appointment is none.
function stopsAt(kind: string, s: State, i: number): boolean {
  const e = s.facts[i] as Ev;
  return stops(kind, e) && (kind !== 'rebook' || !isBookingEvent(e) || s.steps[i]?.booking === true);
}

// Does the event at position i start `kind` (one of the three that can occur more than once), regardless of what runs?
function starts(kind: string, s: State, i: number): boolean {
  const e = s.facts[i] as Ev;
  if (kind === 'reroute') return e.type === 'referral.declined';
  const lost = s.steps[i]?.lost === true;
  if (kind === 'rebook') {
    const seen = s.facts.slice(0, i).some((x) => x.type === 'visit.completed');
    return lost && !seen && s.steps[i]?.anyActive === false;
  }
  if (isBookingEvent(e)) return !s.facts.slice(0, i).some(isBookingEvent);
  if (e.type === 'referral.declined') return true;
  if (e.type === 'appointment.no_show') return lost;
  if (e.type === 'referral.cancelled') return e.data.by !== 'referrer';
  if (e.type === 'referral.closed') return !['other care', 'exclusion'].includes(REASON_CLASS[e.data.reason] as string);
  return false;
}

// Number of fields on which a match fits, or -1.
export function fits(match: any, dims: any): number {
  let n = 0;
  for (const [field, wanted] of Object.entries(match ?? {}) as [string, string[]][]) {
    if (wanted === undefined || wanted === null) continue;
    const has = dims[field];
    if (has === undefined || has === null) return -1;
    const ok = Array.isArray(has) ? has.some((x) => wanted.includes(x)) : wanted.includes(has);
    if (!ok) return -1;
    n++;
  }
  return n;
}

function entryFor(version: any, kind: string, dims: any): any {
  let best: any = null,
    most = -1;
  for (const rule of version.rules) {
    if (!rule.clocks || rule.clocks[kind] === undefined) continue;
    const n = fits(rule.match, dims);
    if (n >= 0 && n >= most) {
      best = rule.clocks[kind];
      most = n;
    } // among equals the later one
  }
  return best?.target ? best : null;
}

function clock(s: State, directory: any, kind: string, instance: number, at: number): Clock | null {
  const startedAt = (s.facts[at] as Ev).time;
  const repeats = ['rebook', 'reroute', 'referrer_update'].includes(kind);
  const stop = s.facts.find((_, i) => stopsAt(kind, s, i) && (!repeats || i >= at));
  const endedAt = s.end && (!STILL_OWED.includes(kind) || s.end.excludes) ? s.end.time : null;
  let stoppedAt = stop ? Math.max(stop.time, startedAt) : null;
  if (stoppedAt !== null && endedAt !== null && stoppedAt > endedAt) stoppedAt = null;

  // What precedes the start in the fold's order is initial, what follows is a change.
  let dims = dimsAt(s.facts, at);
  let entry = entryFor(s.version, kind, dims);
  let calendar = calendarOf(directory, dims.site);
  for (let i = at + 1; i < s.facts.length; i++) {
    const e = s.facts[i] as Ev;
    if (e.type !== 'referral.received' && e.type !== 'referral.updated') continue;
    if (stoppedAt !== null && stoppedAt <= e.time) continue;
    if (endedAt !== null && endedAt <= e.time) continue;
    if (entry && dueOf(entry.target as Target, startedAt, calendar, []) < e.time) continue;
    dims = dimsAt(s.facts, i);
    entry = entryFor(s.version, kind, dims);
    calendar = calendarOf(directory, dims.site);
  }
  if (!entry) return null;
  return {
    kind,
    instance,
    startedBy: (s.facts[at] as Ev).type,
    startedAt,
    stoppedAt,
    endedAt,
    dueAt: dueOf(entry.target, startedAt, calendar, []),
    netDueAt: dueOf(entry.target, startedAt, calendar, s.pauses),
    warnMs: plain(entry.warnBefore),
    warnAtStart: entry.warnAtStart === true,
    escalateMs: plain(entry.escalateAfter),
  };
}

export function clocksOf(s: State, directory: any): Clock[] {
  const clocks: Clock[] = [];
  const add = (kind: string, instance: number, at: number) => {
    const c = clock(s, directory, kind, instance, at);
    if (c) clocks.push(c);
  };
  const afterEnd = (kind: string, at: number) =>
    s.end !== null &&
    (s.facts[at] as Ev).time > s.end.time &&
    (!STILL_OWED.includes(kind) || (kind === 'referrer_update' && s.end.excludes));

  for (const kind of ['acceptance', 'first_attempt', 'reached', 'scheduled', 'visit']) {
    if (!afterEnd(kind, s.received)) add(kind, 1, s.received);
  }
  const seen = s.facts.findIndex((e) => e.type === 'visit.completed');
  if (seen >= 0) add('note', 1, seen);
  const noted = s.facts.findIndex((e) => e.type === 'note.received');
  if (noted >= 0) add('acknowledge', 1, noted);
  for (const kind of ['rebook', 'reroute', 'referrer_update']) {
    let running = false,
      instance = 0;
    s.facts.forEach((_, i) => {
      if (stopsAt(kind, s, i)) running = false;
      if (!running && starts(kind, s, i) && !afterEnd(kind, i)) {
        running = true;
        instance++; // numbered before the policy is asked
        add(kind, instance, i);
      }
    });
  }
  return clocks;
}

export function outcomeOf(s: State, c: Clock, now: number): string {
  const stopped = c.stoppedAt !== null;
  const endedInTime = !stopped && c.endedAt !== null && c.endedAt <= c.dueAt;
  const evidence = s.facts.some((e) => e.type === 'visit.completed' || e.type === 'note.received');
  const excuse =
    s.end !== null && (s.end.cancelled || s.end.excludes || (s.end.reason === 'completed_in_network' && evidence));
  if (s.voided || (endedInTime && excuse)) return 'excluded';
  if (stopped && (c.stoppedAt as number) <= c.dueAt) return 'met';
  if (endedInTime) return 'lost';
  if (stopped || c.dueAt < now) return 'missed';
  return 'running';
}
