// Oracle, part 10: figures of whole referrals (docs/domain.md#9-9): backlog, incidence, funnel, no-shows, leakage, CMS50.

import { stops } from './clocks.ts';
import { REASON_CLASS } from './intake.ts';
import { countBy, daysBack, overdue, type Referral, within } from './report-clocks.ts';
import { type Span, yearAround } from './report-periods.ts';
import { type Course, incidenceBy, rate } from './report-statistics.ts';
import { DAY, iso, localDay, parseInstant, toInstant } from './time.ts';

const OPEN_STAGES = ['to_contact', 'to_schedule', 'declined', 'to_rebook', 'to_close', 'scheduled', 'awaiting_note'];
const LEAKAGE = ['competitive', 'patient', 'access', 'coverage', 'provider'];
const AGES: [string, number][] = [
  ['0-7', 7],
  ['8-14', 14],
  ['15-28', 28],
  ['29-60', 60],
  ['over60', Infinity],
];
const BY_DAYS = [7, 14, 28, 60, 90];

const classOf = ({ s }: Referral): string | null =>
  s.end === null || s.end.cancelled ? null : (REASON_CLASS[s.end.reason] as string);
const cohort = (referrals: Referral[], asOf: number): Referral[] =>
  referrals.filter((r) => within(r.receivedAt, daysBack(asOf, 180, 90)));

export function backlog(referrals: Referral[], asOf: number) {
  const open = referrals.filter((r) => r.s.open);
  const byStage = Object.fromEntries(
    OPEN_STAGES.map((stage) => [stage, open.filter((r) => r.s.stage === stage).length]),
  );
  const ageOf = (r: Referral) => Math.floor((asOf - r.receivedAt) / DAY);
  const bucketOf = (r: Referral) => AGES.find(([, most]) => ageOf(r) <= most)?.[0] as string;
  const byAge = Object.fromEntries(AGES.map(([name]) => [name, open.filter((r) => bucketOf(r) === name).length]));
  const oldest = open.length === 0 ? null : Math.min(...open.map((r) => r.receivedAt));
  return { open: open.length, byStage, byAge, overdue: overdue(referrals, asOf), oldest: iso(oldest) };
}

/** What came first for a referral: booked or seen, leaked, or another end. If nothing came, `asOf` censors. */
function courseOf(r: Referral, asOf: number): Course {
  const booked = r.s.bookedOrSeenAt ?? Infinity;
  const ended = r.s.end === null ? Infinity : r.s.end.time;
  const leaks = LEAKAGE.includes(classOf(r) ?? '');
  if (booked !== Infinity && booked <= ended) return { time: booked - r.receivedAt, event: 'booked' };
  if (leaks) return { time: ended - r.receivedAt, event: 'leaked' };
  return { time: Math.min(ended, asOf) - r.receivedAt, event: null };
}

export function incidence(referrals: Referral[], asOf: number) {
  const ours = referrals.filter((r) => within(r.receivedAt, daysBack(asOf, 180)));
  const courses = ours.map((r) => courseOf(r, asOf));
  // one of them, at least, has been followed to that day
  const followed = (d: number) => ours.some((r) => r.receivedAt <= asOf - d * DAY);
  const by = (event: 'booked' | 'leaked') =>
    Object.fromEntries(BY_DAYS.map((d) => [d, followed(d) ? incidenceBy(courses, event, d * DAY) : null]));
  return { scheduled: by('booked'), leaked: by('leaked') };
}

export function funnel(referrals: Referral[], asOf: number) {
  const ours = cohort(referrals, asOf);
  return {
    received: ours.length,
    reached: ours.filter(({ s }) => s.facts.some((e) => stops('reached', e))).length,
    scheduled: ours.filter((r) => r.s.bookedOrSeenAt !== null).length,
    seen: ours.filter((r) => r.s.seenAt !== null).length,
    noteReceived: ours.filter((r) => r.s.notedAt !== null).length,
  };
}

export function loopClosure(referrals: Referral[], asOf: number) {
  const { received, noteReceived } = funnel(referrals, asOf);
  return { n: noteReceived, d: received };
}

export function noShow(referrals: Referral[], period: Span) {
  const inPeriod = (startsOf: (r: Referral) => number[]) =>
    referrals.flatMap(startsOf).filter((startsAt) => within(startsAt, period)).length;
  const noShows = inPeriod(({ s }) => s.missedStarts.filter((start) => start.counts).map((start) => start.startsAt));
  const completed = inPeriod(({ s }) => s.completedStarts);
  const unknown = inPeriod(({ s }) => s.unknownStarts);
  return { noShows, completed, unknown, rate: rate(noShows, noShows + completed) };
}

export function leakage(referrals: Referral[], asOf: number) {
  const counted = cohort(referrals, asOf).filter(
    (r) => !r.s.end?.cancelled && !['other care', 'exclusion'].includes(classOf(r) ?? ''),
  );
  const wasSeen = (r: Referral) => r.s.seenAt !== null || r.s.notedAt !== null;
  const leaked = counted.filter((r) => !wasSeen(r) && LEAKAGE.includes(classOf(r) ?? ''));
  const known = counted.filter((r) => wasSeen(r) || ['completed', 'competitive'].includes(classOf(r) ?? ''));
  const elsewhere = known.filter((r) => !wasSeen(r) && classOf(r) === 'competitive');
  return {
    broad: { n: leaked.length, d: counted.length },
    network: { n: elsewhere.length, d: known.length, known: rate(known.length, counted.length) },
    byReason: countBy(leaked, (r) => r.s.end?.reason),
    expiredAdmin: counted.filter((r) => classOf(r) === 'administrative').length,
  };
}

export function adminClosure(referrals: Referral[], period: Span) {
  const closed = referrals.filter(({ s }) => s.end !== null && !s.end.cancelled && within(s.end.time, period));
  const unproven = closed.filter((r) => {
    const evidence = r.s.end?.evidence ?? '';
    const none = evidence === '' || (Array.isArray(evidence) && evidence.length === 0);
    return none || classOf(r) === 'administrative';
  });
  return { n: unproven.length, d: closed.length };
}

function orderedAt(r: Referral, zone: string): number {
  const text = r.s.dims.orderedAt;
  // a date alone is the start of that day
  const day = /^\d{4}-\d\d-\d\d$/.test(text ?? '') ? parseInstant(`${text}T00:00:00Z`) : null;
  if (day !== null) return toInstant(zone, localDay('UTC', day), 0);
  return parseInstant(text) ?? r.receivedAt;
}

/** @param period the year is that in which it begins */
export function cms50(referrals: Referral[], period: Span, zone: string, asOf: number) {
  const { start, november, next } = yearAround(zone, period.from);
  const hasNote = ({ s }: Referral) => s.noteTimes.some((t) => start <= t && t < next && t <= asOf);
  const eligible = referrals
    .filter((r) => !r.s.end?.cancelled && classOf(r) !== 'exclusion')
    .filter((r) => within(orderedAt(r, zone), { from: start, to: november }));
  const patients = Map.groupBy(
    eligible.filter((r) => r.s.dims.patient?.id),
    (r) => r.s.dims.patient.id as string,
  );
  const closed = [...patients.values()].filter((own) => {
    const first = Math.min(...own.map((r) => orderedAt(r, zone)));
    return own.some((r) => orderedAt(r, zone) === first && hasNote(r));
  });
  return { n: closed.length, d: patients.size };
}
