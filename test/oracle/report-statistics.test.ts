import { describe, expect, it } from 'vitest';
import { npiPasses } from './report-audit.ts';
import { asNumber, binomialTail, incidenceBy, median, newcombe, timeUntilShare } from './report-statistics.ts';

const done = (time: number) => ({ time, event: true });
const censored = (time: number) => ({ time, event: false });

describe('The statistics of the oracle', () => {
  it('find the median remission of 23 weeks in the 6-MP arm of Freireich 1963', () => {
    const weeks = [
      ...[6, 6, 6, 7, 10, 13, 16, 22, 23].map(done),
      ...[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(censored),
    ];
    // S as printed in every textbook: .857 at 6, .807 at 7, .753 at 10, .690 at 13, .627 at 16, .538 at 22, .448 at 23
    expect(timeUntilShare(weeks, 0.5)).toBe(23);
    expect(timeUntilShare(weeks, 0.86)).toBe(6);
    expect(timeUntilShare(weeks, 0.85)).toBe(7);
    expect(timeUntilShare(weeks, 0.63)).toBe(16);
    expect(timeUntilShare(weeks, 0.1)).toBeNull();
  });

  it('take a share that is reached exactly as reached, despite rounding', () => {
    expect(timeUntilShare([1, 2, 3, 4].map(done), 0.5)).toBe(2);
    expect(timeUntilShare([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(done), 0.1)).toBe(9); // 9/10 x 8/9 x ... x 1/2
  });

  it('count a censored case as at risk at its instant, and not after', () => {
    expect(timeUntilShare([done(5), censored(5)], 0.5)).toBe(5); // 1 - 1/2
    expect(timeUntilShare([censored(4), done(5)], 0)).toBe(5); // 1 - 1/1
    expect(timeUntilShare([censored(-1), done(0), done(1)], 0.5)).toBe(0); // censored before the start
  });

  it('divide a cohort between two competing events', () => {
    const courses = [
      { time: 1, event: 'booked' as const },
      { time: 2, event: 'leaked' as const },
      { time: 2, event: 'booked' as const },
      { time: 2, event: null },
      { time: 3, event: 'leaked' as const },
      { time: 4, event: null },
    ];
    // 1: 1/6, leaving 5/6. 2: of five at risk one each, 1/6 and 1/6, leaving 1/2. 3: of two one, 1/4.
    expect(incidenceBy(courses, 'booked', 0)).toBe(0);
    expect(incidenceBy(courses, 'booked', 1)).toBeCloseTo(1 / 6, 12);
    expect(incidenceBy(courses, 'booked', 3)).toBeCloseTo(1 / 3, 12);
    expect(incidenceBy(courses, 'leaked', 2.9)).toBeCloseTo(1 / 6, 12);
    expect(incidenceBy(courses, 'leaked', 90)).toBeCloseTo(5 / 12, 12);
  });

  it("repeat Newcombe's own examples of the hybrid score interval", () => {
    const rounded = (interval: [number, number] | null) => interval?.map((limit) => Number(limit.toFixed(4)));
    // Newcombe 1998, table II, method 10: (a) 56/70 and 48/80, (d) 9/10 and 3/10, (f) 10/10 and 0/20, (h) 10/10 and 0/10
    expect(rounded(newcombe(56, 70, 48, 80))).toEqual([0.0524, 0.3339]);
    expect(rounded(newcombe(9, 10, 3, 10))).toEqual([0.1705, 0.809]);
    expect(rounded(newcombe(10, 10, 0, 20))).toEqual([0.6791, 1]);
    expect(rounded(newcombe(10, 10, 0, 10))).toEqual([0.6075, 1]);
    expect(newcombe(0, 0, 3, 10)).toBeNull();
  });

  it('add up a binomial exactly', () => {
    expect(binomialTail(1, 3, 1n, 2n)).toEqual({ top: 4n, bottom: 8n }); // (1 + 3) / 8
    expect(binomialTail(2, 2, 4n, 17n)).toEqual({ top: 289n, bottom: 289n });
    expect(asNumber(binomialTail(0, 20, 56n, 238n))).toBeCloseTo((13 / 17) ** 20, 15);
    expect(asNumber({ top: 1n, bottom: 3n })).toBe(1 / 3);
    expect(asNumber(binomialTail(0, 300, 1n, 2n)) * 2 ** 300).toBeCloseTo(1, 12);
  });

  it('take the middle, or the middle between the two middle ones', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([9, 1, 4, 6])).toBe(5);
  });

  it('check an NPI by its last digit', () => {
    // CMS's own example: of 123456789 every second digit doubled from the right, 9+8+5+6+1+4+6+2+2 = 43, with 24 for
    // 80840 it is 67, and 3 are missing to 70.
    expect(npiPasses('1234567893')).toBe(true);
    expect(npiPasses('1234567890')).toBe(false);
    expect(npiPasses('123456789')).toBe(false);
    expect(npiPasses(' 1234567893')).toBe(false);
  });
});
