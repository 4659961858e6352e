import type { Instant } from '../../../shared/contracts/instant.ts';
import type { OperationsStore, Quarantined } from '../../../shared/store/operations-store.ts';
import type { ReferralStore } from '../../../shared/store/referral-store.ts';

/** Stores to be held to the contract, empty at first, and what a test needs to see that the interfaces don't show. */
export interface Stores {
  referrals: ReferralStore;
  operations: OperationsStore;
  shards: number;
  quarantined(reason: Quarantined['reason']): Promise<Quarantined[]>;
  lastHeard(feed: string): Promise<Instant | null>;
  /** A second worker's store over the same data. */
  another(): OperationsStore;
  close(): Promise<void>;
}
