import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { World } from '../../doubles/world.ts';

/** Ingest keeps what detection found, and doesn't look at it. */

const NOW = at('03-02 15:00');
const LATER = NOW + 10 * DAY_MS;

/** A stat referral with its first breaches. */
async function open() {
  const world = await World.open(sampleConfig());
  const { referrals } = world.stores;
  const take = (event: SentEvent, instant: number) =>
    world.deliver({ at: instant, messages: [{ body: JSON.stringify(event), sentAt: instant }] });
  await take(sent('referral.received', NOW, receivedData({ priority: 'stat' })), NOW);
  await world.detect(LATER);
  const stored = (await referrals.load('R-1')) as StoredReferral;
  return { referrals, take, stored };
}

describe('an event of a referral that has alerts', () => {
  it('leaves them, and the lists that they put it on, to detection', async () => {
    const { referrals, take, stored } = await open();
    expect(stored.listed).toEqual({ owned: true, escalated: true, urgent: true });
    await take(sent('referral.closed', LATER, { reason: 'moved' }), LATER + 1);
    const { state, alerts, listed, wakeAt } = (await referrals.load('R-1')) as StoredReferral;
    expect(state.stage).toBe('closed');
    expect([alerts, listed]).toEqual([stored.alerts, stored.listed]);
    // At once: their alerts end.
    expect(wakeAt).toBe(LATER + 1);
  });

  it('is taken in although nobody can read their record', async () => {
    const { referrals, take, stored } = await open();
    const unreadable = new Uint8Array([1, 2, 3]);
    const version = stored.version + 1;
    await referrals.save({ ...stored, alerts: unreadable, version }, stored.version);
    const { batchItemFailures } = await take(sent('referral.accepted', LATER, {}), LATER + 1);
    expect(batchItemFailures).toEqual([]);
    expect(await referrals.load('R-1')).toMatchObject({ alerts: unreadable, state: { logged: 2 } });
  });
});
