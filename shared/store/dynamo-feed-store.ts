import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import type { FeedTimes } from '../domain/feeds.ts';
import type { FeedStore } from './feed-store.ts';
import { feedKey } from './operations-keys.ts';
import { readItem } from './read-item.ts';
import type { Table } from './table.ts';

const feedItem = z.object({ sk: z.string(), lastHeardAt: instant });

/** Feeds in the operations table. */
export class DynamoFeedStore implements FeedStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async markHeard(feed: string, at: Instant): Promise<void> {
    await this.#table.update({
      key: feedKey(feed),
      UpdateExpression: 'SET lastHeardAt = :at',
      // A condition that fails costs as much as the write: writing once a minute only would save nothing.
      ConditionExpression: 'attribute_not_exists(lastHeardAt) OR lastHeardAt < :at',
      values: { ':at': at },
    });
  }

  async heard(names: readonly string[]): Promise<Map<string, FeedTimes>> {
    const found = [...(await this.lastHeard())].filter(([name]) => names.includes(name));
    return new Map(found.map(([name, heartbeatAt]) => [name, { heartbeatAt, lastEventAt: null }]));
  }

  async lastHeard(): Promise<Map<string, Instant>> {
    const items = await this.#table.partition(feedKey('').pk);
    return new Map(
      items.map((item) => {
        const { sk, lastHeardAt } = readItem(feedItem, item, 'operations feeds <feed>');
        return [sk, lastHeardAt];
      }),
    );
  }
}
