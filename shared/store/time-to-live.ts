import { DAY_MS, SECOND_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';

/**
 * For how many days items of the operations table are kept. Mails, what they said and practice events are kept as long
 * as a closed referral is by default: 25 months. Replaced words, and that something was refused, are kept for a quarter and
 * the 100 days in which a report of it may still be made. Of a referral that was set aside it is known for a while that it
 * was.
 */
export const KEPT_DAYS = {
  quarantine: 90,
  refused: 200,
  unmapped: 200,
  mail: 760,
  practiceEvent: 760,
  sweep: 760,
  setAside: 90,
  /** Since it was last used. */
  alias: 760,
} as const;

/** When an item may be removed, as DynamoDB's time to live wants it: in seconds. It removes items days late. */
export function expiryOf(instant: Instant, keptDays: number): number {
  return Math.floor((instant + keptDays * DAY_MS) / SECOND_MS);
}
