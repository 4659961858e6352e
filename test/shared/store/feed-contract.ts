import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const QUARTER = 15 * MINUTE_MS;
const arrivals = (of: Record<string, Instant>) => new Map(Object.entries(of));

/** When feeds were heard. */
export function feedContract(stores: () => TestedStores): void {
  describe('a feed', () => {
    const heard = async (name: string) => (await stores().feeds.heard([name])).get(name);

    it('is noted whenever it sends a heartbeat', async () => {
      const { feeds } = stores();
      expect(await heard('labs')).toBeUndefined();
      await feeds.markHeard('labs', NOW);
      expect(await heard('labs')).toEqual({ heartbeatAt: NOW, lastEventAt: null });
      await feeds.markHeard('labs', NOW + 1);
      expect(await heard('labs')).toEqual({ heartbeatAt: NOW + 1, lastEventAt: null });
    });

    it('is never set back by an older heartbeat', async () => {
      const { feeds } = stores();
      await feeds.markHeard('clinic', NOW);
      await feeds.markHeard('clinic', NOW - HOUR_MS);
      expect(await heard('clinic')).toEqual({ heartbeatAt: NOW, lastEventAt: null });
    });

    it('is noted with the quarter hour in which its event arrived', async () => {
      const { feeds } = stores();
      await feeds.markEvents(arrivals({ fax: NOW + QUARTER - 1 }));
      expect(await heard('fax')).toEqual({ heartbeatAt: null, lastEventAt: NOW });
      await feeds.markEvents(arrivals({ fax: NOW + QUARTER }));
      expect(await heard('fax')).toEqual({ heartbeatAt: null, lastEventAt: NOW + QUARTER });
    });

    it('is never set back by an event that arrived earlier, whoever noted the later one', async () => {
      const { feeds, another } = stores();
      await feeds.markEvents(arrivals({ ehr: NOW + HOUR_MS }));
      await feeds.markEvents(arrivals({ ehr: NOW }));
      await another().feeds.markEvents(arrivals({ ehr: NOW }));
      expect(await heard('ehr')).toEqual({ heartbeatAt: null, lastEventAt: NOW + HOUR_MS });
    });

    it('is noted beside one of which somebody has noted a later event', async () => {
      const { feeds, another } = stores();
      await another().feeds.markEvents(arrivals({ 'one of two': NOW + HOUR_MS }));
      await feeds.markEvents(arrivals({ 'one of two': NOW, 'two: of #two': NOW }));
      expect(await stores().feeds.heard(['one of two', 'two: of #two'])).toEqual(
        new Map([
          ['one of two', { heartbeatAt: null, lastEventAt: NOW + HOUR_MS }],
          ['two: of #two', { heartbeatAt: null, lastEventAt: NOW }],
        ]),
      );
    });

    it('is known by both, and not at all if it was never heard', async () => {
      const { feeds } = stores();
      await feeds.markHeard('dq-a', NOW + HOUR_MS);
      await feeds.markEvents(arrivals({ 'dq-a': NOW, pk: NOW }));
      await feeds.markEvents(new Map());
      const all = await feeds.heard(['dq-a', 'pk', 'dq-nobody']);
      expect(all.get('dq-a')).toEqual({ heartbeatAt: NOW + HOUR_MS, lastEventAt: NOW });
      expect(all.get('pk')).toEqual({ heartbeatAt: null, lastEventAt: NOW });
      expect(all.has('dq-nobody')).toBe(false);
    });
  });
}
