import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { at } from '../../builders/instants.ts';
import { quarantined } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');

/** What was refused is kept whole and once, and counted by when. */
export function quarantineContract(stores: () => TestedStores): void {
  describe('the quarantine', () => {
    it('keeps what was refused, by reason', async () => {
      const { quarantine } = stores();
      const item = quarantined('q-1', { file: 'events.ndjson', position: 3, body: '{"specversion":"1.0"}' });
      expect(await quarantine.add(item)).toBe('written');
      await quarantine.add(quarantined('q-1', { reason: 'malformed' }));
      expect(await quarantine.list('invalid')).toEqual([item]);
      expect(await quarantine.list('malformed')).toEqual([quarantined('q-1', { reason: 'malformed' })]);
      expect(await quarantine.list('unmatched')).toEqual([]);
    });

    it('keeps a body whole that is longer than an item, however little it can be packed', async () => {
      const { quarantine } = stores();
      const hash = (index: number): string => createHash('sha256').update(String(index)).digest('base64');
      const body = Array.from({ length: 25_000 }, (_, index) => hash(index)).join('');
      const long = quarantined('q-long', { reason: 'unmatched', body });
      expect(await quarantine.add(long)).toBe('written');
      expect(await quarantine.add(long)).toBe('conflict');
      expect(await quarantine.list('unmatched')).toEqual([long]);
    });

    it('counts a redelivery once', async () => {
      const { quarantine } = stores();
      await quarantine.add(quarantined('q-2', { reason: 'limit' }));
      expect(await quarantine.add(quarantined('q-2', { reason: 'limit', arrivedAt: NOW + HOUR_MS }))).toBe('conflict');
      expect(await quarantine.list('limit')).toEqual([quarantined('q-2', { reason: 'limit' })]);
    });

    it('holds a body of 100,000 characters, and many of them', async () => {
      const { quarantine } = stores();
      const body = 'ä'.repeat(100_000);
      const ids = Array.from({ length: 7 }, (_, index) => `q-large-${index}`);
      for (const id of ids) await quarantine.add(quarantined(id, { reason: 'too_large', body }));
      const found = await quarantine.list('too_large');
      expect(found.map(({ quarantineId }) => quarantineId).sort()).toEqual(ids);
      expect(found[0]?.body).toBe(body);
    });

    it('counts what was refused in a time, by reason, however long it was', async () => {
      const { quarantine } = stores();
      const from = at('04-06 00:00');
      const put = (id: string, over: Parameters<typeof quarantined>[1]) => quarantine.add(quarantined(id, over));
      await put('dq-1', { reason: 'malformed', arrivedAt: from });
      await put('dq-2', { reason: 'malformed', arrivedAt: from + HOUR_MS, body: 'x'.repeat(60_000) });
      await put('dq-3', { reason: 'limit', arrivedAt: from + DAY_MS - 1 });
      await put('dq-4', { reason: 'limit', arrivedAt: from + DAY_MS });
      await put('dq-5', { reason: 'invalid', arrivedAt: from - 1 });
      expect(await quarantine.countBetween(from, from + DAY_MS, 'arrivedAt')).toEqual({ malformed: 2, limit: 1 });
      await put('dq-6', { reason: 'unmatched', arrivedAt: from, refusedAt: from + 2 * DAY_MS });
      expect(await quarantine.countBetween(from + DAY_MS, from + 3 * DAY_MS, 'refusedAt')).toEqual({ unmatched: 1 });
    });

    it('counts the same message once, by when it first came, however long after it comes again', async () => {
      const { quarantine } = stores();
      const from = at('05-04 00:00');
      const sent = (arrivedAt: number) => quarantined('again', { reason: 'limit', arrivedAt, refusedAt: arrivedAt });
      for (const days of [0, 1, 8]) await quarantine.add(sent(from + days * DAY_MS));
      for (const by of ['arrivedAt', 'refusedAt'] as const) {
        expect(await quarantine.countBetween(from, from + DAY_MS, by)).toEqual({ limit: 1 });
        expect(await quarantine.countBetween(from + DAY_MS, from + 9 * DAY_MS, by)).toEqual({});
      }
      await quarantine.add({ ...sent(from + 9 * DAY_MS), reason: 'malformed' });
      expect(await quarantine.countBetween(from, from + 10 * DAY_MS, 'arrivedAt')).toEqual({ limit: 1, malformed: 1 });
    });

    it('counts whatever number of pages a reason has', async () => {
      const { quarantine } = stores();
      const from = at('06-01 00:00');
      // A page holds 1 MB; the ids make the items long.
      const ids = Array.from({ length: 1200 }, (_, index) => `${index}`.padStart(1000, 'x'));
      const refused = { reason: 'time_in_future', arrivedAt: from, refusedAt: from } as const;
      for (const id of ids) await quarantine.add(quarantined(id, refused));
      expect(await quarantine.countBetween(from, from + 1, 'arrivedAt')).toEqual({ time_in_future: 1200 });
    });
  });
}
