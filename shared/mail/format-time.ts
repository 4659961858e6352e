import { Temporal } from 'temporal-polyfill';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';

/** Instants as a person reads them, in their own time zone. */

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const local = (instant: Instant, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);

const pad = (value: number): string => String(value).padStart(2, '0');
const timeOf = (time: Temporal.ZonedDateTime): string => `${pad(time.hour)}:${pad(time.minute)}`;

/** `Tue 3 Mar`, with the year if it isn't `year`. */
function dayOf(time: Temporal.ZonedDateTime, year: number | null): string {
  const day = `${DAYS[time.dayOfWeek - 1]} ${time.day} ${MONTHS[time.month - 1]}`;
  return time.year === year ? day : `${day} ${time.year}`;
}

/** `Tue 3 Mar 2026`. */
export function formatDate(instant: Instant, timeZone: string): string {
  return dayOf(local(instant, timeZone), null);
}

export function yearOf(instant: Instant, timeZone: string): number {
  return local(instant, timeZone).year;
}

/** `Tue 3 Mar 2026, 07:00 EST`. */
export function formatMoment(instant: Instant, timeZone: string): string {
  const time = local(instant, timeZone);
  return `${dayOf(time, null)}, ${timeOf(time)} ${zoneOf(instant, timeZone)}`;
}

/** `07:00 EST`. */
export function formatTime(instant: Instant, timeZone: string): string {
  return `${timeOf(local(instant, timeZone))} ${zoneOf(instant, timeZone)}`;
}

/**
 * `today, 17:00`, `tomorrow, 12:00`, `Tue 3 Mar, 17:00`. What is due at midnight is due by the end of the day before:
 * nobody reads "Wed 4 Mar, 00:00" as Tuesday evening.
 */
export function formatDue(instant: Instant, now: Instant, timeZone: string): string {
  const time = local(instant, timeZone);
  const midnight = time.hour === 0 && time.minute === 0;
  const day = relativeDay(midnight ? time.subtract({ days: 1 }) : time, local(now, timeZone));
  return midnight ? `by end of ${day}` : `${day}, ${timeOf(time)}`;
}

/**
 * How a due stands, no finer than a week: `due today`, `due this week`, `late`, `over a week late`. For what a visit or its
 * absence started, whose due would give the date of the visit away (docs/domain.md#8-10).
 */
export function formatCoarse(dueAt: Instant, now: Instant, timeZone: string): string {
  if (dueAt < now) {
    const days = (now - dueAt) / DAY_MS;
    if (days < 7) return 'late';
    if (days < 14) return 'over a week late';
    return days < 30 ? 'over two weeks late' : 'over a month late';
  }
  // What is due at midnight is due by the end of the day before.
  const due = local(dueAt - 1, timeZone).toPlainDate();
  const today = local(now, timeZone).toPlainDate();
  const days = today.until(due, { largestUnit: 'days' }).days;
  if (days <= 0) return 'due today';
  const leftOfWeek = 7 - today.dayOfWeek;
  if (days <= leftOfWeek) return 'due this week';
  return days <= leftOfWeek + 7 ? 'due next week' : 'due later';
}

/** `today`, `yesterday`, `Tue 3 Mar`: a day without its time. */
export function formatDay(instant: Instant, now: Instant, timeZone: string): string {
  return relativeDay(local(instant, timeZone), local(now, timeZone));
}

function relativeDay(time: Temporal.ZonedDateTime, now: Temporal.ZonedDateTime): string {
  switch (now.toPlainDate().until(time.toPlainDate(), { largestUnit: 'days' }).days) {
    case 0:
      return 'today';
    case 1:
      return 'tomorrow';
    case -1:
      return 'yesterday';
    default:
      return dayOf(time, now.year);
  }
}

/** How long ago, in whole units of the largest that fits: `2 days`, `5 hours`, `10 min`. */
export function formatElapsed(from: Instant, now: Instant): string {
  const elapsed = now - from;
  if (elapsed >= DAY_MS) return plural(Math.floor(elapsed / DAY_MS), 'day');
  if (elapsed >= HOUR_MS) return plural(Math.floor(elapsed / HOUR_MS), 'hour');
  return `${Math.max(0, Math.floor(elapsed / MINUTE_MS))} min`;
}

/** `1 day`, `2 days`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function zoneOf(instant: Instant, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }).formatToParts(instant);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
