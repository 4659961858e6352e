import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { MetAside, SetAside } from '../../../shared/store/set-aside-store.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const aside = (referralId: string, over: Partial<MetAside> = {}): MetAside => ({
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
    const only = async (referralId: string) => (await own(referralId))[0] as SetAside;

    it('is noted once, as it was first, whoever of those meets it again whose work detection repeats', async () => {
      const { setAsides, another } = stores();
      const long = `once-${'R'.repeat(3000)}`;
      await setAsides.put(aside('once-1'));
      await setAsides.put(aside(long));
      await another().setAsides.put(aside('once-1', { by: 'ingest-events', since: NOW + 1, error: 'TypeError' }));
      expect((await own('once-')).map(({ referralId }) => referralId).sort()).toEqual(['once-1', long]);
      expect(await own('once-1')).toMatchObject([{ ...aside('once-1'), met: 2, metAt: NOW + 1 }]);
    });

    it('was met last when it was met last, whoever notes that first', async () => {
      const { setAsides, another } = stores();
      for (const by of ['detect-breaches', 'send-mail']) {
        await setAsides.put(aside(`late-${by}`, { by }));
        await setAsides.put(aside(`late-${by}`, { by, since: NOW + MINUTE_MS }));
        await another().setAsides.put(aside(`late-${by}`, { by, since: NOW + 1 }));
        expect(await own(`late-${by}`)).toMatchObject([{ since: NOW, met: 3, metAt: NOW + MINUTE_MS }]);
      }
    });

    it('is noted for itself by each other function, and taken back for itself', async () => {
      const { setAsides } = stores();
      for (const by of ['detect-breaches', 'send-mail', 'write-reports']) await setAsides.put(aside('each-1', { by }));
      const notes = await own('each-');
      expect(notes.map(({ by }) => by).sort()).toEqual(['detect-breaches', 'send-mail', 'write-reports']);
      for (const note of notes.filter(({ by }) => by !== 'send-mail')) await setAsides.takeBack(note, NOW);
      expect((await own('each-')).map(({ by }) => by)).toEqual(['send-mail']);
    });

    it('is taken back once', async () => {
      const { setAsides, another } = stores();
      await setAsides.put(aside('back-1'));
      const read = await only('back-1');
      expect(await another().setAsides.takeBack(read, NOW + MINUTE_MS)).toBe('written');
      expect(await setAsides.takeBack(read, NOW + MINUTE_MS)).toBe('conflict');
      expect(await setAsides.takeBack({ id: 'back-never', met: 1 }, NOW)).toBe('conflict');
      expect(await own('back-')).toEqual([]);
    });

    it('is not taken back by who read it before it was met again', async () => {
      const { setAsides, another } = stores();
      await setAsides.put(aside('since-1'));
      const read = await only('since-1');
      await another().setAsides.put(aside('since-1'));
      expect(await setAsides.takeBack(read, NOW)).toBe('conflict');
      expect(await setAsides.takeBack(await only('since-1'), NOW)).toBe('written');
      // Nor if it was taken back and met again since, at the same instant.
      await setAsides.put(aside('since-1'));
      expect(await setAsides.takeBack(read, NOW)).toBe('conflict');
      expect(await own('since-')).toHaveLength(1);
    });

    it('is noted anew if it fails again after it was taken back, and does not expire meanwhile', async () => {
      const { setAsides } = stores();
      for (let time = 0; time < 3; time += 1) {
        const again = aside('again-1', { since: NOW + time, error: `Error${time}` });
        await setAsides.put(again);
        expect(await own('again-')).toMatchObject([again]);
        expect(await setAsides.takeBack(await only('again-1'), NOW + time)).toBe('written');
      }
    });
  });
}
