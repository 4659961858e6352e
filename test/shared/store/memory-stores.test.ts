import { MemoryOperationsStore } from '../../doubles/memory-operations-store.ts';
import { MemoryReferralStore } from '../../doubles/memory-referral-store.ts';
import { describeStores } from './contract.ts';

describeStores('In memory', async () => {
  const shards = 3;
  const operations = new MemoryOperationsStore();
  return {
    referrals: new MemoryReferralStore({ shards }),
    operations,
    shards,
    quarantined: async (reason) => [...operations.inQuarantine.values()].filter((item) => item.reason === reason),
    lastHeard: async (feed) => operations.feeds.get(feed) ?? null,
    another: () => operations,
    close: async () => {},
  };
});
