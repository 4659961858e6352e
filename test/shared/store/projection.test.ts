import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { ONLY_IF_CONFIG_CHANGES } from '../../../shared/domain/alert/wake-up.ts';
import { project } from '../../../shared/store/projection.ts';
import type { LoggedEvent, StoredAlert, StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, storedAlert, storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

const NOW = at('03-02 15:00');
const config = sampleConfig();
const OF = { subject: 'R-1' };
const RECEIVED = logged(sent('referral.received', '03-02 14:00', receivedData(), OF));
const CLOSED = logged(sent('referral.closed', '03-02 14:30', { reason: 'moved', evidence: 'letter' }, OF));
const updated = (data: { site?: string; practice?: { id: string } }) =>
  logged(sent('referral.updated', '03-02 14:20', data, OF));

/** Takes events as ingest does. */
const take = (store: MemoryReferralStore, events: readonly LoggedEvent[], version = 'v-1', now = NOW) =>
  project('R-1', events, { store, config, version, now: () => now, backoff: async () => {} });

async function storedIn(store: MemoryReferralStore): Promise<StoredReferral> {
  const stored = await store.load('R-1');
  if (stored === null) throw new Error('nothing was projected');
  return stored;
}

/** A store with a referral that was received and looked at: detection left it as `over` says. */
async function storeWith(
  over: { alerts?: StoredAlert[] } & Partial<Pick<StoredReferral, 'wakeAt' | 'retiredAt'>>,
  events = [RECEIVED],
): Promise<MemoryReferralStore> {
  const store = new MemoryReferralStore();
  await take(store, events);
  const { state, config, version, arrivedAt, wakeAt } = await storedIn(store);
  const detected = storedReferral('R-1', { state, config, arrivedAt, wakeAt, ...over, version: version + 1 });
  expect(await store.save(detected, version)).toBe('written');
  return store;
}

/** The same value with the keys of every object in reverse. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)]);
  return Object.fromEntries(entries.reverse());
}

describe('an event that is delivered again', () => {
  /** Delivers an event twice to a store whose projection then reads as `change` makes it. */
  async function twice(change: (stored: StoredReferral) => StoredReferral, version = 'v-1') {
    const store = new (class extends MemoryReferralStore {
      saved = 0;
      override async loadLog(referralId: string) {
        const { stored, log } = await super.loadLog(referralId);
        return { stored: stored && change(stored), log };
      }
      override async save(stored: StoredReferral, expected: number | null) {
        this.saved += 1;
        return super.save(stored, expected);
      }
    })();
    await take(store, [RECEIVED]);
    expect(store.saved).toBe(1);
    const projected = await take(store, [RECEIVED], version);
    return { projected, written: store.saved - 1, store };
  }

  it('writes nothing', async () => {
    const { projected, written } = await twice((stored) => stored);
    expect(projected).toMatchObject({ added: 0, duplicates: 1, refused: [] });
    expect(written).toBe(0);
  });

  it('writes nothing if the stored keys are in another order', async () => {
    const { written } = await twice((stored) => ({ ...stored, state: reversed(stored.state) }));
    expect(written).toBe(0);
  });

  it('writes a projection that differs in one nested value', async () => {
    const { written } = await twice((stored) => {
      const attempts = { ...stored.state.attempts, letters: 7 };
      return { ...stored, state: { ...stored.state, attempts } };
    });
    expect(written).toBe(1);
  });

  it('writes a projection that was made with an older configuration, and says with which it was made', async () => {
    const { written, store } = await twice((stored) => stored, 'v-2');
    expect(written).toBe(1);
    expect((await storedIn(store)).config).toBe('v-2');
  });
});

describe('a projection', () => {
  const site = (id: string) => ({ coordinatorId: null, site: id, specialty: 'dermatology' });
  const keysOf = async (store: MemoryReferralStore, facts: object) => {
    const entries = [...(await store.ownerKeys('coordinator')), ...(await store.ownerKeys('liaison'))];
    return entries.filter((entry) => JSON.stringify(entry.facts) === JSON.stringify(facts)).map(({ key }) => key);
  };

  it('begins without alerts, and in nobody’s list', async () => {
    const store = new MemoryReferralStore();
    await take(store, [RECEIVED]);
    const { alerts, listed } = await storedIn(store);
    expect({ alerts, listed }).toEqual({ alerts: null, listed: { owned: false, escalated: false, urgent: false } });
    expect(await store.ownerKeys('coordinator')).toEqual([]);
  });

  it('carries alerts forward as they are, without a look at what they say', async () => {
    const store = await storeWith({
      alerts: [storedAlert('R-1', { level: 'escalated' }, { to: 'c-1', is: 'pending' })],
    });
    const before = await storedIn(store);
    const record = new Uint8Array([0, 1, 2, 3]);
    await store.save({ ...before, alerts: record, version: before.version + 1 }, before.version);
    await take(store, [updated({ site: 'west' })]);
    const after = await storedIn(store);
    expect(after.state.site).toBe('west');
    expect(after.alerts).toEqual(record);
    expect(after.listed).toEqual({ owned: true, escalated: true, urgent: true });
    expect(await store.pendingUrgent()).toEqual(['R-1']);
  });

  it('moves to the owners whom its new facts name, before detection has looked', async () => {
    const store = await storeWith({ alerts: [storedAlert('R-1', { level: 'escalated' })] });
    await take(store, [updated({ site: 'west', practice: { id: 'practice-2' } })]);
    const listed = async (role: 'coordinator' | 'liaison', facts: object) =>
      store.listedUnder(role, await keysOf(store, facts));
    expect(await listed('coordinator', site('north'))).toEqual([]);
    expect(await listed('coordinator', site('west'))).toEqual(['R-1']);
    expect(await listed('liaison', { liaisonId: null, practiceId: 'practice-1' })).toEqual([]);
    expect(await listed('liaison', { liaisonId: null, practiceId: 'practice-2' })).toEqual(['R-1']);
    expect(await store.escalatedAt(['north'])).toEqual([]);
    expect(await store.escalatedAt(['west'])).toEqual(['R-1']);
  });

  it('takes the retirement back if an event came just before it', async () => {
    const store = await storeWith({ wakeAt: null }, [RECEIVED, CLOSED]);
    await store.retire(await storedIn(store), NOW);
    const late = logged(sent('note.received', '03-02 14:40', {}, OF));
    expect((await take(store, [late])).refused).toEqual([{ logged: late, reason: 'unmatched' }]);
    await store.append(late);
    expect((await take(store, [late])).refused).toEqual([]);
    expect((await storedIn(store)).retiredAt).toBeUndefined();
  });
});

describe('the next look at a referral to which something new came', () => {
  const call = logged(sent('contact.attempted', '03-02 14:50', { channel: 'phone', outcome: 'voicemail' }, OF));

  it('is when its facts say now, be that later or earlier than they said before', async () => {
    const untouched = new MemoryReferralStore();
    await take(untouched, [RECEIVED, call]);
    const { wakeAt } = await storedIn(untouched);
    expect(wakeAt).toBeGreaterThan(NOW);
    for (const before of [NOW + HOUR_MS, NOW + 900 * DAY_MS, ONLY_IF_CONFIG_CHANGES, null]) {
      const store = await storeWith({ wakeAt: before });
      await take(store, [call]);
      expect((await storedIn(store)).wakeAt).toBe(wakeAt);
    }
  });

  it('stays if it is so near that a worker beside may have set it for what it saw', async () => {
    const store = await storeWith({ wakeAt: NOW + 1_000 });
    await take(store, [call]);
    expect((await storedIn(store)).wakeAt).toBe(NOW + 1_000);
  });

  it('is at once if its facts change what is owed now', async () => {
    const store = await storeWith({ wakeAt: NOW + DAY_MS });
    const incomplete = logged(sent('referral.updated', '03-02 14:20', { specialty: 'imaging' }, OF));
    await take(store, [incomplete]);
    expect((await storedIn(store)).wakeAt).toBe(NOW);
  });

  it('is at once if it was last looked at under another configuration', async () => {
    const store = await storeWith({ wakeAt: NOW + DAY_MS });
    await take(store, [call], 'v-2');
    expect((await storedIn(store)).wakeAt).toBe(NOW);
  });

  it('stays when it has come already', async () => {
    for (const version of ['v-1', 'v-2']) {
      const store = await storeWith({ wakeAt: NOW - DAY_MS });
      await take(store, [call], version);
      expect((await storedIn(store)).wakeAt).toBe(NOW - DAY_MS);
    }
  });
});

describe('a referral that closes', () => {
  const note = logged(sent('note.received', '03-02 14:40', {}, OF));
  const resolved = { resolvedAt: at('03-02 14:15'), resolution: 'stopped' } as const;

  it('leaves the due index, though nothing was ahead of it while it was open', async () => {
    const store = await storeWith({ wakeAt: ONLY_IF_CONFIG_CHANGES }, [RECEIVED, CLOSED]);
    await take(store, [note]);
    const { state, wakeAt } = await storedIn(store);
    expect(state.stage).toBe('closed');
    expect(wakeAt).toBeNull();
  });

  it('is looked at at once while its owners have it in their lists, so that they let it go in time', async () => {
    const store = await storeWith({ alerts: [storedAlert('R-1', resolved)], wakeAt: NOW + DAY_MS });
    await take(store, [CLOSED]);
    const { state, listed, wakeAt } = await storedIn(store);
    expect(state.stage).toBe('closed');
    expect(listed.owned).toBe(true);
    expect(wakeAt).toBe(NOW);
  });
});
