import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { Owner, StoredAlert } from '../../../shared/store/referral-store.ts';
import { at } from '../../builders/instants.ts';
import { storedAlert, storedState } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

const DUE = at('03-04 22:00');
const resolved = { resolvedAt: DUE + DAY_MS, resolution: 'stopped' } as const;
const named = (alerts: readonly StoredAlert[]) =>
  alerts.map(({ alert: { referralId, kind, instance } }) => `${referralId} ${kind} ${instance}`);

/** Alerts: conditional writes, whose they are, and urgent mail. */
export function alertContract(stores: () => TestedStores): void {
  describe('an alert', () => {
    it('is first written where there is none, and only once', async () => {
      const { referrals } = stores();
      expect(await referrals.saveAlert(storedAlert('alert-1'), null)).toBe('written');
      expect(await referrals.saveAlert(storedAlert('alert-1', {}, { revision: 9 }), null)).toBe('conflict');
      expect((await referrals.loadAlerts('alert-1')).alerts).toEqual([storedAlert('alert-1')]);
    });

    it('is replaced by whoever read its revision, and by nobody else', async () => {
      const { referrals } = stores();
      await referrals.saveAlert(storedAlert('alert-2'), null);
      const next = storedAlert('alert-2', resolved, { revision: 2, coordinatorId: 'someone' });
      expect(await referrals.saveAlert(next, 1)).toBe('written');
      expect(await referrals.saveAlert(storedAlert('alert-2', {}, { revision: 2 }), 1)).toBe('conflict');
      expect(await referrals.saveAlert(storedAlert('alert-3', {}, { revision: 2 }), 1)).toBe('conflict');
      expect((await referrals.loadAlerts('alert-2')).alerts).toEqual([next]);
      expect((await referrals.loadAlerts('alert-3')).alerts).toEqual([]);
    });

    it('is told apart by kind and instance, and read with the projection', async () => {
      const { referrals } = stores();
      const alerts = [
        storedAlert('alert-4', { kind: 'rebook', instance: 1 }),
        storedAlert('alert-4', { kind: 'rebook', instance: 2 }),
        storedAlert('alert-4', { kind: 'silence' }),
      ];
      for (const alert of alerts) await referrals.saveAlert(alert, null);
      await referrals.saveState(storedState('alert-4'), null);
      const watched = await referrals.loadAlerts('alert-4');
      expect(named(watched.alerts).sort()).toEqual(named(alerts));
      expect(watched.stored).toEqual(storedState('alert-4'));
      expect((await referrals.loadLog('alert-4')).log).toEqual([]);
    });
  });

  describe.each(['coordinator', 'liaison'] as const)('the alerts of a %s', (role) => {
    const owner = (id: string | null): Owner => ({ role, id });
    const of = (id: string | null) => (role === 'coordinator' ? { coordinatorId: id } : { liaisonId: id });
    const mine = (all: readonly StoredAlert[]) => all.filter(({ alert }) => alert.referralId.startsWith(`${role}-`));

    it('are the open ones, oldest due first', async () => {
      const { referrals } = stores();
      const id = `${role}-a`;
      await referrals.saveAlert(storedAlert(`${role}-1`, { dueAt: DUE + HOUR_MS }, of(id)), null);
      await referrals.saveAlert(storedAlert(`${role}-2`, { dueAt: DUE }, of(id)), null);
      await referrals.saveAlert(storedAlert(`${role}-3`, { dueAt: DUE - DAY_MS }, of(`${role}-b`)), null);
      await referrals.saveAlert(storedAlert(`${role}-4`, { dueAt: DUE - DAY_MS, ...resolved }, of(id)), null);
      const open = await referrals.openAlerts(owner(id));
      expect(named(open)).toEqual([`${role}-2 first_attempt 1`, `${role}-1 first_attempt 1`]);
      expect(open[0]).toEqual(storedAlert(`${role}-2`, { dueAt: DUE }, of(id)));
    });

    it('are, of the resolved ones, those resolved after an instant', async () => {
      const { referrals } = stores();
      const id = `${role}-c`;
      const at = (resolvedAt: number) => ({ resolvedAt, resolution: 'ended' as const });
      await referrals.saveAlert(storedAlert(`${role}-5`, at(DUE), of(id)), null);
      await referrals.saveAlert(storedAlert(`${role}-6`, at(DUE + 1), of(id)), null);
      await referrals.saveAlert(storedAlert(`${role}-7`, {}, of(id)), null);
      expect(named(await referrals.resolvedAlerts(owner(id), DUE))).toEqual([`${role}-6 first_attempt 1`]);
      expect(await referrals.resolvedAlerts(owner(id), DUE + 1)).toEqual([]);
    });

    it('move with their owner, and leave the open ones when they are resolved', async () => {
      const { referrals } = stores();
      const [from, to] = [`${role}-d`, `${role}-e`];
      await referrals.saveAlert(storedAlert(`${role}-8`, {}, of(from)), null);
      await referrals.saveAlert(storedAlert(`${role}-8`, {}, { ...of(to), revision: 2 }), 1);
      expect(await referrals.openAlerts(owner(from))).toEqual([]);
      expect(named(await referrals.openAlerts(owner(to)))).toEqual([`${role}-8 first_attempt 1`]);
      await referrals.saveAlert(storedAlert(`${role}-8`, resolved, { ...of(to), revision: 3 }), 2);
      expect(await referrals.openAlerts(owner(to))).toEqual([]);
      expect(named(await referrals.resolvedAlerts(owner(to), DUE))).toEqual([`${role}-8 first_attempt 1`]);
    });

    it('are found where they are nobody’s', async () => {
      const { referrals } = stores();
      await referrals.saveAlert(storedAlert(`${role}-9`, {}, of(null)), null);
      expect(named(mine(await referrals.openAlerts(owner(null))))).toContain(`${role}-9 first_attempt 1`);
    });
  });

  describe('an urgent mail', () => {
    const pending = { urgentMail: 'pending' } as const;
    const waiting = async () =>
      named(await stores().referrals.pendingUrgent()).filter((name) => name.startsWith('urgent'));

    it('waits for the alerts that are pending, of one referral or several', async () => {
      const { referrals } = stores();
      await referrals.saveAlert(storedAlert('urgent-1', {}, pending), null);
      await referrals.saveAlert(storedAlert('urgent-1', { kind: 'reached' }, pending), null);
      await referrals.saveAlert(storedAlert('urgent-1', { kind: 'visit' }), null);
      await referrals.saveAlert(storedAlert('urgent-2', {}, { urgentMail: 'mail:m1' }), null);
      await referrals.saveAlert(storedAlert('urgent-3', {}, pending), null);
      const expected = ['urgent-1 first_attempt 1', 'urgent-1 reached 1', 'urgent-3 first_attempt 1'];
      expect((await waiting()).sort()).toEqual(expected);
    });

    it('stops waiting for an alert once a mail has claimed it', async () => {
      const { referrals } = stores();
      const alert = storedAlert('urgent-4', {}, pending);
      await referrals.saveAlert(alert, null);
      expect(await referrals.settleUrgent(alert, 'mail:m1')).toBe('written');
      expect(await waiting()).not.toContain('urgent-4 first_attempt 1');
      expect((await referrals.loadAlerts('urgent-4')).alerts).toEqual([
        { ...alert, urgentMail: 'mail:m1', revision: 2 },
      ]);
      expect(await referrals.settleUrgent(alert, 'mail:m1')).toBe('conflict');
    });

    it('is not claimed for an alert that has changed since it was read, or that is not there', async () => {
      const { referrals } = stores();
      const read = storedAlert('urgent-5', {}, pending);
      await referrals.saveAlert(read, null);
      await referrals.saveAlert({ ...read, revision: 2 }, 1);
      expect(await referrals.settleUrgent(read, 'mail:m1')).toBe('conflict');
      expect(await waiting()).toContain('urgent-5 first_attempt 1');
      expect(await referrals.settleUrgent(storedAlert('urgent-6', {}, pending), 'mail:m1')).toBe('conflict');
    });

    it('no longer waits for an alert that was written without it', async () => {
      const { referrals } = stores();
      await referrals.saveAlert(storedAlert('urgent-7', {}, pending), null);
      await referrals.saveAlert(storedAlert('urgent-7', resolved, { revision: 2 }), 1);
      expect(await waiting()).not.toContain('urgent-7 first_attempt 1');
    });

    it('leaves the due index of referrals alone', async () => {
      const { referrals, shards } = stores();
      await referrals.saveAlert(storedAlert('urgent-8', {}, pending), null);
      for (let shard = 0; shard < shards; shard += 1) {
        for await (const page of referrals.due(shard, DUE + 100 * DAY_MS)) {
          expect(page.map(({ referralId }) => referralId)).not.toContain('urgent-8');
        }
      }
    });
  });
}
