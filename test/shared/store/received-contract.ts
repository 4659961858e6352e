import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { StoredState } from '../../../shared/store/referral-store.ts';
import { at } from '../../builders/instants.ts';
import { stateOf, storedState } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');

/** The received referrals, as reports and liaisons' digests read them. */
export function receivedContract(stores: () => TestedStores): void {
  describe('the received referrals', () => {
    const listed = async (): Promise<StoredState[]> => {
      const all: StoredState[] = [];
      for await (const page of stores().referrals.received()) all.push(...page);
      return all.filter(({ state }) => state.referralId.startsWith('rcv-'));
    };

    it('are all read, closed and voided ones too, over more than one page', async () => {
      const { referrals } = stores();
      const ids = Array.from({ length: 230 }, (_, index) => `rcv-${index}`);
      await Promise.all(ids.map((id) => referrals.saveState(storedState(id, { wakeAt: null }), null)));
      await referrals.saveState(storedState('rcv-void', { state: stateOf('rcv-void', { stage: 'voided' }) }), null);
      const orphan = stateOf('rcv-orphan', { receivedAt: null, stage: 'awaiting_referral' });
      await referrals.saveState(storedState('rcv-orphan', { state: orphan }), null);
      const found = await listed();
      expect(found.map(({ state }) => state.referralId).sort()).toEqual([...ids, 'rcv-void'].sort());
      expect(found.find(({ state }) => state.referralId === 'rcv-7')).toEqual(storedState('rcv-7', { wakeAt: null }));
    });

    it('of a practice are listed latest first, without those entered in error', async () => {
      const { referrals } = stores();
      const save = (id: string, receivedAt: number, over = {}) =>
        referrals.saveState(
          storedState(id, { state: stateOf(id, { receivedAt, practiceId: 'rcv-practice', ...over }) }),
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
  });
}
