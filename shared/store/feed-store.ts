import type { Instant } from '../contracts/instant.ts';
import type { FeedTimes } from '../domain/feeds.ts';

/** When feeds were heard. */
export interface FeedStore {
  /** Notes that a feed was heard; the latest instant stays. */
  markHeard(feed: string, at: Instant): Promise<void>;
  /** When each feed was last heard; one that never was is absent. */
  lastHeard(): Promise<Map<string, Instant>>;
  /** When each of some feeds was heard; one that never was is absent. */
  heard(names: readonly string[]): Promise<Map<string, FeedTimes>>;
}
