import type { Instant } from '../../contracts/instant.ts';
import type { Day, SiteCalendar } from './calendar.ts';

/** When a site is open. */

/** Whether the site is open at an instant: from opening on, but no longer at closing. */
export function isOpenAt(instant: Instant, calendar: SiteCalendar): boolean {
  for (let day = firstDay(instant, calendar); calendar.midnight(day) <= instant; day += 1) {
    if (calendar.spans(day).some(({ opens, closes }) => opens <= instant && instant < closes)) return true;
  }
  return false;
}

/** How long the site is open between two instants, in milliseconds; 0 if `to` isn't after `from`. */
export function openMsBetween(from: Instant, to: Instant, calendar: SiteCalendar): number {
  let open = 0;
  for (const [opens, closes] of openIntervals(from, calendar, to)) open += Math.min(closes, to) - opens;
  return open;
}

/**
 * The stretches in which the site is open from an instant on, oldest first, never overlapping.
 * @param until the last of them begins before it; without it they never end
 */
export function* openIntervals(
  from: Instant,
  calendar: SiteCalendar,
  until: Instant = Number.POSITIVE_INFINITY,
): Generator<[from: Instant, to: Instant]> {
  let cursor = from;
  for (let day = firstDay(from, calendar); calendar.midnight(day) < until; day += 1) {
    for (const { opens, closes } of calendar.spans(day)) {
      const begins = Math.max(opens, cursor);
      if (begins >= closes) continue;
      if (begins >= until) return;
      yield [begins, closes];
      cursor = closes;
    }
  }
}

/** A clock change at the end of a day may push the end of a span into the next day. */
const firstDay = (instant: Instant, calendar: SiteCalendar): Day => calendar.dayOf(instant) - 1;
