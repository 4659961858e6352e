import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { ReferralState } from '../../../shared/contracts/state.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';
import { at } from '../../builders/instants.ts';
import { stateOf, storedReferral } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');

/** The received referrals, as reports and liaisons' digests read them. */
export function receivedContract(stores: () => TestedStores): void {
  describe('the received referrals', () => {
    const listed = async (): Promise<StoredReferral[]> => {
      const all: StoredReferral[] = [];
      for await (const page of stores().referrals.received()) all.push(...page);
      return all.filter(({ state }) => state.referralId.startsWith('rcv-'));
    };

    it('are all read, closed and voided ones too, over more than one page', async () => {
      const { referrals } = stores();
      const ids = Array.from({ length: 230 }, (_, index) => `rcv-${index}`);
      await Promise.all(ids.map((id) => referrals.save(storedReferral(id, { wakeAt: null }), null)));
      await referrals.save(storedReferral('rcv-void', { state: stateOf('rcv-void', { stage: 'voided' }) }), null);
      const save = (id: string, over: Partial<ReferralState>) =>
        referrals.save(storedReferral(id, { state: stateOf(id, over) }), null);
      await save('rcv-of-nobody', { practiceId: null });
      await save('rcv-orphan', { receivedAt: null, stage: 'awaiting_referral' });
      await save('rcv-void-orphan', { receivedAt: null, stage: 'voided' });
      const found = await listed();
      const expected = [...ids, 'rcv-void', 'rcv-of-nobody'].sort();
      expect(found.map(({ state }) => state.referralId).sort()).toEqual(expected);
      expect(found.find(({ state }) => state.referralId === 'rcv-7')).toEqual(
        storedReferral('rcv-7', { wakeAt: null }),
      );
    });

    it('of a practice are listed latest first, without those entered in error', async () => {
      const { referrals } = stores();
      const save = (id: string, receivedAt: number, over = {}) =>
        referrals.save(
          storedReferral(id, { state: stateOf(id, { receivedAt, practiceId: 'rcv-practice', ...over }) }),
          null,
        );
      await save('from-1', NOW);
      await save('from-2', NOW + DAY_MS);
      await save('from-3', NOW + HOUR_MS, { stage: 'voided' });
      await save('from-4', NOW + HOUR_MS, { practiceId: 'rcv-other' });
      expect(await referrals.receivedFrom('rcv-practice')).toEqual([
        { referralId: 'from-2', receivedAt: NOW + DAY_MS },
        { referralId: 'from-1', receivedAt: NOW },
      ]);
      expect(await referrals.receivedFrom('rcv-nobody')).toEqual([]);
    });

    it('leave their practice when they are voided, and are still all read', async () => {
      const { referrals } = stores();
      const practice = { practiceId: 'rcv-voiding' };
      await referrals.save(storedReferral('rcv-later', { state: stateOf('rcv-later', practice) }), null);
      expect(await referrals.receivedFrom('rcv-voiding')).toHaveLength(1);
      const state = stateOf('rcv-later', { ...practice, stage: 'voided' });
      await referrals.save(storedReferral('rcv-later', { state, version: 2 }), 1);
      expect(await referrals.receivedFrom('rcv-voiding')).toEqual([]);
      expect((await listed()).map(({ state }) => state.referralId)).toContain('rcv-later');
    });
  });
}
