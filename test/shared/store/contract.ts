import { afterAll, beforeAll, describe } from 'vitest';
import { aliasContract } from './alias-contract.ts';
import { configContract } from './config-contract.ts';
import { configSweepContract } from './config-sweep-contract.ts';
import { feedContract } from './feed-contract.ts';
import { mailContract } from './mail-contract.ts';
import { ownerContract } from './owner-contract.ts';
import { practiceContract } from './practice-contract.ts';
import { quarantineContract } from './quarantine-contract.ts';
import { receivedContract } from './received-contract.ts';
import { referralContract } from './referral-contract.ts';
import { reportContract } from './report-contract.ts';
import { retentionContract } from './retention-contract.ts';
import { setAsideContract } from './set-aside-contract.ts';
import type { TestedStores } from './stores.ts';
import { unmappedContract } from './unmapped-contract.ts';
import { unmatchedContract } from './unmatched-contract.ts';
import { urgentContract } from './urgent-contract.ts';

/**
 * What every store must do, on the emulator and over tables in memory, so that a test in memory says something about
 * DynamoDB.
 */
export function describeStores(name: string, open: () => Promise<TestedStores>): void {
  describe(name, () => {
    let stores: TestedStores;
    const get = (): TestedStores => stores;
    beforeAll(async () => {
      stores = await open();
    });
    afterAll(() => stores?.close());

    // First, while nothing has been pushed yet.
    configContract(get);
    configSweepContract(get);
    setAsideContract(get);
    quarantineContract(get);
    unmappedContract(get);
    aliasContract(get);
    unmatchedContract(get);
    feedContract(get);
    practiceContract(get);
    mailContract(get);
    referralContract(get);
    ownerContract(get);
    urgentContract(get);
    retentionContract(get);
    receivedContract(get);
    reportContract(get);
  });
}
