import { type AttributeValue, DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { MemoryDynamo } from '../../local/memory-dynamo/memory-dynamo.ts';
import type { Metered } from '../../local/memory-dynamo/metering.ts';
import { tableSpecs } from '../../local/stand-ins/tables.ts';
import { localTemplates } from '../../local/stand-ins/templates.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { REFUSAL_REASONS } from '../../shared/contracts/vocabulary.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import { fromItem, type Item, toItem } from '../../shared/store/dynamo.ts';
import { DynamoAliasStore } from '../../shared/store/dynamo-alias-store.ts';
import { DynamoConfigStore } from '../../shared/store/dynamo-config-store.ts';
import { DynamoConfigSweepStore } from '../../shared/store/dynamo-config-sweep-store.ts';
import { DynamoFeedStore } from '../../shared/store/dynamo-feed-store.ts';
import { DynamoMailStore } from '../../shared/store/dynamo-mail-store.ts';
import { DynamoPracticeStore } from '../../shared/store/dynamo-practice-store.ts';
import { DynamoQuarantineStore } from '../../shared/store/dynamo-quarantine-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { DynamoReportStore } from '../../shared/store/dynamo-report-store.ts';
import { DynamoSetAsideStore } from '../../shared/store/dynamo-set-aside-store.ts';
import type { Stores } from '../../shared/store/dynamo-stores.ts';
import { DynamoUnmappedStore } from '../../shared/store/dynamo-unmapped-store.ts';
import { DynamoUnmatchedStore } from '../../shared/store/dynamo-unmatched-store.ts';
import { dueShard, isDueShard, OWNER_KEYS, REFERRAL, referralIdOf, referralKey } from '../../shared/store/keys.ts';
import { SET_ASIDE } from '../../shared/store/operations-keys.ts';
import type { Quarantined } from '../../shared/store/quarantine-store.ts';
import type { DueShard, OwnerRole } from '../../shared/store/referral-store.ts';
import type { ReportKey, StoredReport } from '../../shared/store/report-store.ts';
import { Table } from '../../shared/store/table.ts';

/** The real stores over DynamoDB in memory, with the tables of the synthesized templates. */

const SPECS = tableSpecs(await localTemplates());
const REFERRALS = 'loopwatch-local-referrals';
const OPERATIONS = 'loopwatch-local-operations';

/** Both tables in memory, for stores that lie over the same ones. */
export class MemoryTables {
  readonly dynamo: MemoryDynamo;
  readonly client: DynamoDBClient;

  /** @param onCall is told what each call read or wrote and cost */
  constructor(onCall?: (call: Metered) => void) {
    this.dynamo = new MemoryDynamo(SPECS, onCall);
    this.client = this.dynamo.attach(new DynamoDBClient({ region: 'us-east-1' }));
  }

  get referrals(): Table {
    return new Table(this.client, REFERRALS);
  }

  get operations(): Table {
    return new Table(this.client, OPERATIONS);
  }
}

export class MemoryReferralStore extends DynamoReferralStore {
  readonly tables: MemoryTables;

  constructor({ shards = 4, tables = new MemoryTables() }: { shards?: number; tables?: MemoryTables } = {}) {
    super(tables.referrals, { shards, backoff: async () => {} });
    this.tables = tables;
  }

  #items() {
    return this.tables.dynamo.items(REFERRALS);
  }

  /** When the first referral of a shard is due; infinite if none is. It is no call of the table. */
  firstWake({ shard, of }: DueShard): Instant {
    const first = this.tables.dynamo.first(REFERRALS, {
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :key',
      ExpressionAttributeValues: { ':key': { S: dueShard(of, shard) } },
    });
    return Number(first?.wakeAt?.N ?? Number.POSITIVE_INFINITY);
  }

  /** The due index whole, earliest first: for tests that move time from one wake-up to the next. */
  wakes(): { referralId: string; wakeAt: number }[] {
    return this.#items()
      .filter(({ dueShard }) => isDueShard(dueShard?.S))
      .map(({ pk, wakeAt }) => ({ referralId: referralIdOf(pk?.S ?? ''), wakeAt: Number(wakeAt?.N) }))
      .sort((a, b) => a.wakeAt - b.wakeAt);
  }

  /** Changes attributes of a referral's item, or of all events of its log, by hand. Null: takes the item away. */
  async damage(referralId: string, change: Item | null, of: 'referral' | 'log' = 'referral'): Promise<void> {
    const { client } = this.tables;
    const items = this.#items().filter(({ pk }) => pk?.S === referralKey(referralId));
    for (const item of items.filter(({ sk }) => (sk?.S === REFERRAL) === (of === 'referral'))) {
      const { pk, sk } = item as Record<'pk' | 'sk', AttributeValue>;
      const Key = { pk, sk };
      await client.send(new DeleteItemCommand({ TableName: REFERRALS, Key }));
      if (change === null) continue;
      const changed = toItem({ ...fromItem(item), ...change });
      await client.send(new PutItemCommand({ TableName: REFERRALS, Item: changed }));
    }
  }

  /** Changes every owner key of a role by hand. */
  async damageOwnerKeys(role: OwnerRole, change: Item): Promise<void> {
    for (const item of this.#items().filter(({ pk }) => pk?.S === OWNER_KEYS[role])) {
      const Item = toItem({ ...fromItem(item), ...change });
      await this.tables.client.send(new PutItemCommand({ TableName: REFERRALS, Item }));
    }
  }

  /** How many events the log of a referral has. */
  eventsOf(referralId: string): number {
    const own = this.#items().filter(({ pk }) => pk?.S === referralKey(referralId));
    return own.filter(({ sk }) => sk?.S !== REFERRAL).length;
  }

  /** Every referral of which anything is stored. */
  ids(): string[] {
    const registry: string[] = Object.values(OWNER_KEYS);
    const keys = this.#items().map(({ pk }) => pk?.S ?? '');
    return [...new Set(keys.filter((pk) => !registry.includes(pk)).map(referralIdOf))].sort(byCodePoint);
  }
}

export class MemoryConfigStore extends DynamoConfigStore {
  constructor(tables = new MemoryTables()) {
    super(tables.operations);
  }
}

export class MemoryQuarantineStore extends DynamoQuarantineStore {
  constructor(tables = new MemoryTables()) {
    super(tables.operations);
  }

  /** Everything that was refused, by reason. */
  async all(): Promise<Quarantined[]> {
    return (await Promise.all(REFUSAL_REASONS.map((reason) => this.list(reason)))).flat();
  }
}

export class MemoryFeedStore extends DynamoFeedStore {
  readonly tables: MemoryTables;

  constructor(tables = new MemoryTables()) {
    super(tables.operations);
    this.tables = tables;
  }
}

export class MemoryMailStore extends DynamoMailStore {
  readonly #tables: MemoryTables;

  constructor(tables = new MemoryTables()) {
    super(tables.operations);
    this.#tables = tables;
  }

  /** Changes the rows of some mails by hand. @returns how many */
  async damage(isMeant: (mail: Item) => boolean, change: Item): Promise<number> {
    const rows = this.#tables.dynamo.items(OPERATIONS).filter(({ pk }) => pk?.S?.startsWith('mail#'));
    const meant = rows.map(fromItem).filter(isMeant);
    for (const row of meant) {
      const Item = toItem({ ...row, ...change });
      await this.#tables.client.send(new PutItemCommand({ TableName: OPERATIONS, Item }));
    }
    return meant.length;
  }
}

export class MemorySetAsideStore extends DynamoSetAsideStore {
  readonly #tables: MemoryTables;

  constructor(tables = new MemoryTables()) {
    super(tables.operations);
    this.#tables = tables;
  }

  /** Changes the notes of a referral by hand. */
  async damage(referralId: string, change: Item): Promise<void> {
    for (const item of this.#tables.dynamo.items(OPERATIONS).map(fromItem)) {
      if (item.pk !== SET_ASIDE || item.referralId !== referralId) continue;
      const Item = toItem({ ...item, ...change });
      await this.#tables.client.send(new PutItemCommand({ TableName: OPERATIONS, Item }));
    }
  }
}

export class MemoryReportStore extends DynamoReportStore {
  readonly #tables: MemoryTables;

  constructor(tables = new MemoryTables()) {
    super(tables.operations);
    this.#tables = tables;
  }

  /** Every report that was saved, or those of which a key is asked for. */
  async all(isAsked: (key: ReportKey) => boolean = () => true): Promise<(ReportKey & StoredReport)[]> {
    const found = this.#tables.dynamo.items(OPERATIONS).flatMap(({ pk, sk }): ReportKey[] => {
      const [prefix, kind, period] = (pk?.S ?? '').split('#');
      return prefix === 'report' ? [{ kind: kind as ReportKey['kind'], period: period ?? '', scope: sk?.S ?? '' }] : [];
    });
    const keys = found.filter(isAsked);
    return Promise.all(keys.map(async (key) => ({ ...key, ...((await this.get(key)) as StoredReport) })));
  }
}

/** Every store, all over the same two tables as in a stage. */
export function memoryStores({ shards = 4 }: { shards?: number } = {}) {
  const tables = new MemoryTables();
  const backoff = async () => {};
  return {
    referrals: new MemoryReferralStore({ shards, tables }),
    configs: new MemoryConfigStore(tables),
    sweeps: new DynamoConfigSweepStore(tables.operations),
    quarantine: new MemoryQuarantineStore(tables),
    unmapped: new DynamoUnmappedStore(tables.operations),
    feeds: new MemoryFeedStore(tables),
    practices: new DynamoPracticeStore(tables.operations),
    mails: new MemoryMailStore(tables),
    reports: new MemoryReportStore(tables),
    setAsides: new MemorySetAsideStore(tables),
    aliases: new DynamoAliasStore(tables.operations, { backoff }),
    unmatched: new DynamoUnmatchedStore(tables.operations, { backoff }),
  } satisfies Stores;
}
