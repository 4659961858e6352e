import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../shared/store/conditional-write.ts';
import type { StoredAlert, StoredReferral, UrgentMail } from '../../../shared/store/referral-store.ts';
import { giveBackUrgent, settleUrgent } from '../../../shared/store/urgent-mail.ts';
import { alertsIn, storedAlert, storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

const PENDING: UrgentMail = { to: 'c-1', is: 'pending' };
const backoff = async (): Promise<void> => {};
const pending = (kind: StoredAlert['alert']['kind']) => storedAlert('R-1', { kind }, PENDING);
const settled = (kind: StoredAlert['alert']['kind'], is: UrgentMail['is']) =>
  storedAlert('R-1', { kind }, { to: 'c-1', is });

/** A store that counts what is settled, with one referral. */
async function storeWith(...alerts: StoredAlert[]) {
  const referrals = new (class extends MemoryReferralStore {
    settled = 0;
    /** What another worker does between the reading and the writing. */
    meanwhile: (read: StoredReferral) => Promise<unknown> = async () => {};
    override async settleUrgent(read: StoredReferral, record: Uint8Array, stillPending: boolean) {
      this.settled += 1;
      await this.meanwhile(read);
      return super.settleUrgent(read, record, stillPending);
    }
  })();
  await referrals.save(storedReferral('R-1', { alerts }), null);
  return referrals;
}

describe('settling where pending alerts stand with urgent mail', () => {
  it('asks about pending alerts only, each with its referral', async () => {
    const alerts = [pending('acceptance'), settled('reached', 'mail:m-0'), storedAlert('R-1', { kind: 'visit' })];
    const referrals = await storeWith(...alerts, settled('rebook', 'mail:m-1'));
    const asked: string[] = [];
    const settle = ({ alert }: StoredAlert, { state }: StoredReferral) => {
      asked.push(`${state.referralId} ${alert.kind}`);
      return 'mail:m-2' as const;
    };
    await settleUrgent('R-1', settle, { referrals, backoff });
    expect(asked).toEqual(['R-1 acceptance']);
    expect(await alertsIn(referrals, 'R-1')).toEqual([
      settled('acceptance', 'mail:m-2'),
      ...alerts.slice(1),
      settled('rebook', 'mail:m-1'),
    ]);
    expect(await referrals.pendingUrgent()).toEqual([]);
  });

  it('leaves a referral waiting while one of its alerts is left pending', async () => {
    const referrals = await storeWith(pending('acceptance'), pending('reached'));
    const skipFirst = ({ alert }: StoredAlert) => (alert.kind === 'acceptance' ? ('mail:m-0' as const) : null);
    await settleUrgent('R-1', skipFirst, { referrals, backoff });
    expect(await alertsIn(referrals, 'R-1')).toEqual([settled('acceptance', 'mail:m-0'), pending('reached')]);
    expect(await referrals.pendingUrgent()).toEqual(['R-1']);
    await settleUrgent('R-1', () => 'mail:m-0', { referrals, backoff });
    expect(await referrals.pendingUrgent()).toEqual([]);
  });

  it('writes nothing if nothing is settled', async () => {
    const referrals = await storeWith(pending('acceptance'), settled('reached', 'mail:m-0'));
    const before = await referrals.load('R-1');
    expect(await settleUrgent('R-1', () => null, { referrals, backoff })).toEqual(before);
    expect(await referrals.load('R-1')).toEqual(before);
    expect(referrals.settled).toBe(0);
  });

  it('gives back the referral as it is stored then', async () => {
    const referrals = await storeWith(pending('acceptance'), pending('reached'));
    const skipFirst = ({ alert }: StoredAlert) => (alert.kind === 'acceptance' ? ('mail:m-0' as const) : null);
    const half = await settleUrgent('R-1', skipFirst, { referrals, backoff });
    expect(half).toEqual(await referrals.load('R-1'));
    const whole = await settleUrgent('R-1', () => 'mail:m-1', { referrals, backoff });
    expect(whole).toEqual(await referrals.load('R-1'));
  });

  it('has nothing to do for a referral without alerts, and finds none that is not there', async () => {
    const referrals = await storeWith();
    expect(await settleUrgent('R-1', () => 'mail:m-0', { referrals, backoff })).toEqual(await referrals.load('R-1'));
    expect(await settleUrgent('R-2', () => 'mail:m-0', { referrals, backoff })).toBeNull();
    expect(referrals.settled).toBe(0);
  });

  it('reads again what another worker has written meanwhile, so that of two mails one claims an alert', async () => {
    const referrals = await storeWith(pending('acceptance'), pending('reached'));
    referrals.meanwhile = async () => {
      referrals.meanwhile = async () => {};
      const isFirst = ({ alert }: StoredAlert) => (alert.kind === 'acceptance' ? ('mail:m-1' as const) : null);
      await settleUrgent('R-1', isFirst, { referrals, backoff });
    };
    await settleUrgent('R-1', () => 'mail:m-2', { referrals, backoff });
    const expected = [settled('acceptance', 'mail:m-1'), settled('reached', 'mail:m-2')];
    expect(await alertsIn(referrals, 'R-1')).toEqual(expected);
    expect(referrals.settled).toBe(3);
  });

  it('gives up after others were faster too many times, and has changed nothing', async () => {
    const referrals = await storeWith(pending('acceptance'));
    referrals.meanwhile = ({ version, ...read }) => referrals.save({ ...read, version: version + 1 }, version);
    await expect(settleUrgent('R-1', () => 'mail:m-0', { referrals, backoff })).rejects.toThrow(ConflictError);
    expect(await alertsIn(referrals, 'R-1')).toEqual([pending('acceptance')]);
    expect(await referrals.pendingUrgent()).toEqual(['R-1']);
  });
});

describe('giving back what a mail has claimed', () => {
  it('makes the open alerts of that mail wait again, and no others', async () => {
    const resolved = storedAlert(
      'R-1',
      { kind: 'note', resolvedAt: 1, resolution: 'stopped' },
      { to: 'c-1', is: 'mail:m-1' },
    );
    const referrals = await storeWith(settled('acceptance', 'mail:m-1'), settled('reached', 'mail:m-2'), resolved);
    await giveBackUrgent('R-1', 'm-1', { referrals, backoff });
    expect(await alertsIn(referrals, 'R-1')).toEqual([pending('acceptance'), settled('reached', 'mail:m-2'), resolved]);
    expect(await referrals.pendingUrgent()).toEqual(['R-1']);
  });

  it('does nothing if there is nothing to give back, or no referral', async () => {
    const referrals = await storeWith(settled('acceptance', 'mail:m-1'));
    await giveBackUrgent('R-1', 'm-2', { referrals, backoff });
    await giveBackUrgent('R-none', 'm-1', { referrals, backoff });
    expect(referrals.settled).toBe(0);
  });
});
