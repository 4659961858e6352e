/** Some of n: `x` of the `n` members have it. Whole numbers, 0 <= x <= n. */
export interface Proportion {
  x: number;
  n: number;
}

/** The normal distribution's 97.5th percentile: two-sided 95%. */
const Z = 1.959964;

/**
 * Wilson's 95% score interval for a proportion, without continuity correction (Wilson 1927, J Am Stat Assoc
 * 22:209-212; method 3 of Newcombe 1998, Stat Med 17:857-872).
 * @param x how many of the n have it, 0 <= x <= n
 * @param n more than 0
 * @returns lower and upper limit, shares in [0, 1]
 */
export function wilson(x: number, n: number): [lo: number, hi: number] {
  const scale = 2 * (n + Z * Z);
  const centre = (2 * x + Z * Z) / scale;
  const reach = (Z * Math.sqrt(Z * Z + (4 * x * (n - x)) / n)) / scale;
  // At both ends the limit is the estimate itself, which rounding would miss by a hair.
  return [x === 0 ? 0 : centre - reach, x === n ? 1 : centre + reach];
}

/**
 * Newcombe's 95% hybrid score interval for the difference of two independent proportions a - b, without continuity
 * correction (method 10 of Newcombe 1998, Stat Med 17:873-890): the distances to the two Wilson limits that lie in the
 * way, squared and added.
 * @returns lower and upper limit in [-1, 1]; null where either has no members
 */
export function newcombe(a: Proportion, b: Proportion): [lo: number, hi: number] | null {
  if (a.n === 0 || b.n === 0) return null;
  const shareA = a.x / a.n;
  const shareB = b.x / b.n;
  const [lowA, highA] = wilson(a.x, a.n);
  const [lowB, highB] = wilson(b.x, b.n);
  const difference = shareA - shareB;
  return [
    difference - Math.hypot(shareA - lowA, highB - shareB),
    difference + Math.hypot(highA - shareA, shareB - lowB),
  ];
}
