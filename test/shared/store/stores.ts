import type { Stores } from '../../../shared/store/dynamo-stores.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';

/** Stores to be held to the contract, empty at first, and what a test needs besides. */
export interface TestedStores extends Stores {
  /** Shards of the due index. */
  shards: number;
  /** A second worker's stores over the same data. */
  another(): Stores;
  close(): Promise<void>;
}

/** A referral whose record of alerts compares with one that was read: packing makes a Buffer of it. */
export const plain = (stored: StoredReferral): StoredReferral => ({
  ...stored,
  alerts: stored.alerts && Uint8Array.from(stored.alerts),
});
