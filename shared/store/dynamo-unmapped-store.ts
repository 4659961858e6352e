import { DAY_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';
import { byCodePoint } from '../domain/code-point.ts';
import { utcDate } from '../domain/mail/mail-id.ts';
import { forEach } from '../platform/concurrency.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';
import { unmappedDayKey, unmappedKey } from './operations-keys.ts';
import { readEach, readItem } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';
import { type UnmappedCode, type UnmappedStore, type UnmappedWord, unmappedWord } from './unmapped-store.ts';

const SHAPE = 'operations unmapped#<UTC date> <hash>#<field>';
const DAYS_AT_ONCE = 8;

type OnUnreadable = (error: LastingError) => void;

/** Replaced words in the operations table: one item each, by the day on which their events arrived. */
export class DynamoUnmappedStore implements UnmappedStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  add({ event, field, arrivedAt, value }: UnmappedWord): Promise<Written> {
    const key = unmappedKey(utcDate(arrivedAt), event, field);
    const code = value !== undefined && isCode(field, value) ? value : undefined;
    const expiresAt = expiryOf(arrivedAt, KEPT_DAYS.unmapped);
    return this.#table.putNew({ ...key, field, arrivedAt, value: code, expiresAt });
  }

  async #wordsBetween(from: Instant, to: Instant, onUnreadable?: OnUnreadable) {
    const words = await forEach(datesBetween(from, to), DAYS_AT_ONCE, async (date) => {
      const items = await this.#table.partition(unmappedDayKey(date));
      return readEach(items, (item) => readItem(unmappedWord, item, SHAPE), onUnreadable);
    });
    return words.flat().filter(({ arrivedAt }) => arrivedAt >= from && arrivedAt < to);
  }

  async codesBetween(from: Instant, to: Instant, onUnreadable?: OnUnreadable): Promise<UnmappedCode[]> {
    const words = await this.#wordsBetween(from, to, onUnreadable);
    const coded = words.flatMap(({ field, value }) => (value === undefined ? [] : [{ field, value }]));
    const same = Map.groupBy(coded, ({ field, value }) => JSON.stringify([field, value]));
    const counted = [...same.values()].map((each) => ({
      ...(each[0] as { field: string; value: string }),
      n: each.length,
    }));
    return counted.sort((a, b) => b.n - a.n || byCodePoint(a.field, b.field) || byCodePoint(a.value, b.value));
  }

  async countByField(from: Instant, to: Instant, onUnreadable?: OnUnreadable): Promise<Record<string, number>> {
    const fields = (await this.#wordsBetween(from, to, onUnreadable)).map(({ field }) => field);
    const counts = [...Map.groupBy(fields, (field) => field)].map(([field, own]) => [field, own.length] as const);
    return Object.fromEntries(counts.sort(([a], [b]) => byCodePoint(a, b)));
  }
}

const MOST_CODE_CHARACTERS = 40;
/** Fields whose values are codes. Reasons may be sentences about a patient, and are only counted. */
const CODED = /^timeZone$|^role$|\.(priority|specialty|site|practice|practice\.id|status|payer)$/;

/** Whether a value may be kept and mailed: a short code of a field that holds codes. */
const isCode = (field: string, value: string): boolean =>
  CODED.test(field) && value !== '' && value.length <= MOST_CODE_CHARACTERS;

/** The UTC dates on which `[from, to)` has a part. */
function datesBetween(from: Instant, to: Instant): string[] {
  const first = Math.floor(from / DAY_MS);
  const days = Math.max(0, Math.ceil(to / DAY_MS) - first);
  return Array.from({ length: days }, (_, day) => utcDate((first + day) * DAY_MS));
}
