import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newcombe, type Proportion, wilson } from '../../../../shared/domain/statistics/proportions.ts';

const RUNS = { numRuns: 2_000 };
const FOUR_DIGITS = 4;

const shares: fc.Arbitrary<Proportion> = fc
  .oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1_000_000 }))
  .chain((n) => fc.record({ x: fc.integer({ min: 0, max: n }), n: fc.constant(n) }));

describe('Wilson’s interval', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i/%i is [%f, %f], as in Newcombe 1998, Stat Med 17:857-872, table I, method 3', (x, n, lo, hi) => {
    expect(wilson(x, n)[0]).toBeCloseTo(lo, FOUR_DIGITS);
    expect(wilson(x, n)[1]).toBeCloseTo(hi, FOUR_DIGITS);
  });

  it('contains the estimate and lies in [0, 1]', () => {
    const property = fc.property(shares, ({ x, n }) => {
      const [lo, hi] = wilson(x, n);
      expect(lo).toBeGreaterThanOrEqual(0);
      expect(lo).toBeLessThanOrEqual(x / n);
      expect(hi).toBeGreaterThanOrEqual(x / n);
      expect(hi).toBeLessThanOrEqual(1);
    });
    fc.assert(property, RUNS);
  });

  it('has its limits 1.959964 standard errors from the estimate: it inverts the score test', () => {
    const property = fc.property(shares, ({ x, n }) => {
      for (const limit of wilson(x, n)) {
        if (limit === 0 || limit === 1) continue;
        const standardError = Math.sqrt((limit * (1 - limit)) / n);
        expect(Math.abs(x / n - limit) / standardError).toBeCloseTo(1.959964, 6);
      }
    });
    fc.assert(property, RUNS);
  });

  it('for the members without the property is the mirror image', () => {
    const property = fc.property(shares, ({ x, n }) => {
      expect(wilson(n - x, n)[0]).toBeCloseTo(1 - wilson(x, n)[1], 12);
    });
    fc.assert(property, RUNS);
  });
});

describe('Newcombe’s interval', () => {
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i/%i - %i/%i is as in Newcombe 1998, Stat Med 17:873-890, table II, method 10', (x, n, y, m, lo, hi) => {
    const [low, high] = newcombe({ x, n }, { x: y, n: m }) ?? [];
    expect(low).toBeCloseTo(lo, FOUR_DIGITS);
    expect(high).toBeCloseTo(hi, FOUR_DIGITS);
  });

  it('is null if either has no members', () => {
    expect(newcombe({ x: 0, n: 0 }, { x: 1, n: 2 })).toBeNull();
    expect(newcombe({ x: 1, n: 2 }, { x: 0, n: 0 })).toBeNull();
  });

  it('contains the difference and lies in [-1, 1]', () => {
    const property = fc.property(shares, shares, (a, b) => {
      const [lo, hi] = newcombe(a, b) ?? [Number.NaN, Number.NaN];
      const difference = a.x / a.n - b.x / b.n;
      expect(lo).toBeLessThanOrEqual(difference);
      expect(hi).toBeGreaterThanOrEqual(difference);
      expect(lo).toBeGreaterThanOrEqual(-1 - 1e-12);
      expect(hi).toBeLessThanOrEqual(1 + 1e-12);
    });
    fc.assert(property, RUNS);
  });

  it('for b - a is that for a - b reversed', () => {
    const property = fc.property(shares, shares, (a, b) => {
      const [lo, hi] = newcombe(a, b) ?? [Number.NaN, Number.NaN];
      const [low, high] = newcombe(b, a) ?? [Number.NaN, Number.NaN];
      expect(lo).toBeCloseTo(-high, 12);
      expect(hi).toBeCloseTo(-low, 12);
    });
    fc.assert(property, RUNS);
  });
});
