import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClockFigures, Report } from '../../../shared/contracts/report.ts';
import { chartPoints } from '../../../shared/mail/report/chart-points.ts';
import { drawCharts } from '../../../shared/mail/report/charts/draw-charts.tsx';
import { CHART } from '../../../shared/mail/templates/style.ts';
import { type Picture, readPng, SIGNATURE } from './png.ts';
import {
  badWeek,
  clock,
  emptyReport,
  firstWeek,
  goodWeek,
  hugeOrganization,
  smallScope,
  steady,
} from './report-samples.ts';

const MOST_ATTACHMENTS = 14;
const LARGEST_BYTES = 15_000;
/** Drawn 480 by 128 and a quarter larger, with room of 13 at each edge. */
const [WIDTH, HEIGHT, MARGIN] = [600, 160, 16.25];

const reportOf = (acceptance: ClockFigures): Report => {
  const base = emptyReport();
  return { ...base, clocks: { ...base.clocks, acceptance } };
};
const shownOf = (acceptance: ClockFigures) => chartPoints('acceptance', reportOf(acceptance));

async function drawn(acceptance: ClockFigures): Promise<Picture> {
  const { 'chart-acceptance': png } = await drawCharts(reportOf(acceptance));
  return readPng(png ?? new Uint8Array());
}

const rgb = (colour: string): number[] => [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));

/** The pixels at which a colour is drawn opaque. */
function placesOf(picture: Picture, colour: string): { x: number; y: number }[] {
  const wanted = rgb(colour).join();
  const found: { x: number; y: number }[] = [];
  for (let y = 0; y < picture.height; y += 1) {
    for (let x = 0; x < picture.width; x += 1) {
      const [r, g, b, opacity] = picture.at(x, y);
      if (opacity === 255 && [r, g, b].join() === wanted) found.push({ x, y });
    }
  }
  return found;
}

function middle(places: readonly { x: number; y: number }[]): { x: number; y: number } {
  const mean = (values: number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
  return { x: mean(places.map(({ x }) => x)), y: mean(places.map(({ y }) => y)) };
}

/** How many pixels of a colour a row has, from the first row that has any to the last. */
function widths(places: readonly { x: number; y: number }[]): number[] {
  return [...Map.groupBy(places, ({ y }) => y)].sort(([a], [b]) => a - b).map(([, row]) => row.length);
}

/** Where a period stands, so many before the last of so many. */
const columnOf = (back: number, count: number): number => WIDTH - MARGIN - (back * (WIDTH - 2 * MARGIN)) / (count - 1);
const heightOf = (share: number, low: number, high: number): number =>
  HEIGHT - MARGIN - ((share - low) / (high - low)) * (HEIGHT - 2 * MARGIN);
const flat = (rate: number, count = 8): number[] => Array.from({ length: count }, () => rate);
const wobbling = (rate: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => rate + (index % 2 === 0 ? -1 : 1));

describe('the charts of a report', () => {
  test('are one small PNG for each clock of which a week had ten or more due, a quarter larger than it is shown', async () => {
    const charts = await drawCharts(goodWeek());
    expect(Object.keys(charts)).toEqual([
      'chart-acceptance',
      'chart-first_attempt',
      'chart-reached',
      'chart-scheduled',
      'chart-visit',
      'chart-rebook',
      'chart-note',
      'chart-referrer_update',
    ]);
    for (const png of Object.values(charts)) {
      expect(Buffer.from(png).subarray(0, 8)).toEqual(SIGNATURE);
      expect(png.length).toBeLessThan(LARGEST_BYTES);
      expect(readPng(png)).toMatchObject({ width: WIDTH, height: HEIGHT });
    }
  });

  test('are few and small enough for a mail and an item of 400 KB, whatever the organization', async () => {
    const { report } = hugeOrganization();
    const rates = Array.from({ length: 27 }, (_, index) => (index % 3) * 45);
    const kinds = Object.keys(report.clocks).map((kind) => [kind, steady(rates, 200)]);
    const charts = Object.values(await drawCharts({ ...report, clocks: Object.fromEntries(kinds) }));
    expect(charts.length).toBeLessThanOrEqual(MOST_ATTACHMENTS);
    const bytes = charts.reduce((sum, png) => sum + png.length, 0);
    expect(bytes).toBeLessThan(250_000);
  });

  test('are the same bytes for the same report', async () => {
    const [first, second] = await Promise.all([drawCharts(badWeek()), drawCharts(badWeek())]);
    expect(first).toEqual(second);
  });

  test('are none if nothing fell due, in a first week, and where every week had under ten', async () => {
    for (const report of [emptyReport(), firstWeek(), smallScope()]) expect(await drawCharts(report)).toEqual({});
  });
});

describe('a chart', () => {
  test('has the periods before, up to 26, and the report’s own, each with the limits of its size', () => {
    const shown = shownOf(clock([...flat(40, 20), ...flat(10, 6), 10], [...flat(50, 20), ...flat(15, 6), 15]));
    expect(shown?.points).toHaveLength(27);
    expect(shown?.points[0]?.from).toBe('2025-09-01T05:00:00.000Z');
    expect(shown?.points.at(-1)?.from).toBe('2026-03-02T05:00:00.000Z');
    const width = (index: number): number => {
      const [low = 0, high = 0] = shown?.points.at(index)?.limits ?? [];
      return high - low;
    };
    expect(width(-1)).toBeGreaterThan(width(0));
  });

  test('marks what lies beyond the limits, in whichever week, and the weeks of a run', () => {
    const marks = (rates: number[]) => shownOf(steady(rates, 100))?.points.map(({ mark }) => mark);
    expect(marks([...wobbling(80, 10), 50, ...wobbling(80, 10), 99])).toEqual([
      ...flat(0, 10).map(() => null),
      'worse',
      ...flat(0, 10).map(() => null),
      'better',
    ]);
    expect(marks([...wobbling(84, 12), ...wobbling(78, 8)])?.slice(-9)).toEqual([null, ...flat(0).map(() => 'worse')]);
  });

  test('marks no week of under ten, though it lies within a run', () => {
    const run = [...wobbling(84, 12), ...wobbling(78, 9)];
    const sizes = run.map((_, index) => (index === 15 ? 9 : 100));
    const shown = shownOf(
      clock(
        run.map((rate, index) => (index === 15 ? 1 : rate)),
        sizes,
      ),
    );
    expect(shown?.points.slice(-9).map(({ mark }) => mark)).toEqual(
      flat(0, 9).map((_, index) => (index === 3 ? null : 'worse')),
    );
  });

  test('has a scale in twentieths that everything fits into, four of them at least', () => {
    const share = fc
      .integer({ min: 0, max: 60 })
      .chain((all) => fc.tuple(fc.integer({ min: 0, max: all }), fc.constant(all)));
    fc.assert(
      fc.property(fc.array(share, { minLength: 9, maxLength: 27 }), (periods) => {
        const shown = shownOf(
          clock(
            periods.map(([met]) => met),
            periods.map(([, all]) => all),
          ),
        );
        fc.pre(shown !== null);
        const { points, low, high } = shown as NonNullable<typeof shown>;
        const values = points.flatMap(({ met, all, limits }) => [...(all === 0 ? [] : [met / all]), ...(limits ?? [])]);
        expect(low).toBeLessThanOrEqual(Math.min(...values) + 1e-9);
        expect(high).toBeGreaterThanOrEqual(Math.max(...values) - 1e-9);
        expect(high - low).toBeGreaterThanOrEqual(0.2 - 1e-9);
        for (const edge of [low, high]) expect(edge * 20).toBeCloseTo(Math.round(edge * 20), 9);
        expect(low >= 0 && high <= 1).toBe(true);
      }),
    );
  });
});

describe('what is drawn', () => {
  test('is higher where more was kept, at its place on the scale', async () => {
    const figures = steady([...wobbling(80, 20), 50], 100);
    const { low = 0, high = 1 } = shownOf(figures) ?? {};
    const { x, y } = middle(placesOf(await drawn(figures), CHART.worse));
    expect(x).toBeCloseTo(columnOf(0, 21), -0.5);
    expect(Math.abs(y - heightOf(0.5, low, high))).toBeLessThan(3);
  });

  test('tells better from worse by its shape, not by its colour alone, and has a ring around the last week', async () => {
    const [worse, better] = await Promise.all(
      (
        [
          [40, CHART.worse],
          [99, CHART.better],
        ] as const
      ).map(async ([rate, colour]) => {
        // In the middle of the chart, where no ring is.
        const picture = await drawn(steady([...wobbling(80, 10), rate, ...wobbling(80, 10)], 100));
        return widths(placesOf(picture, colour));
      }),
    );
    expect(worse?.at(0)).toBeGreaterThan(3 * (worse?.at(-1) ?? 9));
    expect(better?.at(-1)).toBeGreaterThan(3 * (better?.at(0) ?? 9));
    const last = placesOf(await drawn(steady([...wobbling(80, 20), 40], 100)), CHART.worse);
    const { y } = middle(last);
    const across = last.filter((place) => Math.abs(place.y - y) < 1).map((place) => place.x);
    expect(Math.max(...across) - Math.min(...across)).toBeGreaterThan(20);
  });

  test('is grey where a week is usual: neither blue nor orange', async () => {
    const picture = await drawn(steady(wobbling(80, 20), 100));
    expect(placesOf(picture, CHART.better)).toEqual([]);
    expect(placesOf(picture, CHART.worse)).toEqual([]);
    expect(placesOf(picture, CHART.guide).length).toBeGreaterThan(300);
  });

  test('has the limits as a band with an edge above and below, from the first week to the last', async () => {
    const figures = steady(wobbling(80, 21), 100);
    const { points = [], low = 0, high = 1 } = shownOf(figures) ?? {};
    const [lower = 0, upper = 0] = points[0]?.limits ?? [];
    const picture = await drawn(figures);
    for (const back of [0, 10, 20]) {
      const x = Math.round(columnOf(back, 21)) - (back === 20 ? -5 : 5);
      const opacity = (share: number): number => picture.at(x, Math.round(heightOf(share, low, high)))[3] ?? 0;
      expect(opacity((lower + 0.79) / 2), `within, ${back} back`).toBeGreaterThan(20);
      expect(opacity((upper + 0.81) / 2), `within, ${back} back`).toBeGreaterThan(20);
      expect(opacity(upper + 0.02), `above, ${back} back`).toBe(0);
      expect(opacity(lower - 0.02), `below, ${back} back`).toBe(0);
    }
  });

  test('has the usual level as a dashed line', async () => {
    const figures = steady(wobbling(80, 21), 1000);
    const { low = 0, high = 1 } = shownOf(figures) ?? {};
    const picture = await drawn(figures);
    const y = Math.round(heightOf(0.8, low, high));
    const row = Array.from({ length: WIDTH }, (_, x) => ((picture.at(x, y)[3] ?? 0) > 200 ? 1 : 0)).join('');
    expect(row.match(/1+/g)?.length).toBeGreaterThan(20);
  });

  test('has neither limits nor level before 8 weeks are known', async () => {
    const figures = clock([0, 0, 60, 60, 60, 60, 60, 60, 60], [0, 0, 100, 100, 100, 100, 100, 100, 100]);
    expect(shownOf(figures)?.points.every(({ limits }) => limits === null)).toBe(true);
    // The weeks lie at the bottom of the scale, so above them is nothing.
    const picture = await drawn(figures);
    const column = Array.from({ length: HEIGHT - 34 }, (_, y) => picture.at(Math.round(columnOf(1, 7)), y)[3]);
    expect(new Set(column)).toEqual(new Set([0]));
  });

  test('has a hollow dot for a week of under ten, to and from which no line leads', async () => {
    const few = clock([...wobbling(50, 10), 2, ...wobbling(50, 10)], [...flat(100, 10), 4, ...flat(100, 10)]);
    const { low = 0, high = 1 } = shownOf(few) ?? {};
    const picture = await drawn(few);
    const [x, y] = [Math.round(columnOf(10, 21)), Math.round(heightOf(0.5, low, high))];
    // No band, no level and no line in this column: only the ring, whose middle is empty but for the level.
    const column = Array.from({ length: HEIGHT }, (_, row) => picture.at(x, row)[3] ?? 0);
    expect(column[y - 2]).toBe(0);
    expect(column[y - 5]).toBeGreaterThan(150);
    const filled = await drawn(steady([...wobbling(50, 10), 50, ...wobbling(50, 10)], 100));
    const { low: from = 0, high: to = 1 } = shownOf(steady([...wobbling(50, 10), 50, ...wobbling(50, 10)], 100)) ?? {};
    expect(filled.at(x, Math.round(heightOf(0.5, from, to)) - 3)[3]).toBe(255);
  });

  test('is nothing where nothing fell due', async () => {
    const gap = await drawn(clock([50, 50, 50, 50, 0, 0, 0, 50, 50], [100, 100, 100, 100, 0, 0, 0, 100, 100]));
    const between = placesOf(gap, CHART.guide).filter(({ x }) => x > columnOf(3, 9) && x < columnOf(2, 9) - 12);
    expect(between).toEqual([]);
  });

  test('lies on nothing: the corners show the page', async () => {
    const picture = await drawn(steady([...flat(50), 50], 100));
    for (const [x, y] of [
      [0, 0],
      [WIDTH - 1, 0],
      [0, HEIGHT - 1],
      [WIDTH - 1, HEIGHT - 1],
    ] as const)
      expect(picture.at(x, y)[3]).toBe(0);
  });
});
