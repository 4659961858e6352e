import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../contracts/instant.ts';
import type { Recipient } from './recipients.ts';
import { digestOn } from './schedule.ts';

/** A recipient's days and weeks, in their own time zone. A week begins on Monday. */

/**
 * Whether a digest says what is said once a week, such as that all is clear: the first planned one of the week does, or
 * the first one after it if that one was not made.
 * @param since `asOf` of the recipient's last digest; null: there was none
 * @param period the local date that the digest is for
 */
export function beginsWeek(recipient: Recipient, since: Instant | null, period: string): boolean {
  const [first] = plannedInWeek(period, recipient);
  return first !== undefined && (since === null ? first.period === period : since < first.dueAt);
}

/** The digests of the days from Monday up to a local date. */
function plannedInWeek(period: string, recipient: Recipient) {
  const date = Temporal.PlainDate.from(period);
  return Array.from({ length: date.dayOfWeek }, (_, day) => date.subtract({ days: date.dayOfWeek - 1 - day })).flatMap(
    (each) => digestOn(each, recipient) ?? [],
  );
}
