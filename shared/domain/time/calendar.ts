import { Temporal } from 'temporal-polyfill';
import type { DayHours, Directory, Hours } from '../../contracts/config.ts';
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
  /**
   * The stretches of a day in which the site is open, oldest first, apart or touching; none on a closed weekday or a
   * holiday. A stretch that falls into the hour that a clock change skips is left out.
   */
  spans(day: Day): readonly OpenSpan[];
  /** Closing time, the end of the last span; null on a closed weekday or a holiday. */
  closing(day: Day): Instant | null;
}

/** Open at `opens` and until `closes`, but no longer at `closes`. */
export interface OpenSpan {
  opens: Instant;
  closes: Instant;
}

const OFFICE_HOURS: Hours = Object.fromEntries(WORKDAYS.map((day) => [day, ['08:00', '17:00']]));

/** The date as ISO 8601 has it: YYYY-MM-DD, beyond four digits of a year with a sign and six. */
export function formatDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().replace(/T.*/, '');
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

/** A day's spans as they are configured: one span may stand alone. */
export function spansOf(hours: DayHours): readonly (readonly [opens: string, closes: string])[] {
  return isOneSpan(hours) ? [hours] : hours;
}

const isOneSpan = (hours: DayHours): hours is [string, string] => typeof hours[0] === 'string';

/**
 * Makes a calendar. Local times become instants as Temporal's `compatible` has it: one that a clock change skips moves
 * forward by the gap, of two equal ones the earlier counts.
 * @param timeZone IANA time zone
 * @param hours opening spans by weekday; a weekday that isn't listed is closed
 * @param holidays closed dates, YYYY-MM-DD
 */
export function siteCalendar(timeZone: string, hours: Hours = OFFICE_HOURS, holidays: string[] = []): SiteCalendar {
  const closed = new Set(holidays);
  const instantAt = (day: Day, timeOfDay: string): Instant =>
    timeOfDay === '24:00'
      ? instantAt(day + 1, '00:00')
      : Temporal.PlainDateTime.from(`${formatDay(day)}T${timeOfDay}`).toZonedDateTime(timeZone).epochMilliseconds;
  const midnight = perDay((day) => instantAt(day, '00:00'));
  const hoursOf = (day: Day): DayHours | undefined => {
    const weekday = WEEKDAYS[weekdayOf(day)];
    return weekday && !closed.has(formatDay(day)) ? hours[weekday] : undefined;
  };
  const spans = perDay((day): readonly OpenSpan[] => {
    const open: OpenSpan[] = [];
    for (const [opens, closes] of spansOf(hoursOf(day) ?? [])) {
      // The hour that a clock change skips may push the end of one span past the beginning of the next.
      const before = open.at(-1)?.closes ?? Number.NEGATIVE_INFINITY;
      const span = { opens: Math.max(instantAt(day, opens), before), closes: instantAt(day, closes) };
      if (span.opens < span.closes) open.push(span);
    }
    return open;
  });
  const closing = perDay((day) => {
    const last = spansOf(hoursOf(day) ?? []).at(-1);
    return last ? instantAt(day, last[1]) : null;
  });
  const dayOf = (instant: Instant): Day => {
    let day = Math.floor(instant / DAY_MS);
    while (instant < midnight(day)) day -= 1;
    while (instant >= midnight(day + 1)) day += 1;
    return day;
  };
  return { dayOf, midnight, spans, closing };
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
