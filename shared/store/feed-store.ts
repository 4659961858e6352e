import type { EventType } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { FeedTimes } from '../domain/feeds.ts';

/** Events of a feed. */
export interface FeedArrivals {
  /** When the last of them arrived. */
  latestAt: Instant;
  types: ReadonlySet<EventType>;
}

/** When feeds were heard. */
export interface FeedStore {
  /** Notes a feed's heartbeat; the latest instant stays. */
  markHeard(feed: string, at: Instant): Promise<void>;
  /**
   * Notes that events of feeds arrived, by the quarter hour in which they did; the latest stays. One write for all of
   * them, and none if this instance has noted as much already. Types that never came from a feed before are a write more.
   * @param arrivals by the feed's name
   */
  markEvents(arrivals: ReadonlyMap<string, FeedArrivals>): Promise<void>;
  /** When each of some feeds was heard; one that never was is absent. */
  heard(names: readonly string[]): Promise<Map<string, FeedTimes>>;
}
