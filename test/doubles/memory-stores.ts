import { type AttributeValue, DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { MemoryDynamo, type Metered } from '../../local/memory-dynamo/memory-dynamo.ts';
import { tableSpecs } from '../../local/stand-ins/tables.ts';
import { localTemplates } from '../../local/stand-ins/templates.ts';
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
import { isDueShard, OWNER_KEYS, REFERRAL, referralIdOf, referralKey } from '../../shared/store/keys.ts';
import type { Quarantined } from '../../shared/store/quarantine-store.ts';
import type { OwnerRole } from '../../shared/store/referral-store.ts';
import type { ReportKey, StoredReport } from '../../shared/store/report-store.ts';
import { Table } from '../../shared/store/table.ts';

/** The real stores over DynamoDB in memory, with the tables of the synthesized templates. */

const SPECS = tableSpecs(await localTemplates());
const REFERRALS = 'loopwatch-local-referrals';
const OPERATIONS = 'loopwatch-local-operations';

/** A table in memory, and its items for a test that looks behind the store. */
function memoryTable(name: string, onCall?: (call: Metered) => void) {
  const dynamo = new MemoryDynamo(SPECS, onCall);
  const client = dynamo.attach(new DynamoDBClient({ region: 'us-east-1' }));
  return { table: new Table(client, name), items: () => dynamo.items(name), client };
}

type Items = ReturnType<MemoryDynamo['items']>;

export class MemoryReferralStore extends DynamoReferralStore {
  readonly #over: ReturnType<typeof memoryTable>;

  /**
   * @param options `onCall` is told what each call of the table read or wrote and cost
   * @param beside a store over whose table this one lies, too
   */
  constructor(
    { shards = 4, onCall }: { shards?: number; onCall?: (call: Metered) => void } = {},
    beside?: MemoryReferralStore,
  ) {
    const over = beside === undefined ? memoryTable(REFERRALS, onCall) : beside.#over;
    super(over.table, { shards, backoff: async () => {} });
    this.#over = over;
  }

  #items(): Items {
    return this.#over.items();
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
    const { client } = this.#over;
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
      await this.#over.client.send(new PutItemCommand({ TableName: REFERRALS, Item }));
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
  constructor() {
    super(memoryTable(OPERATIONS).table);
  }
}

export class MemoryQuarantineStore extends DynamoQuarantineStore {
  constructor() {
    super(memoryTable(OPERATIONS).table);
  }

  /** Everything that was refused, by reason. */
  async all(): Promise<Quarantined[]> {
    return (await Promise.all(REFUSAL_REASONS.map((reason) => this.list(reason)))).flat();
  }
}

export class MemoryFeedStore extends DynamoFeedStore {
  readonly #over: ReturnType<typeof memoryTable>;

  /**
   * @param options `onCall` is told of each call of the table
   * @param beside a store over whose table this one lies, too: another instance
   */
  constructor({ onCall }: { onCall?: (call: Metered) => void } = {}, beside?: MemoryFeedStore) {
    const over = beside === undefined ? memoryTable(OPERATIONS, onCall) : beside.#over;
    super(over.table);
    this.#over = over;
  }
}

export class MemoryMailStore extends DynamoMailStore {
  readonly #over: ReturnType<typeof memoryTable>;

  constructor() {
    const over = memoryTable(OPERATIONS);
    super(over.table);
    this.#over = over;
  }

  /** Changes the rows of some mails by hand. @returns how many */
  async damage(isMeant: (mail: Item) => boolean, change: Item): Promise<number> {
    const rows = this.#over.items().filter(({ pk }) => pk?.S?.startsWith('mail#'));
    const meant = rows.map(fromItem).filter(isMeant);
    for (const row of meant) {
      await this.#over.client.send(new PutItemCommand({ TableName: OPERATIONS, Item: toItem({ ...row, ...change }) }));
    }
    return meant.length;
  }
}

export class MemorySetAsideStore extends DynamoSetAsideStore {
  readonly #over: ReturnType<typeof memoryTable>;

  constructor() {
    const over = memoryTable(OPERATIONS);
    super(over.table);
    this.#over = over;
  }

  /** Changes the notes of a referral by hand. */
  async damage(referralId: string, change: Item): Promise<void> {
    for (const item of this.#over.items().map(fromItem)) {
      if (item.referralId !== referralId) continue;
      await this.#over.client.send(new PutItemCommand({ TableName: OPERATIONS, Item: toItem({ ...item, ...change }) }));
    }
  }
}

export class MemoryReportStore extends DynamoReportStore {
  readonly #items: () => Items;

  constructor() {
    const { table, items } = memoryTable(OPERATIONS);
    super(table);
    this.#items = items;
  }

  /** Every report that was saved. */
  async all(): Promise<(ReportKey & StoredReport)[]> {
    const keys = this.#items().flatMap(({ pk, sk }): ReportKey[] => {
      const [prefix, kind, period] = (pk?.S ?? '').split('#');
      return prefix === 'report' ? [{ kind: kind as ReportKey['kind'], period: period ?? '', scope: sk?.S ?? '' }] : [];
    });
    return Promise.all(keys.map(async (key) => ({ ...key, ...((await this.get(key)) as StoredReport) })));
  }
}

/** Every store, each over tables of its own. */
export function memoryStores({ shards = 4 }: { shards?: number } = {}) {
  return {
    referrals: new MemoryReferralStore({ shards }),
    configs: new MemoryConfigStore(),
    sweeps: new DynamoConfigSweepStore(memoryTable(OPERATIONS).table),
    quarantine: new MemoryQuarantineStore(),
    unmapped: new DynamoUnmappedStore(memoryTable(OPERATIONS).table),
    feeds: new MemoryFeedStore(),
    practices: new DynamoPracticeStore(memoryTable(OPERATIONS).table),
    mails: new MemoryMailStore(),
    reports: new MemoryReportStore(),
    setAsides: new MemorySetAsideStore(),
    aliases: new DynamoAliasStore(memoryTable(OPERATIONS).table, { backoff: async () => {} }),
    unmatched: new DynamoUnmatchedStore(memoryTable(OPERATIONS).table, { backoff: async () => {} }),
  } satisfies Stores;
}
