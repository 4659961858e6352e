// Oracle, digests 3: which section a referral stands in, led by what, in which order (docs/domain.md#8-20). Naive on purpose.

import { type Course, momentAt, type Open, openAlerts } from './digest-alerts.ts';
import { coordinatorOf } from './oracle.ts';
import { byCodePoint, type State } from './state.ts';
import { parseInstant } from './time.ts';

/** Whose digest it is, and of what time. */
export type Reading = { personId: string; asOf: number; since: number; next: number; directory: any };

export const SECTIONS = [
  'now',
  'missed_or_cancelled',
  'due',
  'attendance_unknown',
  'newly_breached',
  'still_open',
  'soon',
  'escalated_elsewhere',
] as const;
export type Section = (typeof SECTIONS)[number];
export type Mark = 'acknowledged' | 'snooze_over' | 'reopened';

/** A row before it is cut, with what it is ordered by. */
export type Standing = {
  course: Course;
  section: Section;
  kind: string;
  dueAt: number | null;
  alerts: Open[]; // those that the row speaks of, the leading one included
  priority: string | null;
  owner: string | null;
  acknowledged: boolean;
  newlyEscalated: boolean;
  marks: Mark[];
};

const CLOCKS = [
  'first_attempt',
  'reached',
  'scheduled',
  'visit',
  'rebook',
  'reroute',
  'note',
  'acknowledge',
  'referrer_update',
  'acceptance', // last: of equal dues whoever gets hold of the patient has answered too
];
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
const KINDS = [...CLOCKS, ...WATCHES];
const PRIORITIES = ['stat', 'asap', 'urgent', null, 'routine'];
const [AT_RISK, BREACHED, ESCALATED] = [1, 2, 3];

/** "breached", where that is said of alerts other than `attendance_unknown`. */
export const isBreached = (a: Open): boolean => a.level >= BREACHED && a.kind !== 'attendance_unknown';

const isClock = (a: Open): boolean => CLOCKS.includes(a.kind);
const byKind = (a: Open, b: Open): number => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.instance - b.instance;
const byDue = (a: Open, b: Open): number => a.dueAt - b.dueAt || byKind(a, b);
const trueFirst = (a: boolean, b: boolean): number => Number(b) - Number(a);
/** Breached before at risk, clocks before the others, acknowledged last, the earlier due. */
const byLead = (a: Open, b: Open): number =>
  trueFirst(a.level >= BREACHED, b.level >= BREACHED) ||
  trueFirst(isClock(a), isClock(b)) ||
  trueFirst(!a.acknowledged, !b.acknowledged) ||
  byDue(a, b);

/** Was there a no-show or cancellation since, that left no active appointment, and is there none now? */
function lostSince(s: State, { since, asOf }: Reading, from: number): boolean {
  if (s.appointments.some((a) => a.status === 'active')) return false;
  return s.facts.some((e, i) => {
    const step = s.steps[i];
    return step?.lost && !step.anyActive && e.time > since && e.time <= asOf && e.time >= from;
  });
}

/** Was it reopened since, after an end that was in force? What was never received has no end. */
function reopenedSince(s: State, { since, asOf }: Reading): boolean {
  if (s.received < 0) return false;
  let ended = false;
  for (const e of s.facts) {
    if (e.type === 'referral.closed' || e.type === 'referral.cancelled') ended = true;
    if (e.type !== 'referral.reopened') continue;
    if (ended && e.time > since && e.time <= asOf) return true;
    ended = false;
  }
  return false;
}

/** The section of a referral of the reader's, and what leads its row; null: it has none. */
function ownPlace(
  s: State,
  all: Open[],
  shown: Open[],
  stoodAsBreached: boolean,
  reading: Reading,
): { section: Section; lead: Open | null } | null {
  const { since, asOf, next, directory } = reading;
  const liveFrom = parseInstant(directory.organization.liveFrom) ?? -Infinity;
  const lead = shown.toSorted(byLead)[0] ?? null;
  if (lead === null) {
    const seen = s.facts.some((e) => e.type === 'visit.completed');
    const rebookOpen = all.some((a) => a.kind === 'rebook'); // it is snoozed, else it were shown
    const stands = s.open && !seen && !rebookOpen && lostSince(s, reading, liveFrom);
    return stands ? { section: 'missed_or_cancelled', lead } : null;
  }
  const breached = shown.some(isBreached);
  const due = shown.filter((a) => a.level === AT_RISK && !a.acknowledged && a.dueAt < next).toSorted(byDue)[0];
  const hurry = (s.dims.priority ?? null) !== 'routine';
  if (hurry && (breached || due)) return { section: 'now', lead };
  if (lostSince(s, reading, -Infinity)) return { section: 'missed_or_cancelled', lead };
  if (due) return { section: 'due', lead: due };
  if (!breached && shown.some((a) => a.kind === 'attendance_unknown')) return { section: 'attendance_unknown', lead };
  if (breached) return { section: stoodAsBreached ? 'still_open' : 'newly_breached', lead };
  const came = shown.some((a) => a.level === AT_RISK && isSince(a.atRiskAt, since, asOf));
  if (came || shown.some((a) => isSince(a.snoozedUntil, since, asOf))) return { section: 'soon', lead };
  return null;
}

const isSince = (instant: number | null, since: number, asOf: number): boolean =>
  instant !== null && instant > since && instant <= asOf;

/** By when a visit has to be rebooked of which no alert speaks; null: no such clock runs. */
function rebookDue(s: State): number | null {
  const running = s.clocks.findLast((c) => c.kind === 'rebook' && c.stoppedAt === null && c.endedAt === null);
  return running?.netDueAt ?? null;
}

/** The place of a referral in the reader's digest, or null. */
function standing(course: Course, stoodAsBreached: boolean, reading: Reading): Standing | null {
  const { personId, asOf, since, directory } = reading;
  const s = momentAt(course, asOf)?.s;
  if (!s) return null;
  const owner = coordinatorOf(s, directory);
  const all = openAlerts(course, asOf);
  let shown = all.filter((a) => (a.snoozedUntil ?? -Infinity) <= asOf);
  let place: { section: Section; lead: Open | null } | null = null;
  if (owner === personId) {
    shown = shown.filter((a) => !(a.kind === 'news_after_end' && a.acknowledged)); // counts as none
    place = ownPlace(s, all, shown, stoodAsBreached, reading);
  } else {
    const site = (directory.sites ?? []).find((x: any) => x.id === s.dims.site);
    shown = site?.escalateTo === personId ? shown.filter((a) => a.level === ESCALATED) : [];
    const lead = shown.toSorted(byDue)[0];
    place = lead ? { section: 'escalated_elsewhere', lead } : null;
  }
  if (!place) return null;
  const acknowledged = shown.some((a) => a.acknowledged);
  const marks: Mark[] = [];
  if (acknowledged) marks.push('acknowledged');
  if (shown.some((a) => isSince(a.snoozedUntil, since, asOf))) marks.push('snooze_over');
  if (reopenedSince(s, reading)) marks.push('reopened');
  return {
    course,
    section: place.section,
    kind: place.lead?.kind ?? 'rebook',
    dueAt: place.lead?.dueAt ?? rebookDue(s),
    alerts: shown,
    priority: s.dims.priority ?? null,
    owner,
    acknowledged,
    newlyEscalated: shown.some((a) => isSince(a.escalatedAt, since, asOf)),
    marks,
  };
}

function byOwner(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return byCodePoint(a, b);
}

function inReadingOrder(a: Standing, b: Standing): number {
  const bySection = SECTIONS.indexOf(a.section) - SECTIONS.indexOf(b.section);
  if (bySection !== 0) return bySection;
  const elsewhere =
    a.section === 'escalated_elsewhere'
      ? trueFirst(a.newlyEscalated, b.newlyEscalated) || byOwner(a.owner, b.owner)
      : 0;
  const due = (x: Standing) => x.dueAt ?? Number.MAX_SAFE_INTEGER; // none: last
  return (
    elsewhere ||
    PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
    trueFirst(!a.acknowledged, !b.acknowledged) ||
    due(a) - due(b) ||
    byCodePoint(a.course.id, b.course.id)
  );
}

/** Every referral that stands in a digest, in reading order. @param stoodAsBreached in the reader's last digest */
export function standings(courses: Course[], stoodAsBreached: (id: string) => boolean, reading: Reading): Standing[] {
  return courses.flatMap((course) => standing(course, stoodAsBreached(course.id), reading) ?? []).sort(inReadingOrder);
}
