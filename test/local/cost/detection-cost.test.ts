import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import * as detect from '../../../functions/detect-breaches/compose.ts';
import { DUE_SHARDS } from '../../../infra/settings.ts';
import type { TableSpec } from '../../../local/cost/model.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import type { Metered } from '../../../local/memory-dynamo/metering.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import { tableSpecs } from '../../../local/stand-ins/tables.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { silentMetrics } from '../../../shared/platform/metrics.ts';
import { localReferralHash } from '../../../shared/platform/referral-hash.ts';
import { toItem } from '../../../shared/store/dynamo.ts';
import { dynamoStores, type Stores } from '../../../shared/store/dynamo-stores.ts';
import { dueShard, shardOf } from '../../../shared/store/keys.ts';
import { referralItem, referralItemKey } from '../../../shared/store/referral-items.ts';
import { sampleConfig } from '../../builders/config.ts';
import { sent } from '../../builders/events.ts';
import { at, QUARTER } from '../../builders/instants.ts';
import { logged, storedReferral } from '../../builders/stored.ts';

/** What a detection run costs at AWS, by the model of its rules, over tables in memory. */

const RUN = at('03-02 18:15');
const TABLES = { referrals: 'loopwatch-local-referrals', operations: 'loopwatch-local-operations' };

type Detect = (event: unknown, context: unknown) => Promise<unknown>;

/** Received on the morning of the run. */
const REFERRAL = storedReferral('R');
/** 5 KB of events. */
const CALLS = Array.from({ length: 15 }, () =>
  sent('contact.attempted', '03-02 15:00', { channel: 'phone', outcome: 'no_answer' }),
);
/** One read of the configuration in force, and a query of each of four shards. */
const IDLE = { requests: 6, readUnits: 4, writeUnits: 0 };

/** Detection as it is deployed, over tables in memory. */
class Organization {
  readonly #calls: Metered[] = [];
  readonly #dynamodb: DynamoDBClient;
  readonly #stores: Stores;
  readonly #detect: Detect;
  #version = '';
  #open = 0;

  private constructor(specs: readonly TableSpec[]) {
    const dynamo = new MemoryDynamo(specs, (call) => this.#calls.push(call));
    const dynamodb = dynamo.attach(new DynamoDBClient({ region: 'us-east-1' }));
    this.#dynamodb = dynamodb;
    this.#stores = dynamoStores(dynamodb, { ...TABLES, shards: DUE_SHARDS });
    this.#detect = detect.compose(
      { REFERRAL_TABLE: TABLES.referrals, OPERATIONS_TABLE: TABLES.operations, DUE_SHARDS, REFERRAL_HASH_KEY: 'none' },
      {
        ...{ time: { now: () => RUN }, log: silentLog, metrics: silentMetrics },
        backoff: async () => {},
        referralHash: () => localReferralHash,
        dynamodb: () => dynamodb,
      },
    ) as unknown as Detect;
  }

  static async found(): Promise<Organization> {
    const organization = new Organization(tableSpecs(await localTemplates()));
    organization.#version = await organization.#stores.configs.push(sampleConfig(), RUN - DAY_MS);
    // A function that has just started reads the configuration, and notes the number of shards.
    await organization.run(RUN - QUARTER);
    return organization;
  }

  /** Takes in referrals that are due at the run, each with a log that would cost a read more. */
  async takeDue(count: number): Promise<void> {
    for (const referralId of this.#newIds(count)) {
      for (const call of CALLS) await this.#stores.referrals.append(logged({ ...call, subject: referralId }));
      const state = { ...REFERRAL.state, referralId };
      await this.#stores.referrals.save({ ...REFERRAL, state, config: this.#version, wakeAt: RUN }, null);
    }
  }

  /** Takes in referrals that are not due for long, until so many are open. No run reads what they say. */
  async growTo(open: number): Promise<void> {
    const item = referralItem({ ...REFERRAL, wakeAt: RUN + 30 * DAY_MS }, DUE_SHARDS);
    for (const referralId of this.#newIds(open - this.#open)) {
      const shard = dueShard(DUE_SHARDS, shardOf(referralId, DUE_SHARDS));
      const Item = toItem({ ...item, ...referralItemKey(referralId), dueShard: shard });
      await this.#dynamodb.send(new PutItemCommand({ TableName: TABLES.referrals, Item }));
      this.#calls.length = 0;
    }
  }

  #newIds(count: number): string[] {
    const from = this.#open;
    this.#open += count;
    return Array.from({ length: count }, (_, index) => `R-${from + index}`);
  }

  /** A run, and what it costs. */
  async run(instant: Instant): Promise<{ requests: number; readUnits: number; writeUnits: number }> {
    this.#calls.length = 0;
    await this.#detect({ time: formatInstant(instant) }, lambdaContext('detect-breaches', 300));
    const sum = (unit: 'readUnits' | 'writeUnits') => this.#calls.reduce((total, call) => total + call[unit], 0);
    return { requests: this.#calls.length, readUnits: sum('readUnits'), writeUnits: sum('writeUnits') };
  }
}

describe('a detection run', () => {
  let organization: Organization;
  beforeAll(async () => {
    organization = await Organization.found();
  });

  it.each([1_000, 10_000, 100_000])('over %i open referrals, 100 of them due, costs what is due', async (open) => {
    await organization.growTo(open - 100);
    expect(await organization.run(RUN)).toEqual(IDLE);
    await organization.takeDue(100);
    // Each referral that is due is read and written once: its item, and its old and new entry in the due index.
    expect(await organization.run(RUN)).toEqual({ requests: 206, readUnits: 104, writeUnits: 300 });
  });

  it.each([10, 100, 1_000])('costs one read unit and three write units for each of %i that are due', async (due) => {
    await organization.takeDue(due);
    const { readUnits, writeUnits } = await organization.run(RUN);
    expect(writeUnits).toBe(3 * due);
    // Beyond 40 a shard, the entries of the index cost half a unit more for each further 40.
    expect(readUnits - IDLE.readUnits).toBeGreaterThanOrEqual(due);
    expect(readUnits - IDLE.readUnits).toBeLessThanOrEqual(1.0125 * due);
  });
});
