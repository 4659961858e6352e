import type { Instant } from '../../contracts/instant.ts';
import { WEEKDAYS, WORKDAYS } from '../../contracts/vocabulary.ts';
import { localDate, startOfDate } from '../time/local-date.ts';
import { digestPeriods, type Recipient } from './schedule.ts';

/** A recipient's days and weeks, in their own time zone. A week begins on Monday. */

/**
 * Whether a digest says what is said once a week: the digest of the first working day does, or the first one after it
 * if that one was not made.
 */
export function beginsWeek(recipient: Recipient, since: Instant | null, asOf: Instant): boolean {
  if (since === null || isFirstWorkingDay(asOf, recipient)) return isFirstWorkingDay(asOf, recipient);
  const { timeZone, workdays = WORKDAYS } = recipient;
  const first = WEEKDAYS.filter((day) => workdays.includes(day)).slice(0, 1);
  return digestPeriods({ timeZone, workdays: first }, since, asOf).length > 0;
}

/** Whether an instant lies on the first working day of the recipient's week, when an all-clear goes out. */
export function isFirstWorkingDay(instant: Instant, { timeZone, workdays = WORKDAYS }: Recipient): boolean {
  const { dayOfWeek } = localDate(instant, timeZone);
  return WEEKDAYS.find((day) => workdays.includes(day)) === WEEKDAYS[dayOfWeek - 1];
}

/** The midnight that ends an instant's local day. */
export function endOfLocalDay(instant: Instant, timeZone: string): Instant {
  return startOfDate(localDate(instant, timeZone).add({ days: 1 }), timeZone);
}
