import { formatInstant, type Instant } from '../contracts/instant.ts';
import type { ReferralState } from '../contracts/state.ts';
import { type Backoff, jitteredBackoff } from '../platform/backoff.ts';
import { forEach } from '../platform/concurrency.ts';
import type { Written } from './conditional-write.ts';
import type { Item } from './dynamo.ts';
import {
  alertSort,
  closedShard,
  dueShard,
  EVENTS,
  ownerKey,
  practiceKey,
  referralIdOf,
  referralKey,
  STATE,
  URGENT,
} from './keys.ts';
import {
  alertItem,
  dueKeys,
  eventItem,
  readAlert,
  readDue,
  readEvent,
  readKey,
  readReceived,
  readState,
  stateItem,
} from './referral-items.ts';
import type { LoggedEvent, Owner, ReferralStore, StoredAlert, StoredState, UrgentMail } from './referral-store.ts';
import type { Key, Table } from './table.ts';
import { expiryOf } from './time-to-live.ts';

/** An item with a time to live counts as removed, whenever the table removes it. */
const ABSENT = 'attribute_not_exists(pk) OR attribute_exists(expiresAt)';
const BATCH_GET_KEYS = 100;
const BATCHES_AT_ONCE = 8;
const MAX_BATCH_ATTEMPTS = 8;
const WRITES_AT_ONCE = 8;
const READS_AT_ONCE = 16;

/** The referral table. */
export class DynamoReferralStore implements ReferralStore {
  readonly #table: Table;
  readonly #shards: number;
  readonly #backoff: Backoff;

  constructor(table: Table, { shards, backoff = jitteredBackoff }: { shards: number; backoff?: Backoff }) {
    this.#table = table;
    this.#shards = shards;
    this.#backoff = backoff;
  }

  async loadLog(referralId: string): Promise<{ stored: StoredState | null; log: LoggedEvent[] }> {
    const items = await this.#partition(referralId, 'sk >= :bound', STATE);
    const state = items.find(({ sk }) => sk === STATE);
    return {
      stored: state ? readState(state) : null,
      log: items.filter((item) => item !== state).map(readEvent),
    };
  }

  append(logged: LoggedEvent): Promise<Written> {
    return this.#table.put({ item: eventItem(logged), ConditionExpression: ABSENT });
  }

  saveState(stored: StoredState, expected: number | null): Promise<Written> {
    return this.#putIf(stateItem(stored, this.#shards), 'version', expected);
  }

  due(shard: number, now: Instant): AsyncGenerator<{ referralId: string; wakeAt: Instant }[]> {
    return this.#dueBy(dueShard(this.#shards, shard), now);
  }

  closed(shard: number, until: Instant): AsyncGenerator<{ referralId: string }[]> {
    return this.#dueBy(closedShard(this.#shards, shard), until);
  }

  async *#dueBy(key: string, until: Instant): AsyncGenerator<{ referralId: string; wakeAt: Instant }[]> {
    const query = {
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :key AND wakeAt <= :until',
      values: { ':key': key, ':until': until },
    };
    for await (const page of this.#table.pages(query)) yield page.map(readDue);
  }

  async loadAlerts(referralId: string): Promise<{ stored: StoredState | null; alerts: StoredAlert[] }> {
    const items = await this.#partition(referralId, 'sk < :bound', EVENTS);
    const state = items.find(({ sk }) => sk === STATE);
    return {
      stored: state ? readState(state) : null,
      alerts: items.filter((item) => item !== state).map(readAlert),
    };
  }

  saveAlert(stored: StoredAlert, expected: number | null): Promise<Written> {
    return this.#putIf(alertItem(stored), 'revision', expected);
  }

  rearm({ state, version, wakeAt }: StoredState, next: Instant | null): Promise<Written> {
    const keys = dueKeys(state, next, this.#shards);
    const listed = keys.dueShard !== undefined;
    return this.#table.update({
      key: { pk: referralKey(state.referralId), sk: STATE },
      UpdateExpression: listed ? 'SET dueShard = :shard, wakeAt = :next' : 'REMOVE dueShard, wakeAt',
      ConditionExpression: 'version = :version AND wakeAt = :read',
      values: {
        ':version': version,
        ':read': wakeAt,
        ...(listed && { ':shard': keys.dueShard, ':next': keys.wakeAt }),
      },
    });
  }

  retire({ state, version }: StoredState, at: Instant): Promise<Written> {
    return this.#table.update({
      key: { pk: referralKey(state.referralId), sk: STATE },
      UpdateExpression: 'SET retiredAt = :at, version = :next',
      ConditionExpression: 'version = :version',
      values: { ':at': at, ':version': version, ':next': version + 1 },
    });
  }

  async expire({ state: { referralId }, version }: StoredState, at: Instant): Promise<Written> {
    const pk = referralKey(referralId);
    const expiresAt = expiryOf(at, 0);
    const items = await this.#table.partition(pk);
    // No item may be marked if the referral isn't retired, or was written since.
    const found = items.find(({ sk }) => sk === STATE);
    if (found?.version !== version || found.retiredAt === undefined) return 'conflict';
    const others = items.filter((item) => item.sk !== STATE && item.expiresAt === undefined).map(readKey);
    await forEach(others, WRITES_AT_ONCE, ({ sk }) =>
      this.#table.update({
        key: { pk, sk },
        UpdateExpression: 'SET expiresAt = :expiresAt REMOVE coordinatorKey, liaisonKey, dueShard',
        ConditionExpression: 'attribute_exists(pk)',
        values: { ':expiresAt': expiresAt },
      }),
    );
    return this.#table.update({
      key: { pk, sk: STATE },
      UpdateExpression: 'SET expiresAt = :expiresAt REMOVE dueShard, wakeAt',
      ConditionExpression: 'version = :version',
      values: { ':expiresAt': expiresAt, ':version': version },
    });
  }

  async openAlerts({ role, id }: Owner): Promise<StoredAlert[]> {
    const items = await this.#table.all({
      IndexName: role,
      KeyConditionExpression: `${role}Key = :key`,
      values: { ':key': ownerKey(role, id, false) },
    });
    return items.map(readAlert);
  }

  async resolvedAlerts({ role, id }: Owner, after: Instant): Promise<StoredAlert[]> {
    const items = await this.#table.all({
      IndexName: role,
      KeyConditionExpression: `${role}Key = :key AND ${role}Sort >= :after`,
      values: { ':key': ownerKey(role, id, true), ':after': formatInstant(after + 1) },
    });
    return items.map(readAlert);
  }

  async states(referralIds: readonly string[]): Promise<Map<string, ReferralState>> {
    const distinct = [...new Set(referralIds)];
    const found = await forEach(chunksOf(distinct, BATCH_GET_KEYS), 1, (ids) => this.#projections(ids));
    return new Map(found.flat().map(({ state }) => [state.referralId, state]));
  }

  async *received(): AsyncGenerator<StoredState[]> {
    // The index has the key of every received referral and nothing else: to scan it costs a fiftieth of reading them.
    for await (const page of this.#table.scanPages('cohort')) {
      const ids = page.map((entry) => referralIdOf(readKey(entry).pk));
      for (const batch of chunksOf(chunksOf(ids, BATCH_GET_KEYS), BATCHES_AT_ONCE)) {
        yield (await forEach(batch, BATCHES_AT_ONCE, (some) => this.#projections(some))).flat();
      }
    }
  }

  async receivedFrom(practiceId: string): Promise<{ referralId: string; receivedAt: Instant }[]> {
    const items = await this.#table.all({
      IndexName: 'practice',
      KeyConditionExpression: 'practiceKey = :key',
      ScanIndexForward: false,
      values: { ':key': practiceKey(practiceId) },
    });
    return items.map(readReceived);
  }

  /** At most 100 projections by their referrals' ids; those that don't exist are left out. */
  async #projections(referralIds: readonly string[]): Promise<StoredState[]> {
    const found: StoredState[] = [];
    let keys: Key[] = referralIds.map((referralId) => ({ pk: referralKey(referralId), sk: STATE }));
    for (let attempt = 0; keys.length > 0; attempt += 1) {
      if (attempt === MAX_BATCH_ATTEMPTS) throw new Error(`DynamoDB left ${keys.length} keys of a batch unread`);
      // What a batch leaves unread was throttled, and would be again without a wait.
      if (attempt > 0) await this.#backoff(attempt);
      const { items, unread } = await this.#table.batchGet(keys);
      found.push(...items.map(readState));
      keys = unread;
    }
    return found;
  }

  async pendingUrgent(): Promise<StoredAlert[]> {
    const entries = await this.#table.all({
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :urgent',
      values: { ':urgent': URGENT },
    });
    const byReferral = Map.groupBy(entries.map(readKey), ({ pk }) => referralIdOf(pk));
    // The index holds keys only, and lags: the alerts themselves say whether they still wait.
    const alerts = await forEach(byReferral, READS_AT_ONCE, async ([referralId, keys]) => {
      const wanted = new Set(keys.map(({ sk }) => sk));
      const { alerts } = await this.loadAlerts(referralId);
      return alerts.filter(({ alert, urgentMail }) => wanted.has(alertSort(alert)) && urgentMail === 'pending');
    });
    return alerts.flat();
  }

  settleUrgent({ alert, revision }: StoredAlert, urgentMail: NonNullable<UrgentMail>): Promise<Written> {
    return this.#table.update({
      key: { pk: referralKey(alert.referralId), sk: alertSort(alert) },
      // The revision counts on: a detection run that read the alert before must not put it back to pending.
      UpdateExpression: 'SET urgentMail = :settled, revision = :next REMOVE dueShard, wakeAt',
      ConditionExpression: 'revision = :read AND urgentMail = :pending',
      values: { ':settled': urgentMail, ':read': revision, ':next': revision + 1, ':pending': 'pending' },
    });
  }

  /** Items of a referral, without a log and alerts that have a time to live: these may go one by one, at any time. */
  async #partition(referralId: string, range: string, bound: string): Promise<Item[]> {
    const items = await this.#table.all({
      KeyConditionExpression: `pk = :pk AND ${range}`,
      ConsistentRead: true,
      values: { ':pk': referralKey(referralId), ':bound': bound },
    });
    return items.filter(({ sk, expiresAt }) => sk === STATE || expiresAt === undefined);
  }

  #putIf(item: Item, counter: 'version' | 'revision', expected: number | null): Promise<Written> {
    return this.#table.put({
      item,
      ...(expected === null
        ? { ConditionExpression: ABSENT }
        : { ConditionExpression: '#counter = :expected', ExpressionAttributeNames: { '#counter': counter } }),
      ...(expected !== null && { values: { ':expected': expected } }),
    });
  }
}

/** A list in pieces of at most `size`. */
function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
