import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { SetAside } from '../../../shared/store/set-aside-store.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const aside = (referralId: string, over: Partial<SetAside> = {}): SetAside => ({
  referralId,
  by: 'detect-breaches',
  error: 'ComputationError: RangeError',
  since: NOW,
  ...over,
});

/** Referrals on which nobody can compute. The tests share a registry, so each looks for its own. */
export function setAsideContract(stores: () => TestedStores): void {
  describe('what is set aside', () => {
    const own = async (start: string) =>
      (await stores().setAsides.all()).filter(({ referralId }) => referralId.startsWith(start));

    it('is noted once, as it was first, whoever meets it again', async () => {
      const { setAsides, another } = stores();
      const long = `once-${'R'.repeat(3000)}`;
      expect(await setAsides.put(aside('once-1'))).toBe('written');
      expect(await setAsides.put(aside(long))).toBe('written');
      expect(await another().setAsides.put(aside('once-1', { by: 'send-mail', since: NOW + 1 }))).toBe('conflict');
      expect((await own('once-')).map(({ referralId }) => referralId).sort()).toEqual(['once-1', long]);
      expect(await own('once-1')).toEqual([aside('once-1')]);
    });

    it('is taken back once', async () => {
      const { setAsides, another } = stores();
      await setAsides.put(aside('back-1'));
      expect(await another().setAsides.takeBack('back-1', NOW + MINUTE_MS)).toBe('written');
      expect(await setAsides.takeBack('back-1', NOW + MINUTE_MS)).toBe('conflict');
      expect(await setAsides.takeBack('back-never', NOW)).toBe('conflict');
      expect(await own('back-')).toEqual([]);
    });

    it('is noted anew if it fails again after it was taken back, and does not expire meanwhile', async () => {
      const { setAsides } = stores();
      for (let time = 0; time < 3; time += 1) {
        const again = aside('again-1', { since: NOW + time });
        expect(await setAsides.put(again)).toBe('written');
        expect(await own('again-')).toEqual([again]);
        expect(await setAsides.takeBack('again-1', NOW + time)).toBe('written');
      }
    });
  });
}
