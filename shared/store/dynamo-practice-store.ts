import * as z from 'zod';
import { type LoopEvent, loopEvent } from '../contracts/event.ts';
import { type Instant, instant } from '../contracts/instant.ts';
import type { PracticeFacts } from '../contracts/practice.ts';
import { practiceFactsOf } from '../domain/practice/facts.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';
import { eventSort, practiceKey } from './operations-keys.ts';
import type { PracticeStore } from './practice-store.ts';
import { readEach, readItem, readPacked } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const SHAPE = 'operations practice#<practice> 2#event#<hash>';
const practiceItem = z.object({ event: loopEvent });
const arrivedItem = z.object({ arrivedAt: instant });

/** Practice events in the operations table. */
export class DynamoPracticeStore implements PracticeStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async append(event: LoopEvent, arrivedAt: Instant): Promise<{ written: Written; arrivedAt: Instant }> {
    const key = { pk: practiceKey(event.subject), sk: eventSort(event) };
    const written = await this.#table.putNew({
      ...key,
      event: JSON.stringify(event),
      arrivedAt,
      expiresAt: expiryOf(arrivedAt, KEPT_DAYS.practiceEvent),
    });
    const first = written === 'conflict' ? await this.#table.get(key) : null;
    return { written, arrivedAt: first ? readItem(arrivedItem, first, SHAPE).arrivedAt : arrivedAt };
  }

  facts(practiceIds: readonly string[], onUnreadable?: (error: LastingError) => void): Promise<PracticeFacts[]> {
    return Promise.all(
      practiceIds.map(async (practiceId) => {
        const items = await this.#table.partition(practiceKey(practiceId));
        return practiceFactsOf(
          practiceId,
          readEach(items, (item) => readPacked(practiceItem, item, SHAPE, 'event').event, onUnreadable),
        );
      }),
    );
  }
}
