// Oracle, part 5: the fold of one referral's events (docs/domain.md#2-6, docs/domain.md#3): retraction, restatement, notes, end, pauses, stage.

import { walkAppointments } from './appointments.ts';
import { clocksOf, stops } from './clocks.ts';
import { type Ev, REASON_CLASS } from './intake.ts';
import { isRestated } from './restated.ts';
import { dimsAt, type End, inOrder, type State } from './state.ts';
import { calendarOf, DAY, type Pause, parseDate, parseInstant, toInstant } from './time.ts';

const NOT_FACTS = ['alert.acknowledged', 'alert.snoozed', 'event.retracted'];
const DEFAULT_CAPS: Record<string, number> = {
  awaiting_information: 10,
  awaiting_authorization: 14,
  patient_requested: 60,
  medical_hold: 90,
};

/** In the fold's order, without what was taken back. */
function notRetracted(events: Ev[]): Ev[] {
  const ordered = [...events].sort(inOrder);
  return ordered.filter((e, i) => {
    if (e.type === 'event.retracted') return true; // a retraction can't be retracted
    return !ordered.some(
      (r, j) =>
        r.type === 'event.retracted' &&
        r.data.source === e.source &&
        ((r.data.id ?? null) !== null ? r.data.id === e.id : e.entity !== null && r.data.entity === e.entity && i < j),
    );
  });
}

/** In the fold's order, without what was taken back and what only says again what was said: what counts. */
export function inForce(events: Ev[]): Ev[] {
  const left = notRetracted(events);
  return left.filter((e) => !isRestated(e, left));
}

/** When the visit was ordered, as known now; null if that is neither a date nor an instant. */
function orderedAt(dims: any, organizationZone: string): number | null {
  const day = parseDate(dims.orderedAt);
  return day === null ? parseInstant(dims.orderedAt) : toInstant(organizationZone, day, 0);
}

// "dated over 24 hours before the referral": another referral's report.
function isEarlyNote(e: Ev, receivedAt: number, dims: any, zone: string): boolean {
  const referred = Math.min(receivedAt, orderedAt(dims, zone) ?? Infinity);
  return e.type === 'note.received' && e.time < referred - DAY;
}

function endOf(facts: Ev[]): End | null {
  let end: End | null = null;
  for (const [index, e] of facts.entries()) {
    if (e.type === 'referral.closed') {
      const c = REASON_CLASS[e.data.reason];
      end = {
        index,
        time: e.time,
        reason: e.data.reason,
        excludes: c === 'other care' || c === 'exclusion',
        cancelled: false,
        evidence: e.data.evidence,
      };
    }
    if (e.type === 'referral.cancelled')
      end = { index, time: e.time, reason: 'cancelled', excludes: false, cancelled: true, evidence: null };
    if (e.type === 'referral.reopened') end = null;
  }
  return end;
}

function pausesOf(facts: Ev[], caps: Record<string, number>): Pause[] {
  const pauses: Pause[] = [];
  facts.forEach((e, i) => {
    if (e.type !== 'referral.paused') return;
    const next = facts.slice(i + 1).find((x) => x.type === 'referral.paused' || x.type === 'referral.resumed');
    const until = parseInstant(e.data.until);
    const to = Math.min(
      e.time + ((caps[e.data.reason] ?? DEFAULT_CAPS[e.data.reason]) as number) * DAY,
      next ? next.time : Infinity,
      until ?? Infinity,
    );
    if (to > e.time) pauses.push({ from: e.time, to });
  });
  return pauses;
}

function versionOf(policy: any, receivedAt: number): any {
  let best: any = null,
    earliest: any = null;
  for (const v of policy.versions) {
    const from = parseInstant(v.effectiveFrom) as number;
    if (!earliest || from < (parseInstant(earliest.effectiveFrom) as number)) earliest = v;
    if (from <= receivedAt && (!best || from >= (parseInstant(best.effectiveFrom) as number))) best = v;
  }
  return best ?? earliest;
}

const answered = (e: Ev): boolean => e.type === 'contact.attempted' && ['reached', 'declined'].includes(e.data.outcome);

// The last of the bookings, the reopenings and the calls that reached the patient is one in which the patient declined.
function saidNo(s: State): boolean {
  const last = s.facts.findLast((e, i) => s.steps[i]?.booking || e.type === 'referral.reopened' || answered(e));
  return last?.type === 'contact.attempted' && last.data.outcome === 'declined';
}

function stageOf(s: State): string {
  const has = (type: string) => s.facts.some((e) => e.type === type);
  if (s.voided) return 'voided';
  if (s.received < 0) return 'awaiting_referral';
  if (s.end) return 'closed';
  if (has('note.received')) return 'loop_closed';
  if (has('visit.completed')) return 'awaiting_note';
  if (s.appointments.some((a) => a.status === 'active')) return 'scheduled';
  if (saidNo(s)) return 'to_close';
  if (s.appointments.some((a) => a.status === 'no_show' || a.status === 'cancelled')) return 'to_rebook';
  const answers = s.facts.filter((e) =>
    ['referral.accepted', 'referral.declined', 'referral.rerouted'].includes(e.type),
  );
  if (answers.length > 0 && answers.at(-1)?.type === 'referral.declined') return 'declined';
  if (s.facts.some(answered)) return 'to_schedule';
  return 'to_contact';
}

const firstTime = (events: Ev[]): number | null =>
  events.length === 0 ? null : Math.min(...events.map((e) => e.time));

export function fold(events: Ev[], config: { policy: any; directory: any }): State {
  const kept = inForce(events);
  const spoken = kept.filter((e) => !e.type.startsWith('alert.'));
  const s: State = {
    facts: kept.filter((e) => !NOT_FACTS.includes(e.type)),
    steps: [],
    received: -1,
    lastEventAt: spoken.length > 0 ? Math.max(...spoken.map((e) => e.time)) : null,
    voided: kept.some((e) => e.type === 'referral.voided'),
    dims: {},
    version: null,
    end: null,
    appointments: [],
    pauses: [],
    clocks: [],
    stage: '',
    open: false,
    earlyNotes: [],
    missedStarts: [],
    completedStarts: [],
    unknownStarts: [],
    bookedOrSeenAt: null,
    seenAt: null,
    notedAt: null,
    noteTimes: [],
  };
  const receipt = s.facts.find((e) => e.type === 'referral.received');
  if (receipt) {
    const organizationZone = config.directory.organization.timeZone;
    s.dims = dimsAt(s.facts, s.facts.length - 1);
    s.earlyNotes = s.facts.filter((e) => isEarlyNote(e, receipt.time, s.dims, organizationZone));
    const counting = s.facts.filter((e) => !s.earlyNotes.includes(e));
    const walk = walkAppointments(counting, calendarOf(config.directory, s.dims.site).zone);
    s.facts = walk.facts;
    s.steps = walk.steps;
    s.appointments = walk.appointments;
    s.missedStarts = walk.missedStarts;
    s.received = s.facts.indexOf(receipt);
    s.version = versionOf(config.policy, receipt.time);
    s.end = endOf(s.facts);
    s.pauses = pausesOf(s.facts, s.version.pauseCaps ?? {});
    s.clocks = clocksOf(s, config.directory);
    addFigures(s);
  }
  s.stage = stageOf(s);
  s.open = receipt !== undefined && !['voided', 'closed', 'loop_closed'].includes(s.stage);
  return s;
}

function addFigures(s: State): void {
  const starts = (list: State['appointments']) => list.flatMap((a) => (a.startsAt === null ? [] : [a.startsAt]));
  const notes = s.facts.filter((e) => e.type === 'note.received');
  s.completedStarts = starts(s.appointments.filter((a) => a.status === 'completed'));
  s.unknownStarts = starts(s.appointments.filter((a) => ['active', 'over'].includes(a.status) && !a.arrived));
  s.bookedOrSeenAt = firstTime(s.facts.filter((e) => stops('scheduled', e)));
  s.seenAt = firstTime(s.facts.filter((e) => e.type === 'visit.completed'));
  s.notedAt = firstTime(notes);
  s.noteTimes = notes.map((e) => e.time);
}

export const pausedFlag = (s: State, now: number): boolean =>
  s.open && s.pauses.some((p) => p.from <= now && now < p.to);
