import { afterAll, beforeAll, describe } from 'vitest';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { OperationsStore, Quarantined } from '../../shared/store/operations-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { alertContract } from './alert-contract.ts';
import { mailContract } from './mail-contract.ts';
import { configurationContract, intakeContract } from './operations-contract.ts';
import { referralContract } from './referral-contract.ts';

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

/**
 * What every ReferralStore and OperationsStore must do: the tables and their doubles run the same suite, so that a test
 * on a double says something about the tables.
 */
export function describeStores(name: string, open: () => Promise<Stores>): void {
  describe(name, () => {
    let stores: Stores;
    const get = (): Stores => stores;
    beforeAll(async () => {
      stores = await open();
    });
    afterAll(() => stores?.close());

    // First, while nothing has been pushed yet.
    configurationContract(get);
    intakeContract(get);
    mailContract(get);
    referralContract(get);
    alertContract(get);
  });
}
