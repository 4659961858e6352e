import type { Instant } from '../../shared/contracts/instant.ts';
import type { RefusalReason } from '../../shared/contracts/vocabulary.ts';
import type { Written } from '../../shared/store/conditional-write.ts';
import type { Quarantined, QuarantineStore, RefusedCounts } from '../../shared/store/quarantine-store.ts';
import { putNew } from './memory-items.ts';

export class MemoryQuarantineStore implements QuarantineStore {
  readonly #items = new Map<string, Quarantined>();

  async add(item: Quarantined): Promise<Written> {
    return putNew(this.#items, `${item.reason} ${item.quarantineId}`, item);
  }

  async list(reason: RefusalReason): Promise<Quarantined[]> {
    return this.all().filter((item) => item.reason === reason);
  }

  async countBetween(from: Instant, to: Instant, by: 'arrivedAt' | 'refusedAt'): Promise<RefusedCounts> {
    const found = this.all().filter((item) => item[by] >= from && item[by] < to);
    const counts = Map.groupBy(found, ({ reason }) => reason);
    return Object.fromEntries([...counts].map(([reason, items]) => [reason, items.length]));
  }

  /** Whatever the reason, for tests to look at. */
  all(): Quarantined[] {
    return [...this.#items.values()];
  }
}
