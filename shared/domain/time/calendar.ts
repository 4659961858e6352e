import { Temporal } from 'temporal-polyfill';
import type { Directory, Hours } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { WEEKDAYS, WORKDAYS } from '../../contracts/vocabulary.ts';

/** A local date as days since 1970-01-01. */
export type Day = number;

/** A site's local dates, opening hours and holidays as instants. Pure; results are remembered by day. */
export interface SiteCalendar {
  /** The local date on which an instant falls. */
  dayOf(instant: Instant): Day;
  /** The local midnight that begins the day. If it doesn't exist, it is moved forward by the gap. */
  midnight(day: Day): Instant;
  /** Opening and closing of a business day; null on a closed weekday or a holiday. */
  opening(day: Day): { opens: Instant; closes: Instant } | null;
}

const OFFICE_HOURS: Hours = Object.fromEntries(WORKDAYS.map((day) => [day, ['08:00', '17:00']]));

/** The date as YYYY-MM-DD. */
export function formatDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 = Monday ... 6 = Sunday. 1970-01-01 was a Thursday. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Remembers a pure function of a day. Calendars ask the same few hundred days again and again. */
function perDay<T>(compute: (day: Day) => T): (day: Day) => T {
  const known = new Map<Day, T>();
  return (day) => {
    let value = known.get(day);
    if (value === undefined) {
      value = compute(day);
      known.set(day, value);
    }
    return value;
  };
}

/**
 * Makes a calendar.
 * @param timeZone IANA time zone
 * @param hours opening and closing by weekday; a weekday that isn't listed is closed
 * @param holidays closed dates, YYYY-MM-DD
 */
export function siteCalendar(timeZone: string, hours: Hours = OFFICE_HOURS, holidays: string[] = []): SiteCalendar {
  const closed = new Set(holidays);
  const instantAt = (day: Day, timeOfDay: string): Instant =>
    Temporal.PlainDateTime.from(`${formatDay(day)}T${timeOfDay}`).toZonedDateTime(timeZone).epochMilliseconds;
  const midnight = perDay((day) => instantAt(day, '00:00'));
  const opening = perDay((day) => {
    const weekday = WEEKDAYS[weekdayOf(day)];
    const open = weekday && hours[weekday];
    if (!open || closed.has(formatDay(day))) return null;
    const [first, last] = [open[0], open[1]] as [string, string];
    return { opens: instantAt(day, first), closes: instantAt(day, last) };
  });
  const dayOf = (instant: Instant): Day => {
    let day = Math.floor(instant / DAY_MS);
    while (instant < midnight(day)) day -= 1;
    while (instant >= midnight(day + 1)) day += 1;
    return day;
  };
  return { dayOf, midnight, opening };
}

const calendars = new WeakMap<Directory, Map<string, SiteCalendar>>();

/** The calendar of a site. A site that isn't in the directory has the organization's time zone and office hours. */
export function calendarOf(directory: Directory, siteId: string | null): SiteCalendar {
  let known = calendars.get(directory);
  if (!known) {
    known = new Map();
    calendars.set(directory, known);
  }
  const key = siteId ?? '';
  let calendar = known.get(key);
  if (!calendar) {
    const site = directory.sites.find((candidate) => candidate.id === siteId);
    calendar = siteCalendar(site?.timeZone ?? directory.organization.timeZone, site?.hours, site?.holidays);
    known.set(key, calendar);
  }
  return calendar;
}
