import type { Stores } from '../../../shared/store/dynamo-stores.ts';

/** Stores to be held to the contract, empty at first, and what a test needs besides. */
export interface TestedStores extends Stores {
  /** Shards of the due index. */
  shards: number;
  /** A second worker's stores over the same data. */
  another(): Stores;
  close(): Promise<void>;
}
