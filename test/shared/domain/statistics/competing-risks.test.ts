import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cause, CompetingTimes, type Incidence } from '../../../../shared/domain/statistics/competing-risks.ts';
import { SurvivalTimes } from '../../../../shared/domain/statistics/survival.ts';

type Wait = [time: number, cause: Cause];

function timesOf(waits: readonly Wait[]): CompetingTimes {
  const times = new CompetingTimes();
  for (const [time, cause] of waits) times.add(time, cause);
  return times;
}

const of = (cause: Cause, ...times: number[]): Wait[] => times.map((time) => [time, cause]);

function incidenceAt(waits: readonly Wait[], time: number): Incidence {
  const [incidence] = timesOf(waits).incidenceAt([time]);
  if (!incidence) throw new Error('no members');
  return incidence;
}

/** The first nine of 305 patients, in months: Satagopan et al. 2004, Br J Cancer 91:1229-1235, table 2. */
const BREAST_CANCER = [
  ...of(0, 10, 16, 23, 27),
  ...of(1, 18, 26),
  ...of(null, 7, 14, 24),
  ...of(null, ...Array.from({ length: 296 }, () => 100)),
];

/** 35 patients: Marubini and Valsecchi 1995, Analysing Survival Data from Clinical Trials, table 10.1. */
const TRIAL = [
  ...of(0, 1, 13, 17, 30, 34, 41, 78, 100, 119, 169),
  ...of(1, 1, 6, 8, 13, 13, 15, 33, 37, 44, 45, 63, 80, 89, 89, 91, 132, 144, 171, 183, 240),
  ...of(null, 34, 60, 63, 149, 207),
];

// Few different times, so that there are many ties.
const causes = fc.constantFrom<Cause>(0, 1, null);
const moments = fc.integer({ min: -3, max: 30 });
const waits = fc.array(fc.tuple(moments, causes), { minLength: 1, maxLength: 60 });
const ended = fc.array(fc.tuple(moments, fc.constantFrom<Cause>(0, 1)), { minLength: 1, maxLength: 60 });

describe('The Aalen-Johansen estimate', () => {
  // Per cent. The table's cumulative column adds up rounded steps; the steps themselves have one digit.
  it.each([
    [10, 0.3, 99.7],
    [16, 0.3, 99.3],
    [18, 0, 99],
    [23, 0.3, 98.7],
    [26, 0, 98.3],
    [27, 0.3, 98],
  ])('steps in month %i by %f and leaves %f alive, as in Satagopan et al. 2004, table 2', (month, step, alive) => {
    const incidence = incidenceAt(BREAST_CANCER, month);
    const before = incidenceAt(BREAST_CANCER, month - 1);
    expect(100 * (incidence.first - before.first)).toBeCloseTo(step, 1);
    expect(100 * incidence.eventFree).toBeCloseTo(alive, 1);
  });

  // The data have both events at 1 and at 13, and an event with a censoring at 34 and at 63.
  it.each([
    [1, 0.02857142857142857, 0.02857142857142857],
    [13, 0.05714285714285714, 0.14285714285714285],
    [34, 0.14285714285714288, 0.2],
    [63, 0.17272727272727276, 0.32123758594346835],
    [100, 0.2401986249045073, 0.45618029029793744],
    [169, 0.31441711229946523, 0.5236516424751719],
    [240, 0.31441711229946523, 0.6855828877005348],
  ])(
    'by %i for Marubini and Valsecchi’s 35 is what statsmodels 0.15’s CumIncidenceRight says',
    (time, first, second) => {
      const incidence = incidenceAt(TRIAL, time);
      expect(incidence.first).toBeCloseTo(first, 12);
      expect(incidence.second).toBeCloseTo(second, 12);
    },
  );

  it('is null without members', () => {
    expect(new CompetingTimes().n).toBe(0);
    expect(new CompetingTimes().incidenceAt([1, 2])).toEqual([null, null]);
  });

  it('refuses a time that isn’t a whole number of milliseconds', () => {
    expect(() => new CompetingTimes().add(Number.NaN, 0)).toThrow(RangeError);
    expect(() => new CompetingTimes().add(0.3, null)).toThrow(RangeError);
  });

  it('counts an event at exactly the time asked for, and none a millisecond later', () => {
    const times = timesOf([...of(0, 5), ...of(1, 6)]);
    expect(times.n).toBe(2);
    expect(times.incidenceAt([6, 4, 5, 5])).toEqual([
      { first: 0.5, second: 0.5, eventFree: 0 },
      { first: 0, second: 0, eventFree: 1 },
      { first: 0.5, second: 0, eventFree: 0.5 },
      { first: 0.5, second: 0, eventFree: 0.5 },
    ]);
  });

  it('takes events of both causes at one instant as simultaneous, before a censoring there', () => {
    expect(incidenceAt([...of(null, 5), ...of(1, 5), ...of(0, 5, 5)], 5)).toEqual({
      first: 0.5,
      second: 0.25,
      eventFree: 0.25,
    });
  });

  it('has proportions that add up to 1', () => {
    const property = fc.property(waits, moments, (all, time) => {
      const { first, second, eventFree } = incidenceAt(all, time);
      expect(Math.abs(first + second + eventFree - 1)).toBeLessThan(1e-12);
      expect(Math.min(first, second, eventFree)).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('is the plain proportion if nothing is censored', () => {
    const property = fc.property(ended, moments, (all, time) => {
      const { first, second } = incidenceAt(all, time);
      const share = (cause: Cause): number =>
        all.filter(([when, why]) => when <= time && why === cause).length / all.length;
      expect(first).toBeCloseTo(share(0), 12);
      expect(second).toBeCloseTo(share(1), 12);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('of both causes together is Kaplan-Meier’s', () => {
    const property = fc.property(waits, moments, (all, time) => {
      const together = new SurvivalTimes();
      for (const [when, cause] of all) together.add(when, cause !== null);
      const survival = together.curve().findLast((step) => step.time <= time)?.survival ?? 1;
      expect(incidenceAt(all, time).eventFree).toBeCloseTo(survival, 12);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('with the causes exchanged is exchanged', () => {
    const property = fc.property(waits, moments, (all, time) => {
      const other = { 0: 1, 1: 0 } as const;
      const exchanged = all.map(([when, cause]): Wait => [when, cause === null ? null : other[cause]]);
      const { first, second, eventFree } = incidenceAt(all, time);
      expect(incidenceAt(exchanged, time)).toEqual({ first: second, second: first, eventFree });
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('is the same in whatever order the times come and are asked for', () => {
    const shuffled = waits.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    const property = fc.property(shuffled, fc.array(moments), ([all, other], asked) => {
      expect(timesOf(other).incidenceAt(asked)).toEqual(asked.map((time) => incidenceAt(all, time)));
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});
