import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { UnmappedWord } from '../../../shared/store/unmapped-store.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const MONDAY = at('03-09 04:00');
const WEEK = 7 * DAY_MS;

const word = (id: string, arrivedAt: number, field = 'referral.closed.reason', subject = 'R-1'): UnmappedWord => ({
  event: { subject, source: '/records', id },
  field,
  arrivedAt,
});

/** Words of senders' own, counted by when their events arrived. */
export function unmappedContract(stores: () => TestedStores): void {
  describe('a replaced word', () => {
    it('is counted by field in the time in which its event arrived', async () => {
      const { unmapped } = stores();
      expect(await unmapped.countByField(MONDAY, MONDAY + WEEK)).toEqual({});
      for (const each of [
        word('a', MONDAY),
        word('b', MONDAY + 3 * DAY_MS),
        word('c', MONDAY + WEEK - 1),
        word('d', MONDAY - 1),
        word('e', MONDAY + WEEK),
        word('f', MONDAY + 30 * HOUR_MS, 'contact.attempted.channel'),
        word('f', MONDAY + 30 * HOUR_MS, 'contact.attempted.outcome'),
      ]) {
        expect(await unmapped.add(each)).toBe('written');
      }
      expect(await unmapped.countByField(MONDAY, MONDAY + WEEK)).toEqual({
        'contact.attempted.channel': 1,
        'contact.attempted.outcome': 1,
        'referral.closed.reason': 3,
      });
      expect(await unmapped.countByField(MONDAY - 1, MONDAY)).toEqual({ 'referral.closed.reason': 1 });
      expect(await unmapped.countByField(MONDAY, MONDAY)).toEqual({});
    });

    it('is counted once, however often it is noted', async () => {
      const { unmapped } = stores();
      const again = word('again', MONDAY - WEEK);
      expect([await unmapped.add(again), await unmapped.add(again)]).toEqual(['written', 'conflict']);
      expect(await unmapped.countByField(MONDAY - 2 * WEEK, MONDAY - 1)).toEqual({ 'referral.closed.reason': 1 });
    });

    it('is another one in an event of another subject', async () => {
      const { unmapped } = stores();
      const from = MONDAY - 10 * WEEK;
      await unmapped.add(word('x', from));
      expect(await unmapped.add(word('x', from, 'referral.closed.reason', 'R-2'))).toBe('written');
      expect(await unmapped.countByField(from, from + 1)).toEqual({ 'referral.closed.reason': 2 });
    });

    it('is known as a code where its field has codes, the most frequent first', async () => {
      const { unmapped } = stores();
      const from = MONDAY - 30 * WEEK;
      const coded = (id: string, field: string, value: string, at = from) => ({ ...word(id, at, field), value });
      for (const each of [
        coded('1', 'referral.received.priority', 'Q'),
        coded('2', 'referral.received.priority', 'Q', from + WEEK - 1),
        coded('2', 'referral.received.specialty', 'DERM'),
        coded('3', 'referral.received.priority', 'A'),
        coded('4', 'referral.received.priority', 'Q', from + WEEK),
        coded('5', 'referral.received.priority', 'x'.repeat(41)),
        coded('6', 'referral.closed.reason', 'the patient went to her sister'),
        word('7', from, 'referral.received.priority'),
      ]) {
        expect(await unmapped.add(each)).toBe('written');
      }
      expect(await unmapped.codesBetween(from, from + WEEK)).toEqual([
        { field: 'referral.received.priority', value: 'Q', n: 2 },
        { field: 'referral.received.priority', value: 'A', n: 1 },
        { field: 'referral.received.specialty', value: 'DERM', n: 1 },
      ]);
      expect(await unmapped.countByField(from, from + WEEK)).toMatchObject({ 'referral.received.priority': 5 });
      expect(await unmapped.codesBetween(from, from)).toEqual([]);
    });

    it('is counted whatever number of pages a day has', async () => {
      const { unmapped } = stores();
      const day = MONDAY - 20 * WEEK;
      // A page holds 1 MB.
      const field = `referral.closed.${'x'.repeat(900)}`;
      const many = Array.from({ length: 700 }, (_, index) => word(String(index), day, field));
      for (const each of many) await unmapped.add(each);
      expect(await unmapped.countByField(day, day + 1)).toEqual({ [field]: 700 });
    });
  });
}
