import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');

/** When feeds were heard. */
export function feedContract(stores: () => TestedStores): void {
  describe('a feed', () => {
    it('is noted whenever it is heard', async () => {
      const { feeds } = stores();
      expect((await feeds.lastHeard()).get('labs')).toBeUndefined();
      await feeds.markHeard('labs', NOW);
      expect((await feeds.lastHeard()).get('labs')).toBe(NOW);
      await feeds.markHeard('labs', NOW + 1);
      expect((await feeds.lastHeard()).get('labs')).toBe(NOW + 1);
    });

    it('is never set back by an older heartbeat', async () => {
      const { feeds } = stores();
      await feeds.markHeard('clinic', NOW);
      await feeds.markHeard('clinic', NOW - HOUR_MS);
      expect((await feeds.lastHeard()).get('clinic')).toBe(NOW);
    });

    it('is known by its latest instant, and not at all if it was never heard', async () => {
      const { feeds } = stores();
      await feeds.markHeard('dq-a', NOW);
      await feeds.markHeard('dq-a', NOW + HOUR_MS);
      const heard = await feeds.lastHeard();
      expect(heard.get('dq-a')).toBe(NOW + HOUR_MS);
      expect(heard.has('dq-nobody')).toBe(false);
    });
  });
}
