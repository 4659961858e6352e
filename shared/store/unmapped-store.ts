import type { Instant } from '../contracts/instant.ts';

/** Words of senders' own that were replaced by a word of the contract, or were absent. */
export interface UnmappedStore {
  /**
   * How many there are by field, such as `referral.closed.reason`; fields that don't occur are left out.
   * @param from they arrived at or after it @param to and before it
   */
  countByField(from: Instant, to: Instant): Promise<Record<string, number>>;
}
