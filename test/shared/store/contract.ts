import { afterAll, beforeAll, describe } from 'vitest';
import { alertContract } from './alert-contract.ts';
import { mailContract } from './mail-contract.ts';
import { configurationContract, intakeContract } from './operations-contract.ts';
import { referralContract } from './referral-contract.ts';
import { reportContract } from './report-contract.ts';
import { retentionContract } from './retention-contract.ts';
import type { Stores } from './stores.ts';

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
    retentionContract(get);
    reportContract(get);
  });
}
