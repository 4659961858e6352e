import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../contracts/instant.ts';
import { WEEKDAYS, type Weekday } from '../../contracts/vocabulary.ts';
import { digestPeriods, type Recipient } from './schedule.ts';

/** A recipient's days and weeks, in their own time zone. A week begins on Monday. */

const DEFAULT_WORKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];

/**
 * Whether a digest says what is said once a week: the digest of the first working day does, or the first one after it
 * if that one was not made.
 */
export function beginsWeek(recipient: Recipient, since: Instant | null, asOf: Instant): boolean {
  if (since === null || isFirstWorkingDay(asOf, recipient)) return isFirstWorkingDay(asOf, recipient);
  const { timeZone, workdays = [...DEFAULT_WORKDAYS] } = recipient;
  const first = WEEKDAYS.filter((day) => workdays.includes(day)).slice(0, 1);
  return digestPeriods({ timeZone, workdays: first }, since, asOf).length > 0;
}

/** Whether an instant lies on the first working day of the recipient's week, when an all-clear goes out. */
export function isFirstWorkingDay(
  instant: Instant,
  { timeZone, workdays = [...DEFAULT_WORKDAYS] }: Recipient,
): boolean {
  const { dayOfWeek } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  return WEEKDAYS.find((day) => workdays.includes(day)) === WEEKDAYS[dayOfWeek - 1];
}

/** The midnight that ends an instant's local day. */
export function endOfLocalDay(instant: Instant, timeZone: string): Instant {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  return local.startOfDay().add({ days: 1 }).startOfDay().epochMilliseconds;
}
