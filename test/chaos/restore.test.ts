import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Crash } from '../../local/cost/recorder.ts';
import { restoreInto } from '../../local/operate/restore.ts';
import type { Target } from '../../local/operate/target.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { QUARTER } from './organization.ts';
import { type Outcome, outcomeOf, timesSent } from './outcome.ts';
import { FIRST_CONFIG, LAST, LAST_CONFIG, ROUNDS, type Round, START } from './scenario.ts';
import { HANDLERS, type Snapshot, World } from './world.ts';

/**
 * The runbook "Point-in-time restore", rehearsed: items are lost on Tuesday after the mails went out, the tables are restored
 * to Monday under new names, and what is lacking is put back. What comes of it is compared with a run without the accident.
 */

const { MONDAY, TUESDAY } = ROUNDS;
const ACCIDENT = TUESDAY.at + 5 * MINUTE_MS;
const AFTERWARDS = LAST + DAY_MS;

let world: World;
/** What point-in-time recovery brings back. */
let monday: Snapshot;
let tuesday: Snapshot;
let undisturbed: { outcome: Outcome; sent: Record<string, number> };

async function round({ at, messages, config }: Round): Promise<void> {
  if (config) await world.pushConfig(config);
  await world.pipeline.enqueue(messages);
  await everything(at);
}

async function everything(at: Instant): Promise<void> {
  for (const handler of HANDLERS) await world.step(handler, at);
}

/** The rest of the week: the quarter hour after, Wednesday's and Thursday's digests. */
async function goOn(): Promise<void> {
  for (const at of [TUESDAY.next, LAST, AFTERWARDS]) await everything(at);
}

/** Referrals and alerts, though what was mailed may not be known any more. */
async function facts(): Promise<Pick<Outcome, 'referrals' | 'alerts'>> {
  const mails = world.pipeline.sent.splice(0);
  const { referrals, alerts } = await outcomeOf(world);
  world.pipeline.sent.push(...mails);
  return { referrals, alerts };
}

/** What urgent mails told, each time that they did. */
async function urgentRows(): Promise<string[]> {
  const mails = (await outcomeOf(world)).mails.filter(({ kind }) => kind === 'urgent_alert');
  return mails.flatMap(({ rows }) => rows.map(({ referralId, kind }) => `${referralId} ${kind}`)).sort();
}

const sent = () => timesSent(world.pipeline.sent);

beforeAll(async () => {
  world = await World.open(START);
  await world.pushConfig(FIRST_CONFIG);
  await round(MONDAY);
  await everything(MONDAY.next);
  monday = await world.snapshot();
  for (const [table, items] of monday.tables) await restoredTable(table, items);
  // Detection at every quarter hour, as it is deployed: alerts that are lost are found as it would have found them.
  const arrival = TUESDAY.at - QUARTER;
  for (let at = MONDAY.next + QUARTER; at < arrival; at += QUARTER) await world.step('detect-breaches', at);
  await round({ ...TUESDAY, at: arrival });
  await everything(TUESDAY.at);
  tuesday = await world.snapshot();
  await goOn();
  undisturbed = { outcome: await outcomeOf(world), sent: sent() };
});
afterAll(() => world.close());
beforeEach(() => world.restore(tuesday));

const restoredName = (table: string): string => `${table}-restored`;

/** A table as point-in-time recovery makes one: of another name. */
async function restoredTable(table: string, items: ReadonlyMap<string, object>): Promise<void> {
  const { dynamodb } = world;
  const TableName = restoredName(table);
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName });
  for (const Item of items.values()) await dynamodb.send(new PutItemCommand({ TableName, Item: Item as never }));
}

const tables = () => {
  const { referrals = '', operations = '' } = world.pipeline.resources.tables;
  return { referrals, operations };
};

/** Deletes what was stored on Monday, or everything, of a table. */
async function lose(name: 'referrals' | 'operations', from: Snapshot, pk = /./): Promise<number> {
  const TableName = tables()[name];
  const lost = [...(from.tables.get(TableName) ?? [])]
    .map(([, item]) => item)
    .filter((item) => pk.test(item.pk?.S ?? ''));
  await world.changing(async () => {
    for (const { pk, sk } of lost) {
      if (pk && sk) await world.dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
    }
  });
  return lost.length;
}

/** What is restored, and what it is put back into. */
function restoring(from: ('referrals' | 'operations')[], at: Instant, client = world.dynamodb) {
  world.pipeline.time.moveTo(at);
  const names = tables();
  const restored = Object.fromEntries(from.map((name) => [name, restoredName(names[name])]));
  const target: Target = {
    name: 'the test',
    tables: { client, names },
    sqs: world.pipeline.sqs,
    queueUrl: async () => '',
    now: at,
  };
  return { target, restored };
}

/** The steps of the runbook, after the tables were restored. */
async function followRunbook(from: ('referrals' | 'operations')[], { push = false, at = ACCIDENT } = {}) {
  const { target, restored } = restoring(from, at);
  const dry = await world.changing(() => restoreInto(target, restored, true));
  const counts = await world.changing(() => restoreInto(target, restored));
  expect(counts.putBack).toBe(dry.putBack);
  if (push) await world.pushConfig(LAST_CONFIG);
  return counts;
}

/** Puts back referrals, stopped after its k-th call. @returns how many of the calls were writes. Null: it made fewer calls */
async function stopRestore(call: number, at: Instant): Promise<number | null> {
  const { recorder, dynamodb } = world.pipeline;
  const { target, restored } = restoring(['referrals'], at, dynamodb);
  recorder.reset();
  recorder.crashAfter(call, 'restore');
  try {
    await world.changing(() => recorder.during('restore', () => restoreInto(target, restored)));
    return null;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return recorder.calls.filter(({ action }) => /Put|Update/.test(action)).length;
  } finally {
    recorder.reset();
  }
}

describe('referrals that were lost', () => {
  it('come back with their alerts, and what was mailed since isn’t mailed again', async () => {
    const lost = await lose('referrals', monday);
    expect(lost).toBeGreaterThan(5);
    const counts = await followRunbook(['referrals']);
    expect(counts.rebuilt).toBeGreaterThan(2);
    await goOn();
    const { referrals, alerts, quarantine } = await outcomeOf(world);
    expect(referrals).toEqual(undisturbed.outcome.referrals);
    expect(alerts).toEqual(undisturbed.outcome.alerts);
    expect(quarantine).toEqual(undisturbed.outcome.quarantine);
    expect(sent()).toEqual(undisturbed.sent);
  });

  it('tell no urgent breach a second time, however long ago it was told', async () => {
    const thursday = MONDAY.at + 3 * DAY_MS;
    await world.restore(monday);
    await everything(thursday);
    const without = await urgentRows();
    expect(without.length).toBeGreaterThan(1);
    await world.restore(monday);
    await lose('referrals', monday);
    await followRunbook(['referrals'], { at: thursday - QUARTER });
    await everything(thursday);
    expect(await urgentRows()).toEqual(without);
  });

  it.each([
    { meanwhile: 'nothing', steps: [] },
    { meanwhile: 'a detection run', steps: ['detect-breaches' as const] },
  ])(
    'tell no urgent breach a second time if the command was stopped anywhere, with $meanwhile before the next',
    async ({ steps }) => {
      const thursday = MONDAY.at + 3 * DAY_MS;
      const at = thursday - QUARTER;
      await world.restore(monday);
      await everything(thursday);
      const without = await urgentRows();
      let tried = 0;
      for (let call = 1; ; call += 1) {
        await world.restore(monday);
        await lose('referrals', monday, /R-stat/);
        const writes = await stopRestore(call, at);
        if (writes === null) break;
        if (writes === tried) continue;
        tried = writes;
        for (const handler of steps) await world.step(handler, at);
        await followRunbook(['referrals'], { at });
        await everything(thursday);
        expect(await urgentRows(), `stopped at call ${call}`).toEqual(without);
      }
      expect(tried, 'its event, it, what it was told').toBeGreaterThan(2);
    },
  );

  it('come back as they were sent if their events were changed', async () => {
    const { referrals: TableName } = tables();
    const [, event] = [...(monday.tables.get(TableName) ?? [])].find(([key]) => key.includes('R-late 2#event#')) ?? [];
    const { pk, sk } = event ?? {};
    if (!pk || !sk) throw new Error('R-late has no event');
    const values = { ':event': { S: '{}' } };
    await world.changing(() =>
      world.dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk, sk },
          UpdateExpression: 'SET event = :event',
          ExpressionAttributeValues: values,
        }),
      ),
    );
    expect((await followRunbook(['referrals'])).putBack).toBe(1);
    await goOn();
    expect((await outcomeOf(world)).alerts).toEqual(undisturbed.outcome.alerts);
    expect(sent()).toEqual(undisturbed.sent);
  });

  it('are left alone where nothing is lacking', async () => {
    const counts = await followRunbook(['referrals', 'operations']);
    expect(counts).toMatchObject({ putBack: 0, rebuilt: 0, failed: 0 });
    expect(counts.read).toBeGreaterThan(15);
  });
});

describe('operations that were lost', () => {
  it('come back, and neither what was mailed before nor since is mailed again', async () => {
    await lose('operations', tuesday);
    await followRunbook(['operations'], { push: true });
    await goOn();
    const { referrals, alerts } = await facts();
    expect(referrals).toEqual(undisturbed.outcome.referrals);
    expect(alerts).toEqual(undisturbed.outcome.alerts);
    expect(sent()).toEqual(undisturbed.sent);
  });

  it('come back from Monday though both tables lost what they had then', async () => {
    await lose('referrals', monday);
    await lose('operations', monday);
    await followRunbook(['referrals', 'operations'], { push: true });
    await goOn();
    const { referrals, alerts } = await facts();
    expect(referrals).toEqual(undisturbed.outcome.referrals);
    expect(alerts).toEqual(undisturbed.outcome.alerts);
    expect(sent()).toEqual(undisturbed.sent);
  });
});
