import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/plan-mail/handler.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import type { ReferralState } from '../../../shared/contracts/state.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { silentMetrics } from '../../../shared/platform/metrics.ts';
import type { Written } from '../../../shared/store/conditional-write.ts';
import type { Stores } from '../../../shared/store/dynamo-stores.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import type { StoredAlert } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';
import { MemoryMailStore, MemoryReferralStore, memoryStores } from '../../doubles/memory-stores.ts';

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');
const DATE = '2026-03-02';

/** Plans over stores in memory. `announced`: what reached the queue; `failing`: the queue takes nothing. */
async function planner(over: Partial<Stores> = {}, config: Config = sampleConfig()) {
  const stores: Stores = { ...memoryStores(), ...over };
  const announced: string[] = [];
  const queue = { failing: false, announce: async (ids: readonly string[]) => take(ids) };
  const take = (ids: readonly string[]): void => {
    if (queue.failing) throw new Error('the queue is gone');
    announced.push(...ids);
  };
  const deps = { ...stores, queue, holds: false, log: silentLog, metrics: silentMetrics };
  const handler = createHandler(deps) as unknown as (event: unknown, context: unknown) => Promise<void>;
  await stores.configs.push(config, MONDAY - DAY_MS);
  const plan = (now: Instant) => handler({ time: formatInstant(now) }, lambdaContext('plan-mail', 300));
  return { stores, announced, queue, plan };
}

const PENDING = { to: 'c-1', is: 'pending' } as const;
const OWN = { coordinatorId: 'c-1' };
const _VISIT = { kind: 'visit' } as const;

const urgentMails = async ({ mails }: Stores) =>
  (await mails.dueOn(DATE)).filter(({ kind }) => kind === 'urgent_alert');

/** Stores a referral of these facts, with alerts. */
async function store(
  { referrals }: Stores,
  referralId: string,
  facts: Partial<ReferralState>,
  ...alerts: StoredAlert[]
): Promise<void> {
  await referrals.save(storedReferral(referralId, { state: stateOf(referralId, facts), alerts }), null);
}

/** Referrals of `c-1`, each with an alert that waits for an urgent mail. */
async function waiting(stores: Stores, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const referralId = `referral-with-a-rather-long-id-${number}`;
    await store(stores, referralId, OWN, storedAlert(referralId, {}, PENDING));
  }
}

/** Names each method of a store that is called. */
function noting<S extends object>(store: S, called: string[]): S {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        called.push(String(name));
        return value.apply(target, args);
      };
    },
  });
}

describe('planning', () => {
  it('keeps each urgent mail small enough for an item, and announces all of them', async () => {
    const { stores, announced, plan } = await planner();
    await waiting(stores, 2000);
    await plan(MONDAY);
    const urgent = await urgentMails(stores);
    expect(urgent.map((job) => job.urgent.length)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(new Set(urgent.flatMap((job) => job.urgent.map(({ referralId }) => referralId))).size).toBe(2000);
    expect(announced).toEqual(expect.arrayContaining(urgent.map(({ mailId }) => mailId)));
  });

  it('does not plan again what waits in a mail that is planned', async () => {
    const { stores, plan } = await planner();
    await waiting(stores, 3);
    await plan(MONDAY);
    await plan(MONDAY + HOUR_MS / 4);
    expect((await urgentMails(stores)).map(({ urgent }) => urgent.length)).toEqual([3]);
  });

  it('plans no urgent mail for what somebody has seen to', async () => {
    const { stores, plan } = await planner();
    await store(stores, 'R-seen', OWN, storedAlert('R-seen', { acknowledgedBy: 'c-1' }, PENDING));
    await store(stores, 'R-snoozed', OWN, storedAlert('R-snoozed', { snoozedUntil: MONDAY + HOUR_MS }, PENDING));
    await plan(MONDAY);
    expect(await urgentMails(stores)).toEqual([]);
  });

  it('of a mail that can not be kept holds up no other, and is done by the next run', async () => {
    class Picky extends MemoryMailStore {
      refuses = true;
      override async plan(job: MailJob): Promise<Written> {
        if (this.refuses && job.personId === 'c-1') throw new Error('ItemCollectionSizeLimitExceeded');
        return super.plan(job);
      }
    }
    const mails = new Picky();
    const { announced, plan } = await planner({ mails });
    await expect(plan(MONDAY)).rejects.toThrow();
    const others = (await mails.dueOn(DATE)).map(({ mailId }) => mailId);
    expect(others.length).toBeGreaterThan(1);
    expect(announced.toSorted()).toEqual(others.toSorted());
    mails.refuses = false;
    await plan(MONDAY + HOUR_MS / 4);
    const all = await mails.dueOn(DATE);
    expect(all.map(({ personId }) => personId)).toContain('c-1');
    expect(new Set(announced)).toEqual(new Set(all.map(({ mailId }) => mailId)));
  });

  it('plans digests although what waits for urgent mails can not be read', async () => {
    class Unreadable extends MemoryReferralStore {
      override async pendingUrgent(): Promise<never> {
        throw new Error('an item that no version can read');
      }
    }
    const { stores, announced, plan } = await planner({ referrals: new Unreadable() });
    await expect(plan(MONDAY)).rejects.toThrow();
    const digests = (await stores.mails.dueOn(DATE)).map(({ mailId }) => mailId);
    expect(digests.length).toBeGreaterThan(1);
    expect(announced.toSorted()).toEqual(digests.toSorted());
  });

  it('announces in the next run what the queue did not take', async () => {
    const { stores, announced, queue, plan } = await planner();
    await waiting(stores, 3);
    queue.failing = true;
    await expect(plan(MONDAY)).rejects.toThrow();
    queue.failing = false;
    await plan(MONDAY + HOUR_MS / 4);
    const all = await stores.mails.dueOn(DATE);
    expect(all.filter(({ kind }) => kind === 'urgent_alert')).toHaveLength(1);
    expect(announced.toSorted()).toEqual(all.map(({ mailId }) => mailId).toSorted());
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 'queued'));
  });

  it('mails a breach to whose it is now, and keeps it waiting while it is nobody’s', async () => {
    const { stores, plan } = await planner();
    const left = { to: 'c-left', is: 'pending' } as const;
    await store(stores, 'R-taken-over', { coordinatorId: 'c-2' }, storedAlert('R-taken-over', {}, left));
    await store(stores, 'R-nobodys', { coordinatorId: 'c-left', site: 'cape' }, storedAlert('R-nobodys', {}, left));
    await plan(MONDAY);
    expect((await urgentMails(stores)).map(({ personId, urgent }) => [personId, urgent.length])).toEqual([['c-2', 1]]);
    expect((await stores.referrals.pendingUrgent()).toSorted()).toEqual(['R-nobodys', 'R-taken-over']);
  });

  it('mails the others if one referral can’t be read, and then fails', async () => {
    class OneUnreadable extends MemoryReferralStore {
      override load(referralId: string) {
        if (referralId === 'R-broken') throw new TypeError('no such day');
        return super.load(referralId);
      }
    }
    const { stores, plan } = await planner({ referrals: new OneUnreadable() });
    const pending = { to: 'c-2', is: 'pending' } as const;
    for (const id of ['R-broken', 'R-fine']) {
      await store(stores, id, { coordinatorId: 'c-2' }, storedAlert(id, {}, pending));
    }
    await expect(plan(MONDAY)).rejects.toThrow('TypeError');
    expect((await urgentMails(stores)).flatMap(({ urgent }) => urgent.map(({ referralId }) => referralId))).toEqual([
      'R-fine',
    ]);
  });

  it('reads only what waits, how far it has come, and the last mails, in a run with nothing to do', async () => {
    const called: string[] = [];
    const plain = memoryStores();
    const noted = Object.entries(plain).map(([name, store]) => [name, noting(store, called)]);
    const { plan } = await planner(Object.fromEntries(noted) as Stores);
    await plan(MONDAY);
    called.length = 0;
    await plan(MONDAY + HOUR_MS / 4);
    expect(called.toSorted()).toEqual(['dueOn', 'dueOn', 'inForce', 'pendingUrgent']);
  });

  it("plans today's digest of somebody whom a new configuration brings after its hour", async () => {
    const { stores, plan } = await planner();
    await plan(MONDAY);
    const config = sampleConfig();
    const [first] = config.directory.people.filter(({ role }) => role === 'coordinator');
    if (!first) throw new Error('the sample has coordinators');
    config.directory.people.push({ ...first, id: 'c-new', email: 'c-new@example.org' });
    await stores.configs.push(config, MONDAY + HOUR_MS);
    await plan(MONDAY + 2 * HOUR_MS);
    const people = (await stores.mails.dueOn(DATE)).map(({ personId }) => personId);
    expect(people).toContain('c-new');
    expect(new Set(people).size).toBe(people.length);
  });
});
