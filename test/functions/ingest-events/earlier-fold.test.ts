import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { foldReferral } from '../../../shared/domain/referral/fold.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { accepted, receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { World } from '../../doubles/world.ts';

/** A release that folds otherwise than the one before: restatements counted as events once. */

const NOW = at('03-02 14:00');
const LATER = NOW + 3 * DAY_MS;
const config = sampleConfig();

const declined = (time: string): SentEvent =>
  sent('referral.declined', time, { reason: 'other' }, { entity: 'Task/1' });
const EVENTS = [
  sent('referral.received', NOW, receivedData()),
  declined('03-03 14:00'),
  sent('referrer.notified', '03-03 15:00', { about: 'declined' }),
  declined('03-04 02:00'),
];
/** The fold of the same log if nothing says anything again: each is of an object of its own. */
const earlier = foldReferral(
  'R-1',
  EVENTS.map((event, index) => accepted({ ...event, entity: `Task/${index}` })),
  config,
);

async function afterAnUpgrade() {
  const world = await World.open(config);
  const { referrals } = world.stores;
  const take = (...events: SentEvent[]) =>
    world.deliver({
      at: LATER,
      messages: events.map((event) => ({ body: JSON.stringify(event), sentAt: LATER })),
    });
  await take(...EVENTS);
  const right = (await referrals.load('R-1')) as StoredReferral;
  await referrals.save({ ...right, state: earlier, version: right.version + 1 }, right.version);
  return { world, take, right, state: async () => (await referrals.load('R-1'))?.state };
}

describe('a projection that an earlier release folded', () => {
  it('differs from what it would be now', async () => {
    const { right } = await afterAnUpgrade();
    const updates = ({ clocks }: Pick<StoredReferral['state'], 'clocks'>) =>
      clocks.filter(({ kind }) => kind === 'referrer_update').length;
    expect([updates(right.state), updates(earlier)]).toEqual([1, 2]);
  });

  it('is put right by the next event, new or repeated', async () => {
    for (const next of [EVENTS[0] as SentEvent, declined('03-05 02:00')]) {
      const { take, right, state } = await afterAnUpgrade();
      await take(next);
      const logged = next === EVENTS[0] ? 4 : 5;
      expect(await state()).toEqual({ ...right.state, logged });
    }
  });

  it('is put right by an operator who makes referrals anew', async () => {
    const { world, right, state } = await afterAnUpgrade();
    await world.rebuild('R-1', LATER);
    expect(await state()).toEqual(right.state);
  });
});
