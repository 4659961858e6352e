import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { shardName } from '../../../shared/store/config-sweep-store.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const FIRST = shardName({ shard: 0, of: 2 });
const SECOND = shardName({ shard: 1, of: 2 });
const NOTHING = { progress: { shards: {}, swept: 0 }, setAside: [] };

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
      expect((await another().sweeps.load(push)).progress).toEqual(begun);
      expect(await another().sweeps.saveProgress(push, further, NOW)).toBe('written');
      expect((await sweeps.load(push)).progress).toEqual(further);
    });

    it('comes to the end of a shard without a further referral', async () => {
      const { sweeps } = stores();
      const push = NOW + 2 * HOUR_MS;
      const last = { shards: { [FIRST]: { referralId: 'R-1', wakeAt: NOW } }, swept: 100 };
      await sweeps.saveProgress(push, last, NOW);
      const ended = { shards: { [FIRST]: 'end' as const }, swept: 100 };
      expect(await sweeps.saveProgress(push, ended, NOW)).toBe('written');
      expect((await sweeps.load(push)).progress).toEqual(ended);
    });

    it('is never set back by a run that has come less far', async () => {
      const { sweeps, another } = stores();
      const push = NOW + 3 * HOUR_MS;
      const far = { shards: { [FIRST]: 'end' as const }, swept: 200 };
      const behind = { shards: { [FIRST]: { referralId: 'R-1', wakeAt: NOW } }, swept: 199 };
      await sweeps.saveProgress(push, far, NOW);
      expect(await another().sweeps.saveProgress(push, behind, NOW + MINUTE_MS)).toBe('conflict');
      expect((await sweeps.load(push)).progress).toEqual(far);
    });

    it('sets a referral aside once, and takes it back once', async () => {
      const { sweeps, another } = stores();
      const push = NOW + 4 * HOUR_MS;
      const long = 'R'.repeat(3000);
      expect(await sweeps.setAside(push, 'R-1', NOW)).toBe('written');
      expect(await sweeps.setAside(push, long, NOW)).toBe('written');
      expect(await another().sweeps.setAside(push, 'R-1', NOW + MINUTE_MS)).toBe('conflict');
      expect((await sweeps.load(push)).setAside.sort()).toEqual(['R-1', long]);
      expect(await another().sweeps.takeBack(push, 'R-1')).toBe('written');
      expect(await sweeps.takeBack(push, 'R-1')).toBe('conflict');
      expect((await sweeps.load(push)).setAside).toEqual([long]);
      expect(await another().sweeps.takeBack(push, 'R-never')).toBe('conflict');
    });

    it('sets a referral aside again that fails again after it was taken back', async () => {
      const { sweeps } = stores();
      const push = NOW + 7 * HOUR_MS;
      for (let time = 0; time < 3; time += 1) {
        expect(await sweeps.setAside(push, 'R-1', NOW + time)).toBe('written');
        expect((await sweeps.load(push)).setAside).toEqual(['R-1']);
        expect(await sweeps.takeBack(push, 'R-1')).toBe('written');
        expect((await sweeps.load(push)).setAside).toEqual([]);
      }
    });

    it('sets aside beside its progress, each left alone by the other', async () => {
      const { sweeps } = stores();
      const push = NOW + 5 * HOUR_MS;
      const progress = { shards: { [FIRST]: 'end' as const }, swept: 1 };
      await sweeps.setAside(push, 'R-1', NOW);
      expect(await sweeps.saveProgress(push, progress, NOW)).toBe('written');
      expect(await sweeps.load(push)).toEqual({ progress, setAside: ['R-1'] });
    });

    it('knows nothing of the sweep under another push', async () => {
      const { sweeps } = stores();
      const push = NOW + 6 * HOUR_MS;
      await sweeps.saveProgress(push, { shards: { [FIRST]: 'end' }, swept: 9 }, NOW);
      await sweeps.setAside(push, 'R-1', NOW);
      expect(await sweeps.load(push + 1)).toEqual(NOTHING);
      expect(await sweeps.takeBack(push + 1, 'R-1')).toBe('conflict');
      expect((await sweeps.load(push)).setAside).toEqual(['R-1']);
    });
  });
}
