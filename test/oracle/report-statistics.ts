// Oracle, part 8: the statistics of docs/domain.md#9, each as its textbook has it. Slow, exact where that is possible.

export type Lifetime = { time: number; event: boolean };
export type Course = { time: number; event: 'booked' | 'leaked' | null };

const Z = 1.959964;
const TOLERANCE = 1e-9;

const distinct = (times: number[]): number[] => [...new Set(times)].sort((a, b) => a - b);

export const rate = (n: number, d: number): number | null => (d === 0 ? null : n / d);

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const at = (i: number) => sorted[i] as number;
  return Number.isInteger(half) ? (at(half - 1) + at(half)) / 2 : at(Math.floor(half));
}

/** Kaplan-Meier: the smallest event time at which no more than `share` survive, or null. */
export function timeUntilShare(lifetimes: Lifetime[], share: number): number | null {
  let surviving = 1;
  for (const t of distinct(lifetimes.filter((l) => l.event).map((l) => l.time))) {
    // a case censored at t is still at risk at t: stops come before censorings
    const atRisk = lifetimes.filter((l) => l.time >= t).length;
    const stopped = lifetimes.filter((l) => l.event && l.time === t).length;
    surviving *= 1 - stopped / atRisk;
    if (surviving <= share + TOLERANCE) return t;
  }
  return null;
}

/** Aalen-Johansen: the cumulative incidence of one event by a time, inclusive, the other one competing. */
export function incidenceBy(courses: Course[], event: 'booked' | 'leaked', by: number): number {
  let untouched = 1,
    incidence = 0;
  for (const t of distinct(courses.filter((c) => c.event !== null).map((c) => c.time))) {
    if (t > by) break;
    const atRisk = courses.filter((c) => c.time >= t).length;
    const now = courses.filter((c) => c.event !== null && c.time === t);
    incidence += (untouched * now.filter((c) => c.event === event).length) / atRisk;
    untouched *= 1 - now.length / atRisk;
  }
  return incidence;
}

function wilson(k: number, n: number): { low: number; high: number } {
  const p = k / n;
  const middle = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const reach = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return { low: middle - reach, high: middle + reach };
}

/** Newcombe's hybrid score interval for k1/n1 - k2/n2. */
export function newcombe(k1: number, n1: number, k2: number, n2: number): [number, number] | null {
  if (n1 === 0 || n2 === 0) return null;
  const p1 = k1 / n1,
    p2 = k2 / n2;
  const w1 = wilson(k1, n1),
    w2 = wilson(k2, n2);
  return [
    p1 - p2 - Math.sqrt((p1 - w1.low) ** 2 + (w2.high - p2) ** 2),
    p1 - p2 + Math.sqrt((w1.high - p1) ** 2 + (p2 - w2.low) ** 2),
  ];
}

/** P(X <= x) for n trials with the chance a/b, as a fraction of whole numbers. */
export function binomialTail(x: number, n: number, a: bigint, b: bigint): { top: bigint; bottom: bigint } {
  let top = 0n,
    ways = 1n; // n over k
  for (let k = 0; k <= x; k++) {
    top += ways * a ** BigInt(k) * (b - a) ** BigInt(n - k);
    ways = (ways * BigInt(n - k)) / BigInt(k + 1);
  }
  return { top, bottom: b ** BigInt(n) };
}

/** A fraction between 0 and 1 as a number, with all the digits that a number has. */
export function asNumber({ top, bottom }: { top: bigint; bottom: bigint }): number {
  if (top === 0n) return 0;
  let digits = 0;
  while (top * 10n ** BigInt(digits) < bottom * 10n ** 20n) digits++;
  return Number(`${(top * 10n ** BigInt(digits)) / bottom}e-${digits}`);
}
