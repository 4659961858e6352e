import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../shared/contracts/duration.ts';
import { type PracticeActivity, practiceActivity } from '../../../../shared/domain/practice/activity.ts';
import { binomialTail } from '../../../../shared/domain/statistics/binomial.ts';
import { at } from '../../../builders/instants.ts';

/** A Monday 06:00, and the week that ended six hours before. */
const asOf = at('2026-11-02T06:00:00Z');
const to = asOf - 6 * HOUR_MS;
const from = to - 7 * DAY_MS;
const WINDOW = { asOf, from, to };

const daysAgo = (...days: number[]): number[] => days.map((day) => asOf - day * DAY_MS);

/** So many instants, spread over the days ago from `first` (included) to `last` (not included). */
function spread(count: number, first: number, last: number): number[] {
  return Array.from({ length: count }, (_, index) => asOf - (first - ((first - last) * index) / count) * DAY_MS);
}

function activityOf(receivedAt: readonly number[], window = WINDOW): PracticeActivity {
  return practiceActivity([['P', receivedAt]], window);
}

describe('A new source', () => {
  it('sent its first ever in the week, however many more', () => {
    expect(activityOf([from]).new).toEqual(['P']);
    expect(activityOf([from + DAY_MS, from + 2 * DAY_MS, to + 1]).new).toEqual(['P']);
  });

  it('isn’t one that sent before the week, or only after it', () => {
    expect(activityOf([from - 1, from]).new).toEqual([]);
    expect(activityOf([to]).new).toEqual([]);
    expect(activityOf([to - 1]).new).toEqual(['P']);
  });
});

describe('An active source', () => {
  it.each([
    [60, 0, 1],
    [60, -1, 0],
    [0, -1, 1],
    [0, 0, 0],
  ])('sent something %i days ago, %i ms later: %i', (days, after, active) => {
    expect(activityOf([asOf - days * DAY_MS + after]).active).toBe(active);
  });
});

describe('An inactive source', () => {
  it('has been silent for longer than 60 days, to the millisecond', () => {
    const weekly = daysAgo(60, 67, 74, 81);
    expect(activityOf(weekly).inactive).toEqual([]);
    expect(activityOf(weekly.map((time) => time - 1)).inactive).toEqual(['P']);
  });

  it('has been silent for longer than 3 times its median gap, to the millisecond', () => {
    // Gaps of 30, 80 and 20 days: the median is 30, so it may be silent for 90.
    const rare = daysAgo(90, 110, 190, 220);
    expect(activityOf(rare).inactive).toEqual([]);
    expect(activityOf(rare.map((time) => time - 1)).inactive).toEqual(['P']);
  });

  it('is judged by the mean of the middle two gaps if their number is even', () => {
    // Gaps of 20, 80, 10 and 30 days: the median is 25, so it may be silent for 75.
    const five = daysAgo(75, 105, 115, 195, 215);
    expect(activityOf(five).inactive).toEqual([]);
    expect(activityOf(five.map((time) => time - 1)).inactive).toEqual(['P']);
  });

  it('has at least 4 in the 365 days up to and including its last', () => {
    expect(activityOf(daysAgo(100, 110, 120)).inactive).toEqual([]);
    expect(activityOf(daysAgo(100, 110, 120, 465)).inactive).toEqual(['P']);
    expect(activityOf([...daysAgo(100, 110, 120), asOf - 465 * DAY_MS - 1]).inactive).toEqual([]);
  });

  it('is judged by the gaps of those 365 days alone', () => {
    // Years of one every 100 days would allow 300 days of silence.
    const slow = Array.from({ length: 12 }, (_, index) => 470 + 100 * index);
    expect(activityOf(daysAgo(100, 107, 114, 121, ...slow)).inactive).toEqual(['P']);
  });
});

describe('A reactivated source', () => {
  const weekly = [200, 207, 214, 221];

  it('sent one in the week that ended a silence for which it counted as inactive', () => {
    expect(activityOf([...daysAgo(...weekly), from + DAY_MS]).reactivated).toEqual(['P']);
    expect(activityOf([...daysAgo(...weekly), from - 1, from + DAY_MS]).reactivated).toEqual([]);
    expect(activityOf([...daysAgo(...weekly), to]).reactivated).toEqual([]);
  });

  it('is one whatever it sent after, and however many came with it', () => {
    expect(activityOf([...daysAgo(...weekly), from, from + 1, from + DAY_MS, to + HOUR_MS]).reactivated).toEqual(['P']);
    expect(activityOf([...daysAgo(...weekly), from, from]).reactivated).toEqual(['P']);
  });

  it('was silent for longer than 60 days before it, to the millisecond', () => {
    const silentSince = from + DAY_MS - 60 * DAY_MS;
    const before = [0, 7, 14, 21].map((day) => silentSince - day * DAY_MS);
    expect(activityOf([...before, from + DAY_MS]).reactivated).toEqual([]);
    expect(activityOf([...before, from + DAY_MS + 1]).reactivated).toEqual(['P']);
  });

  it('had at least 4 by then: the one that ends the silence isn’t counted', () => {
    expect(activityOf([...daysAgo(200, 207, 214), from + DAY_MS]).reactivated).toEqual([]);
  });
});

describe('A declining source', () => {
  /** m = 260 lets expect 80: it may have 48, and 24 in each half. */
  const before = spread(260, 238, 56);
  const decliningOf = (older: number, newer: number): PracticeActivity['declining'] =>
    activityOf([...before, ...spread(older, 56, 28), ...spread(newer, 28, 0)]).declining;

  it('has few enough, exactly 0.6 of the expected and 0.3 in each half included', () => {
    const [declining] = decliningOf(24, 24);
    expect(declining).toEqual({ practiceId: 'P', observed: 48, expected: 80, p: expect.any(Number) });
    // P(X <= 48) of X ~ Bin(308, 56/238), summed with 60 digits.
    expect(declining?.p).toBeCloseTo(0.000397057531314298, 12);
  });

  it('isn’t one with more than 0.3 of the expected in either half, though both together are few', () => {
    expect(decliningOf(25, 0)).toEqual([]);
    expect(decliningOf(0, 25)).toEqual([]);
    expect(decliningOf(24, 0)).toHaveLength(1);
    expect(decliningOf(0, 24)).toHaveLength(1);
  });

  it('is one with nothing at all in 56 days where 20 came in the 182 before', () => {
    // (182/238)^20 is 0.0047, (182/238)^19 is 0.0061.
    const [silent] = activityOf(spread(20, 238, 56)).declining;
    expect(silent?.observed).toBe(0);
    expect(silent?.expected).toBeCloseTo(6.153846, 6);
    expect(silent?.p).toBeCloseTo((182 / 238) ** 20, 12);
    expect(activityOf(spread(19, 238, 56)).declining).toEqual([]);
  });

  it('isn’t one if chance alone would do that in one of 200 cases', () => {
    // m = 65 lets expect 20, so 12 are few enough. P(X <= 7) of Bin(72, 56/238) is 0.0023, P(X <= 8) of Bin(73) 0.0053.
    const with65 = (older: number, newer: number): number =>
      activityOf([...spread(65, 238, 56), ...spread(older, 56, 28), ...spread(newer, 28, 0)]).declining.length;
    expect([with65(4, 3), with65(4, 4), with65(6, 6)]).toEqual([1, 0, 0]);
  });

  it('is what the rule says in whole numbers', () => {
    const most = fc.oneof(fc.nat(10), fc.nat(40));
    const property = fc.property(fc.oneof(fc.nat(30), fc.nat(300)), most, most, (m, older, newer) => {
      const x = older + newer;
      const p = binomialTail(x, x + m, 56 / 238);
      const isDeclining =
        56 * m >= 5 * 182 && 65 * x <= 12 * m && 65 * older <= 6 * m && 65 * newer <= 6 * m && p < 0.005;
      const { declining } = activityOf([...spread(m, 238, 56), ...spread(older, 56, 28), ...spread(newer, 28, 0)]);
      expect(declining).toEqual(
        isDeclining ? [{ practiceId: 'P', observed: x, expected: (m * 56) / 182, p: expect.closeTo(p, 15) }] : [],
      );
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  it('is judged by windows of whole days, start inclusive and end exclusive', () => {
    const lone = (time: number): number | undefined => activityOf([...before, time]).declining[0]?.observed;
    expect(lone(asOf - 56 * DAY_MS)).toBe(1);
    expect(lone(asOf - 56 * DAY_MS - 1)).toBe(0);
    expect(lone(asOf - 1)).toBe(1);
    expect(lone(asOf)).toBe(0);
    const expectedWith = (time: number): number | undefined => activityOf([...before, time]).declining[0]?.expected;
    expect(expectedWith(asOf - 238 * DAY_MS)).toBeCloseTo((261 * 56) / 182, 12);
    expect(expectedWith(asOf - 238 * DAY_MS - 1)).toBe(80);
    // The two halves meet 28 days ago.
    const half = [...before, ...spread(24, 56, 28)];
    expect(activityOf([...half, asOf - 28 * DAY_MS]).declining).toHaveLength(1);
    expect(activityOf([...half, asOf - 28 * DAY_MS - 1]).declining).toEqual([]);
  });
});

describe('The sources of a week', () => {
  it('are listed by id, by code point', () => {
    const ids = ['b', '\u{1f600}', 'ﬀ', 'a', 'B'];
    const sorted = ['B', 'a', 'b', 'ﬀ', '\u{1f600}'];
    const listed = (receivedAt: readonly number[]): PracticeActivity =>
      practiceActivity(
        ids.map((id) => [id, receivedAt] as const),
        WINDOW,
      );
    expect(listed([from]).new).toEqual(sorted);
    expect(listed(daysAgo(100, 107, 114, 121)).inactive).toEqual(sorted);
    expect(listed([...daysAgo(100, 107, 114, 121), from]).reactivated).toEqual(sorted);
    expect(listed(spread(20, 238, 56)).declining.map(({ practiceId }) => practiceId)).toEqual(sorted);
    expect(listed([from]).active).toBe(5);
  });

  it('are none if nothing came before the report', () => {
    const nothing = { new: [], active: 0, inactive: [], declining: [], reactivated: [] };
    expect(practiceActivity([], WINDOW)).toEqual(nothing);
    expect(activityOf([])).toEqual(nothing);
    expect(activityOf([asOf, asOf + DAY_MS])).toEqual(nothing);
  });

  // Bursts and long silences, often on the edges of the windows.
  const moments = fc.oneof(
    fc.integer({ min: asOf - 800 * DAY_MS, max: asOf + 10 * DAY_MS }),
    fc.integer({ min: from - DAY_MS, max: to + DAY_MS }),
    fc
      .tuple(fc.constantFrom(0, 28, 56, 60, 238, 300), fc.integer({ min: -2, max: 2 }))
      .map(([days, ms]) => asOf - days * DAY_MS + ms),
  );
  const histories = fc.oneof(
    fc.array(moments, { maxLength: 12 }),
    fc.array(fc.integer({ min: asOf - 300 * DAY_MS, max: asOf }), { minLength: 15, maxLength: 60 }),
    fc
      .tuple(fc.integer({ min: 60, max: 400 }), fc.array(moments, { maxLength: 3 }))
      .map(([days, more]) => [...daysAgo(days, days + 5, days + 12, days + 20, days + 30), ...more]),
  );
  const RUNS = { numRuns: 3_000 };

  it('are never both active and inactive, nor both new and reactivated', () => {
    const property = fc.property(histories, (receivedAt) => {
      const activity = activityOf(receivedAt);
      expect(activity.active + activity.inactive.length).toBeLessThanOrEqual(1);
      expect(activity.new.length + activity.reactivated.length).toBeLessThanOrEqual(1);
    });
    fc.assert(property, RUNS);
  });

  it('that are new or reactivated are active', () => {
    const property = fc.property(histories, (receivedAt) => {
      const activity = activityOf(receivedAt);
      if (activity.new.length + activity.reactivated.length > 0) expect(activity.active).toBe(1);
    });
    fc.assert(property, RUNS);
  });

  it('that are reactivated were inactive a moment before some referral of the week', () => {
    const property = fc.property(histories, (receivedAt) => {
      const inWeek = receivedAt.filter((time) => time >= from && time < to);
      const wasInactive = inWeek.some((time) => activityOf(receivedAt, { ...WINDOW, asOf: time }).inactive.length > 0);
      expect(activityOf(receivedAt).reactivated).toEqual(wasInactive ? ['P'] : []);
    });
    fc.assert(property, RUNS);
  });

  it('are the same at any other time', () => {
    const property = fc.property(
      histories,
      fc.integer({ min: -400 * DAY_MS, max: 400 * DAY_MS }),
      (receivedAt, shift) => {
        const shifted = activityOf(
          receivedAt.map((time) => time + shift),
          { asOf: asOf + shift, from: from + shift, to: to + shift },
        );
        expect(shifted).toEqual(activityOf(receivedAt));
      },
    );
    fc.assert(property, RUNS);
  });

  it('don’t depend on the order of practices and referrals, and leave the input unchanged', () => {
    const property = fc.property(fc.array(histories, { maxLength: 6 }), (all) => {
      const practices = all.map((receivedAt, index) => [`P${index}`, receivedAt] as const);
      const turned = practices.map(([id, receivedAt]) => [id, Float64Array.from(receivedAt.toReversed())] as const);
      const untouched = structuredClone(turned);
      expect(practiceActivity(new Map(turned.toReversed()), WINDOW)).toEqual(practiceActivity(practices, WINDOW));
      expect(turned).toEqual(untouched);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('are found from those before the report alone', () => {
    const property = fc.property(histories, (receivedAt) => {
      expect(activityOf(receivedAt.filter((time) => time < asOf))).toEqual(activityOf(receivedAt));
    });
    fc.assert(property, RUNS);
  });
});
