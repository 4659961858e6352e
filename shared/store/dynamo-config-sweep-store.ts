import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';
import type { ConfigSweepStore, SweepProgress } from './config-sweep-store.ts';
import { SET_ASIDE, SWEEP_PROGRESS, setAsideKey, sweepKey } from './operations-keys.ts';
import { readItem } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const progressItem = z.object({
  shards: z.record(z.string(), z.union([z.literal('end'), z.object({ referralId: z.string(), wakeAt: instant })])),
  swept: z.number(),
});
const setAsideItem = z.object({ referralId: z.string() });

/** Sweeps in the operations table. */
export class DynamoConfigSweepStore implements ConfigSweepStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async load(push: Instant): Promise<{ progress: SweepProgress; setAside: string[] }> {
    const items = await this.#table.partition(sweepKey(push));
    const progress = items.find(({ sk }) => sk === SWEEP_PROGRESS);
    const failed = items.filter(({ sk, takenBack }) => String(sk).startsWith(SET_ASIDE) && takenBack === undefined);
    return {
      progress: progress
        ? readItem(progressItem, progress, 'operations sweep#<push> progress')
        : { shards: {}, swept: 0 },
      setAside: failed.map(
        (item) => readItem(setAsideItem, item, 'operations sweep#<push> set-aside#<hash>').referralId,
      ),
    };
  }

  saveProgress(push: Instant, { shards, swept }: SweepProgress, now: Instant): Promise<Written> {
    return this.#table.put({
      item: { pk: sweepKey(push), sk: SWEEP_PROGRESS, shards, swept, expiresAt: expiryOf(now, KEPT_DAYS.sweep) },
      ConditionExpression: 'attribute_not_exists(pk) OR swept <= :swept',
      values: { ':swept': swept },
    });
  }

  setAside(push: Instant, referralId: string, now: Instant): Promise<Written> {
    const expiresAt = expiryOf(now, KEPT_DAYS.sweep);
    return this.#table.put({
      item: { ...setAsideKey(push, referralId), referralId, since: now, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk) OR attribute_exists(takenBack)',
    });
  }

  takeBack(push: Instant, referralId: string): Promise<Written> {
    // Marked, not deleted: no function may delete from a table. It expires with the others.
    return this.#table.update({
      key: setAsideKey(push, referralId),
      UpdateExpression: 'SET takenBack = :yes',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(takenBack)',
      values: { ':yes': true },
    });
  }
}
