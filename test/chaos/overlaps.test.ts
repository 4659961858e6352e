import { describe, expect, it } from 'vitest';
import { detectReferral } from '../../functions/detect-breaches/detect-referral.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { project } from '../../shared/store/projection.ts';
import type { LoggedEvent, ReferralStore } from '../../shared/store/referral-store.ts';
import { alertsIn } from '../builders/stored.ts';
import { MemoryReferralStore, memoryStores } from '../doubles/memory-stores.ts';
import { at, message, organization, QUARTER, received } from './organization.ts';
import { backoff, logged } from './turns.ts';
import { mailUrgently } from './urgent-mails.ts';

/** Overlaps of two workers that chance seldom finds, each told call by call. */

const BEFORE = { config: organization(), version: 'before' };
const IN_FORCE = { config: organization(), version: 'in-force' };
/** The first clocks are due at 18:20. */
const FOUND = at('2026-03-02T18:30:00Z');
const NEXT = FOUND + QUARTER;

const RECEIVED = logged(message('R-1', 'referral.received', '2026-03-02T14:20:00Z', received('stat')));
const CALLED = logged(
  message('R-1', 'contact.attempted', '2026-03-02T18:31:00Z', { channel: 'phone', outcome: 'no_answer' }),
);
/** Changes nothing: it wasn't paused. */
const RESUMED = logged(message('R-1', 'referral.resumed', '2026-03-02T18:31:00Z'));
const CLOSED = logged(
  message('R-1', 'referral.closed', '2026-03-02T18:46:00Z', { reason: 'moved', evidence: 'letter' }),
);

const ingest = (store: ReferralStore, events: LoggedEvent[], now: Instant, config = IN_FORCE) =>
  project('R-1', events, { store, ...config, now: () => now, backoff });
const detect = (referrals: ReferralStore, run: Instant, config = IN_FORCE) =>
  detectReferral('R-1', { ...config, run }, { referrals, backoff });

/** A referral that was detected at a run: its first clocks are over. */
async function detected(run: Instant, config = IN_FORCE): Promise<MemoryReferralStore> {
  const store = new MemoryReferralStore();
  await ingest(store, [RECEIVED], run - QUARTER, config);
  await detect(store, run, config);
  return store;
}

/** A worker's store: others do something just before it calls a method for the first time. */
function meanwhile(store: ReferralStore, method: keyof ReferralStore, others: () => Promise<unknown>): ReferralStore {
  let isFirst = true;
  return new Proxy(store, {
    get: (_, name: keyof ReferralStore) => {
      const call = store[name] as (...args: unknown[]) => unknown;
      return async (...args: unknown[]) => {
        const isNow = name === method && isFirst;
        if (isNow) isFirst = false;
        if (isNow) await others();
        return call.apply(store, args);
      };
    },
  });
}

/** The organization with all routes at one coordinator, or with none. */
function coordinatedBy(id: string | null): Config {
  const { policy, directory } = organization();
  const people = directory.people.flatMap((person) => {
    if (person.role !== 'coordinator') return [person];
    return id === null ? [] : [{ ...person, id }];
  });
  return { policy, directory: { ...directory, people } };
}

const openIn = async (store: ReferralStore) =>
  (await alertsIn(store, 'R-1')).filter(({ alert }) => alert.resolvedAt === null).map(({ alert }) => alert.kind);

describe('ingest that loses a race', () => {
  it('leaves a referral due that a worker whose clock is ahead has made due', async () => {
    const store = await detected(FOUND);
    const now = FOUND + 5 * MINUTE_MS;
    const slow = meanwhile(store, 'append', () => ingest(store, [CALLED], now + SECOND_MS));
    await ingest(slow, [RESUMED], now);
    await detect(store, NEXT);
    expect(await openIn(store)).not.toContain('first_attempt');
  });

  it('to the sweep leaves the arrival of the last event that is in the projection', async () => {
    const store = await detected(FOUND, BEFORE);
    const slow = meanwhile(store, 'save', () => detect(store, NEXT));
    await ingest(slow, [CALLED], NEXT + SECOND_MS);
    const stored = await store.load('R-1');
    expect(stored?.state.logged).toBe(2);
    expect(stored?.arrivedAt).toBe(CALLED.arrivedAt);
  });
});

describe('a detection that is tried again beside the next one', () => {
  it('leaves a referral due that has changed since the next one saw it', async () => {
    const store = await detected(FOUND - QUARTER, BEFORE);
    const slow = meanwhile(store, 'loadLog', async () => {
      await detect(store, NEXT);
      await ingest(store, [CLOSED], NEXT + 2 * MINUTE_MS);
    });
    await detect(slow, FOUND);
    await detect(store, NEXT + QUARTER);
    expect(await openIn(store)).toEqual([]);
  });
});

describe('a push between detection and the planner', () => {
  const PLANNED = FOUND + 2 * MINUTE_MS;

  /** A stage on which a breach waits for an urgent mail to `c1`. */
  async function stageWithBreach() {
    const stores = memoryStores();
    const first = { config: organization(), version: await stores.configs.push(organization(), FOUND - QUARTER) };
    await ingest(stores.referrals, [RECEIVED], FOUND - QUARTER, first);
    await detect(stores.referrals, FOUND, first);
    return stores;
  }

  async function detectInForce({ configs, referrals }: Awaited<ReturnType<typeof stageWithBreach>>): Promise<void> {
    const { config, version } = await configs.inForce();
    await detect(referrals, NEXT, { config, version });
  }

  it('to which the sweep comes later mails a breach to its new coordinator once', async () => {
    const stores = await stageWithBreach();
    await stores.configs.push(coordinatedBy('c2'), FOUND + MINUTE_MS);
    const told = await mailUrgently(PLANNED, stores);
    expect(told.map(({ to, kind }) => `${to} ${kind}`).toSorted()).toEqual(['c2 acceptance', 'c2 first_attempt']);
    await detectInForce(stores);
    expect(await stores.referrals.pendingUrgent()).toEqual([]);
    for (const days of [1, 2, 3]) expect(await mailUrgently(PLANNED + days * DAY_MS, stores)).toEqual([]);
  });

  it('that is taken back a minute later takes no urgent mail from its coordinator', async () => {
    const stores = await stageWithBreach();
    await stores.configs.push(coordinatedBy(null), FOUND + MINUTE_MS);
    expect(await mailUrgently(PLANNED, stores)).toEqual([]);
    await stores.configs.push(organization(), PLANNED + MINUTE_MS);
    await detectInForce(stores);
    const told = await mailUrgently(NEXT + 2 * MINUTE_MS, stores);
    expect(told.map(({ to, kind }) => `${to} ${kind}`).toSorted()).toEqual(['c1 acceptance', 'c1 first_attempt']);
  });
});
