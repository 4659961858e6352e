import { describe, expect, it } from 'vitest';
import type { Hours, Target } from '../../../../shared/contracts/config.ts';
import { HOUR_MS } from '../../../../shared/contracts/duration.ts';
import { WEEKDAYS } from '../../../../shared/contracts/vocabulary.ts';
import { siteCalendar } from '../../../../shared/domain/time/calendar.ts';
import { dueAt } from '../../../../shared/domain/time/due.ts';
import { isOpenAt, openMsBetween } from '../../../../shared/domain/time/opening.ts';
import { at, short } from '../../../builders/instants.ts';

const everyDay = (...spans: [string, string][]): Hours =>
  Object.fromEntries(WEEKDAYS.map((day) => [day, spans])) as Hours;
const LUNCH: Hours = {
  mon: [
    ['08:00', '12:00'],
    ['13:00', '17:00'],
  ],
  tue: [
    ['08:00', '12:00'],
    ['13:00', '17:00'],
  ],
};
const due = (start: string, target: Target, hours: Hours, zone = 'UTC'): string =>
  short(dueAt(at(start), target, siteCalendar(zone, hours)));
const hours = (value: number): Target => ({ value, unit: 'business_hours' });
const days = (value: number): Target => ({ value, unit: 'business_days' });

// 2 March 2026 is a Monday.
describe('A site that closes for lunch', () => {
  it.each([
    ['lunch doesn’t elapse', '03-02 11:00', hours(2), '03-02 14:00'],
    ['hours that run out at the beginning of lunch are due then', '03-02 11:00', hours(1), '03-02 12:00'],
    ['hours begin after lunch', '03-02 12:30', hours(1), '03-02 14:00'],
    ['hours go on the next day', '03-02 16:00', hours(6), '03-03 14:00'],
    ['the last span’s end is closing', '03-02 12:30', days(1), '03-03 17:00'],
    ['what comes in after closing begins on the next day', '03-02 17:00', days(1), '03-09 17:00'],
  ])('%s', (_what, start, target, expected) => {
    expect(due(start, target, LUNCH)).toBe(expected);
  });
});

describe('A site that never closes', () => {
  const always = everyDay(['00:00', '24:00']);

  it('has every hour, also over the end of a day', () => {
    expect(due('03-02 22:00', hours(4), always)).toBe('03-03 02:00');
  });

  it('closes at the midnight that ends the day in its own zone', () => {
    expect(due('03-02 22:00', days(1), always)).toBe('03-04 00:00');
    expect(due('03-02 22:00', days(1), always, 'America/New_York')).toBe('03-04 05:00');
  });

  // Havana 2026: 8 March 00:00 becomes 01:00; 1 November 01:00 becomes 00:00.
  it.each([
    ['a midnight that doesn’t exist moves forward', '03-06 12:00', days(1), '03-08 05:00'],
    ['of two midnights the earlier counts', '10-30 12:00', days(1), '11-01 04:00'],
    ['no hour is lost where one is skipped', '03-08 03:00', hours(4), '03-08 07:00'],
    ['and none is counted twice where one comes twice', '11-01 03:00', hours(4), '11-01 07:00'],
  ])('in Havana %s', (_what, start, target, expected) => {
    expect(due(start, target, always, 'America/Havana')).toBe(expected);
  });
});

describe('A site that is open over midnight', () => {
  const night = everyDay(['00:00', '06:00'], ['22:00', '24:00']);

  it('counts the night as one stretch', () => {
    expect(due('03-02 23:00', hours(7), night)).toBe('03-03 06:00');
    expect(due('03-02 23:00', hours(8), night)).toBe('03-03 23:00');
  });

  // Nuuk 2026: 28 March 23:00 becomes midnight (01:00 UTC), so that 23:30 is half past midnight.
  it('counts no half hour twice where a clock change moves closing into the next day', () => {
    const late = everyDay(['00:00', '06:00'], ['20:00', '23:30']);
    expect(due('03-28 22:00', hours(9), late, 'America/Nuuk')).toBe('03-29 07:00');
    expect(isOpenAt(at('03-29 01:29'), siteCalendar('America/Nuuk', { sat: ['20:00', '23:30'] }))).toBe(true);
  });
});

// New York 2026: 8 March 02:00 EST becomes 03:00 EDT (07:00 UTC), 1 November 02:00 EDT becomes 01:00 EST (06:00 UTC).
describe('Spans in the night in which clocks change', () => {
  const spansOn = (noon: string, ...spans: [string, string][]) => {
    const calendar = siteCalendar('America/New_York', everyDay(...spans));
    return calendar.spans(calendar.dayOf(at(noon))).map(({ opens, closes }) => [short(opens), short(closes)]);
  };

  it('lack the one that is skipped', () => {
    expect(spansOn('03-08 15:00', ['01:00', '02:00'], ['02:00', '03:00'], ['03:00', '04:00'])).toEqual([
      ['03-08 06:00', '03-08 07:00'],
      ['03-08 07:00', '03-08 08:00'],
    ]);
  });

  it('do not overlap where the end of one moves past the beginning of the next', () => {
    expect(spansOn('03-08 15:00', ['01:00', '02:30'], ['03:00', '05:00'])).toEqual([
      ['03-08 06:00', '03-08 07:30'],
      ['03-08 07:30', '03-08 09:00'],
    ]);
  });

  it('are an hour longer over the hour that comes twice', () => {
    expect(spansOn('11-01 15:00', ['00:30', '01:30'], ['01:30', '02:30'])).toEqual([
      ['11-01 04:30', '11-01 05:30'],
      ['11-01 05:30', '11-01 07:30'],
    ]);
  });

  it('still close a business day, even when all of it is skipped', () => {
    expect(spansOn('03-08 15:00', ['02:00', '03:00'])).toEqual([]);
    expect(due('03-07 06:00', days(1), everyDay(['02:00', '03:00']), 'America/New_York')).toBe('03-08 07:00');
  });
});

describe('Being open', () => {
  const calendar = siteCalendar('UTC', LUNCH, ['2026-03-09']);

  it.each([
    ['03-02 07:59', false],
    ['03-02 08:00', true],
    ['03-02 12:00', false],
    ['03-02 13:00', true],
    ['03-02 17:00', false],
    ['03-04 10:00', false],
    ['03-09 10:00', false],
  ])('at %s is %s', (instant, open) => {
    expect(isOpenAt(at(instant), calendar)).toBe(open);
  });

  it('is measured without nights, lunches and holidays', () => {
    expect(openMsBetween(at('03-02 11:00'), at('03-02 14:00'), calendar)).toBe(2 * HOUR_MS);
    expect(openMsBetween(at('03-02 16:00'), at('03-03 09:00'), calendar)).toBe(2 * HOUR_MS);
    expect(openMsBetween(at('03-03 16:00'), at('03-10 09:00'), calendar)).toBe(2 * HOUR_MS);
    expect(openMsBetween(at('03-02 17:00'), at('03-03 08:00'), calendar)).toBe(0);
  });

  it('is nothing from an instant to itself or an earlier one', () => {
    expect(openMsBetween(at('03-02 10:00'), at('03-02 10:00'), calendar)).toBe(0);
    expect(openMsBetween(at('03-02 14:00'), at('03-02 10:00'), calendar)).toBe(0);
  });
});
