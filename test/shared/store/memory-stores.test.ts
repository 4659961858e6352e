import { memoryStores } from '../../doubles/memory-stores.ts';
import { describeStores } from './contract.ts';

describeStores('In memory', async () => {
  const shards = 3;
  const stores = memoryStores({ shards });
  return { ...stores, shards, another: () => stores, close: async () => {} };
});
