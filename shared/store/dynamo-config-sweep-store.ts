import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';
import type { ConfigSweepStore, SweepProgress } from './config-sweep-store.ts';
import { sweepKey } from './operations-keys.ts';
import { readItem } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const progressItem = z.object({
  shards: z.record(z.string(), z.union([z.literal('end'), z.object({ referralId: z.string(), wakeAt: instant })])),
  swept: z.number(),
});

/** Sweeps in the operations table. */
export class DynamoConfigSweepStore implements ConfigSweepStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async load(push: Instant): Promise<SweepProgress> {
    const item = await this.#table.get(sweepKey(push));
    return item ? readItem(progressItem, item, 'operations sweep#<push> progress') : { shards: {}, swept: 0 };
  }

  saveProgress(push: Instant, { shards, swept }: SweepProgress, now: Instant): Promise<Written> {
    return this.#table.put({
      item: { ...sweepKey(push), shards, swept, expiresAt: expiryOf(now, KEPT_DAYS.sweep) },
      ConditionExpression: 'attribute_not_exists(pk) OR swept <= :swept',
      values: { ':swept': swept },
    });
  }
}
