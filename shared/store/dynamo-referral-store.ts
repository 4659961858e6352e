import type { Instant } from '../contracts/instant.ts';
import { type Backoff, jitteredBackoff } from '../platform/backoff.ts';
import { chunksOf, forEach } from '../platform/concurrency.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';
import type { Item } from './dynamo.ts';
import {
  closedShard,
  dueShard,
  escalatedKey,
  OWNER_KEYS,
  practiceKey,
  REFERRAL,
  referralIdOf,
  referralKey,
  URGENT,
} from './keys.ts';
import { readBatches } from './read-batch.ts';
import { readEach } from './read-item.ts';
import {
  eventItem,
  inspectReferral,
  ownerKeyItem,
  readDue,
  readEvent,
  readKey,
  readOwnerKey,
  readReceived,
  readReferral,
  referralItem,
  referralItemKey,
} from './referral-items.ts';
import type {
  DueEntry,
  DueShard,
  FoundReferral,
  LoggedEvent,
  OnUnreadable,
  OwnerFacts,
  OwnerKey,
  OwnerRole,
  ReferralStore,
  StoredReferral,
} from './referral-store.ts';
import type { Table } from './table.ts';
import { expiryOf } from './time-to-live.ts';

/** An item with a time to live counts as removed, whenever the table removes it. */
const ABSENT = 'attribute_not_exists(pk) OR attribute_exists(expiresAt)';
const BATCH_GET_KEYS = 100;
const BATCHES_AT_ONCE = 8;
const WRITES_AT_ONCE = 8;
const KEYS_AT_ONCE = 8;

/** The referral table. */
export class DynamoReferralStore implements ReferralStore {
  readonly #table: Table;
  readonly #shards: number;
  readonly #backoff: Backoff;
  /** Owner keys that this instance knows to be registered. */
  readonly #registered = new Set<string>();

  /** @param options `shards`: of the due index; only who calls `save` needs it */
  constructor(table: Table, { shards = 1, backoff = jitteredBackoff }: { shards?: number; backoff?: Backoff } = {}) {
    this.#table = table;
    this.#shards = shards;
    this.#backoff = backoff;
  }

  async loadLog(referralId: string): Promise<{ stored: StoredReferral | null; log: LoggedEvent[] }> {
    const items = await this.#table.partition(referralKey(referralId));
    const stored = items.find(({ sk }) => sk === REFERRAL);
    // Events that have a time to live may go one by one, at any time.
    const events = items.filter((item) => item !== stored && item.expiresAt === undefined);
    return { stored: stored ? readReferral(stored) : null, log: events.map(readEvent) };
  }

  async load(referralId: string): Promise<StoredReferral | null> {
    const item = await this.#table.get(referralItemKey(referralId));
    return item ? readReferral(item) : null;
  }

  async inspect(referralId: string): Promise<{ found: FoundReferral | null; log: LoggedEvent[] }> {
    const items = await this.#table.partition(referralKey(referralId));
    const item = items.find(({ sk }) => sk === REFERRAL);
    const log = items.filter((each) => each !== item && each.expiresAt === undefined).map(readEvent);
    return { found: item ? inspectReferral(item) : null, log };
  }

  async repair(next: StoredReferral, found: unknown): Promise<Written> {
    const item = referralItem(next, this.#shards);
    await this.#register(item, next);
    return this.#table.put({
      item,
      ...(found === undefined
        ? { ConditionExpression: 'attribute_not_exists(version)' }
        : { ConditionExpression: 'version = :found', values: { ':found': found } }),
    });
  }

  append(logged: LoggedEvent): Promise<Written> {
    return this.#table.put({ item: eventItem(logged), ConditionExpression: ABSENT });
  }

  replace(logged: LoggedEvent, { arrivedAt, sent }: LoggedEvent): Promise<Written> {
    return this.#table.put({
      item: eventItem(logged),
      ConditionExpression: `arrivedAt = :arrivedAt AND attribute_not_exists(expiresAt) AND ${sent === undefined ? 'attribute_not_exists(sent)' : 'sent = :sent'}`,
      values: { ':arrivedAt': arrivedAt, ...(sent !== undefined && { ':sent': sent }) },
    });
  }

  async save(stored: StoredReferral, expected: number | null): Promise<Written> {
    const item = referralItem(stored, this.#shards);
    await this.#register(item, stored);
    return this.#table.put({
      item,
      ...(expected === null
        ? { ConditionExpression: ABSENT }
        : { ConditionExpression: 'version = :expected', values: { ':expected': expected } }),
    });
  }

  /** Registers the keys under which owners will find a referral, so that no key is in use that isn't registered. */
  async #register(
    { coordinatorKey: coordinator, liaisonKey: liaison }: Item,
    { state }: StoredReferral,
  ): Promise<void> {
    for (const [role, key] of Object.entries({ coordinator, liaison }) as [OwnerRole, unknown][]) {
      if (typeof key !== 'string' || this.#registered.has(`${role} ${key}`)) continue;
      await this.#table.putNew(ownerKeyItem(role, key, state));
      this.#registered.add(`${role} ${key}`);
    }
  }

  settleUrgent({ state, version }: StoredReferral, alerts: Uint8Array, pending: boolean): Promise<Written> {
    return this.#table.update({
      key: referralItemKey(state.referralId),
      UpdateExpression: `SET alerts = :alerts, version = :next${pending ? ', urgentKey = :urgent' : ' REMOVE urgentKey'}`,
      ConditionExpression: 'version = :read',
      values: { ':alerts': alerts, ':read': version, ':next': version + 1, ...(pending && { ':urgent': URGENT }) },
    });
  }

  due({ shard, of }: DueShard, until: Instant, after?: DueEntry): AsyncGenerator<DueEntry[]> {
    return this.#dueBy(dueShard(of, shard), until, after);
  }

  closed({ shard, of }: DueShard, until: Instant): AsyncGenerator<DueEntry[]> {
    return this.#dueBy(closedShard(of, shard), until);
  }

  async *#dueBy(key: string, until: Instant, after?: DueEntry): AsyncGenerator<DueEntry[]> {
    const query = {
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :key AND wakeAt <= :until',
      values: { ':key': key, ':until': until },
      ...(after && { after: { ...referralItemKey(after.referralId), dueShard: key, wakeAt: after.wakeAt } }),
    };
    for await (const page of this.#table.pages(query)) yield page.map(readDue);
  }

  retire({ state, version }: StoredReferral, at: Instant): Promise<Written> {
    return this.#table.update({
      key: referralItemKey(state.referralId),
      UpdateExpression: 'SET retiredAt = :at, version = :next',
      ConditionExpression: 'version = :version',
      values: { ':at': at, ':version': version, ':next': version + 1 },
    });
  }

  async expire({ state: { referralId }, version }: StoredReferral, at: Instant): Promise<Written> {
    const expiresAt = expiryOf(at, 0);
    const items = await this.#table.partition(referralKey(referralId));
    // No item may be marked if the referral isn't retired, or was written since.
    const found = items.find(({ sk }) => sk === REFERRAL);
    if (found?.version !== version || found.retiredAt === undefined) return 'conflict';
    const events = items.filter((item) => item !== found && item.expiresAt === undefined).map(readKey);
    await forEach(events, WRITES_AT_ONCE, (key) =>
      this.#table.update({
        key,
        UpdateExpression: 'SET expiresAt = :expiresAt',
        ConditionExpression: 'attribute_exists(pk)',
        values: { ':expiresAt': expiresAt },
      }),
    );
    return this.#table.update({
      key: referralItemKey(referralId),
      UpdateExpression:
        'SET expiresAt = :expiresAt REMOVE dueShard, wakeAt, coordinatorKey, liaisonKey, escalatedKey, urgentKey',
      ConditionExpression: 'version = :version',
      values: { ':expiresAt': expiresAt, ':version': version },
    });
  }

  async ownerKeys<R extends OwnerRole>(role: R): Promise<OwnerKey<OwnerFacts[R]>[]> {
    const items = await this.#table.partition(OWNER_KEYS[role]);
    return items.map((item) => readOwnerKey(role, item));
  }

  listedUnder(role: OwnerRole, keys: readonly string[]): Promise<string[]> {
    return this.#listed(role, keys);
  }

  escalatedAt(sites: readonly string[]): Promise<string[]> {
    return this.#listed('escalated', sites.map(escalatedKey));
  }

  pendingUrgent(): Promise<string[]> {
    return this.#listed('urgent', [URGENT]);
  }

  async #listed(index: OwnerRole | 'escalated' | 'urgent', keys: readonly string[]): Promise<string[]> {
    const found = await forEach(keys, KEYS_AT_ONCE, (key) =>
      this.#table.all({
        IndexName: index,
        KeyConditionExpression: `${index}Key = :key`,
        values: { ':key': key },
      }),
    );
    return [...new Set(found.flat().map((entry) => referralIdOf(readKey(entry).pk)))];
  }

  async loadMany(referralIds: readonly string[], onUnreadable?: OnUnreadable): Promise<StoredReferral[]> {
    const batches = chunksOf([...new Set(referralIds)], BATCH_GET_KEYS);
    return (await forEach(batches, BATCHES_AT_ONCE, (ids) => this.#loadBatch(ids, onUnreadable))).flat();
  }

  async *received(onUnreadable?: OnUnreadable): AsyncGenerator<StoredReferral[]> {
    // The index has the key of every received referral and nothing else: to scan it costs a fiftieth of reading them.
    for await (const page of this.#table.scanPages('practice')) {
      const ids = page.map((entry) => referralIdOf(readKey(entry).pk));
      for (const batch of chunksOf(chunksOf(ids, BATCH_GET_KEYS), BATCHES_AT_ONCE)) {
        yield (await forEach(batch, BATCHES_AT_ONCE, (some) => this.#loadBatch(some, onUnreadable))).flat();
      }
    }
  }

  async receivedFrom(
    practiceId: string,
    onUnreadable?: OnUnreadable,
  ): Promise<{ referralId: string; receivedAt: Instant }[]> {
    const items = await this.#table.all({
      IndexName: 'practice',
      KeyConditionExpression: 'practiceKey = :key',
      ScanIndexForward: false,
      values: { ':key': practiceKey(practiceId) },
    });
    return readable(items, readReceived, onUnreadable);
  }

  /** At most 100 referrals by their ids; those that don't exist are left out. */
  async #loadBatch(referralIds: readonly string[], onUnreadable?: OnUnreadable): Promise<StoredReferral[]> {
    const found = await readBatches(this.#table, referralIds.map(referralItemKey), this.#backoff);
    return readable(found, readReferral, onUnreadable);
  }
}

/** What items of referrals say. If anybody is told of those that can't be read, they are left out. */
function readable<T>(items: readonly Item[], read: (item: Item) => T, onUnreadable: OnUnreadable | undefined): T[] {
  const told =
    onUnreadable && ((error: LastingError, item: Item) => onUnreadable(referralIdOf(readKey(item).pk), error));
  return readEach(items, read, told);
}
