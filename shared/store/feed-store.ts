import type { Instant } from '../contracts/instant.ts';
import type { FeedTimes } from '../domain/feeds.ts';

/** When feeds were heard. */
export interface FeedStore {
  /** Notes a feed's heartbeat; the latest instant stays. */
  markHeard(feed: string, at: Instant): Promise<void>;
  /**
   * Notes that events of feeds arrived, by the quarter hour in which they did; the latest stays. One write for all of
   * them, and none if this instance has noted as much already.
   * @param arrivals when the last event of each feed arrived, by the feed's name
   */
  markEvents(arrivals: ReadonlyMap<string, Instant>): Promise<void>;
  /** When each of some feeds was heard; one that never was is absent. */
  heard(names: readonly string[]): Promise<Map<string, FeedTimes>>;
}
