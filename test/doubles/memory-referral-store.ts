import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { alertKey } from '../../shared/domain/alert/detect.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import { identityOf } from '../../shared/domain/referral/event-order.ts';
import { closedSince } from '../../shared/domain/referral/retention.ts';
import type { Written } from '../../shared/store/conditional-write.ts';
import { shardOf } from '../../shared/store/keys.ts';
import type {
  LoggedEvent,
  Owner,
  ReferralStore,
  StoredAlert,
  StoredState,
  UrgentMail,
} from '../../shared/store/referral-store.ts';
import { copy } from './memory-items.ts';

interface Partition {
  state: StoredState | null;
  /** Handed to the table's time to live, which here never comes. */
  expired: boolean;
  log: Map<string, LoggedEvent>;
  alerts: Map<string, StoredAlert>;
}

const PAGE = 100;

export class MemoryReferralStore implements ReferralStore {
  readonly #partitions = new Map<string, Partition>();
  readonly #shards: number;

  constructor({ shards = 4 }: { shards?: number } = {}) {
    this.#shards = shards;
  }

  async loadLog(referralId: string): Promise<{ stored: StoredState | null; log: LoggedEvent[] }> {
    const { state, log } = this.#at(referralId);
    return copy({ stored: state, log: [...log.values()] });
  }

  async append(logged: LoggedEvent): Promise<Written> {
    const { log } = this.#at(logged.event.subject);
    const identity = identityOf(logged.event);
    if (log.has(identity)) return 'conflict';
    log.set(identity, copy(logged));
    return 'written';
  }

  async saveState(stored: StoredState, expected: number | null): Promise<Written> {
    const partition = this.#at(stored.state.referralId);
    if ((partition.state?.version ?? null) !== expected) return 'conflict';
    partition.state = copy(stored);
    partition.expired = false;
    return 'written';
  }

  async *due(shard: number, now: Instant): AsyncGenerator<{ referralId: string; wakeAt: Instant }[]> {
    const found = this.wakes().filter(
      ({ referralId, wakeAt }) => wakeAt <= now && shardOf(referralId, this.#shards) === shard,
    );
    for (let from = 0; from < found.length; from += PAGE) yield found.slice(from, from + PAGE);
  }

  async loadAlerts(referralId: string): Promise<{ stored: StoredState | null; alerts: StoredAlert[] }> {
    const { state, alerts } = this.#at(referralId);
    return copy({ stored: state, alerts: [...alerts.values()] });
  }

  async saveAlert(stored: StoredAlert, expected: number | null): Promise<Written> {
    const { alerts } = this.#at(stored.alert.referralId);
    const key = alertKey(stored.alert);
    if ((alerts.get(key)?.revision ?? null) !== expected) return 'conflict';
    alerts.set(key, copy(stored));
    return 'written';
  }

  async rearm(read: StoredState, next: Instant | null): Promise<Written> {
    const { state } = this.#at(read.state.referralId);
    const unchanged = state !== null && state.version === read.version && state.wakeAt === read.wakeAt;
    if (!unchanged || read.wakeAt === null) return 'conflict';
    state.wakeAt = next;
    return 'written';
  }

  async *closed(shard: number, until: Instant): AsyncGenerator<{ referralId: string }[]> {
    const found = [...this.#partitions].filter(([referralId, { state, expired }]) => {
      const since = state && state.wakeAt === null && !expired ? closedSince(state.state) : null;
      return since !== null && since <= until && shardOf(referralId, this.#shards) === shard;
    });
    for (let from = 0; from < found.length; from += PAGE) {
      yield found.slice(from, from + PAGE).map(([referralId]) => ({ referralId }));
    }
  }

  async retire({ state: { referralId }, version }: StoredState, at: Instant): Promise<Written> {
    const { state } = this.#at(referralId);
    if (state?.version !== version) return 'conflict';
    state.retiredAt = at;
    state.version += 1;
    return 'written';
  }

  async expire({ state: { referralId }, version }: StoredState): Promise<Written> {
    const partition = this.#at(referralId);
    if (partition.state?.version !== version || partition.state.retiredAt === undefined) return 'conflict';
    partition.log.clear();
    partition.alerts.clear();
    partition.expired = true;
    return 'written';
  }

  async openAlerts(owner: Owner): Promise<StoredAlert[]> {
    return copy(
      this.#alertsOf(owner)
        .filter(({ alert }) => alert.resolvedAt === null)
        .sort((a, b) => a.alert.dueAt - b.alert.dueAt || byCodePoint(a.alert.referralId, b.alert.referralId)),
    );
  }

  async resolvedAlerts(owner: Owner, after: Instant): Promise<StoredAlert[]> {
    return copy(this.#alertsOf(owner).filter(({ alert }) => alert.resolvedAt !== null && alert.resolvedAt > after));
  }

  async states(referralIds: readonly string[]): Promise<Map<string, ReferralState>> {
    const found = referralIds.flatMap((id) => this.#partitions.get(id)?.state?.state ?? []);
    return new Map(found.map((state) => [state.referralId, copy(state)]));
  }

  async *received(): AsyncGenerator<StoredState[]> {
    const found = [...this.#partitions.values()].flatMap(({ state }) => (state?.state.receivedAt == null ? [] : state));
    for (let from = 0; from < found.length; from += PAGE) yield copy(found.slice(from, from + PAGE));
  }

  async receivedFrom(practiceId: string): Promise<{ referralId: string; receivedAt: Instant }[]> {
    return [...this.#partitions]
      .flatMap(([referralId, { state: stored }]) => {
        if (!stored) return [];
        const { receivedAt, stage, practiceId: from } = stored.state;
        return receivedAt === null || stage === 'voided' || from !== practiceId ? [] : [{ referralId, receivedAt }];
      })
      .sort((a, b) => b.receivedAt - a.receivedAt);
  }

  async pendingUrgent(): Promise<StoredAlert[]> {
    return copy(this.#alerts().filter(({ urgentMail }) => urgentMail === 'pending'));
  }

  async settleUrgent({ alert, revision }: StoredAlert, urgentMail: NonNullable<UrgentMail>): Promise<Written> {
    const stored = this.#at(alert.referralId).alerts.get(alertKey(alert));
    if (stored?.revision !== revision || stored.urgentMail !== 'pending') return 'conflict';
    stored.urgentMail = urgentMail;
    stored.revision += 1;
    return 'written';
  }

  /** The due index whole, earliest first: for tests that move time from one wake-up to the next. */
  wakes(): { referralId: string; wakeAt: Instant }[] {
    return [...this.#partitions]
      .flatMap(([referralId, { state }]) => (state?.wakeAt == null ? [] : [{ referralId, wakeAt: state.wakeAt }]))
      .sort((a, b) => a.wakeAt - b.wakeAt);
  }

  /** Every referral of which anything is stored. */
  ids(): string[] {
    return [...this.#partitions.keys()].sort(byCodePoint);
  }

  #alertsOf({ role, id }: Owner): StoredAlert[] {
    const ownerOf = role === 'coordinator' ? 'coordinatorId' : 'liaisonId';
    return this.#alerts().filter((stored) => stored[ownerOf] === id);
  }

  #alerts(): StoredAlert[] {
    return [...this.#partitions.values()].flatMap(({ alerts }) => [...alerts.values()]);
  }

  #at(referralId: string): Partition {
    let partition = this.#partitions.get(referralId);
    if (!partition) {
      partition = { state: null, expired: false, log: new Map(), alerts: new Map() };
      this.#partitions.set(referralId, partition);
    }
    return partition;
  }
}
