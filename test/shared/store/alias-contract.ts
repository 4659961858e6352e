import { describe, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../../shared/contracts/duration.ts';
import { KEPT_DAYS } from '../../../shared/store/time-to-live.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const SENDER = '/aliases';
const KEPT_MS = KEPT_DAYS.alias * DAY_MS;

const alias = (key: string, referralId = 'R-1') => ({ sender: SENDER, key, referralId });

/** Which referral a sender's other names stand for. The tests share a table, so each has keys of its own. */
export function aliasContract(stores: () => TestedStores): void {
  describe('an alias', () => {
    it('is the first referral’s that is given it, open, for as long as aliases are kept', async () => {
      const { aliases, another } = stores();
      expect(await aliases.name(alias('first'), NOW)).toBe('written');
      expect(await another().aliases.name(alias('first', 'R-2'), NOW + DAY_MS)).toBe('conflict');
      expect(await aliases.get(SENDER, 'first')).toEqual({ ...alias('first'), isOpen: true, expiresAt: NOW + KEPT_MS });
    });

    it('is nothing to another sender, nor under a key that reads the same', async () => {
      const { aliases } = stores();
      await aliases.name(alias('one'), NOW);
      expect(await aliases.get('/other', 'one')).toBeNull();
      expect(await aliases.get(SENDER, 'ONE')).toBeNull();
      expect(await aliases.find('/other', ['one'])).toEqual([]);
    });

    it('is closed once nothing waits for it, and only as the same referral’s', async () => {
      const { aliases } = stores();
      await aliases.name(alias('closed'), NOW);
      const given = { ...alias('closed'), isOpen: true, expiresAt: NOW };
      expect(await aliases.settle({ ...given, referralId: 'R-2' })).toBe('conflict');
      expect(await aliases.settle({ ...given, key: 'never' })).toBe('conflict');
      expect(await aliases.settle(given)).toBe('written');
      expect(await aliases.settle(given)).toBe('written');
      expect(await aliases.get(SENDER, 'closed')).toMatchObject({ referralId: 'R-1', isOpen: false });
    });

    it('is kept for longer as it is used, never for less', async () => {
      const { aliases } = stores();
      await aliases.name(alias('used'), NOW);
      const given = { ...alias('used'), isOpen: true, expiresAt: NOW };
      const later = NOW + 400 * DAY_MS;
      expect(await aliases.keep(given, later)).toBe('written');
      expect(await aliases.keep(given, NOW)).toBe('conflict');
      expect(await aliases.keep({ ...given, referralId: 'R-2' }, later + SECOND_MS)).toBe('conflict');
      expect((await aliases.get(SENDER, 'used'))?.expiresAt).toBe(later + KEPT_MS);
    });

    it.each([{}, { consistent: true }])('is found among many, each once: %j', async (options) => {
      const { aliases } = stores();
      const keys = Array.from({ length: 230 }, (_, index) => `many:${index}`);
      for (const key of keys) await aliases.name(alias(key), NOW);
      const found = await aliases.find(SENDER, [...keys, ...keys, 'many:never'], options);
      expect(found.map(({ key }) => key).sort()).toEqual([...keys].sort());
      expect(await aliases.find(SENDER, [], options)).toEqual([]);
    });
  });
}
