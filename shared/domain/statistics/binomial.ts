/** Terms below this fraction of a sum are left out: they no longer change its 53 bits. */
const NEGLIGIBLE = 2 ** -60;

/**
 * The exact lower tail P(X <= x) of X ~ Bin(n, p), for n up to 100,000 and beyond: one term is computed in logarithms,
 * the others follow from it by the ratio of neighbours, the largest first, so that nothing underflows on the way.
 * @param x successes, a whole number; below 0 the tail is 0, from n on it is 1
 * @param n trials, a whole number from 0
 * @param p probability of a success, 0 to 1
 */
export function binomialTail(x: number, n: number, p: number): number {
  if (x < 0) return 0;
  if (x >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  const odds = p / (1 - p);
  const top = Math.min(x, Math.floor((n + 1) * p));
  // In units of the largest term, which is the one at `top`.
  let sum = 1;
  let term = 1;
  for (let k = top; k > 0 && term > sum * NEGLIGIBLE; k -= 1) {
    term *= k / ((n - k + 1) * odds);
    sum += term;
  }
  term = 1;
  for (let k = top; k < x && term > sum * NEGLIGIBLE; k += 1) {
    term *= ((n - k) * odds) / (k + 1);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(logTerm(top, n, p)));
}

/**
 * ln P(X = k) for X ~ Bin(n, p), by the saddle-point form (Loader 2000, "Fast and accurate computation of binomial
 * probabilities"): Stirling's errors and two deviances are small numbers, where the logarithms of the factorials would be
 * large ones that cancel.
 * @param k 0 to n - 1
 * @param p more than 0 and less than 1
 */
function logTerm(k: number, n: number, p: number): number {
  if (k === 0) return n * Math.log1p(-p);
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * p) -
    deviance(n - k, n * (1 - p)) +
    Math.log(n / (2 * Math.PI * k * (n - k))) / 2
  );
}

/** k ln(k / expected) + expected - k: 0 if they are equal, else positive. Both are more than 0. */
function deviance(k: number, expected: number): number {
  const excess = (k - expected) / expected;
  return expected * ((1 + excess) * Math.log1p(excess) - excess);
}

/**
 * ln k! less Stirling's approximation (k + 1/2) ln k - k + ln(2 pi) / 2, to 15 digits.
 * @param k a whole number from 1
 */
function stirlingError(k: number): number {
  if (k > 15) {
    const square = k * k;
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / k;
  }
  let factorial = 1;
  for (let factor = 2; factor <= k; factor += 1) factorial *= factor;
  return Math.log(factorial) - (k + 0.5) * Math.log(k) + k - Math.log(2 * Math.PI) / 2;
}
