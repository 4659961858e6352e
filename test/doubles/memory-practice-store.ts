import type { LoopEvent } from '../../shared/contracts/event.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { PracticeFacts } from '../../shared/contracts/practice.ts';
import { practiceFactsOf } from '../../shared/domain/practice/facts.ts';
import { identityOf } from '../../shared/domain/referral/event-order.ts';
import type { Written } from '../../shared/store/conditional-write.ts';
import type { PracticeStore } from '../../shared/store/practice-store.ts';
import { putNew } from './memory-items.ts';

export class MemoryPracticeStore implements PracticeStore {
  readonly #logs = new Map<string, Map<string, LoopEvent>>();

  async append(event: LoopEvent, _arrivedAt: Instant): Promise<Written> {
    const log = this.#logs.get(event.subject) ?? new Map<string, LoopEvent>();
    this.#logs.set(event.subject, log);
    return putNew(log, identityOf(event), event);
  }

  async facts(practiceIds: readonly string[]): Promise<PracticeFacts[]> {
    return practiceIds.map((id) => practiceFactsOf(id, [...(this.#logs.get(id)?.values() ?? [])]));
  }
}
