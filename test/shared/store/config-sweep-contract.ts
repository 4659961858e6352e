import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { shardName } from '../../../shared/store/config-sweep-store.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const FIRST = shardName({ shard: 0, of: 2 });
const SECOND = shardName({ shard: 1, of: 2 });
const NOTHING = { shards: {}, swept: 0 };

/** How far the sweep under a new configuration has come. */
export function configSweepContract(stores: () => TestedStores): void {
  describe('a sweep under a new configuration', () => {
    it('has come nowhere before it is begun', async () => {
      expect(await stores().sweeps.load(NOW)).toEqual(NOTHING);
    });

    it('goes on where it stopped, in each shard, whichever worker goes on', async () => {
      const { sweeps, another } = stores();
      const push = NOW + HOUR_MS;
      const begun = { shards: { [FIRST]: { referralId: 'R-1', wakeAt: NOW } }, swept: 100 };
      const further = { shards: { ...begun.shards, [SECOND]: 'end' as const }, swept: 130 };
      expect(await sweeps.saveProgress(push, begun, NOW)).toBe('written');
      expect(await another().sweeps.load(push)).toEqual(begun);
      expect(await another().sweeps.saveProgress(push, further, NOW)).toBe('written');
      expect(await sweeps.load(push)).toEqual(further);
    });

    it('comes to the end of a shard without a further referral', async () => {
      const { sweeps } = stores();
      const push = NOW + 2 * HOUR_MS;
      const last = { shards: { [FIRST]: { referralId: 'R-1', wakeAt: NOW } }, swept: 100 };
      await sweeps.saveProgress(push, last, NOW);
      const ended = { shards: { [FIRST]: 'end' as const }, swept: 100 };
      expect(await sweeps.saveProgress(push, ended, NOW)).toBe('written');
      expect(await sweeps.load(push)).toEqual(ended);
    });

    it('is never set back by a run that has come less far', async () => {
      const { sweeps, another } = stores();
      const push = NOW + 3 * HOUR_MS;
      const far = { shards: { [FIRST]: 'end' as const }, swept: 200 };
      const behind = { shards: { [FIRST]: { referralId: 'R-1', wakeAt: NOW } }, swept: 199 };
      await sweeps.saveProgress(push, far, NOW);
      expect(await another().sweeps.saveProgress(push, behind, NOW + MINUTE_MS)).toBe('conflict');
      expect(await sweeps.load(push)).toEqual(far);
    });

    it('knows nothing of the sweep under another push', async () => {
      const { sweeps } = stores();
      const push = NOW + 6 * HOUR_MS;
      await sweeps.saveProgress(push, { shards: { [FIRST]: 'end' }, swept: 9 }, NOW);
      expect(await sweeps.load(push + 1)).toEqual(NOTHING);
    });
  });
}
