import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { DAY_MS, SECOND_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';
import { utcDate } from '../domain/mail/mail-id.ts';
import { type Backoff, jitteredBackoff } from '../platform/backoff.ts';
import { forEach } from '../platform/concurrency.ts';
import type { Item } from './dynamo.ts';
import { unmatchedDayKey, unmatchedKey, unmatchedMarkerKey, waitingKey } from './operations-keys.ts';
import { readBatches } from './read-batch.ts';
import { readEach, readItem, readPacked } from './read-item.ts';
import type { Table } from './table.ts';
import {
  type OnUnreadable,
  type Unmatched,
  type UnmatchedPlace,
  type UnmatchedStore,
  unmatched,
} from './unmatched-store.ts';

const AT_ONCE = 8;
const DAYS_AT_ONCE = 8;

const MARKER_SHAPE = 'operations unmatched-day#<UTC date> <id>';
const contentItem = z.object({ held: unmatched });
const markerItem = unmatched
  .pick({ sender: true, dialect: true, kind: true, arrivedAt: true, file: true, position: true })
  .extend({ sk: z.string() });
/** What a member says that waits, of the item that holds it. @throws LastingError if it can't be read */
export const readHeld = (item: Item): Unmatched =>
  readPacked(contentItem, item, 'operations unmatched#<id> content', 'held').held;
const pointerItem = z.object({ sk: z.string() });

/**
 * Unmatched members in the operations table: what each says in an item of its own; a small one under the UTC date of its
 * arrival, to be counted; and a pointer under each of its keys.
 */
export class DynamoUnmatchedStore implements UnmatchedStore {
  readonly #table: Table;
  readonly #backoff: Backoff;

  constructor(table: Table, { backoff = jitteredBackoff }: { backoff?: Backoff } = {}) {
    this.#table = table;
    this.#backoff = backoff;
  }

  /** The pointers come last: who finds one finds what it points to. */
  async hold(held: Unmatched): Promise<Unmatched> {
    const kept = await this.#firstOf(held);
    const { id, sender, dialect, kind, file, position, keys, arrivedAt, until } = kept;
    const expiresAt = Math.floor(until / SECOND_MS);
    const place = { sender, dialect, kind, arrivedAt, file, position };
    await this.#table.putNew({ ...unmatchedMarkerKey(utcDate(arrivedAt), id), ...place, expiresAt });
    await forEach(keys, AT_ONCE, (key) => this.#table.putNew({ ...waitingKey(sender, key, id), expiresAt }));
    return kept;
  }

  /** Puts what a member says, unless it is there. @returns what is there */
  async #firstOf(held: Unmatched): Promise<Unmatched> {
    const key = unmatchedKey(held.id);
    const item = { ...key, held: gzipSync(JSON.stringify(held)), expiresAt: Math.floor(held.until / SECOND_MS) };
    const put = await this.#table.put({
      item,
      // What DynamoDB hasn't removed yet is tried no more.
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
      values: { ':now': Math.floor(held.arrivedAt / SECOND_MS) },
    });
    if (put === 'written') return held;
    const kept = await this.#table.get(key);
    // Let go a moment ago: then its key is named, and whoever held it sees that.
    return kept ? readHeld(kept) : held;
  }

  async find(ids: readonly string[], onUnreadable?: OnUnreadable): Promise<Unmatched[]> {
    const found = await readBatches(this.#table, [...new Set(ids)].map(unmatchedKey), this.#backoff);
    return readEach(found, readHeld, onUnreadable);
  }

  async waitingFor(sender: string, key: string, onUnreadable?: OnUnreadable): Promise<Unmatched[]> {
    const pointers = await this.#table.partition(waitingKey(sender, key, '').pk);
    const ids = pointers.map((pointer) => readItem(pointerItem, pointer, 'operations waiting#<hash> <id>').sk);
    const found = await forEach(ids, AT_ONCE, (id) => this.#table.get(unmatchedKey(id)));
    // One that is gone was released, by somebody who died before its last pointer.
    const there = found.filter((item) => item !== null);
    return readEach(there, readHeld, onUnreadable);
  }

  /** What it says goes last: until then it can be released again. */
  async release({ id, sender, keys, arrivedAt }: Parameters<UnmatchedStore['release']>[0]): Promise<void> {
    const places = [unmatchedMarkerKey(utcDate(arrivedAt), id), ...keys.map((key) => waitingKey(sender, key, id))];
    await forEach(places, AT_ONCE, (key) => this.#remove(key));
    await this.#remove(unmatchedKey(id));
  }

  #remove(key: { pk: string; sk: string }) {
    return this.#table.remove({ key, ConditionExpression: 'attribute_exists(pk)' });
  }

  async heldBetween(from: Instant, to: Instant, onUnreadable?: OnUnreadable): Promise<UnmatchedPlace[]> {
    const first = Math.floor(from / DAY_MS);
    const days = Array.from({ length: Math.max(0, Math.ceil(to / DAY_MS) - first) }, (_, day) =>
      utcDate((first + day) * DAY_MS),
    );
    const held = await forEach(days, DAYS_AT_ONCE, async (date) => {
      const items = await this.#table.partition(unmatchedDayKey(date));
      const read = readEach(items, (item) => readItem(markerItem, item, MARKER_SHAPE), onUnreadable);
      return read.map(({ sk: id, ...place }) => ({ id, ...place }));
    });
    return held.flat().filter(({ arrivedAt }) => arrivedAt >= from && arrivedAt < to);
  }
}
