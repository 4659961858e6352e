import { describe, expect, test } from 'vitest';
import { formatDay, formatDue, formatElapsed, formatMoment } from '../../../shared/mail/format-time.ts';
import { at, days, hours, MONDAY } from './builders.ts';

const NEW_YORK = 'America/New_York';

describe('when something is due', () => {
  test.each([
    ['2026-03-02T22:00:00Z', 'today, 17:00'],
    ['2026-03-03T17:30:00Z', 'tomorrow, 12:30'],
    ['2026-03-01T22:00:00Z', 'yesterday, 17:00'],
    ['2026-03-05T22:00:00Z', 'Thu 5 Mar, 17:00'],
    ['2025-12-31T22:00:00Z', 'Wed 31 Dec 2025, 17:00'],
    ['2026-03-03T05:00:00Z', 'by end of today'],
    ['2026-03-10T04:00:00Z', 'by end of Mon 9 Mar'],
  ])('%s reads %s', (instant, text) => {
    expect(formatDue(at(instant), MONDAY, NEW_YORK)).toBe(text);
  });

  test("goes by the reader's own time zone", () => {
    expect(formatDue(at('2026-03-02T22:00:00Z'), MONDAY, 'Asia/Tokyo')).toBe('tomorrow, 07:00');
  });
});

test('a moment names its zone', () => {
  expect(formatMoment(MONDAY, NEW_YORK)).toBe('Mon 2 Mar 2026, 07:00 EST');
  expect(formatMoment(at('2026-07-01T11:00:00Z'), NEW_YORK)).toBe('Wed 1 Jul 2026, 07:00 EDT');
});

test('a day has no time', () => {
  expect(formatDay(MONDAY - days(6), MONDAY, NEW_YORK)).toBe('Tue 24 Feb');
});

test.each([
  [hours(0.25), '15 min'],
  [hours(1), '1 hour'],
  [hours(23.9), '23 hours'],
  [days(1), '1 day'],
  [days(2.6), '2 days'],
])('%i ms over reads %s', (elapsed, text) => {
  expect(formatElapsed(MONDAY - elapsed, MONDAY)).toBe(text);
});
