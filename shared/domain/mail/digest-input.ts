import type { Config } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Alert, ReferralState } from '../../contracts/state.ts';
import type { Recipient } from './recipients.ts';

/** An alert with its referral's projection. */
export interface ReferralAlert {
  alert: Alert;
  state: ReferralState;
}

/** What the digests of all kinds are made from. */
export interface DigestInput {
  recipient: Recipient;
  period: string;
  /** The instant that the digest shows. */
  asOf: Instant;
  /**
   * `asOf` of the last digest of this kind that was made for the recipient and sent; if there is none, their previous
   * planned instant. Null: neither.
   */
  since: Instant | null;
  /** The recipient's alerts, open and resolved since then. */
  alerts: readonly ReferralAlert[];
  config: Config;
  /** Referrals that the digest should speak of and can't: they are set aside. */
  unshown?: readonly string[];
  /** Rows in a section before routine ones are cut. */
  cap?: number;
}
