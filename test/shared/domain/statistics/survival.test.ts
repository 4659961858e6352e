import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../shared/contracts/duration.ts';
import { SurvivalTimes } from '../../../../shared/domain/statistics/survival.ts';

/** Time and whether it ended in an event. */
type Wait = [time: number, isEvent: boolean];

function timesOf(waits: readonly Wait[]): SurvivalTimes {
  const times = new SurvivalTimes();
  for (const [time, isEvent] of waits) times.add(time, isEvent);
  return times;
}

const events = (...times: number[]): Wait[] => times.map((time) => [time, true]);
const censored = (...times: number[]): Wait[] => times.map((time) => [time, false]);

/** Weeks in remission of 21 children on 6-mercaptopurine: Freireich et al. 1963, Blood 21:699-716. */
const LEUKEMIA = [...events(6, 6, 6, 7, 10, 13, 16, 22, 23), ...censored(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)];

// Few different times, so that there are many ties.
const waits = fc.array(fc.tuple(fc.integer({ min: -3, max: 30 }), fc.boolean()), { maxLength: 60 });

describe('The Kaplan-Meier estimate', () => {
  it('of the 6-MP group is as in Cox and Oakes 1984, Analysis of Survival Data, table 4.1', () => {
    const curve = timesOf(LEUKEMIA).curve();
    expect(curve.map(({ time, survival }) => [time, Number(survival.toFixed(4))])).toEqual([
      [6, 0.8571],
      [7, 0.8067],
      [10, 0.7529],
      [13, 0.6902],
      [16, 0.6275],
      [22, 0.5378],
      [23, 0.4482],
    ]);
  });

  it('gives that group a median of 23 weeks and no 90th percentile', () => {
    const times = timesOf(LEUKEMIA);
    expect([times.n, times.events]).toEqual([21, 9]);
    expect(times.timeAt(0.5)).toBe(23);
    expect(times.timeAt(0.1)).toBeNull();
  });

  it('has no steps and reaches nothing without times', () => {
    const none = new SurvivalTimes();
    expect([none.n, none.events, none.curve(), none.timeAt(0.5)]).toEqual([0, 0, [], null]);
  });

  it('counts a member censored at the very instant of an event as still at risk', () => {
    expect(timesOf([...censored(5), ...events(5)]).curve()).toEqual([{ time: 5, survival: 0.5 }]);
  });

  it('doesn’t count a member censored before the start', () => {
    expect(timesOf([...events(0, 8), ...censored(-1, -7)]).curve()).toEqual([
      { time: 0, survival: 0.5 },
      { time: 8, survival: 0 },
    ]);
  });

  it.each([Number.NaN, 0.3, Number.POSITIVE_INFINITY])(
    'refuses %f, which is no whole number of milliseconds',
    (time) => {
      expect(() => new SurvivalTimes().add(time, true)).toThrow(RangeError);
    },
  );

  it('reaches a survival that it misses only by rounding, and no other', () => {
    // 23/24 x 22/23 x ... x 12/13 comes out as 0.5000000000000001.
    const half = timesOf([
      ...events(...Array.from({ length: 12 }, (_, index) => index)),
      ...censored(...Array(12).fill(99)),
    ]);
    expect(half.curve().at(-1)?.survival).toBeGreaterThan(0.5);
    expect(half.timeAt(0.5)).toBe(11);
    expect(half.timeAt(0.5 - 0.9e-9)).toBe(11);
    expect(half.timeAt(0.5 - 1.1e-9)).toBeNull();
  });

  it('is the proportion that lasts longer if nothing is censored', () => {
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 80 }), (all) => {
      const curve = timesOf(events(...all)).curve();
      expect(curve.map(({ time }) => time)).toEqual([...new Set(all)].sort((a, b) => a - b));
      for (const { time, survival } of curve) {
        expect(survival).toBeCloseTo(all.filter((other) => other > time).length / all.length, 12);
      }
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('is the product of 1 - events / at risk, counted the long way', () => {
    const property = fc.property(waits, (all) => {
      let product = 1;
      const times = [...new Set(all.filter(([, isEvent]) => isEvent).map(([time]) => time))].sort((a, b) => a - b);
      const steps = times.map((time) => {
        const atRisk = all.filter(([other]) => other >= time).length;
        product *= 1 - all.filter(([other, isEvent]) => isEvent && other === time).length / atRisk;
        return [time, product] as const;
      });
      const curve = timesOf(all).curve();
      expect(curve.map(({ time }) => time)).toEqual(steps.map(([time]) => time));
      curve.forEach(({ survival }, index) => {
        expect(survival).toBeCloseTo(steps[index]?.[1] ?? Number.NaN, 12);
      });
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('is the same in whatever order the times come, and when it is looked at in between', () => {
    const shuffled = waits.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    const property = fc.property(shuffled, ([all, other]) => {
      const looked = new SurvivalTimes();
      for (const [time, isEvent] of other) {
        looked.add(time, isEvent);
        looked.timeAt(0.5);
      }
      expect(looked.curve()).toEqual(timesOf(all).curve());
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  // Compared with each other they would take longer than a test may.
  it('finds the median of 1.5 million times', () => {
    const length = 90 * DAY_MS;
    const times = new SurvivalTimes();
    // Steps round the 90 days that spread evenly; every third time is censored.
    for (let index = 0; index < 1_500_000; index += 1) times.add((index * 4_999_999) % length, index % 3 !== 0);
    const median = times.timeAt(0.5) ?? Number.NaN;
    // Two thirds of an even spread's hazard leave (1 - t)^(2/3), which is 1/2 at t = 1 - 2^(-3/2).
    expect(median / length).toBeCloseTo(1 - 2 ** -1.5, 3);
  });
});
