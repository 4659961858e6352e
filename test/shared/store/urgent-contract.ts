import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { packAlerts } from '../../../shared/store/alert-record.ts';
import { escalatedKey, shardOf } from '../../../shared/store/keys.ts';
import { listKeys } from '../../../shared/store/referral-items.ts';
import type { StoredAlert, UrgentMail } from '../../../shared/store/referral-store.ts';
import { at } from '../../builders/instants.ts';
import { alertsIn, stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';
import { plain, type TestedStores } from './stores.ts';

const PENDING: UrgentMail = { to: 'c-1', is: 'pending' };
const CLAIMED: UrgentMail = { to: 'c-1', is: 'mail:m-1' };
const WAKE = at('03-03 14:00');

const record = (...alerts: StoredAlert[]): Uint8Array => Uint8Array.from(packAlerts(alerts) ?? []);

/** Referrals of which an alert waits for an urgent mail, and how mails claim them. */
export function urgentContract(stores: () => TestedStores): void {
  const waiting = async (): Promise<string[]> =>
    (await stores().referrals.pendingUrgent()).filter((id) => id.startsWith('urgent-')).sort();

  describe('an urgent mail', () => {
    it('is waited for by the referrals with a pending alert, each named once', async () => {
      const { referrals } = stores();
      const save = (id: string, ...alerts: StoredAlert[]) => referrals.save(storedReferral(id, { alerts }), null);
      const reached = storedAlert('urgent-1', { kind: 'reached' }, PENDING);
      await save('urgent-1', storedAlert('urgent-1', {}, PENDING), reached, storedAlert('urgent-1', { kind: 'visit' }));
      await save('urgent-2', storedAlert('urgent-2', {}, CLAIMED));
      await save('urgent-3', storedAlert('urgent-3', {}, PENDING));
      await save('urgent-4', storedAlert('urgent-4', {}, { to: 'c-1', is: 'mail:m-0' }));
      expect(await waiting()).toEqual(['urgent-1', 'urgent-3']);
    });

    it('claims alerts without touching anything else that is stored', async () => {
      const { referrals, shards } = stores();
      const alert = storedAlert('urgent-5', { level: 'escalated' }, PENDING);
      const state = stateOf('urgent-5', { site: 'urgent-site' });
      const read = plain(storedReferral('urgent-5', { alerts: [alert], state, wakeAt: WAKE }));
      await referrals.save(read, null);
      const claimed = { ...alert, urgentMail: CLAIMED };
      expect(await referrals.settleUrgent(read, record(claimed), false)).toBe('written');
      expect(await waiting()).not.toContain('urgent-5');
      expect(await alertsIn(referrals, 'urgent-5')).toEqual([claimed]);
      const listed = { ...read.listed, urgent: false };
      expect(await referrals.load('urgent-5')).toEqual({ ...read, alerts: record(claimed), listed, version: 2 });
      const { coordinatorKey = '', liaisonKey = '', ...keys } = listKeys(read);
      expect(keys.escalatedKey).toBe(escalatedKey('urgent-site'));
      expect(await referrals.listedUnder('coordinator', [coordinatorKey])).toContain('urgent-5');
      expect(await referrals.listedUnder('liaison', [liaisonKey])).toContain('urgent-5');
      expect(await referrals.escalatedAt(['urgent-site'])).toEqual(['urgent-5']);
      const due: string[] = [];
      for await (const page of referrals.due({ shard: shardOf('urgent-5', shards), of: shards }, WAKE)) {
        due.push(...page.map(({ referralId }) => referralId));
      }
      expect(due).toContain('urgent-5');
    });

    it('is waited for as long as another alert of the referral is pending', async () => {
      const { referrals } = stores();
      const [one, other] = [
        storedAlert('urgent-6', {}, PENDING),
        storedAlert('urgent-6', { kind: 'reached' }, PENDING),
      ];
      const read = storedReferral('urgent-6', { alerts: [one, other] });
      await referrals.save(read, null);
      await referrals.settleUrgent(read, record({ ...one, urgentMail: CLAIMED }, other), true);
      expect(await waiting()).toContain('urgent-6');
      expect(await alertsIn(referrals, 'urgent-6')).toEqual([{ ...one, urgentMail: CLAIMED }, other]);
    });

    it('is waited for again once the mail that claimed the alert has given it back', async () => {
      const { referrals } = stores();
      const alert = storedAlert('urgent-12', {}, CLAIMED);
      const read = storedReferral('urgent-12', { alerts: [alert] });
      await referrals.save(read, null);
      expect(await waiting()).not.toContain('urgent-12');
      await referrals.settleUrgent(read, record({ ...alert, urgentMail: PENDING }), true);
      expect(await waiting()).toContain('urgent-12');
    });

    it('claims nothing of a referral that was written since it was read, or that is not there', async () => {
      const { referrals } = stores();
      const alert = storedAlert('urgent-7', {}, PENDING);
      const read = storedReferral('urgent-7', { alerts: [alert] });
      await referrals.save(read, null);
      await referrals.save({ ...read, version: 2 }, 1);
      expect(await referrals.settleUrgent(read, record({ ...alert, urgentMail: CLAIMED }), false)).toBe('conflict');
      expect(await waiting()).toContain('urgent-7');
      expect(await alertsIn(referrals, 'urgent-7')).toEqual([alert]);
      const missing = storedReferral('urgent-8', { alerts: [alert] });
      expect(await referrals.settleUrgent(missing, record(alert), false)).toBe('conflict');
      expect(await referrals.load('urgent-8')).toBeNull();
    });

    it('keeps whoever read the referral before from writing it', async () => {
      const { referrals } = stores();
      const alert = storedAlert('urgent-9', {}, PENDING);
      const read = storedReferral('urgent-9', { alerts: [alert] });
      await referrals.save(read, null);
      await referrals.settleUrgent(read, record({ ...alert, urgentMail: CLAIMED }), false);
      expect(await referrals.save({ ...read, version: 2 }, 1)).toBe('conflict');
      expect(await referrals.settleUrgent(read, record(alert), true)).toBe('conflict');
      expect(await alertsIn(referrals, 'urgent-9')).toEqual([{ ...alert, urgentMail: CLAIMED }]);
    });

    it('is no longer waited for by a referral that is written without a pending alert', async () => {
      const { referrals } = stores();
      await referrals.save(storedReferral('urgent-10', { alerts: [storedAlert('urgent-10', {}, PENDING)] }), null);
      const resolved = storedAlert('urgent-10', { resolvedAt: WAKE, resolution: 'stopped' });
      await referrals.save(storedReferral('urgent-10', { alerts: [resolved], version: 2 }), 1);
      expect(await waiting()).not.toContain('urgent-10');
    });

    it('puts no referral into the due index by being waited for', async () => {
      const { referrals, shards } = stores();
      const alerts = [storedAlert('urgent-11', {}, PENDING)];
      await referrals.save(storedReferral('urgent-11', { alerts, wakeAt: null }), null);
      expect(await waiting()).toContain('urgent-11');
      for await (const page of referrals.due(
        { shard: shardOf('urgent-11', shards), of: shards },
        WAKE + 100 * DAY_MS,
      )) {
        expect(page.map(({ referralId }) => referralId)).not.toContain('urgent-11');
      }
    });
  });
}
