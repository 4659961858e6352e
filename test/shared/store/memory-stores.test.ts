import { MemoryFeedStore, MemoryReferralStore, memoryStores } from '../../doubles/memory-stores.ts';
import { describeStores } from './contract.ts';

describeStores('In memory', async () => {
  const shards = 3;
  const stores = memoryStores({ shards });
  const another = () => ({
    ...stores,
    referrals: new MemoryReferralStore({ shards, tables: stores.referrals.tables }),
    feeds: new MemoryFeedStore(stores.feeds.tables),
  });
  return { ...stores, shards, another, close: async () => {} };
});
