// Oracle, part 7: what holds at a detection run, and how an alert is resolved (docs/domain.md#6-2).

import { fits } from './clocks.ts';
import { pausedFlag } from './fold.ts';
import type { Ev } from './intake.ts';
import type { Appointment, Clock, State } from './state.ts';
import { calendarOf, DAY, dueOf, HOUR, localDay, parseInstant, type Target, toInstant } from './time.ts';

type Config = { policy: any; directory: any };
/** An alert as it stands at a run. */
export type Holding = {
  kind: string;
  instance: number;
  level: number;
  dueAt: number;
  warns: boolean;
  escalates: boolean;
};

const WATCHES = [
  'attendance_unknown',
  'silence',
  'unassigned',
  'orphan',
  'incomplete',
  'booked_late',
  'callback',
  'news_after_end',
];
/** News of a referral that has ended is told for so long. */
const NEWS = 30 * DAY;

export function lacks(dims: any, path: string): boolean {
  let v = dims;
  for (const step of path.split('.')) v = v === undefined || v === null ? undefined : v[step];
  return v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0);
}

const liveFromOf = (directory: any): number => parseInstant(directory.organization.liveFrom) ?? -Infinity;

/** One of the kinds that aren't clocks. Nothing here depends on the run, so it is worked out once for each state. */
export type Watch = {
  kind: string;
  dueAt: number;
  atRiskFrom: number | null; // inclusive
  breaches: boolean; // strictly after the due
  before: number; // holds no longer from here on
  hiddenByPause: boolean;
};

export function watchesOf(s: State, config: Config, coordinatorId: string | null): Watch[] {
  const list: Watch[] = [];
  const watch = (kind: string, dueAt: number, more: Partial<Watch> = {}) =>
    list.push({ kind, dueAt, atRiskFrom: null, breaches: true, before: Infinity, hiddenByPause: false, ...more });
  if (s.facts.length === 0 || s.voided) return list;
  if (s.stage === 'awaiting_referral') watch('orphan', (s.facts[0] as Ev).time + 24 * HOUR);
  if (s.received < 0) return list;
  const news = newsAfterEnd(s);
  if (news.length > 0) watch('news_after_end', Math.min(...news), { before: Math.max(...news) + NEWS });
  if (!s.open) return list;

  const calendar = calendarOf(config.directory, s.dims.site);
  const receivedAt = (s.facts[s.received] as Ev).time;
  const active = s.appointments.filter((a) => a.status === 'active' && a.startsAt !== null);
  const starts = active.map((a) => a.startsAt as number);
  if (s.stage === 'scheduled' && active.length > 0) {
    const after: Target = s.version.attendanceUnknownAfter ?? { value: 2, unit: 'business_days' };
    const earliest = active.find((a) => a.startsAt === Math.min(...starts)) as Appointment;
    const startsAt = earliest.startsAt as number;
    watch('attendance_unknown', dueOf(after, startsAt, calendar, []));
    const visit = s.clocks.find((c) => c.kind === 'visit' && c.stoppedAt === null && c.endedAt === null);
    if (visit && startsAt > visit.netDueAt && !patientChose(s, earliest))
      // "until that netDueAt has passed": not at that instant itself
      watch('booked_late', visit.netDueAt, { atRiskFrom: -Infinity, breaches: false, before: visit.netDueAt + 1 });
  }
  const days = (s.version.silence ?? { stat: 1, asap: 1, urgent: 3, routine: 10 })[s.dims.priority];
  if (days !== undefined) {
    // with an appointment in the future its start is later than any run before it, so nothing is due
    const since = Math.max(s.lastEventAt as number, ...starts);
    watch('silence', dueOf({ value: days, unit: 'business_days' }, since, calendar, []), { hiddenByPause: true });
  }
  const live = Math.max(receivedAt, liveFromOf(config.directory));
  if (coordinatorId === null) watch('unassigned', live);
  const required = (s.version.required ?? []).filter((r: any) => fits(r.match, s.dims) >= 0);
  if (required.some((r: any) => r.fields.some((f: string) => lacks(s.dims, f)))) watch('incomplete', live);
  const promised = callback(s);
  if (promised !== null) {
    const midnight = toInstant(calendar.zone, localDay(calendar.zone, promised), 0);
    watch('callback', promised, { atRiskFrom: midnight, hiddenByPause: true });
  }
  return list;
}

/** Instants of what came after the end, in the fold's order, though it belongs to another referral. */
function newsAfterEnd(s: State): number[] {
  const end = s.end;
  if (end === null || !end.excludes) return [];
  const noteToo = ['duplicate', 'entered_in_error', 'test'].includes(end.reason);
  return s.facts
    .filter(
      (e, i) =>
        i > end.index &&
        (s.steps[i]?.booking || e.type.startsWith('visit.') || (noteToo && e.type === 'note.received')),
    )
    .map((e) => e.time);
}

/** Was the current start the patient's choice, by any booking or restatement of it? */
function patientChose(s: State, a: Appointment): boolean {
  return s.facts.some(
    (e) =>
      (e.type === 'appointment.scheduled' || e.type === 'appointment.rescheduled') &&
      e.data.appointmentId === a.id &&
      parseInstant(e.data.startsAt) === a.startsAt &&
      e.data.patientChoice === true,
  );
}

/** When the last attempt promised the next, unless something came of it since. */
function callback(s: State): number | null {
  const at = s.facts.findLastIndex((e) => e.type === 'contact.attempted');
  if (at < 0 || s.stage === 'to_close') return null;
  const since = s.facts.some(
    (e, i) => i > at && (s.steps[i]?.booking || e.type.startsWith('visit.') || e.type === 'note.received'),
  );
  return since ? null : parseInstant((s.facts[at] as Ev).data.nextAttemptAt);
}

function levelOfClock(c: Clock, run: number): number {
  if (c.escalateMs !== null && run > c.netDueAt + c.escalateMs) return 3;
  if (run > c.netDueAt) return 2;
  if (c.warnMs !== null && run >= c.netDueAt - c.warnMs) return 1;
  return c.warnAtStart && run >= c.startedAt ? 1 : 0;
}

function levelOfWatch(w: Watch, run: number): number {
  if (run >= w.before) return 0;
  if (w.breaches && run > w.dueAt) return 2;
  return w.atRiskFrom !== null && run >= w.atRiskFrom ? 1 : 0;
}

/** Everything that holds at a run. */
export function holding(s: State, watches: Watch[], directory: any, run: number): Holding[] {
  if (s.facts.length === 0 || s.voided) return [];
  const paused = pausedFlag(s, run);
  const running = paused ? [] : s.clocks.filter((c) => c.stoppedAt === null && c.endedAt === null);
  const ofClocks = running.map((c) => ({
    kind: c.kind,
    instance: c.instance,
    level: levelOfClock(c, run),
    dueAt: c.netDueAt,
    warns: c.warnMs !== null || c.warnAtStart,
    escalates: c.escalateMs !== null,
  }));
  const ofWatches = watches.map((w) => ({
    kind: w.kind,
    instance: 1,
    level: w.hiddenByPause && paused ? 0 : levelOfWatch(w, run),
    dueAt: w.dueAt,
    warns: w.atRiskFrom !== null,
    escalates: false,
  }));
  const liveFrom = liveFromOf(directory);
  const holds = (h: Holding) => h.level > 0 && h.dueAt >= liveFrom;
  const late = ofClocks.some((h) => holds(h) && h.level >= 2);
  // what is overdue by name needs no second alert
  return [...ofClocks, ...ofWatches].filter((h) => holds(h) && !(late && h.kind === 'silence'));
}

/** @param lastLevel at the last open run */
export function resolutionOf(s: State, kind: string, instance: number, lastLevel: number, run: number): string {
  if (s.voided || s.facts.length === 0) return 'retracted';
  if (WATCHES.includes(kind)) {
    if (s.end && kind !== 'news_after_end') return 'ended';
    if ((kind === 'silence' || kind === 'callback') && pausedFlag(s, run)) return 'paused';
    return 'stopped';
  }
  const c: Clock | undefined = s.clocks.find((x) => x.kind === kind && x.instance === instance);
  if (!c) return 'retracted';
  const rightly = (at: number): boolean => {
    if (lastLevel > 1) return at > c.netDueAt;
    if (c.warnAtStart && at >= c.startedAt) return true;
    return c.warnMs !== null && at >= c.netDueAt - c.warnMs;
  };
  if (c.stoppedAt !== null) return rightly(c.stoppedAt) ? 'stopped' : 'retracted';
  if (c.endedAt !== null) return rightly(c.endedAt) ? 'ended' : 'retracted';
  if (pausedFlag(s, run)) return 'paused';
  return 'retracted';
}
