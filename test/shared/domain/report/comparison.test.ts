import { describe, expect, it } from 'vitest';
import { comparison } from '../../../../shared/domain/report/comparison.ts';

describe('A week beside the weeks before', () => {
  it('is flagged when Newcombe’s interval excludes 0, on either side', () => {
    // The interval of table II (a) of Newcombe 1998, and the same turned round.
    const better = comparison({ x: 56, n: 70 }, { x: 48, n: 80 });
    const worse = comparison({ x: 48, n: 80 }, { x: 56, n: 70 });
    expect(better.interval?.map((limit) => Number(limit.toFixed(4)))).toEqual([0.0524, 0.3339]);
    expect(worse.interval?.map((limit) => Number(limit.toFixed(4)))).toEqual([-0.3339, -0.0524]);
    expect([better.flagged, worse.flagged]).toEqual([true, true]);
  });

  it('is not flagged when it contains 0, or ends there', () => {
    expect(comparison({ x: 5, n: 56 }, { x: 0, n: 29 }).flagged).toBe(false);
    const equal = comparison({ x: 10, n: 10 }, { x: 10, n: 10 });
    expect(equal.interval?.[0]).toBeLessThan(0);
    expect(equal.flagged).toBe(false);
  });

  it.each([
    [10, 10, true],
    [9, 10, false],
    [10, 9, false],
  ])('with %i members against %i is flagged: %s', (week, before, flagged) => {
    expect(comparison({ x: week, n: week }, { x: 0, n: before }).flagged).toBe(flagged);
  });

  it('has no interval and no flag if either has no members', () => {
    expect(comparison({ x: 0, n: 0 }, { x: 80, n: 100 })).toEqual({ interval: null, flagged: false });
    expect(comparison({ x: 80, n: 100 }, { x: 0, n: 0 })).toEqual({ interval: null, flagged: false });
  });
});
