import type { Instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';
import type { DueEntry, DueShard } from './referral-store.ts';

/** How far the sweep of one shard has come: behind an entry, or to the end. */
export type SweptUpTo = DueEntry | 'end';

/** How far the sweep of the due index under a new configuration has come. */
export interface SweepProgress {
  /** By shard, as `shardName` names it. A shard that isn't there wasn't begun. */
  shards: Record<string, SweptUpTo>;
  /** How many referrals it has brought under the configuration. */
  swept: number;
}

export const shardName = ({ shard, of }: DueShard): string => `${of}.${shard}`;

/** The sweep under each configuration, named by when it was pushed: a run goes on where the one before stopped. */
export interface ConfigSweepStore {
  /** How far the sweep has come. */
  load(push: Instant): Promise<SweepProgress>;
  /** Notes how far it has come, unless another run has come further. */
  saveProgress(push: Instant, progress: SweepProgress, now: Instant): Promise<Written>;
}
