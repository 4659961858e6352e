import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { Unmatched } from '../../../shared/store/unmatched-store.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');

const member = (id: string, over: Partial<Unmatched> = {}): Unmatched => ({
  ...{ id, sender: '/unmatched', dialect: 'hl7v2', kind: 'SIU^S12', arrivedAt: NOW, until: NOW + 90 * DAY_MS },
  ...{ file: 'day.hl7', position: 3, keys: [`appointment:${id}`, `visit:${id}`] },
  ...{ events: [{ id, type: 'visit.arrived', data: {} }], unmapped: [{ field: 'visit.arrived.time', value: 'x' }] },
  ...over,
});

/** What waits for its referral to be named. The tests share a table, so each has members of its own. */
export function unmatchedContract(stores: () => TestedStores): void {
  describe('an unmatched member', () => {
    const heldOn = async (from: number, to: number, start: string) =>
      (await stores().unmatched.heldBetween(from, to)).filter(({ id }) => id.startsWith(start));

    it('is found by each of its keys at its sender, as it was held', async () => {
      const { unmatched, another } = stores();
      const held = member('kept');
      expect(await unmatched.hold(held)).toEqual(held);
      for (const key of held.keys) expect(await another().unmatched.waitingFor(held.sender, key)).toEqual([held]);
      expect(await unmatched.waitingFor(held.sender, 'appointment:other')).toEqual([]);
      expect(await unmatched.waitingFor('/other', 'appointment:kept')).toEqual([]);
      expect(await unmatched.find(['kept', 'never', 'kept'])).toEqual([held]);
    });

    it('is counted where it came from and when it arrived, without what it says', async () => {
      const { unmatched } = stores();
      const long = NOW + 40 * DAY_MS;
      await unmatched.hold(member('day-1', { arrivedAt: long }));
      await unmatched.hold(member('day-2', { arrivedAt: long + DAY_MS }));
      const { sender, dialect, kind, file, position } = member('day-1');
      expect(await heldOn(long, long + DAY_MS, 'day-')).toEqual([
        { id: 'day-1', sender, dialect, kind, arrivedAt: long, file, position },
      ]);
      expect(await heldOn(long, long + DAY_MS + 1, 'day-')).toHaveLength(2);
      expect(await heldOn(long + 1, long + DAY_MS, 'day-')).toEqual([]);
    });

    it('said again on another day is the same, and counts once', async () => {
      const { unmatched } = stores();
      const first = member('again');
      await unmatched.hold(first);
      const later = member('again', { arrivedAt: NOW + 3 * DAY_MS, until: NOW + 93 * DAY_MS });
      expect(await unmatched.hold(later)).toEqual(first);
      expect(await heldOn(NOW, NOW + 30 * DAY_MS, 'again')).toHaveLength(1);
      await unmatched.release(first);
      expect(await heldOn(NOW, NOW + 30 * DAY_MS, 'again')).toEqual([]);
    });

    it('is held anew once it was tried for long enough, though nobody has removed it yet', async () => {
      const { unmatched } = stores();
      await unmatched.hold(member('old'));
      const later = member('old', { arrivedAt: NOW + 91 * DAY_MS, until: NOW + 181 * DAY_MS });
      expect(await unmatched.hold(later)).toEqual(later);
      expect(await unmatched.waitingFor(later.sender, 'appointment:old')).toEqual([later]);
    });

    it('is let go, and once more if that failed halfway', async () => {
      const { unmatched, another } = stores();
      const held = member('gone');
      await unmatched.hold(held);
      await unmatched.release(held);
      await another().unmatched.release(held);
      expect(await unmatched.waitingFor(held.sender, 'visit:gone')).toEqual([]);
      expect(await unmatched.find(['gone'])).toEqual([]);
      expect(await heldOn(NOW, NOW + 1, 'gone')).toEqual([]);
    });

    it('is found among more than one page holds', async () => {
      const { unmatched } = stores();
      const many = Array.from({ length: 130 }, (_, index) => member(`many-${index}`, { keys: ['order:many'] }));
      for (const each of many) await unmatched.hold(each);
      expect(await unmatched.waitingFor('/unmatched', 'order:many')).toHaveLength(130);
      expect(await unmatched.find(many.map(({ id }) => id))).toHaveLength(130);
    });
  });
}
