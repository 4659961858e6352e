import { expect, it } from 'vitest';
import { detectReferral } from '../../../functions/detect-breaches/detect-referral.ts';
import { project } from '../../../shared/store/projection.ts';
import { settleUrgent } from '../../../shared/store/urgent-mail.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { alertsIn, logged } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

const config = sampleConfig();
const backoff = async (): Promise<void> => {};

/** A stat referral whose first call is late, over a store in memory. */
async function late() {
  const referrals = new MemoryReferralStore();
  const deps = { referrals, backoff };
  const arrives = (time: string, type: 'referral.received' | 'referral.updated', data: object) =>
    project('R-1', [logged(sent(type, time, data as never))], {
      store: referrals,
      ...{ config, version: 'v', backoff, now: () => at(time) },
    });
  await arrives('03-02 15:00', 'referral.received', receivedData({ priority: 'stat', coordinatorId: 'c-1' }));
  const run = async (time: string) => {
    await detectReferral('R-1', { config, version: 'v', run: at(time) }, deps);
    const alerts = await alertsIn(referrals, 'R-1');
    return alerts.find(({ alert }) => alert.kind === 'first_attempt')?.urgentMail;
  };
  const mail = (id: string, to: string) => settleUrgent('R-1', () => `mail:${id}`, { ...deps, to });
  const givenTo = (time: string, coordinatorId: string) => arrives(time, 'referral.updated', { coordinatorId });
  return { referrals, run, mail, givenTo };
}

it('nobody is told twice of an urgent alert that goes to another coordinator and comes back', async () => {
  const { run, mail, givenTo } = await late();
  expect(await run('03-02 20:15')).toEqual({ to: 'c-1', is: 'pending' });
  await mail('m-1', 'c-1');
  await givenTo('03-03 14:00', 'c-2');
  expect(await run('03-03 14:00')).toEqual({ to: 'c-2', is: 'pending', told: ['c-1'] });
  await mail('m-2', 'c-2');
  await givenTo('03-04 14:00', 'c-1');
  expect(await run('03-04 14:00')).toEqual({ to: 'c-2', is: 'mail:m-2', told: ['c-1'] });
});

it('nor if it comes back before the other was told', async () => {
  const { referrals, run, mail, givenTo } = await late();
  await run('03-02 20:15');
  await mail('m-1', 'c-1');
  await givenTo('03-03 14:00', 'c-2');
  await run('03-03 14:00');
  await givenTo('03-03 14:10', 'c-1');
  expect(await run('03-03 14:15')).toEqual({ to: 'c-1', is: 'told', told: [] });
  expect(await referrals.pendingUrgent()).toEqual([]);
});
