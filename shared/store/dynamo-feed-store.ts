import * as z from 'zod';
import { MINUTE_MS } from '../contracts/duration.ts';
import { EVENT_TYPES } from '../contracts/event.ts';
import { type Instant, instant } from '../contracts/instant.ts';
import type { FeedTimes } from '../domain/feeds.ts';
import { forEach } from '../platform/concurrency.ts';
import type { Item } from './dynamo.ts';
import type { FeedArrivals, FeedStore } from './feed-store.ts';
import { FEED_EVENTS, FEED_TYPES, feedKey } from './operations-keys.ts';
import { readItem } from './read-item.ts';
import type { Table } from './table.ts';

const QUARTER_MS = 15 * MINUTE_MS;
const READS_AT_ONCE = 8;

const heartbeatItem = z.object({ lastHeardAt: instant });
const lastEvent = z.object({ lastEventAt: instant.nullable() });
/** One item has an attribute for each feed. */
const attributeOf = (feed: string): string => `feed:${feed}`;
/** One item has an attribute for each type of each feed. Types have no space. */
const typeAttributeOf = (feed: string, type: string): string => `${type} ${feed}`;
/** An item has room for 400 KB. What is beyond this many types of feeds isn't remembered. */
const MOST_TYPES = 500;
/** An expression has room for 4 KB: what is beyond this many in one batch is noted when it comes again. */
const MOST_TYPES_A_WRITE = 100;

/** A quarter hour in which events of a feed arrived. */
type Arrived = readonly [feed: string, quarter: Instant];

/** Feeds in the operations table. */
export class DynamoFeedStore implements FeedStore {
  readonly #table: Table;
  /** The latest quarter hour of each feed that this instance has noted, or is about to. */
  readonly #noted = new Map<string, { quarter: Instant; written: Promise<void> }>();

  /** The types of feeds that are known to be stored. */
  readonly #types = new Set<string>();

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

  async markEvents(arrivals: ReadonlyMap<string, FeedArrivals>): Promise<void> {
    const arrived = [...arrivals].map(
      ([feed, { latestAt }]): Arrived => [feed, Math.floor(latestAt / QUARTER_MS) * QUARTER_MS],
    );
    const later = arrived.filter(([feed, quarter]) => {
      const noted = this.#noted.get(feed);
      return noted === undefined || noted.quarter < quarter;
    });
    if (later.length > 0) this.#note(later);
    const types = [...arrivals].flatMap(([feed, each]) => [...each.types].map((type) => typeAttributeOf(feed, type)));
    await Promise.all([...arrived.map(([feed]) => this.#noted.get(feed)?.written), this.#noteTypes(types)]);
  }

  /** Reads what is known once in the life of an instance, and writes only what isn't: soon nothing. */
  async #noteTypes(types: readonly string[]): Promise<void> {
    if (types.every((type) => this.#types.has(type))) return;
    if (this.#types.size === 0)
      for (const type of Object.keys((await this.#table.get(FEED_TYPES)) ?? {})) this.#types.add(type);
    const room = Math.min(MOST_TYPES_A_WRITE, Math.max(0, MOST_TYPES - this.#types.size));
    const unknown = types.filter((type) => !this.#types.has(type)).slice(0, room);
    if (unknown.length === 0) return;
    const places = unknown.map((_, place) => `#${place}`);
    // It fails if all of them are known: then somebody else was first.
    await this.#table.update({
      key: FEED_TYPES,
      UpdateExpression: `SET ${places.map((place) => `${place} = :known`).join(', ')}`,
      ConditionExpression: places.map((place) => `attribute_not_exists(${place})`).join(' OR '),
      ExpressionAttributeNames: Object.fromEntries(unknown.map((type, place) => [`#${place}`, type])),
      values: { ':known': true },
    });
    for (const type of unknown) this.#types.add(type);
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
    const [events, types] = await Promise.all([this.#table.get(FEED_EVENTS), this.#table.get(FEED_TYPES)]);
    const feeds = await forEach(new Set(names), READS_AT_ONCE, async (name) => {
      const heartbeat = await this.#table.get(feedKey(name));
      const times = { heartbeatAt: heartbeatIn(heartbeat), lastEventAt: lastEventIn(events, name) };
      return [name, { ...times, types: EVENT_TYPES.filter((type) => types?.[typeAttributeOf(name, type)]) }] as const;
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
