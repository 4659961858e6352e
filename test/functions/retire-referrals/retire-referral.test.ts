import { describe, expect, it } from 'vitest';
import { retireReferral } from '../../../functions/retire-referrals/retire-referral.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, stateOf, storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

const ENDED = at('03-05 15:00');
const NIGHT = at('2028-04-06T03:20:00Z');
const CLOSED = storedReferral('R-1', {
  wakeAt: null,
  state: stateOf('R-1', { stage: 'closed', endedAt: ENDED, logged: 1 }),
});
const FACT = logged(sent('referral.closed', ENDED, { reason: 'moved' }, { id: 'end' }));
const UNSEEN = logged(sent('referral.reopened', ENDED + HOUR_MS, {}, { id: 'reopened' }));

async function storeWith(stored = CLOSED): Promise<MemoryReferralStore> {
  const store = new MemoryReferralStore();
  await store.append(FACT);
  await store.save(stored, null);
  return store;
}
const step = (store: MemoryReferralStore, now: number) => retireReferral('R-1', { until: ENDED, now }, store);

describe('A referral on its way out', () => {
  it('is retired one night and expires the next', async () => {
    const store = await storeWith();
    expect(await step(store, NIGHT)).toBe('retired');
    expect(await step(store, NIGHT + DAY_MS)).toBe('expired');
  });

  it('does not expire within the hour, while a worker that read it before may still write', async () => {
    const store = await storeWith();
    await step(store, NIGHT);
    expect(await step(store, NIGHT + HOUR_MS - 1)).toBe('kept');
    expect(await step(store, NIGHT + HOUR_MS)).toBe('expired');
  });

  it('is kept while its log has an event that its projection has not seen', async () => {
    const store = await storeWith();
    await store.append(UNSEEN);
    expect(await step(store, NIGHT)).toBe('kept');
  });

  it('is kept if such an event came to its log just before it was retired', async () => {
    const store = await storeWith();
    await step(store, NIGHT);
    await store.append(UNSEEN);
    expect(await step(store, NIGHT + DAY_MS)).toBe('kept');
    expect((await store.loadLog('R-1')).log).toHaveLength(2);
  });

  it.each([
    ['was closed later', storedReferral('R-1', { wakeAt: null, state: { ...CLOSED.state, endedAt: ENDED + 1 } })],
    ['is open', storedReferral('R-1', { wakeAt: null })],
    ['detection still has something to look for in', { ...CLOSED, wakeAt: NIGHT + DAY_MS }],
  ])('is kept if, unlike the index says, it %s', async (_, stored) => {
    expect(await step(await storeWith(stored), NIGHT)).toBe('kept');
  });

  it('that nobody has heard of is nothing to do', async () => {
    expect(await step(new MemoryReferralStore(), NIGHT)).toBe('kept');
  });
});
