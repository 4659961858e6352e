import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { byCodePoint } from '../code-point.ts';
import { binomialTail } from '../statistics/binomial.ts';
import { isWithin, type Span } from '../time/span.ts';

/** A practice that sent a referral in the last 60 days is active, however often it used to send. */
const ACTIVE_DAYS = 60;
/** A practice is inactive once its silence is longer than this many of its usual gaps. */
const USUAL_GAPS = 3;
/** A usual gap needs at least this many referrals, within this many days up to and including the last. */
const USUAL_REFERRALS = 4;
const USUAL_DAYS = 365;

const RECENT_DAYS = 56;
const BEFORE_DAYS = 182;
const MIN_EXPECTED = 5;
const MAX_SHARE = 0.6;
/** Neither half of the recent days may have more than half of that: one bad month isn't a decline. */
const MAX_SHARE_OF_HALF = 0.3;
const MAX_CHANCE = 0.005;

/** How far a practice's referrals have fallen. */
export interface Decline {
  /** Referrals in the last 56 days. */
  observed: number;
  /** Referrals expected in 56 days, from the 182 days before them. */
  expected: number;
  /** Chance of at most this many in the last 56 of the 238 days if nothing had changed: the binomial lower tail. */
  p: number;
}

/** Which referring practices are new, inactive, declining or reactivated. Ids are sorted by code point. */
export interface PracticeActivity {
  new: string[];
  /** How many practices sent something in the last 60 days. */
  active: number;
  inactive: string[];
  declining: ({ practiceId: string } & Decline)[];
  reactivated: string[];
}

/**
 * The activity of referring practices, by docs/domain.md#9-32 and what follows. Windows of days are
 * 24 h each back from `asOf`, start inclusive, end exclusive; referrals received at `asOf` or later don't count.
 * @param practices each practice once, with when its referrals were received: epoch milliseconds, in any order
 * @param period the report's own period [from, to), and its `asOf`
 */
export function practiceActivity(
  practices: Iterable<readonly [practiceId: string, receivedAt: readonly number[] | Float64Array]>,
  { asOf, ...period }: Span & { asOf: Instant },
): PracticeActivity {
  const activity: PracticeActivity = { new: [], active: 0, inactive: [], declining: [], reactivated: [] };
  for (const [practiceId, receivedAt] of practices) {
    const all = new Float64Array(receivedAt).sort();
    const received = all.subarray(0, countBefore(all, asOf));
    const first = received.at(0);
    const last = received.at(-1);
    if (first === undefined || last === undefined) continue;
    if (isWithin(first, period)) activity.new.push(practiceId);
    if (last >= asOf - ACTIVE_DAYS * DAY_MS) activity.active += 1;
    if (isInactive(received, asOf)) activity.inactive.push(practiceId);
    if (isReactivated(received, period)) activity.reactivated.push(practiceId);
    const decline = declineOf(received, asOf);
    if (decline) activity.declining.push({ practiceId, ...decline });
  }
  activity.new.sort(byCodePoint);
  activity.inactive.sort(byCodePoint);
  activity.reactivated.sort(byCodePoint);
  activity.declining.sort((a, b) => byCodePoint(a.practiceId, b.practiceId));
  return activity;
}

/**
 * The decline of one practice as of `asOf`. Null if it isn't declining: too few referrals were expected, too many came in
 * the whole time or in either half, or chance may explain it.
 * @param received when its referrals were received: epoch milliseconds, ascending
 */
export function declineOf(received: Float64Array, asOf: Instant): Decline | null {
  const daysAgo = (days: number): number => countBefore(received, asOf - days * DAY_MS);
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
function isInactive(received: Float64Array, instant: Instant): boolean {
  const last = received.at(-1);
  if (last === undefined) return false;
  const silence = instant - last;
  // Most practices are decided here, without a look at their gaps.
  if (silence <= ACTIVE_DAYS * DAY_MS) return false;
  const usual = received.subarray(countBefore(received, last - USUAL_DAYS * DAY_MS));
  return usual.length >= USUAL_REFERRALS && silence > USUAL_GAPS * medianGap(usual);
}

/** Whether the practice was inactive just before one of its referrals in the period. */
function isReactivated(received: Float64Array, { from, to }: Span): boolean {
  const end = countBefore(received, to);
  for (let index = countBefore(received, from); index < end; index += 1) {
    if (isInactive(received.subarray(0, index), received[index] ?? 0)) return true;
  }
  return false;
}

/** The median gap between neighbours; the mean of the middle two if there is an even number of gaps. */
function medianGap(received: Float64Array): number {
  const gaps = received.subarray(1).map((instant, index) => instant - (received[index] ?? 0));
  gaps.sort();
  const middle = gaps.length >> 1;
  const upper = gaps[middle] ?? 0;
  return gaps.length % 2 === 1 ? upper : ((gaps[middle - 1] ?? 0) + upper) / 2;
}

/** How many of the ascending instants lie before `instant`. */
function countBefore(ascending: Float64Array, instant: Instant): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
