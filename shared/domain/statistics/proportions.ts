/** A sample: `x` of `n` members have a property. Whole numbers, 0 <= x <= n. */
export interface Proportion {
  x: number;
  n: number;
}

/** The normal distribution's 97.5th percentile: two-sided 95%. */
const Z = 1.959964;

/**
 * Wilson's 95% score interval for a proportion, without continuity correction (Wilson 1927, J Am Stat Assoc
 * 22:209-212; method 3 of Newcombe 1998, Stat Med 17:857-872).
 * @param x how many members have the property, 0 <= x <= n
 * @param n how many members there are, more than 0
 * @returns lower and upper limit, in [0, 1]
 */
export function wilson(x: number, n: number): [lo: number, hi: number] {
  const scale = 2 * (n + Z * Z);
  const centre = (2 * x + Z * Z) / scale;
  const reach = (Z * Math.sqrt(Z * Z + (4 * x * (n - x)) / n)) / scale;
  // At 0 and at n the limit is the estimate itself, which rounding would miss slightly.
  return [x === 0 ? 0 : centre - reach, x === n ? 1 : centre + reach];
}

/**
 * Newcombe's 95% hybrid score interval for the difference of two independent proportions a - b, without continuity
 * correction (method 10 of Newcombe 1998, Stat Med 17:873-890): each limit is the root of the sum of the squared distances
 * to the two Wilson limits on its side.
 * @returns lower and upper limit in [-1, 1]; null if either has no members
 */
export function newcombe(a: Proportion, b: Proportion): [lo: number, hi: number] | null {
  if (a.n === 0 || b.n === 0) return null;
  const estimateA = a.x / a.n;
  const estimateB = b.x / b.n;
  const [lowA, highA] = wilson(a.x, a.n);
  const [lowB, highB] = wilson(b.x, b.n);
  const difference = estimateA - estimateB;
  return [
    difference - Math.hypot(estimateA - lowA, highB - estimateB),
    difference + Math.hypot(highA - estimateA, estimateB - lowB),
  ];
}
