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
  /** `asOf` of the recipient's previous digest of this kind; null: there was none. */
  since: Instant | null;
  /** The recipient's alerts, open and resolved since the previous digest. */
  alerts: readonly ReferralAlert[];
  config: Config;
  /** Most rows in a section. */
  cap?: number;
}
