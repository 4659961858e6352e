import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/ingest-events/handler.ts';
import type { TableSpec } from '../../../local/cost/model.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { restoreInto } from '../../../local/operate/restore.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import { tableSpecs } from '../../../local/stand-ins/tables.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { silentMetrics } from '../../../shared/platform/metrics.ts';
import { dynamoStores } from '../../../shared/store/dynamo-stores.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { sqsEvent } from '../../builders/sqs.ts';

/** What comes back of what waits for its referral from a table that was restored to an earlier time. */

const MONDAY = at('03-02 14:00');
const NAMES = { referrals: 'loopwatch-local-referrals', operations: 'loopwatch-local-operations' };
const RESTORED = 'restored';
const SPECS = tableSpecs(await localTemplates());
const RESTORED_SPEC = { ...(SPECS.find(({ name }) => name === NAMES.operations) as TableSpec), name: RESTORED };

const WRITTEN = new Date(MONDAY).toISOString();
const said = (resource: object): string => JSON.stringify({ meta: { lastUpdated: WRITTEN }, ...resource });
const APPOINTMENT = [{ reference: 'Appointment/a-1' }];
const VISIT = said({
  ...{ resourceType: 'Encounter', id: 'v-1', status: 'in-progress', period: { start: WRITTEN } },
  appointment: APPOINTMENT,
});
const booking = (version: string): string =>
  said({
    ...{ resourceType: 'Appointment', id: 'a-1', status: 'booked', start: '2026-03-20T14:00:00Z' },
    meta: { lastUpdated: WRITTEN, versionId: version },
    basedOn: [{ reference: 'ServiceRequest/r-1' }],
  });

async function stage() {
  const stop = { after: Number.POSITIVE_INFINITY };
  const dynamo = new MemoryDynamo([...SPECS, RESTORED_SPEC], () => {
    stop.after -= 1;
    if (stop.after === 0) throw new Error('stopped');
  });
  const client = dynamo.attach(new DynamoDBClient({ region: 'us-east-1', maxAttempts: 1 }));
  const stores = dynamoStores(client, { ...NAMES, shards: 4 });
  await stores.configs.push(sampleConfig(), 0);
  const handler = createHandler({
    ...{ ...stores, shards: 4, metrics: silentMetrics, log: silentLog },
    ...{ time: { now: () => MONDAY }, backoff: async () => {} },
  });
  const target = {
    ...{ name: 'the test', tables: { client, names: NAMES }, sqs: {} as SQSClient },
    ...{ queueUrl: async () => '', now: MONDAY + DAY_MS },
  };
  const heldItems = () =>
    dynamo
      .items(NAMES.operations)
      .map(({ pk }) => pk?.S?.split('#')[0] ?? '')
      .filter((kind) => /^(unmatched|unmatched-day|waiting)$/.test(kind))
      .sort();
  const remove = async (kinds: RegExp): Promise<void> => {
    for (const { pk, sk } of dynamo.items(NAMES.operations)) {
      if (pk && sk && kinds.test(pk.S ?? ''))
        await client.send(new DeleteItemCommand({ TableName: NAMES.operations, Key: { pk, sk } }));
    }
  };
  return {
    heldItems,
    deliver: async (body: string): Promise<void> => {
      const event = sqsEvent([{ body, sentAt: MONDAY }]);
      const result = await handler(event, lambdaContext('ingest-events', 60) as never);
      expect(result).toEqual({ batchItemFailures: [] });
    },
    /** The table as it is now is what will be restored. */
    backUp: async () => {
      for (const Item of dynamo.items(NAMES.operations)) {
        await client.send(new PutItemCommand({ TableName: RESTORED, Item }));
      }
    },
    lose: () => remove(/^(unmatched|unmatched-day|waiting)#/),
    losePointers: () => remove(/^(unmatched-day|waiting)#/),
    /** Of the table that is restored. @param held what can't be read, or hasn't any event */
    spoil: async (held: Uint8Array) => {
      for (const item of dynamo.items(RESTORED)) {
        if (!item.pk?.S?.startsWith('unmatched#')) continue;
        await client.send(new PutItemCommand({ TableName: RESTORED, Item: { ...item, held: { B: held } } }));
      }
    },
    contentOf: (TableName: string) =>
      dynamo.items(TableName).flatMap(({ pk, held }) => (pk?.S?.startsWith('unmatched#') && held?.B ? [held.B] : [])),
    log: async () => (await stores.referrals.loadLog('r-1')).log.map(({ event }) => event.type).sort(),
    restore: (isDry = false) => restoreInto(target, { operations: RESTORED }, isDry),
    /** @returns whether it made so many calls, and died after them */
    restoreUntil: async (calls: number): Promise<boolean> => {
      stop.after = calls;
      try {
        await restoreInto(target, { operations: RESTORED });
        return false;
      } catch {
        return true;
      } finally {
        stop.after = Number.POSITIVE_INFINITY;
      }
    },
  };
}

const ALL = ['unmatched', 'unmatched-day', 'waiting', 'waiting'];
const BOTH = ['appointment.scheduled', 'visit.arrived'];

describe('what the restored table has waiting', () => {
  it('comes back where it was lost, and is tied', async () => {
    const { deliver, backUp, lose, restore, heldItems, log } = await stage();
    await deliver(VISIT);
    expect(heldItems()).toEqual(ALL);
    await backUp();
    await lose();
    expect(await restore(true)).toMatchObject({ putBack: 1 });
    expect(heldItems()).toEqual([]);
    expect(await restore()).toMatchObject({ putBack: 1 });
    expect(heldItems()).toEqual(ALL);
    expect(await restore()).toMatchObject({ putBack: 0 });
    await deliver(booking('1'));
    expect(await log()).toEqual(BOTH);
    expect(heldItems()).toEqual([]);
  });

  it('stays away where it has found its referral since', async () => {
    const { deliver, backUp, restore, heldItems, log } = await stage();
    await deliver(VISIT);
    await backUp();
    await deliver(booking('1'));
    expect(await log()).toEqual(BOTH);
    for (const isDry of [true, false]) {
      expect(await restore(isDry)).toMatchObject({ putBack: 0 });
      expect(heldItems()).toEqual([]);
    }
  });

  it('is tied by the next message where its key was named while it was lost', async () => {
    const { deliver, backUp, lose, restore, log, heldItems } = await stage();
    await deliver(VISIT);
    await backUp();
    await lose();
    await deliver(booking('1'));
    expect(await log()).toEqual(['appointment.scheduled']);
    expect(await restore()).toMatchObject({ putBack: 1 });
    await deliver(booking('2'));
    expect(await log()).toContain('visit.arrived');
    expect(heldItems()).toEqual([]);
  });

  it('is found again where only what leads to it was lost', async () => {
    const { deliver, backUp, losePointers, restore, log, heldItems } = await stage();
    await deliver(VISIT);
    await backUp();
    await losePointers();
    expect(await restore()).toMatchObject({ putBack: 0 });
    expect(heldItems()).toEqual(ALL);
    await deliver(booking('1'));
    expect(await log()).toEqual(BOTH);
  });

  it('comes back with what leads to it where it can’t be read', async () => {
    const { deliver, backUp, lose, restore, heldItems, spoil } = await stage();
    await deliver(VISIT);
    await backUp();
    await spoil(Buffer.from('no gzip'));
    await lose();
    expect(await restore(true)).toMatchObject({ putBack: 4 });
    expect(await restore()).toMatchObject({ putBack: 4 });
    expect(heldItems()).toEqual(ALL);
    expect(await restore()).toMatchObject({ putBack: 0 });
  });

  it('comes back if it says nothing by which it could be known as taken in', async () => {
    const { deliver, backUp, lose, restore, heldItems, spoil, contentOf } = await stage();
    await deliver(VISIT);
    await backUp();
    const [held] = contentOf(RESTORED);
    const said = JSON.parse(gunzipSync(held as Uint8Array).toString());
    await spoil(gzipSync(JSON.stringify({ ...said, events: [] })));
    await lose();
    await deliver(booking('1'));
    expect(await restore()).toMatchObject({ putBack: 1 });
    expect(heldItems()).toEqual(ALL);
  });

  it('comes back whole, wherever the command dies', async () => {
    for (let calls = 1; ; calls += 1) {
      const { deliver, backUp, lose, restore, restoreUntil, log, heldItems } = await stage();
      await deliver(VISIT);
      await backUp();
      await lose();
      await deliver(booking('1'));
      const isDead = await restoreUntil(calls);
      await restore();
      await deliver(booking('2'));
      expect(await log()).toContain('visit.arrived');
      expect(heldItems()).toEqual([]);
      if (!isDead) break;
    }
  });
});
