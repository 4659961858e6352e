import fc from 'fast-check';
import type { DayHours, Hours, Target } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { WEEKDAYS } from '../../shared/contracts/vocabulary.ts';
import { type SiteCalendar, siteCalendar } from '../../shared/domain/time/calendar.ts';
import type { Pause } from '../../shared/domain/time/due.ts';
import { at } from './instants.ts';

/** Calendars, targets, starts and pauses for laws of dues. */

/** Clock changes of an hour and of half an hour, at two o'clock and at midnight, and backwards in Ramadan. */
const ZONES = [
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'America/Havana',
  'Africa/Casablanca',
  'Asia/Kathmandu',
] as const;

const time = fc.integer({ min: 0, max: 23 * 4 + 3 }).map((quarters) => {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${pad(Math.floor(quarters / 4))}:${pad((quarters % 4) * 15)}`;
});
const opening = fc
  .tuple(time, time)
  .filter(([a, b]) => a !== b)
  .map(([a, b]): [string, string] => (a < b ? [a, b] : [b, a]));

/** Up to three spans a day in order, some of them touching, some up to 24:00. */
const openings: fc.Arbitrary<DayHours> = fc
  .tuple(fc.uniqueArray(time, { minLength: 4, maxLength: 6 }), fc.boolean(), fc.boolean())
  .map(([times, touching, toMidnight]) => {
    const sorted = times.sort();
    const marks = toMidnight ? [...sorted, '24:00'] : sorted;
    return marks.slice(1).flatMap((closes, index) => {
      const opens = marks[index] as string;
      return touching || index % 2 === 0 ? [[opens, closes] as [string, string]] : [];
    });
  });

const weekOf = (day: fc.Arbitrary<DayHours>): fc.Arbitrary<Hours> =>
  fc
    .tuple(fc.subarray([...WEEKDAYS], { minLength: 1 }), fc.array(day, { minLength: 7, maxLength: 7 }))
    .map(([days, times]) => Object.fromEntries(days.map((weekday, index) => [weekday, times[index]])) as Hours);

/** Holidays, few enough that an office with one open day a week still opens. */
const holidays = fc.subarray(['2026-01-01', '2026-03-09', '2026-03-30', '2026-04-06', '2026-10-26', '2026-11-02']);

/** A site's zone, hours and holidays; the default hours if it has none. */
export interface CalendarPlan {
  zone: string;
  hours: Hours | undefined;
  holidays: string[];
}
const plansWith = (day: fc.Arbitrary<DayHours>): fc.Arbitrary<CalendarPlan> =>
  fc.record({
    zone: fc.constantFrom(...ZONES),
    hours: fc.option(weekOf(day), { nil: undefined, freq: 2 }),
    holidays,
  });
/** Sites that open once a day. */
export const calendarPlans: fc.Arbitrary<CalendarPlan> = plansWith(opening);
/** Sites that open once or several times a day. */
export const splitDayPlans: fc.Arbitrary<CalendarPlan> = plansWith(fc.oneof(opening, openings));

export const toCalendar = ({ zone, hours, holidays: closed }: CalendarPlan): SiteCalendar =>
  siteCalendar(zone, hours, closed);
export const calendars: fc.Arbitrary<SiteCalendar> = splitDayPlans.map(toCalendar);

export const targets: fc.Arbitrary<Target> = fc.record({
  value: fc.integer({ min: 1, max: 30 }),
  unit: fc.constantFrom('hours', 'business_hours', 'business_days', 'calendar_days'),
});

/** All of 2026, most often on whole hours around the nights in which clocks change. */
export const starts: fc.Arbitrary<Instant> = fc.oneof(
  fc.integer({ min: at('01-01 00:00'), max: at('12-31 00:00') }),
  fc
    .tuple(
      fc.constantFrom(
        '02-15 00:00',
        '03-08 00:00',
        '03-22 00:00',
        '03-29 00:00',
        '04-05 00:00',
        '10-04 00:00',
        '10-25 00:00',
        '11-01 00:00',
      ),
      fc.integer({ min: -96, max: 96 }),
    )
    .map(([night, halfHours]) => at(night) + halfHours * (HOUR_MS / 2)),
);

/** Pauses as the fold makes them: half-open, oldest first, not overlapping, some of them touching. */
export const pauses = (start: Instant): fc.Arbitrary<Pause[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 5 * 96 }), fc.integer({ min: 1, max: 9 * 96 })), { maxLength: 4 })
    .map((pairs) => {
      let cursor = start - 2 * DAY_MS;
      return pairs.map(([gap, length]): Pause => {
        const from = Math.ceil((cursor + gap * 15 * MINUTE_MS) / HOUR_MS) * HOUR_MS;
        cursor = from + length * 15 * MINUTE_MS;
        return [from, cursor];
      });
    });
