import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { EventType } from '../../../shared/contracts/event.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const QUARTER = 15 * MINUTE_MS;
const arrivals = (of: Record<string, Instant>, ...types: EventType[]) =>
  new Map(Object.entries(of).map(([feed, latestAt]) => [feed, { latestAt, types: new Set(types) }]));

/** When feeds were heard. */
export function feedContract(stores: () => TestedStores): void {
  describe('a feed', () => {
    const heard = async (name: string) => (await stores().feeds.heard([name])).get(name);

    it('is noted whenever it sends a heartbeat', async () => {
      const { feeds } = stores();
      expect(await heard('labs')).toBeUndefined();
      await feeds.markHeard('labs', NOW);
      expect(await heard('labs')).toEqual({ heartbeatAt: NOW, lastEventAt: null, types: [] });
      await feeds.markHeard('labs', NOW + 1);
      expect(await heard('labs')).toEqual({ heartbeatAt: NOW + 1, lastEventAt: null, types: [] });
    });

    it('is never set back by an older heartbeat', async () => {
      const { feeds } = stores();
      await feeds.markHeard('clinic', NOW);
      await feeds.markHeard('clinic', NOW - HOUR_MS);
      expect(await heard('clinic')).toEqual({ heartbeatAt: NOW, lastEventAt: null, types: [] });
    });

    it('is noted with the quarter hour in which its event arrived', async () => {
      const { feeds } = stores();
      await feeds.markEvents(arrivals({ fax: NOW + QUARTER - 1 }));
      expect(await heard('fax')).toEqual({ heartbeatAt: null, lastEventAt: NOW, types: [] });
      await feeds.markEvents(arrivals({ fax: NOW + QUARTER }));
      expect(await heard('fax')).toEqual({ heartbeatAt: null, lastEventAt: NOW + QUARTER, types: [] });
    });

    it('is never set back by an event that arrived earlier, whoever noted the later one', async () => {
      const { feeds, another } = stores();
      await feeds.markEvents(arrivals({ ehr: NOW + HOUR_MS }));
      await feeds.markEvents(arrivals({ ehr: NOW }));
      await another().feeds.markEvents(arrivals({ ehr: NOW }));
      expect(await heard('ehr')).toEqual({ heartbeatAt: null, lastEventAt: NOW + HOUR_MS, types: [] });
    });

    it('is noted beside one of which somebody has noted a later event', async () => {
      const { feeds, another } = stores();
      await another().feeds.markEvents(arrivals({ 'one of two': NOW + HOUR_MS }));
      await feeds.markEvents(arrivals({ 'one of two': NOW, 'two: of #two': NOW }));
      expect(await stores().feeds.heard(['one of two', 'two: of #two'])).toEqual(
        new Map([
          ['one of two', { heartbeatAt: null, lastEventAt: NOW + HOUR_MS, types: [] }],
          ['two: of #two', { heartbeatAt: null, lastEventAt: NOW, types: [] }],
        ]),
      );
    });

    it('is known by both, and not at all if it was never heard', async () => {
      const { feeds } = stores();
      await feeds.markHeard('dq-a', NOW + HOUR_MS);
      await feeds.markEvents(arrivals({ 'dq-a': NOW, pk: NOW }));
      await feeds.markEvents(new Map());
      const all = await feeds.heard(['dq-a', 'pk', 'dq-nobody']);
      expect(all.get('dq-a')).toEqual({ heartbeatAt: NOW + HOUR_MS, lastEventAt: NOW, types: [] });
      expect(all.get('pk')).toEqual({ heartbeatAt: null, lastEventAt: NOW, types: [] });
      expect(all.has('dq-nobody')).toBe(false);
    });

    it('is noted with every type of event that ever came from it, whoever noted them', async () => {
      const { feeds, another } = stores();
      const typesOf = async (name: string) => (await heard(name))?.types;
      await feeds.markEvents(arrivals({ hie: NOW, 'hie two': NOW }, 'note.received'));
      expect(await typesOf('hie')).toEqual(['note.received']);
      // In the same quarter hour, for which the feed needs no other note.
      await feeds.markEvents(arrivals({ hie: NOW }, 'note.received', 'visit.completed'));
      await another().feeds.markEvents(arrivals({ hie: NOW - HOUR_MS }, 'note.received', 'visit.arrived'));
      expect(await typesOf('hie')).toEqual(['visit.arrived', 'visit.completed', 'note.received']);
      expect(await typesOf('hie two')).toEqual(['note.received']);
    });
  });
}
