import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { DAY_MS, SECOND_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';
import { utcDate } from '../domain/mail/mail-id.ts';
import { forEach } from '../platform/concurrency.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import { unmatchedDayKey, unmatchedKey, unmatchedMarkerKey, waitingKey } from './operations-keys.ts';
import { readEach, readItem, readPacked } from './read-item.ts';
import type { Table } from './table.ts';
import { type Unmatched, type UnmatchedPlace, type UnmatchedStore, unmatched } from './unmatched-store.ts';

const AT_ONCE = 8;
const DAYS_AT_ONCE = 8;

const MARKER_SHAPE = 'operations unmatched-day#<UTC date> <id>';
const contentItem = z.object({ held: unmatched });
const markerItem = unmatched
  .pick({ sender: true, dialect: true, kind: true, arrivedAt: true, file: true, position: true })
  .extend({ sk: z.string() });
const pointerItem = z.object({ sk: z.string() });

/**
 * Unmatched members in the operations table: what each says in an item of its own; a small one under the UTC date of its
 * arrival, to be counted; and a pointer under each of its keys.
 */
export class DynamoUnmatchedStore implements UnmatchedStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The pointers come last: who finds one finds what it points to. */
  async hold(held: Unmatched): Promise<void> {
    const { id, sender, dialect, kind, arrivedAt, file, position, until, keys } = held;
    const expiresAt = Math.floor(until / SECOND_MS);
    await this.#table.putNew({ ...unmatchedKey(id), held: gzipSync(JSON.stringify(held)), expiresAt });
    const place = { sender, dialect, kind, arrivedAt, file, position };
    await this.#table.putNew({ ...unmatchedMarkerKey(utcDate(arrivedAt), id), ...place, expiresAt });
    await forEach(keys, AT_ONCE, (key) => this.#table.putNew({ ...waitingKey(sender, key, id), expiresAt }));
  }

  async waitingFor(sender: string, key: string): Promise<Unmatched[]> {
    const pointers = await this.#table.partition(waitingKey(sender, key, '').pk);
    const ids = pointers.map((pointer) => readItem(pointerItem, pointer, 'operations waiting#<hash> <id>').sk);
    const found = await forEach(ids, AT_ONCE, (id) => this.#table.get(unmatchedKey(id)));
    // One that is gone was released, by somebody who died before its last pointer.
    return found.flatMap((item) =>
      item ? [readPacked(contentItem, item, 'operations unmatched#<id> content', 'held').held] : [],
    );
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

  async heldBetween(
    from: Instant,
    to: Instant,
    onUnreadable?: (error: LastingError) => void,
  ): Promise<UnmatchedPlace[]> {
    const first = Math.floor(from / DAY_MS);
    const days = Array.from({ length: Math.max(0, Math.ceil(to / DAY_MS) - first) }, (_, day) =>
      utcDate((first + day) * DAY_MS),
    );
    const held = await forEach(days, DAYS_AT_ONCE, async (date) => {
      const items = await this.#table.partition(unmatchedDayKey(date));
      return readEach(items, (item) => readItem(markerItem, item, MARKER_SHAPE), onUnreadable);
    });
    const arrived = held.flat().filter(({ arrivedAt }) => arrivedAt >= from && arrivedAt < to);
    return arrived.map(({ sk: id, ...place }) => ({ id, ...place }));
  }
}
