import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hours } from '../../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../shared/contracts/duration.ts';
import { spansOf } from '../../../../shared/domain/time/calendar.ts';
import { dueAt } from '../../../../shared/domain/time/due.ts';
import { isOpenAt, openMsBetween } from '../../../../shared/domain/time/opening.ts';
import { calendars, splitDayPlans, starts, targets, toCalendar } from '../../../builders/calendars.ts';

const RUNS = { numRuns: 1_000 };
const later = fc.oneof(fc.integer({ min: 0, max: 3 * HOUR_MS }), fc.integer({ min: 0, max: 9 * DAY_MS }));

/**
 * Each span in two that touch, cut at the full hour in its middle. One within an hour stays whole, and so does one whose
 * beginning a clock change may skip: it then begins later by the gap, be it past its own middle.
 */
function cut(hours: Hours): Hours {
  const cutSpan = ([opens, closes]: readonly [string, string]): [string, string][] => {
    const hour = (text: string) => Number(text.slice(0, 2));
    const middle = `${String(Math.ceil((hour(opens) + hour(closes)) / 2)).padStart(2, '0')}:00`;
    const mayBeSkipped = opens < '03:00' && !opens.endsWith(':00');
    return !mayBeSkipped && opens < middle && middle < closes
      ? [
          [opens, middle],
          [middle, closes],
        ]
      : [[opens, closes]];
  };
  return Object.fromEntries(Object.entries(hours).map(([day, open]) => [day, spansOf(open).flatMap(cutSpan)]));
}

describe('Opening time', () => {
  it('is the same when spans are cut in two', () => {
    const property = fc.property(starts, later, targets, splitDayPlans, (start, after, target, plan) => {
      const whole = toCalendar(plan);
      const parts = toCalendar({ ...plan, hours: plan.hours && cut(plan.hours) });
      expect(dueAt(start, target, parts)).toBe(dueAt(start, target, whole));
      expect(openMsBetween(start, start + after, parts)).toBe(openMsBetween(start, start + after, whole));
      expect(isOpenAt(start, parts)).toBe(isOpenAt(start, whole));
    });
    fc.assert(property, RUNS);
  });

  it('up to a due in business hours is those hours', () => {
    const property = fc.property(starts, fc.integer({ min: 1, max: 30 }), calendars, (start, value, calendar) => {
      const due = dueAt(start, { value, unit: 'business_hours' }, calendar);
      expect(openMsBetween(start, due, calendar)).toBe(value * HOUR_MS);
    });
    fc.assert(property, RUNS);
  });

  it('adds up, and is never longer than the time itself', () => {
    const property = fc.property(starts, later, later, calendars, (start, first, second, calendar) => {
      const [middle, end] = [start + first, start + first + second];
      const whole = openMsBetween(start, end, calendar);
      expect(whole).toBe(openMsBetween(start, middle, calendar) + openMsBetween(middle, end, calendar));
      expect(whole).toBeLessThanOrEqual(end - start);
    });
    fc.assert(property, RUNS);
  });

  it('passes in exactly those minutes at which the site is open', () => {
    const property = fc.property(starts, calendars, (start, calendar) => {
      const minute = Math.ceil(start / MINUTE_MS) * MINUTE_MS;
      const passed = openMsBetween(minute, minute + MINUTE_MS, calendar);
      expect(passed).toBe(isOpenAt(minute, calendar) ? MINUTE_MS : 0);
    });
    fc.assert(property, RUNS);
  });
});

describe('The spans of a day', () => {
  it('are in order and never overlap, and the site is open in each of them', () => {
    const property = fc.property(starts, calendars, (start, calendar) => {
      const spans = calendar.spans(calendar.dayOf(start));
      for (const [index, { opens, closes }] of spans.entries()) {
        expect(opens).toBeLessThan(closes);
        expect(opens).toBeGreaterThanOrEqual(spans[index - 1]?.closes ?? Number.NEGATIVE_INFINITY);
        expect(isOpenAt(opens, calendar)).toBe(true);
        expect(isOpenAt(closes - 1, calendar)).toBe(true);
      }
    });
    fc.assert(property, RUNS);
  });
});
