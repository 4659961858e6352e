import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { byCodePoint } from '../code-point.ts';
import { binomialTail } from '../statistics/binomial.ts';

/** Days without a referral up to which a practice is active, however often it used to send. */
const ACTIVE_DAYS = 60;
/** A practice is inactive once its silence is longer than this many of its usual gaps. */
const USUAL_GAPS = 3;
/** What is usual is told by this many referrals at least, in so many days up to and including the last. */
const USUAL_REFERRALS = 4;
const USUAL_DAYS = 365;

const RECENT_DAYS = 56;
const BEFORE_DAYS = 182;
const MIN_EXPECTED = 5;
const MAX_SHARE = 0.6;
/** Each half of the recent days may have half of that: one bad month isn't a decline. */
const MAX_SHARE_OF_HALF = 0.3;
const MAX_CHANCE = 0.005;

/** The instants of a report: `asOf`, and its week [from, to). Epoch milliseconds. */
export interface ActivityWindow {
  asOf: Instant;
  from: Instant;
  to: Instant;
}

/** How far a practice's referrals have fallen. */
export interface Decline {
  /** Referrals in the last 56 days. */
  observed: number;
  /** What the 182 days before them let expect for 56. */
  expected: number;
  /** Chance of so few in the last 56 of the 238 days, had nothing changed: the binomial lower tail. */
  p: number;
}

/** Which referring practices are new, fewer, gone or back. Ids are sorted by code point. */
export interface PracticeActivity {
  new: string[];
  /** How many practices sent something in the last 60 days. */
  active: number;
  inactive: string[];
  declining: ({ practiceId: string } & Decline)[];
  reactivated: string[];
}

/**
 * What the referring practices do, by the rules of the domain contract (section 9, "sources"). Windows of days are 24 h
 * each back from `asOf`, start inclusive, end exclusive; what came at `asOf` or later plays no part.
 * @param practices per practice, each once, when its referrals were received: epoch milliseconds, in any order
 */
export function practiceActivity(
  practices: Iterable<readonly [practiceId: string, receivedAt: readonly number[] | Float64Array]>,
  { asOf, from, to }: ActivityWindow,
): PracticeActivity {
  const activity: PracticeActivity = { new: [], active: 0, inactive: [], declining: [], reactivated: [] };
  for (const [practiceId, receivedAt] of practices) {
    const all = new Float64Array(receivedAt).sort();
    const times = all.subarray(0, countBefore(all, asOf));
    const first = times.at(0);
    const last = times.at(-1);
    if (first === undefined || last === undefined) continue;
    if (first >= from && first < to) activity.new.push(practiceId);
    if (last >= asOf - ACTIVE_DAYS * DAY_MS) activity.active += 1;
    if (isInactive(times, asOf)) activity.inactive.push(practiceId);
    if (isReactivated(times, from, to)) activity.reactivated.push(practiceId);
    const declined = decline(times, asOf);
    if (declined) activity.declining.push({ practiceId, ...declined });
  }
  activity.new.sort(byCodePoint);
  activity.inactive.sort(byCodePoint);
  activity.reactivated.sort(byCodePoint);
  activity.declining.sort((a, b) => byCodePoint(a.practiceId, b.practiceId));
  return activity;
}

/**
 * The decline of one practice as of `asOf`; null where it isn't declining: too little to go by, not few enough in all or
 * in either half, or well within chance.
 * @param times epoch milliseconds, ascending
 */
export function decline(times: Float64Array, asOf: Instant): Decline | null {
  const daysAgo = (days: number): number => countBefore(times, asOf - days * DAY_MS);
  const recentFrom = daysAgo(RECENT_DAYS);
  const halfway = daysAgo(RECENT_DAYS / 2);
  const end = daysAgo(0);
  const observed = end - recentFrom;
  const before = recentFrom - daysAgo(RECENT_DAYS + BEFORE_DAYS);
  const expected = (before * RECENT_DAYS) / BEFORE_DAYS;
  if (expected < MIN_EXPECTED || observed > MAX_SHARE * expected) return null;
  if (Math.max(halfway - recentFrom, end - halfway) > MAX_SHARE_OF_HALF * expected) return null;
  const p = binomialTail(observed, observed + before, RECENT_DAYS / (RECENT_DAYS + BEFORE_DAYS));
  return p < MAX_CHANCE ? { observed, expected, p } : null;
}

/**
 * Whether a practice with these referrals, ascending and all before `instant`, has been silent for longer than is usual
 * for it.
 */
function isInactive(times: Float64Array, instant: Instant): boolean {
  const last = times.at(-1);
  if (last === undefined) return false;
  const silence = instant - last;
  // Most practices end here, without their gaps being looked at.
  if (silence <= ACTIVE_DAYS * DAY_MS) return false;
  const usual = times.subarray(countBefore(times, last - USUAL_DAYS * DAY_MS));
  return usual.length >= USUAL_REFERRALS && silence > USUAL_GAPS * medianGap(usual);
}

/** Whether some referral in [from, to) came to a practice that was inactive just before it. */
function isReactivated(times: Float64Array, from: Instant, to: Instant): boolean {
  const end = countBefore(times, to);
  for (let index = countBefore(times, from); index < end; index += 1) {
    if (isInactive(times.subarray(0, index), times[index] ?? 0)) return true;
  }
  return false;
}

/** The median distance between neighbours; of an even number of distances the mean of the middle two. */
function medianGap(times: Float64Array): number {
  const gaps = times.subarray(1).map((time, index) => time - (times[index] ?? 0));
  gaps.sort();
  const middle = gaps.length >> 1;
  const upper = gaps[middle] ?? 0;
  return gaps.length % 2 === 1 ? upper : ((gaps[middle - 1] ?? 0) + upper) / 2;
}

/** How many of the ascending times lie before `instant`. */
function countBefore(times: Float64Array, instant: Instant): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
