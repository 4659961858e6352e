import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { at } from '../../builders/instants.ts';
import { waiting } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

const MONDAY = at('03-09 00:00');

/** Members of other dialects that wait for their referral. */
export function unmatchedContract(stores: () => TestedStores): void {
  describe('what waits for its referral', () => {
    const held = async (from: number, to: number) =>
      (await stores().unmatched.heldBetween(from, to)).map(({ id }) => id).sort();

    it('is found by each of its keys at its sender, and no other', async () => {
      const { unmatched } = stores();
      const member = waiting('keyed', { keys: ['Appointment/7', 'order:7'], position: 3, file: 'a.hl7' });
      await unmatched.hold(member);
      for (const key of member.keys) expect(await unmatched.waitingFor('scheduling', key)).toEqual([member]);
      expect(await unmatched.waitingFor('scheduling', 'Appointment/8')).toEqual([]);
      expect(await unmatched.waitingFor('elsewhere', 'order:7')).toEqual([]);
    });

    it('is listed by when it arrived, across days, without what it says', async () => {
      const { unmatched } = stores();
      const arrivals = { early: MONDAY - 1, first: MONDAY, last: MONDAY + 2 * DAY_MS - 1, late: MONDAY + 2 * DAY_MS };
      for (const [id, arrivedAt] of Object.entries(arrivals)) await unmatched.hold(waiting(id, { arrivedAt }));
      expect(await held(MONDAY, MONDAY + 2 * DAY_MS)).toEqual(['first', 'last']);
      expect(await held(MONDAY - 1, MONDAY)).toEqual(['early']);
      expect(await held(MONDAY, MONDAY)).toEqual([]);
      const { keys: _, events: __, unmapped: ___, until: ____, ...place } = waiting('first', { arrivedAt: MONDAY });
      expect(await unmatched.heldBetween(MONDAY, MONDAY + 1)).toEqual([place]);
    });

    it('is counted once, however often it is held, and as it first came', async () => {
      const { unmatched } = stores();
      const arrivedAt = MONDAY + 10 * DAY_MS;
      for (const kind of ['SIU^S12', 'SIU^S13']) await unmatched.hold(waiting('again', { arrivedAt, kind }));
      expect(await unmatched.heldBetween(arrivedAt, arrivedAt + 1)).toMatchObject([{ id: 'again', kind: 'SIU^S12' }]);
    });

    it('is gone from everywhere once it is released, which may be said twice', async () => {
      const { unmatched } = stores();
      const member = waiting('found', { arrivedAt: MONDAY + 20 * DAY_MS, keys: ['Appointment/9', 'order:9'] });
      await unmatched.hold(member);
      await unmatched.release(member);
      await unmatched.release(member);
      expect(await held(member.arrivedAt, member.arrivedAt + 1)).toEqual([]);
      for (const key of member.keys) expect(await unmatched.waitingFor('scheduling', key)).toEqual([]);
    });
  });
}
