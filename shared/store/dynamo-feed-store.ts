import * as z from 'zod';
import { MINUTE_MS } from '../contracts/duration.ts';
import { type Instant, instant } from '../contracts/instant.ts';
import type { FeedTimes } from '../domain/feeds.ts';
import { forEach } from '../platform/concurrency.ts';
import type { Item } from './dynamo.ts';
import type { FeedStore } from './feed-store.ts';
import { FEED_EVENTS, feedKey } from './operations-keys.ts';
import { readItem } from './read-item.ts';
import type { Table } from './table.ts';

const QUARTER_MS = 15 * MINUTE_MS;
const READS_AT_ONCE = 8;

const heartbeatItem = z.object({ lastHeardAt: instant });
const lastEvent = z.object({ lastEventAt: instant.nullable() });
/** One item has an attribute for each feed. */
const attributeOf = (feed: string): string => `feed:${feed}`;

/** A quarter hour in which events of a feed arrived. */
type Arrived = readonly [feed: string, quarter: Instant];

/** Feeds in the operations table. */
export class DynamoFeedStore implements FeedStore {
  readonly #table: Table;
  /** The latest quarter hour of each feed that this instance has noted, or is about to. */
  readonly #noted = new Map<string, { quarter: Instant; written: Promise<void> }>();

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

  async markEvents(arrivals: ReadonlyMap<string, Instant>): Promise<void> {
    const arrived = [...arrivals].map(([feed, at]): Arrived => [feed, Math.floor(at / QUARTER_MS) * QUARTER_MS]);
    const later = arrived.filter(([feed, quarter]) => {
      const noted = this.#noted.get(feed);
      return noted === undefined || noted.quarter < quarter;
    });
    if (later.length > 0) this.#note(later);
    await Promise.all(arrived.map(([feed]) => this.#noted.get(feed)?.written));
  }

  /** Notes at once that it writes, so that nobody here writes the same meanwhile; what fails is written again. */
  #note(arrived: readonly Arrived[]): void {
    const written = this.#write(arrived);
    for (const [feed, quarter] of arrived) this.#noted.set(feed, { quarter, written });
    written.catch(() => {
      for (const [feed] of arrived) if (this.#noted.get(feed)?.written === written) this.#noted.delete(feed);
    });
  }

  async #write(arrived: readonly Arrived[]): Promise<void> {
    const placed = arrived.map(([feed, quarter], place) => ({ name: `#${place}`, value: `:${place}`, feed, quarter }));
    const written = await this.#table.update({
      key: FEED_EVENTS,
      UpdateExpression: `SET ${placed.map(({ name, value }) => `${name} = ${value}`).join(', ')}`,
      ConditionExpression: placed
        .map(({ name, value }) => `(attribute_not_exists(${name}) OR ${name} <= ${value})`)
        .join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(placed.map(({ name, feed }) => [name, attributeOf(feed)])),
      values: Object.fromEntries(placed.map(({ value, quarter }) => [value, quarter])),
    });
    // Somebody has noted a later one of some feed: that one stays, those of the others are still to be noted.
    if (written === 'conflict' && arrived.length > 1) for (const each of arrived) await this.#write([each]);
  }

  async heard(names: readonly string[]): Promise<Map<string, FeedTimes>> {
    const events = await this.#table.get(FEED_EVENTS);
    const feeds = await forEach(new Set(names), READS_AT_ONCE, async (name) => {
      const heartbeat = await this.#table.get(feedKey(name));
      return [name, { heartbeatAt: heartbeatIn(heartbeat), lastEventAt: lastEventIn(events, name) }] as const;
    });
    return new Map(feeds.filter(([, { heartbeatAt, lastEventAt }]) => heartbeatAt !== null || lastEventAt !== null));
  }
}

function heartbeatIn(item: Item | null): Instant | null {
  return item && readItem(heartbeatItem, item, 'operations feeds <feed>').lastHeardAt;
}

function lastEventIn(item: Item | null, feed: string): Instant | null {
  const lastEventAt = item?.[attributeOf(feed)] ?? null;
  return readItem(lastEvent, { lastEventAt }, 'operations feed-events last').lastEventAt;
}
