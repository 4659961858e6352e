import { describe, expect, it } from 'vitest';
import { at } from '../builders/instants.ts';
import { type Calendar, dueOf, type Pause, type Target } from './time.ts';

/** New York, Monday to Friday in two spans; on Tuesdays the second goes to midnight, on Wednesdays on from there. */
const LUNCH: [string, string][] = [
  ['08:00', '12:00'],
  ['13:00', '17:00'],
];
const calendar: Calendar = {
  zone: 'America/New_York',
  hours: {
    mon: LUNCH,
    tue: [
      ['08:00', '12:00'],
      ['18:00', '24:00'],
    ],
    wed: [['00:00', '06:00'], ...LUNCH],
    thu: LUNCH,
    fri: [],
    sun: [
      ['02:15', '02:45'],
      ['03:00', '04:00'],
    ],
  },
  holidays: ['2026-03-12'],
};
const hours = (value: number): Target => ({ value, unit: 'business_hours' });
const days = (value: number): Target => ({ value, unit: 'business_days' });

// Instants are UTC: New York is 5 hours behind until 8 March, then 4. 2 March is a Monday.
describe('With several opening spans a day', () => {
  it.each<[string, Target, string, string]>([
    ['time between spans does not count', hours(3), '03-02 15:00', '03-02 19:00'],
    ['what runs out as a span ends is due there', hours(2), '03-02 15:00', '03-02 17:00'],
    ['a start between spans counts from the next', hours(1), '03-02 17:30', '03-02 19:00'],
    ['a span to midnight goes on in the next day', hours(8), '03-03 23:00', '03-04 07:00'],
    ['what runs out at midnight is due at midnight', hours(6), '03-03 20:00', '03-04 05:00'],
    ['closing is the end of the last span', days(1), '03-02 15:00', '03-04 05:00'],
    ['a start between spans is before closing', days(1), '03-02 17:30', '03-04 05:00'],
    ['a start at the end of the last is not', days(1), '03-02 22:00', '03-04 22:00'],
    ['a day without spans is closed', days(1), '03-05 15:00', '03-08 08:00'],
    ['a holiday closes all spans', days(3), '03-09 13:00', '03-15 08:00'],
  ])('%s', (_what, target, start, due) => {
    expect(dueOf(target, at(start), calendar, [])).toBe(at(due));
  });

  it('a day counts unless it is paused at the end of its last span', () => {
    const pause = (from: string, to: string): Pause[] => [{ from: at(from), to: at(to) }];
    expect(dueOf(days(1), at('03-03 15:00'), calendar, pause('03-04 17:00', '03-04 22:00'))).toBe(at('03-04 22:00'));
    expect(dueOf(days(1), at('03-03 15:00'), calendar, pause('03-04 22:00', '03-04 22:15'))).toBe(at('03-05 22:00'));
  });

  it('no hour counts twice where the clocks go forward within a span', () => {
    // On Sunday 8 March 02:15 to 02:45 is 03:15 to 03:45, within the second span: 07:00 to 08:00 UTC.
    expect(dueOf(hours(1), at('03-08 05:30'), calendar, [])).toBe(at('03-08 08:00'));
    expect(dueOf(hours(2), at('03-08 05:30'), calendar, [])).toBe(at('03-09 13:00'));
  });
});
