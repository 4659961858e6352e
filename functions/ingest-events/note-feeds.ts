import type { SQSRecord } from 'aws-lambda';
import type { EventType } from '../../shared/contracts/event.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { type ConfigInForce, NoConfigurationError } from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';

type RecentConfig = () => Promise<ConfigInForce>;

/** An event that is kept, heartbeats aside: its source may be a feed. */
export interface KeptEvent {
  record: SQSRecord;
  source: string;
  type: EventType;
  /** When it first arrived. */
  arrivedAt: Instant;
}

/**
 * Notes which feeds the kept events are from, in one write for the batch.
 * @returns the records to be given back: their feeds could not be noted
 */
export async function noteFeeds(
  kept: readonly KeptEvent[],
  { recentConfig, feeds }: { recentConfig: RecentConfig; feeds: FeedStore },
): Promise<(readonly [SQSRecord, PromiseRejectedResult])[]> {
  if (kept.length === 0) return [];
  let names: ReadonlySet<string> | null = null;
  try {
    names = await feedNames(recentConfig);
    const arrivals = new Map<string, { latestAt: Instant; types: Set<EventType> }>();
    for (const { source, type, arrivedAt } of kept) {
      if (!names.has(source)) continue;
      const arrived = arrivals.get(source) ?? { latestAt: arrivedAt, types: new Set() };
      arrivals.set(source, arrived);
      arrived.latestAt = Math.max(arrivedAt, arrived.latestAt);
      arrived.types.add(type);
    }
    await feeds.markEvents(arrivals);
    return [];
  } catch (reason) {
    const lost = kept.filter(({ source }) => names?.has(source) ?? true);
    return lost.map(({ record }) => [record, { status: 'rejected', reason }] as const);
  }
}

/** Practices' events are taken in before there is a configuration; then no feeds are known. */
async function feedNames(recentConfig: RecentConfig): Promise<Set<string>> {
  try {
    const { config } = await recentConfig();
    return new Set((config.directory.feeds ?? []).map(({ name }) => name));
  } catch (error) {
    if (error instanceof NoConfigurationError) return new Set();
    throw error;
  }
}
