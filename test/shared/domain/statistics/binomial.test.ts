import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTail } from '../../../../shared/domain/statistics/binomial.ts';

/** P(X <= x) for X ~ Bin(n, a / b), summed as whole numbers over b^n; only the last division rounds. */
function exactTail(x: number, n: number, a: number, b: number): number {
  let choices = 1n;
  let sum = 0n;
  for (let k = 0; k <= Math.min(x, n); k += 1) {
    sum += choices * BigInt(a) ** BigInt(k) * BigInt(b - a) ** BigInt(n - k);
    choices = (choices * BigInt(n - k)) / BigInt(k + 1);
  }
  const scale = 2n ** 1_000n;
  return Number((sum * scale) / BigInt(b) ** BigInt(n)) / 2 ** 1_000;
}

function expectRelative(value: number, wanted: number, tolerance: number): void {
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(tolerance * wanted);
}

describe('The lower tail of the binomial distribution', () => {
  it.each([
    [0.05, [0.7738, 0.9774, 0.9988, 1, 1]],
    [0.1, [0.5905, 0.9185, 0.9914, 0.9995, 1]],
    [0.2, [0.3277, 0.7373, 0.9421, 0.9933, 0.9997]],
    [0.25, [0.2373, 0.6328, 0.8965, 0.9844, 0.999]],
    [0.35, [0.116, 0.4284, 0.7648, 0.946, 0.9947]],
    [0.5, [0.0312, 0.1875, 0.5, 0.8125, 0.9688]],
  ])('of 5 trials at %f is as in Edexcel’s Mathematical Formulae and Statistical Tables', (p, row) => {
    // The table cuts 0.03125 down.
    row.forEach((tail, x) => {
      expect(Math.abs(binomialTail(x, 5, p) - tail)).toBeLessThanOrEqual(0.5001e-4);
    });
  });

  it.each([
    [0, 0.00605],
    [1, 0.04636],
    [2, 0.16729],
    [3, 0.38228],
    [4, 0.6331],
  ])('of at most %i of 10 at 0.4 is %f, as in the binomial tables at statskey.com, table 7.3', (x, tail) => {
    expect(binomialTail(x, 10, 0.4)).toBeCloseTo(tail, 5);
  });

  // Sums of all terms with 60 digits, by mpmath 1.4.
  it.each([
    [0, 100_000, 1e-4, 4.537723395896115e-5],
    [100, 100_000, 0.0015, 8.933649600905745e-6],
    [23_000, 100_000, 56 / 238, 3.863446098098256e-5],
    [23_600, 100_000, 56 / 238, 0.7020948080652489],
    [49_000, 100_000, 0.5, 1.294358019173449e-10],
    [90_000, 100_000, 0.9, 0.5015419129006683],
    [2, 1_000, 0.25, 6.42931533221763e-121],
  ])('of at most %i of %i at %f is exact to ten digits', (x, n, p, tail) => {
    expectRelative(binomialTail(x, n, p), tail, 1e-10);
  });

  it('is what adding up whole numbers says', () => {
    const cases = fc
      .record({ n: fc.integer({ min: 0, max: 120 }), b: fc.integer({ min: 2, max: 40 }) })
      .chain(({ n, b }) =>
        fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n), fc.integer({ max: b - 1, min: 1 }), fc.constant(b)),
      );
    const property = fc.property(cases, ([x, n, a, b]) => {
      expectRelative(binomialTail(x, n, a / b), exactTail(x, n, a, b), 1e-12);
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  const trials = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 100_000 }));
  const probabilities = fc.double({ min: 0, max: 1, noNaN: true });

  it('is 1 for all trials and 0 for less than none', () => {
    const property = fc.property(trials, probabilities, (n, p) => {
      expect(binomialTail(n, n, p)).toBe(1);
      expect(binomialTail(-1, n, p)).toBe(0);
    });
    fc.assert(property);
  });

  it('never falls as more successes are allowed, and stays within [0, 1]', () => {
    const property = fc.property(trials, probabilities, fc.nat(), (n, p, seed) => {
      const x = seed % (n + 1);
      const tail = binomialTail(x, n, p);
      expect(tail).toBeGreaterThanOrEqual(0);
      expect(tail).toBeLessThanOrEqual(1);
      expect(binomialTail(x + 1, n, p)).toBeGreaterThanOrEqual(tail * (1 - 1e-10));
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('and the tail on the other side make 1', () => {
    const property = fc.property(trials, probabilities, fc.nat(), (n, p, seed) => {
      const x = seed % (n + 1);
      expect(binomialTail(x, n, p) + binomialTail(n - x - 1, n, 1 - p)).toBeCloseTo(1, 9);
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
