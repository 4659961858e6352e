import { DAY_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';
import { byCodePoint } from '../domain/code-point.ts';
import { utcDate } from '../domain/mail/mail-id.ts';
import { forEach } from '../platform/concurrency.ts';
import type { Written } from './conditional-write.ts';
import { unmappedDayKey, unmappedKey } from './operations-keys.ts';
import { readItem } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';
import { type UnmappedStore, type UnmappedWord, unmappedWord } from './unmapped-store.ts';

const DAYS_AT_ONCE = 8;

/** Replaced words in the operations table: one item each, by the day on which their events arrived. */
export class DynamoUnmappedStore implements UnmappedStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  add({ event, field, arrivedAt }: UnmappedWord): Promise<Written> {
    const key = unmappedKey(utcDate(arrivedAt), event, field);
    return this.#table.putNew({ ...key, field, arrivedAt, expiresAt: expiryOf(arrivedAt, KEPT_DAYS.unmapped) });
  }

  async countByField(from: Instant, to: Instant): Promise<Record<string, number>> {
    const words = await forEach(datesBetween(from, to), DAYS_AT_ONCE, async (date) => {
      const items = await this.#table.partition(unmappedDayKey(date), { ProjectionExpression: 'field, arrivedAt' });
      return items.map((item) => readItem(unmappedWord, item, 'operations unmapped#<UTC date> <hash>#<field>'));
    });
    const fields = words.flat().flatMap(({ field, arrivedAt }) => (arrivedAt >= from && arrivedAt < to ? [field] : []));
    const counts = [...Map.groupBy(fields, (field) => field)].map(([field, own]) => [field, own.length] as const);
    return Object.fromEntries(counts.sort(([a], [b]) => byCodePoint(a, b)));
  }
}

/** The UTC dates on which `[from, to)` has a part. */
function datesBetween(from: Instant, to: Instant): string[] {
  const first = Math.floor(from / DAY_MS);
  const days = Math.max(0, Math.ceil(to / DAY_MS) - first);
  return Array.from({ length: days }, (_, day) => utcDate((first + day) * DAY_MS));
}
