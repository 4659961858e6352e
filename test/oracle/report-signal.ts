// Oracle, part 14: the control chart of a clock (docs/domain.md#9-13). Fractions are compared in whole numbers.

/** A period's clocks: how many were due, without the excluded ones, and how many of these were met. */
export type Count = { met: number; all: number };

const COUNTS_FROM = 10;
const BASELINE = 8;
const SHIFT = 8;
const TREND = 7;

const counts = ({ all }: Count): boolean => all >= COUNTS_FROM;

/** Negative, 0 or positive, as the share of `a` is lower than, equal to or higher than that of `b`. */
function compared(a: Count, b: Count): number {
  return Math.sign(a.met * b.all - b.met * a.all);
}

/** Is the period beyond the limits around `centre`, and on which side? 0 if it isn't. */
function beyond({ met, all }: Count, centre: Count): number {
  // c = (met + 1/2) / (all + 1) = top / bottom
  const [top, bottom] = [2n * BigInt(centre.met) + 1n, 2n * BigInt(centre.all) + 2n];
  const [m, n] = [BigInt(met), BigInt(all)];
  const away = m * bottom - n * top; // (m - c n), times bottom
  const far = away < 0n ? -away : away;
  // |m/n - c| > 3 sqrt(c (1 - c) / n), squared and times (n x bottom)^2
  const outside = away * away > 9n * n * top * (bottom - top);
  if (!outside || far < 3n * bottom) return 0;
  return away < 0n ? -1 : 1;
}

/**
 * @param before the 26 periods before, oldest first
 */
export function signalOf(now: Count, before: Count[]) {
  const counted = before.filter(counts);
  if (counted.length < BASELINE) return { centre: null, limits: null, signal: null };
  const pooled = {
    met: counted.reduce((sum, one) => sum + one.met, 0),
    all: counted.reduce((sum, one) => sum + one.all, 0),
  };
  const centre = pooled.met / pooled.all;
  if (!counts(now)) return { centre, limits: null, signal: null };

  const c = (pooled.met + 0.5) / (pooled.all + 1);
  const reach = 3 * Math.sqrt((c * (1 - c)) / now.all);
  const limits = [Math.max(0, c - reach), Math.min(1, c + reach)];
  return { centre, limits, signal: patternOf(now, counted, pooled) };
}

function patternOf(now: Count, counted: Count[], pooled: Count): string | null {
  const all = [...counted, now];
  const sides = all.slice(-SHIFT).map((one) => compared(one, pooled));
  const steps = all.slice(-TREND).flatMap((one, i, seven) => (i === 0 ? [] : [compared(one, seven[i - 1] as Count)]));
  const far = beyond(now, pooled);
  if (far < 0) return 'below';
  if (far > 0) return 'above';
  if (sides.every((side) => side < 0)) return 'shift_down';
  if (sides.every((side) => side > 0)) return 'shift_up';
  if (steps.every((step) => step < 0)) return 'trend_down';
  if (steps.every((step) => step > 0)) return 'trend_up';
  return null;
}
