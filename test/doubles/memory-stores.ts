import type { Stores } from '../../shared/store/dynamo-stores.ts';
import { MemoryConfigStore } from './memory-config-store.ts';
import { MemoryFeedStore } from './memory-feed-store.ts';
import { MemoryMailStore } from './memory-mail-store.ts';
import { MemoryPracticeStore } from './memory-practice-store.ts';
import { MemoryQuarantineStore } from './memory-quarantine-store.ts';
import { MemoryReferralStore } from './memory-referral-store.ts';
import { MemoryReportStore } from './memory-report-store.ts';

/** Every store in memory, each held to the same contract as the real one (test/shared/store/contract.ts). */
export function memoryStores({ shards = 4 }: { shards?: number } = {}) {
  return {
    referrals: new MemoryReferralStore({ shards }),
    configs: new MemoryConfigStore(),
    quarantine: new MemoryQuarantineStore(),
    feeds: new MemoryFeedStore(),
    practices: new MemoryPracticeStore(),
    mails: new MemoryMailStore(),
    reports: new MemoryReportStore(),
  } satisfies Stores;
}
