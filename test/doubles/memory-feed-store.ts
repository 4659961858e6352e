import type { Instant } from '../../shared/contracts/instant.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';

export class MemoryFeedStore implements FeedStore {
  readonly #heard = new Map<string, Instant>();

  async markHeard(feed: string, at: Instant): Promise<void> {
    const last = this.#heard.get(feed);
    if (last === undefined || last < at) this.#heard.set(feed, at);
  }

  async lastHeard(): Promise<Map<string, Instant>> {
    return new Map(this.#heard);
  }
}
