import { describe, expect, it } from 'vitest';
import type { Hours, Target } from '../../../../shared/contracts/config.ts';
import { siteCalendar } from '../../../../shared/domain/time/calendar.ts';
import { dueAt } from '../../../../shared/domain/time/due.ts';
import { at, short } from '../../../builders/instants.ts';

const unit =
  (name: Target['unit']) =>
  (value: number): Target => ({ value, unit: name });
const hours = unit('hours');
const businessHours = unit('business_hours');
const businessDays = unit('business_days');
const calendarDays = unit('calendar_days');

/** Open every day at these hours, so that the night itself counts. */
const daily = (opens: string, closes: string): Hours =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [opens, closes]]));

const due = (zone: string, start: string, target: Target, open?: Hours): string =>
  short(dueAt(at(start), target, siteCalendar(zone, open)));

describe('In the night in which clocks change', () => {
  // New York 2026: 8 March 02:00 EST becomes 03:00 EDT, 1 November 02:00 EDT becomes 01:00 EST.
  it.each([
    ['hours elapse as ever', '03-07 20:00', hours(24), undefined, '03-08 20:00'],
    ['hours elapse as ever in autumn', '10-31 20:00', hours(24), undefined, '11-01 20:00'],
    ['the day after the gap ends an hour earlier in UTC', '03-07 15:00', calendarDays(1), undefined, '03-09 04:00'],
    ['the day with the gap begins as it used to', '03-06 15:00', calendarDays(1), undefined, '03-08 05:00'],
    ['the day of the overlap ends an hour later in UTC', '10-31 15:00', calendarDays(1), undefined, '11-02 05:00'],
    ['Monday’s closing is 21:00 UTC after the gap', '03-06 15:00', businessDays(1), undefined, '03-09 21:00'],
    ['Monday’s closing is 22:00 UTC after the overlap', '10-30 15:00', businessDays(1), undefined, '11-02 22:00'],
    ['closing in the gap moves forward by it', '03-07 06:00', businessDays(1), daily('00:30', '02:30'), '03-08 07:30'],
    [
      'of two equal closings the earlier counts',
      '10-31 05:00',
      businessDays(1),
      daily('00:30', '01:30'),
      '11-01 05:30',
    ],
    [
      'an office open over the gap has an hour less',
      '03-08 06:00',
      businessHours(3),
      daily('01:00', '05:00'),
      '03-08 09:00',
    ],
    ['and finds the rest the next day', '03-08 06:00', businessHours(4), daily('01:00', '05:00'), '03-09 06:00'],
    [
      'an office open over the overlap has an hour more',
      '11-01 05:00',
      businessHours(5),
      daily('01:00', '05:00'),
      '11-01 10:00',
    ],
  ])('in New York %s', (_what, start, target, open, expected) => {
    expect(due('America/New_York', start, target, open)).toBe(expected);
  });

  // London 2026: 29 March 01:00 GMT becomes 02:00 BST, 25 October 02:00 BST becomes 01:00 GMT.
  it.each([
    ['the day after the gap ends at 23:00 UTC', '03-28 12:00', calendarDays(1), undefined, '03-29 23:00'],
    ['the day of the overlap ends at 00:00 UTC', '10-24 12:00', calendarDays(1), undefined, '10-26 00:00'],
    ['opening in the gap moves forward by it', '03-28 20:00', businessHours(1), daily('01:30', '09:00'), '03-29 02:30'],
    ['closing is 16:00 UTC in summer', '03-27 12:00', businessDays(1), undefined, '03-30 16:00'],
  ])('in London %s', (_what, start, target, open, expected) => {
    expect(due('Europe/London', start, target, open)).toBe(expected);
  });

  // Lord Howe 2026: half an hour; 5 April 02:00 (+11) becomes 01:30 (+10:30), 4 October 02:00 becomes 02:30.
  it.each([
    ['a day is half an hour longer in April', '04-04 03:00', calendarDays(1), undefined, '04-05 13:30'],
    ['a day is half an hour shorter in October', '10-03 03:00', calendarDays(1), undefined, '10-04 13:00'],
    [
      'closing in the gap moves forward by half an hour',
      '10-02 14:15',
      businessDays(1),
      daily('00:30', '02:15'),
      '10-03 15:45',
    ],
    [
      'of two equal closings the earlier counts',
      '04-03 13:45',
      businessDays(1),
      daily('00:30', '01:45'),
      '04-04 14:45',
    ],
  ])('on Lord Howe Island %s', (_what, start, target, open, expected) => {
    expect(due('Australia/Lord_Howe', start, target, open)).toBe(expected);
  });

  // Havana 2026: 8 March 00:00 CST becomes 01:00 CDT: a day without midnight; 1 November 01:00 CDT becomes 00:00 CST.
  it.each([
    [
      'the day before the missing midnight ends at one o’clock',
      '03-06 15:00',
      calendarDays(1),
      undefined,
      '03-08 05:00',
    ],
    ['the day after it ends at the usual midnight', '03-07 15:00', calendarDays(1), undefined, '03-09 04:00'],
    ['of two midnights the earlier ends the day', '10-30 15:00', calendarDays(1), undefined, '11-01 04:00'],
    [
      'an office that opens at midnight opens at one',
      '03-07 20:00',
      businessHours(1),
      daily('00:00', '06:00'),
      '03-08 06:00',
    ],
    [
      'the hour that comes twice is one of one day',
      '11-01 04:30',
      businessDays(1),
      daily('00:00', '06:00'),
      '11-02 11:00',
    ],
  ])('in Havana %s', (_what, start, target, open, expected) => {
    expect(due('America/Havana', start, target, open)).toBe(expected);
  });

  // Casablanca 2026: +01 all year except in Ramadan: 15 February 03:00 becomes 02:00, 22 March 02:00 becomes 03:00.
  it.each([
    ['a day of Ramadan ends at midnight UTC', '02-16 12:00', calendarDays(1), undefined, '02-18 00:00'],
    ['a day outside of it ends at 23:00 UTC', '02-12 12:00', calendarDays(1), undefined, '02-13 23:00'],
    ['the day on which the clocks go back is longer', '02-14 12:00', calendarDays(1), undefined, '02-16 00:00'],
    ['the day on which they go forward is shorter', '03-21 12:00', calendarDays(1), undefined, '03-22 23:00'],
    ['closing in the gap moves forward by it', '03-21 01:00', businessDays(1), daily('00:30', '02:30'), '03-22 02:30'],
  ])('in Casablanca %s', (_what, start, target, open, expected) => {
    expect(due('Africa/Casablanca', start, target, open)).toBe(expected);
  });
});

describe('A local date', () => {
  it.each([
    ['America/Havana', '03-08 04:59', '03-07 12:00'],
    ['America/Havana', '11-01 04:30', '11-01 12:00'],
    ['America/Havana', '11-01 05:30', '11-01 12:00'],
    ['Australia/Lord_Howe', '04-04 13:30', '04-05 03:00'],
  ])('in %s at %s is that of %s', (zone, instant, sameDay) => {
    const calendar = siteCalendar(zone);
    expect(calendar.dayOf(at(instant))).toBe(calendar.dayOf(at(sameDay)));
  });
});
