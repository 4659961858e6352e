import { describe, expect, it } from 'vitest';
import { ONLY_IF_CONFIG_CHANGES } from '../../../shared/domain/alert/wake-up.ts';
import { project } from '../../../shared/store/projection.ts';
import type { StoredState } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

const NOW = at('03-02 15:00');
const config = sampleConfig();
const RECEIVED = logged(sent('referral.received', '03-02 14:00', receivedData(), { subject: 'R-1' }));

/** The same value with the keys of every object in reverse. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)]);
  return Object.fromEntries(entries.reverse());
}

/** A store with one projected event, whose projection reads as `change` makes it. */
async function storeWith(change: (stored: StoredState) => StoredState) {
  const store = new (class extends MemoryReferralStore {
    saved = 0;
    override async loadLog(referralId: string) {
      const { stored, log } = await super.loadLog(referralId);
      return { stored: stored && change(stored), log };
    }
    override async saveState(stored: StoredState, expected: number | null) {
      this.saved += 1;
      return super.saveState(stored, expected);
    }
  })();
  const deliver = () => project('R-1', [RECEIVED], { store, config, now: NOW, backoff: async () => {} });
  await deliver();
  expect(store.saved).toBe(1);
  return { store, deliver };
}

describe('an event that is delivered again', () => {
  it('writes nothing', async () => {
    const { store, deliver } = await storeWith((stored) => stored);
    expect(await deliver()).toEqual({ added: 0, duplicates: 1, refused: [] });
    expect(store.saved).toBe(1);
  });

  it('writes nothing if the stored keys are in another order', async () => {
    const { store, deliver } = await storeWith((stored) => ({ ...stored, state: reversed(stored.state) }));
    await deliver();
    expect(store.saved).toBe(1);
  });

  it('writes a projection that differs in one nested value', async () => {
    const { store, deliver } = await storeWith((stored) => {
      const attempts = { ...stored.state.attempts, letters: 7 };
      return { ...stored, state: { ...stored.state, attempts } };
    });
    await deliver();
    expect(store.saved).toBe(2);
  });

  it('writes a projection from before projections had the arrival of their last event', async () => {
    const { store, deliver } = await storeWith((stored) => ({ ...stored, arrivedAt: null }));
    await deliver();
    expect(store.saved).toBe(2);
  });
});

describe('a closed referral', () => {
  it('leaves the due index, though nothing was ahead of it while it was open', async () => {
    const store = new MemoryReferralStore();
    const take = (...events: Parameters<typeof project>[1]) =>
      project('R-1', events, { store, config, now: NOW, backoff: async () => {} });
    const of = { subject: 'R-1' };
    await take(RECEIVED, logged(sent('referral.closed', '03-02 14:30', { reason: 'moved', evidence: 'letter' }, of)));
    const { stored } = await store.loadLog('R-1');
    if (stored === null) throw new Error('nothing was projected');
    const kept = { ...stored, version: stored.version + 1, wakeAt: ONLY_IF_CONFIG_CHANGES };
    expect(await store.saveState(kept, stored.version)).toBe('written');
    await take(logged(sent('note.received', '03-02 14:40', {}, of)));
    const after = (await store.loadLog('R-1')).stored;
    expect(after?.state.stage).toBe('closed');
    expect(after?.wakeAt).toBeNull();
  });
});
