import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../contracts/instant.ts';

/** The local date on which an instant falls. @param timeZone IANA time zone */
export function localDate(instant: Instant, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The start of a local date: midnight, or the first instant of the day if there is no midnight. */
export function startOfDate(date: Temporal.PlainDate, timeZone: string): Instant {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

/** The start of a date that is written as YYYY-MM-DD. */
export function localMidnight(date: string, timeZone: string): Instant {
  return startOfDate(Temporal.PlainDate.from(date), timeZone);
}

/** The local dates from that of one instant to that of another, both included, oldest first. */
export function* localDates(from: Instant, to: Instant, timeZone: string): Generator<Temporal.PlainDate> {
  const last = localDate(to, timeZone);
  for (
    let date = localDate(from, timeZone);
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    yield date;
  }
}

/** The ISO 8601 week of a date, such as 2026-W10. */
export function isoWeekOf(date: Temporal.PlainDate): string {
  return `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`;
}
