import type { Random } from '../local/simulate/random.ts';

/** A waiting time of a Poisson process, in the unit of `mean`. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}

/** A Poisson-distributed count with a given mean. */
export function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let passed = exponential(random, 1); passed < mean; passed += exponential(random, 1)) count += 1;
  return count;
}

/** A binomially distributed count: how many of n trials succeed, each with probability p. */
export function successes(random: Random, n: number, p: number): number {
  let count = 0;
  for (let trial = 0; trial < n; trial += 1) if (random.chance(p)) count += 1;
  return count;
}
