import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ControlChart,
  changedBack,
  controlChart,
  limitsThroughout,
} from '../../../../shared/domain/report/control-chart.ts';
import type { Proportion } from '../../../../shared/domain/statistics/proportions.ts';

const of = (x: number, n: number): Proportion => ({ x, n });
const weeks = (count: number, x: number, n: number): Proportion[] => Array.from({ length: count }, () => of(x, n));
const signalOf = (own: Proportion, before: readonly Proportion[]) => controlChart(own, before).signal;

/** 26 weeks of 80 of 100, half of them one less and half one more, so that no week is like the one before. */
const steady = Array.from({ length: 26 }, (_, index) => of(80 + (index % 2 === 0 ? -1 : 1), 100));

describe('the usual level', () => {
  it('is the pooled share of the weeks before, large weeks counting for more', () => {
    expect(controlChart(of(10, 10), [...weeks(7, 5, 10), of(90, 100)]).centre).toBe(125 / 170);
  });

  it('is unknown with fewer than 8 weeks of 10 or more, however many small ones there are', () => {
    const none = { centre: null, limits: null, signal: null };
    expect(controlChart(of(0, 100), [...weeks(7, 90, 100), ...weeks(19, 9, 9)])).toEqual(none);
    expect(controlChart(of(0, 100), [...weeks(8, 90, 100), ...weeks(18, 9, 9)]).centre).toBe(0.9);
  });

  it('stays known in a week of under 10, which has neither limits nor a signal', () => {
    expect(controlChart(of(0, 9), steady)).toEqual({ centre: 0.8, limits: null, signal: null });
    expect(controlChart(of(0, 10), steady).limits).not.toBeNull();
  });
});

describe('the limits', () => {
  it('lie three standard errors from the level, of which half a clock is added to either side', () => {
    // (2,080 + 0.5) / (2,600 + 1) = 0.799885; 3 x sqrt(0.799885 x 0.200115 / 100) = 0.120025.
    const [low, high] = controlChart(of(80, 100), steady).limits ?? [];
    expect(low).toBeCloseTo(0.67986, 5);
    expect(high).toBeCloseTo(0.91991, 5);
  });

  it('are cut at nothing and at all', () => {
    expect(controlChart(of(10, 10), weeks(8, 10, 10)).limits?.[1]).toBe(1);
    expect(controlChart(of(0, 10), weeks(8, 0, 10)).limits?.[0]).toBe(0);
  });

  it('are crossed only beyond them: 67 of 100 is below, 68 is not; 92 is above, 91 is not', () => {
    expect([67, 68, 91, 92].map((x) => signalOf(of(x, 100), steady))).toEqual(['below', null, null, 'above']);
  });

  it('at the very limit are not crossed', () => {
    // c = 40.5 / 81 = 1/2, and of 36 clocks 3 x sqrt(1/4 / 36) = 1/4.
    const even = weeks(8, 5, 10);
    expect(controlChart(of(9, 36), even)).toMatchObject({ limits: [0.25, 0.75], signal: null });
    expect(controlChart(of(27, 36), even).signal).toBeNull();
    expect([8, 28].map((x) => signalOf(of(x, 36), even))).toEqual(['below', 'above']);
  });

  it('are not crossed by fewer than three clocks', () => {
    // c = 2,600.5 / 2,601. One missed of 10, or two, lie far beyond the lower limit, and are two people.
    const perfect = weeks(26, 100, 100);
    expect([9, 8].map((x) => signalOf(of(x, 10), perfect))).toEqual([null, null]);
    // Three missed of 10 are 2.998 fewer than expected, four are enough.
    expect([7, 6].map((x) => signalOf(of(x, 10), perfect))).toEqual([null, 'below']);
  });
});

describe('a shift', () => {
  /** 18 weeks of 80 of 100, then the given ones; the last is the report's own. */
  const ending = (...last: number[]) => {
    const all = [...steady.slice(0, 18), ...last.map((x) => of(x, 100))];
    return signalOf(all.at(-1) as Proportion, all.slice(0, -1));
  };

  it('is 8 weeks on one side of the level', () => {
    expect(ending(77, 76, 77, 76, 77, 76, 77, 76)).toBe('shift_down');
    expect(ending(83, 84, 83, 84, 83, 84, 83, 84)).toBe('shift_up');
    expect(ending(83, 76, 77, 76, 77, 76, 77, 76)).toBeNull();
    // The 8th week back is on the other side, or the report's own is.
    expect(ending(77, 76, 77, 76, 77, 76, 77, 84)).toBeNull();
  });

  it('is not made by a week that lies exactly at the level', () => {
    // 7 weeks of 78 after 7 of 82 and 12 of 80: the level is 80.
    const level = [...weeks(7, 82, 100), ...weeks(12, 80, 100), ...weeks(7, 78, 100)];
    expect(controlChart(of(80, 100), level)).toMatchObject({ centre: 0.8, signal: null });
    expect(signalOf(of(79, 100), level)).toBe('shift_down');
  });

  it('passes over small weeks', () => {
    const low = weeks(7, 77, 100).flatMap((week) => [week, of(9, 9)]);
    expect(signalOf(of(77, 100), [...steady.slice(0, 12), ...low])).toBe('shift_down');
  });

  it('compares fractions exactly: one of 3 x 10^7 is enough', () => {
    const many = 30_000_001;
    const level = [...weeks(9, many - 1, 2 * many), ...weeks(7, many, 2 * many)];
    const own = of(many, 2 * many);
    expect(signalOf(own, level)).toBe('shift_up');
    expect(signalOf(own, weeks(16, many, 2 * many))).toBeNull();
  });
});

describe('a trend', () => {
  const ending = (...last: number[]) => {
    const all = [...steady.slice(0, 10), ...last.map((x) => of(x, 100))];
    return signalOf(all.at(-1) as Proportion, all.slice(0, -1));
  };

  it('is 7 weeks of which each is lower, or each higher, than the one before', () => {
    expect(ending(83, 82, 81, 80, 79, 78, 77)).toBe('trend_down');
    expect(ending(77, 78, 79, 80, 81, 82, 83)).toBe('trend_up');
    expect(ending(82, 82, 81, 80, 79, 78, 77)).toBeNull();
    expect(ending(82, 81, 80, 79, 78, 77)).toBeNull();
  });

  it('compares shares, not counts', () => {
    const sizes = [100, 110, 120, 130, 140, 150, 160];
    const rising = sizes.map((n, index) => of(Math.round((0.83 - index / 100) * n), n));
    expect(rising.every(({ x }, index) => index === 0 || x > (rising[index - 1]?.x ?? 0))).toBe(true);
    expect(signalOf(rising.at(-1) as Proportion, [...steady.slice(0, 10), ...rising.slice(0, -1)])).toBe('trend_down');
  });
});

describe('of several signals', () => {
  it('the first counts: beyond the limits, then a shift, then a trend', () => {
    const falling = [78, 77, 76, 75, 74, 73, 72].map((x) => of(x, 100));
    const level = steady.slice(0, 18);
    expect(signalOf(of(50, 100), [...level, ...falling])).toBe('below');
    expect(signalOf(of(71, 100), [...level, ...falling])).toBe('shift_down');
    expect(signalOf(of(71, 100), [...level, of(90, 100), ...falling.slice(1)])).toBe('trend_down');
  });
});

describe('the chart', () => {
  const week = fc.integer({ min: 0, max: 60 }).chain((n) => fc.integer({ min: 0, max: n }).map((x) => of(x, n)));
  const history = fc.array(week, { minLength: 0, maxLength: 26 });
  const counting = ({ n }: Proportion) => n >= 10;

  it('does not depend on weeks that do not count', () => {
    fc.assert(
      fc.property(week, history, (own, before) => {
        expect(controlChart(own, before)).toEqual(controlChart(own, before.filter(counting)));
      }),
    );
  });

  it('is mirrored when kept and missed change places', () => {
    const mirror = { below: 'above', above: 'below', shift_down: 'shift_up', shift_up: 'shift_down' } as const;
    const mirrored = { ...mirror, trend_down: 'trend_up', trend_up: 'trend_down' } as const;
    const missed = ({ x, n }: Proportion) => of(n - x, n);
    fc.assert(
      fc.property(week, history, (own, before) => {
        const [one, other] = [controlChart(own, before), controlChart(missed(own), before.map(missed))];
        expect(other.signal).toBe(one.signal === null ? null : mirrored[one.signal]);
        if (one.limits && other.limits) expect(other.limits[0]).toBeCloseTo(1 - one.limits[1], 12);
      }),
    );
  });

  it('keeps its level, shifts and trends when every week is so many times as large, and narrows its limits', () => {
    fc.assert(
      fc.property(
        week.filter(counting),
        fc.array(week.filter(counting), { minLength: 8, maxLength: 26 }),
        (own, before) => {
          const times = ({ x, n }: Proportion) => of(4 * x, 4 * n);
          const width = ({ limits }: ControlChart) => (limits ? limits[1] - limits[0] : 0);
          const [small, large] = [controlChart(own, before), controlChart(times(own), before.map(times))];
          expect(large.centre).toBeCloseTo(small.centre ?? -1, 12);
          expect(width(large)).toBeLessThanOrEqual(width(small));
          // What lies beyond wide limits lies beyond narrow ones; a shift or a trend may come to lie beyond them.
          if (small.signal === 'below' || small.signal === 'above') expect(large.signal).toBe(small.signal);
          else expect([small.signal, 'below', 'above']).toContain(large.signal);
        },
      ),
    );
  });

  it('says only what its own numbers show', () => {
    fc.assert(
      fc.property(week, history, (own, before) => {
        const { centre, limits, signal } = controlChart(own, before);
        expect(centre === null).toBe(before.filter(counting).length < 8);
        expect(limits === null).toBe(centre === null || !counting(own));
        if (limits === null) expect(signal).toBeNull();
        else {
          const rate = own.x / own.n;
          if (signal === 'below') expect(rate).toBeLessThan(limits[0] + 1e-12);
          if (signal === 'above') expect(rate).toBeGreaterThan(limits[1] - 1e-12);
          if (rate < limits[0] - 1e-9 && Math.abs(own.x - (centre ?? 0) * own.n) > 4) expect(signal).toBe('below');
        }
      }),
    );
  });
});

describe('where a change began', () => {
  it('is within the weeks that are known, at a week that counts, and for a run at least as long ago as the run is', () => {
    const run = { shift_down: 7, shift_up: 7, trend_down: 6, trend_up: 6, below: 0, above: 0 };
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 40 }),
        fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 9 }),
        (n, met) => {
          const all = met
            .slice(-27)
            .map((x, index) => of(index % 5 === 4 ? x : Math.round((x * n) / 10), index % 5 === 4 ? 9 : n));
          const [own, before] = [all.at(-1) as Proportion, all.slice(0, -1)];
          const { signal } = controlChart(own, before);
          fc.pre(signal !== null);
          const back = changedBack(own, before, signal as NonNullable<typeof signal>);
          expect(all.at(-1 - back)?.n).toBeGreaterThanOrEqual(10);
          expect(all.slice(all.length - 1 - back).filter(({ n }) => n >= 10).length).toBeGreaterThan(
            run[signal as keyof typeof run],
          );
        },
      ),
    );
  });
});

describe('the limits of each week', () => {
  it('are those of its own size around one level, and null for a week that does not count', () => {
    const before = [...weeks(8, 80, 100), of(40, 50), of(3, 3), of(60, 100)];
    const each = limitsThroughout(of(80, 100), before);
    expect(each).toHaveLength(12);
    expect(each.at(-1)?.limits).toEqual(controlChart(of(80, 100), before).limits);
    expect(each[9]).toBeNull();
    const width = (index: number) => (each[index]?.limits[1] ?? 0) - (each[index]?.limits[0] ?? 0);
    expect(width(8)).toBeCloseTo(Math.SQRT2 * width(0), 10);
    expect(each.map((one) => one?.beyond ?? null)).toEqual([...Array(10).fill(null), 'worse', null]);
  });

  it('are unknown before 8 weeks count', () => {
    expect(limitsThroughout(of(8, 10), weeks(7, 8, 10))).toEqual(Array(8).fill(null));
  });
});
