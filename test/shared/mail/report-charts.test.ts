import { describe, expect, test } from 'vitest';
import type { Report } from '../../../shared/contracts/report.ts';
import { drawCharts } from '../../../shared/mail/report/charts/draw-charts.tsx';
import { CHART } from '../../../shared/mail/templates/style.ts';
import { type Picture, readPng, SIGNATURE } from './png.ts';
import { badWeek, clock, emptyReport, goodWeek, hugeOrganization, steady } from './report-samples.ts';

const MOST_ATTACHMENTS = 14;
const LARGEST_BYTES = 5_000;

const reportOf = (acceptance: Report['clocks']['acceptance']): Report => {
  const base = emptyReport();
  return { ...base, clocks: { ...base.clocks, acceptance } };
};

async function drawn(acceptance: Report['clocks']['acceptance']): Promise<Picture> {
  const { 'line-acceptance': png } = await drawCharts(reportOf(acceptance));
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

const nowMark = (picture: Picture) => middle(placesOf(picture, CHART.now));
const flat = (rate: number): number[] => Array.from({ length: 8 }, () => rate);

describe('the charts of a report', () => {
  test('are one small PNG for each clock that fell due, twice as large as it is shown', async () => {
    const charts = await drawCharts(goodWeek());
    expect(Object.keys(charts)).toEqual([
      'line-acceptance',
      'line-first_attempt',
      'line-reached',
      'line-scheduled',
      'line-visit',
      'line-rebook',
      'line-reroute',
      'line-note',
      'line-referrer_update',
    ]);
    for (const png of Object.values(charts)) {
      expect(Buffer.from(png).subarray(0, 8)).toEqual(SIGNATURE);
      expect(png.length).toBeLessThan(LARGEST_BYTES);
      expect(readPng(png)).toMatchObject({ width: 288, height: 104 });
    }
  });

  test('are few enough for a mail, whatever the organization', async () => {
    const charts = await drawCharts(hugeOrganization().report);
    expect(Object.keys(charts).length).toBeLessThanOrEqual(MOST_ATTACHMENTS);
    expect(Object.values(charts).every((png) => png.length < LARGEST_BYTES)).toBe(true);
  });

  test('are the same bytes for the same report', async () => {
    const [first, second] = await Promise.all([drawCharts(badWeek()), drawCharts(badWeek())]);
    expect(first).toEqual(second);
  });

  test('are none if nothing fell due', async () => {
    expect(await drawCharts(emptyReport())).toEqual({});
  });
});

describe('a line', () => {
  test('is higher where more was kept', async () => {
    const marks = await Promise.all(
      [10, 30, 60, 90].map(async (rate) => nowMark(await drawn(steady([...flat(10), rate], 100)))),
    );
    const heights = marks.map(({ y }) => y);
    expect(heights).toEqual(heights.toSorted((a, b) => b - a));
    expect(new Set(heights).size).toBe(4);
  });

  test('puts all at the top and none at the bottom, within the picture', async () => {
    const none = nowMark(await drawn(steady([...flat(0), 0], 100)));
    const all = nowMark(await drawn(steady([...flat(0), 100], 100)));
    // A pixel's middle is half a pixel below its number.
    expect(all.y + 0.5).toBeCloseTo(14, 1);
    expect(none.y + 0.5).toBeCloseTo(90, 1);
  });

  test("ends on the right with the report's own period, marked", async () => {
    const picture = await drawn(steady([40, 60, 40, 60, 40, 60, 40, 60, 50], 100));
    const { x } = nowMark(picture);
    expect(x).toBeGreaterThan(picture.width - 30);
    expect(Math.max(...placesOf(picture, CHART.line).map((place) => place.x))).toBeLessThan(x + 12);
  });

  test('rises and falls with the periods before', async () => {
    const picture = await drawn(steady([0, 100, 0, 100, 0, 100, 0, 100, 50], 100));
    const columnOf = (index: number): number => Math.round(2 * (7 + (index * 130) / 8));
    const heightAt = (index: number): number =>
      middle(placesOf(picture, CHART.line).filter(({ x }) => Math.abs(x - columnOf(index)) < 3)).y;
    expect(heightAt(1)).toBeLessThan(heightAt(0) - 50);
    expect(heightAt(1)).toBeLessThan(heightAt(2) - 50);
  });

  test('has a gap where nothing fell due', async () => {
    const gap = clock([50, 50, 50, 0, 0, 50, 50, 50, 50], [100, 100, 100, 0, 0, 100, 100, 100, 100]);
    const picture = await drawn(gap);
    const between = placesOf(picture, CHART.line).filter(({ x }) => x > 100 && x < 160);
    expect(between).toEqual([]);
    const whole = await drawn(steady([50, 50, 50, 50, 50, 50, 50, 50, 50], 100));
    expect(placesOf(whole, CHART.line).filter(({ x }) => x > 100 && x < 160).length).toBeGreaterThan(100);
  });

  test('does not lead to a period of under ten, which is a ring', async () => {
    const ring = await drawn(clock([50, 50, 50, 50, 50, 50, 50, 50, 2], [100, 100, 100, 100, 100, 100, 100, 100, 4]));
    const { x, y } = nowMark(ring);
    expect(ring.at(Math.round(x), Math.round(y))[3]).toBe(0);
    const firm = await drawn(steady([50, 50, 50, 50, 50, 50, 50, 50, 50], 100));
    const mark = nowMark(firm);
    expect(firm.at(Math.round(mark.x), Math.round(mark.y))[3]).toBe(255);
  });

  test('does not come from a ring either', async () => {
    const few = clock([50, 50, 50, 50, 2, 50, 50, 50, 50], [100, 100, 100, 100, 4, 100, 100, 100, 100]);
    const picture = await drawn(few);
    const columnOf = (index: number): number => Math.round(2 * (7 + (index * 130) / 8));
    const between = (from: number, to: number) =>
      placesOf(picture, CHART.line).filter(({ x }) => x > columnOf(from) + 10 && x < columnOf(to) - 10);
    expect(between(3, 4)).toEqual([]);
    expect(between(4, 5)).toEqual([]);
    expect(between(5, 6).length).toBeGreaterThan(0);
  });

  test('has the usual level as a dashed line', async () => {
    const few = clock([0, 0, 0, 0, 0, 0, 0, 90, 10], [10, 10, 10, 10, 10, 10, 10, 90, 100], { limits: null });
    const picture = await drawn(few);
    const { y } = middle(placesOf(picture, CHART.average));
    // 90 of 160: 56% of the way up from 90 to 14.
    expect(y).toBeCloseTo(90 - (90 / 160) * 76, -0.5);
  });

  test('has the usual range as a bar beside the period that leaves it, and neither range nor level where none is known', async () => {
    const { centre, limits } = steady([...flat(60), 20], 100);
    const bar = placesOf(await drawn(steady([...flat(60), 20], 100)), CHART.average).filter(({ x }) => x > 270);
    const [low = 0, high = 0] = limits ?? [];
    // Nothing is at 90 and all at 14; rows that are covered in part are not opaque.
    expect([low, high].map((limit) => limit.toFixed(2))).toEqual(['0.45', '0.75']);
    expect(Math.min(...bar.map((place) => place.y))).toBe(Math.ceil(90 - high * 76));
    expect(Math.max(...bar.map((place) => place.y))).toBe(Math.floor(90 - low * 76) - 1);
    expect(centre).toBe(0.6);
    const early = await drawn(clock([0, 60, 60, 60, 60, 60, 60, 60, 60], [0, 100, 100, 100, 100, 100, 100, 100, 100]));
    expect(placesOf(early, CHART.average)).toEqual([]);
  });

  test('begins at a common floor, so that all charts of a report compare', async () => {
    const alone = nowMark(await drawn(steady([...flat(80), 90], 100)));
    const base = reportOf(steady([...flat(80), 90], 100));
    const beside: Report = { ...base, clocks: { ...base.clocks, note: steady([...flat(10), 10], 100) } };
    const { 'line-acceptance': png } = await drawCharts(beside);
    expect(nowMark(readPng(png ?? new Uint8Array())).y).toBeLessThan(alone.y);
  });

  test('is drawn on nothing: the corners show the card', async () => {
    const picture = await drawn(steady([...flat(50), 50], 100));
    for (const [x, y] of [
      [0, 0],
      [287, 0],
      [0, 103],
      [287, 103],
    ] as const)
      expect(picture.at(x, y)[3]).toBe(0);
  });

  test('of a single period is its mark only', async () => {
    const picture = await drawn(clock([...flat(0), 20], [...flat(0), 30]));
    expect(placesOf(picture, CHART.line)).toEqual([]);
    expect(placesOf(picture, CHART.now).length).toBeGreaterThan(50);
  });
});
