import * as z from 'zod';
import { type LoopEvent, loopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { PracticeFacts } from '../contracts/practice.ts';
import { practiceFactsOf } from '../domain/practice/facts.ts';
import type { Written } from './conditional-write.ts';
import { eventSort, practiceKey } from './operations-keys.ts';
import type { PracticeStore } from './practice-store.ts';
import { readPacked } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const practiceItem = z.object({ event: loopEvent });

/** Practice events in the operations table. */
export class DynamoPracticeStore implements PracticeStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  append(event: LoopEvent, arrivedAt: Instant): Promise<Written> {
    return this.#table.putNew({
      pk: practiceKey(event.subject),
      sk: eventSort(event),
      event: JSON.stringify(event),
      arrivedAt,
      expiresAt: expiryOf(arrivedAt, KEPT_DAYS.practiceEvent),
    });
  }

  facts(practiceIds: readonly string[]): Promise<PracticeFacts[]> {
    return Promise.all(
      practiceIds.map(async (practiceId) => {
        const items = await this.#table.partition(practiceKey(practiceId));
        const shape = 'operations practice#<practice> 2#event#<hash>';
        return practiceFactsOf(
          practiceId,
          items.map((item) => readPacked(practiceItem, item, shape, 'event').event),
        );
      }),
    );
  }
}
