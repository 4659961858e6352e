import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { inForceWithShards, NoConfigurationError, type Progress } from '../../../shared/store/config-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');

/** No schedule has come anywhere yet. */
const NONE: Progress = {
  reportsUntil: null,
  reportsFinished: 0,
  plannedUntil: null,
  plannedVersion: null,
  reportsPlanned: 0,
};

const withoutPeople = (): Config => {
  const config = sampleConfig();
  config.directory.people = [];
  return config;
};

/** Versions of the configuration, and which is in force. */
export function configContract(stores: () => TestedStores): void {
  describe('the configuration', () => {
    it('cannot be read before one was pushed', async () => {
      await expect(stores().configs.inForce()).rejects.toThrow(NoConfigurationError);
      await expect(stores().configs.noteShards(4)).rejects.toThrow(NoConfigurationError);
      expect(await stores().configs.markApplied(NOW)).toBe('conflict');
      await expect(stores().configs.inForce()).rejects.toThrow(NoConfigurationError);
    });

    it('is in force from its push, and the first push is remembered', async () => {
      const { configs } = stores();
      const version = await configs.push(sampleConfig(), NOW);
      expect(await configs.inForce()).toEqual({
        version,
        config: sampleConfig(),
        pushedAt: NOW,
        since: NOW,
        appliedPush: NOW,
        shardCounts: [],
        progress: NONE,
      });
    });

    it('keeps its version and its push when it is pushed again', async () => {
      const { configs } = stores();
      const { version } = await configs.inForce();
      expect(await configs.push(sampleConfig(), NOW + HOUR_MS)).toBe(version);
      expect(await configs.inForce()).toMatchObject({ version, pushedAt: NOW, since: NOW });
    });

    it('changes for every worker when another is pushed', async () => {
      const { configs, another } = stores();
      const first = (await configs.inForce()).version;
      const second = await another().configs.push(withoutPeople(), NOW + HOUR_MS);
      expect(second).not.toBe(first);
      expect(await configs.inForce()).toEqual({
        version: second,
        config: withoutPeople(),
        pushedAt: NOW + HOUR_MS,
        since: NOW,
        appliedPush: NOW,
        shardCounts: [],
        progress: NONE,
      });
    });

    it('says who pushed what and when, latest first; a push that changes nothing is none', async () => {
      const { configs, another } = stores();
      const { version, pushedAt } = await configs.inForce();
      const [last, first, ...others] = await another().configs.pushes();
      expect(last).toEqual({ version, pushedAt, by: null });
      expect(first).toMatchObject({ pushedAt: NOW, by: null });
      expect(others).toEqual([]);
    });

    it('is applied once, by the push that is in force, with how many referrals were set aside', async () => {
      const { configs, another } = stores();
      expect(await configs.markApplied(NOW)).toBe('conflict');
      expect(await configs.inForce()).toMatchObject({ appliedPush: NOW });
      expect(await configs.markApplied(NOW + HOUR_MS)).toBe('written');
      expect(await another().configs.inForce()).toMatchObject({ appliedPush: NOW + HOUR_MS });
      expect(await configs.markApplied(NOW + HOUR_MS)).toBe('written');
      expect(await another().configs.inForce()).toMatchObject({ appliedPush: NOW + HOUR_MS });
    });

    it('that was in force before is a new push, yet to be applied, under its old version', async () => {
      const { configs, another } = stores();
      const again = await configs.push(sampleConfig(), NOW + 2 * HOUR_MS);
      expect(again).toBe(await stores().configs.push(sampleConfig(), NOW + 3 * HOUR_MS));
      const inForce = await another().configs.inForce();
      expect(inForce).toMatchObject({ version: again, config: sampleConfig(), since: NOW });
      expect(inForce).toMatchObject({ pushedAt: NOW + 2 * HOUR_MS, appliedPush: NOW + HOUR_MS });
      expect(await configs.markApplied(NOW)).toBe('conflict');
      expect(await configs.markApplied(NOW + HOUR_MS)).toBe('conflict');
    });

    it('keeps how far the schedules have come, through a push, and never goes back', async () => {
      const { configs } = stores();
      const { version } = await configs.inForce();
      const planned = { plannedUntil: NOW + HOUR_MS, plannedVersion: version, reportsPlanned: 2 };
      const reports = { reportsUntil: NOW + HOUR_MS, reportsFinished: 3 };
      expect(await configs.markPlanned(planned)).toBe('written');
      expect(await configs.markReports(reports)).toBe('written');
      expect(await configs.markPlanned({ ...planned, plannedUntil: NOW })).toBe('conflict');
      expect(await configs.markReports({ ...reports, reportsUntil: NOW })).toBe('conflict');
      const changed = sampleConfig();
      changed.directory.practices = [];
      await configs.push(changed, NOW + 3 * HOUR_MS);
      expect((await configs.inForce()).progress).toEqual({ ...planned, ...reports });
    });
  });

  describe('the numbers of shards', () => {
    const counts = async (): Promise<number[]> => [...(await stores().configs.inForce()).shardCounts].sort();

    it('are noted once each, and kept through a push', async () => {
      const { configs } = stores();
      await configs.noteShards(4);
      await configs.noteShards(6);
      await configs.noteShards(4);
      expect((await configs.inForce()).shardCounts).toEqual([4, 6]);
      await configs.push(withoutPeople(), NOW + 4 * HOUR_MS);
      expect((await configs.inForce()).shardCounts).toEqual([4, 6]);
    });

    it('are all noted, each once, if workers note them at once', async () => {
      const { configs, another } = stores();
      const other = another().configs;
      await Promise.all([configs.noteShards(7), other.noteShards(7), configs.noteShards(8), other.noteShards(9)]);
      expect(await counts()).toEqual([4, 6, 7, 8, 9]);
    });

    it('are noted by whoever is about to use another', async () => {
      const { configs } = stores();
      expect((await inForceWithShards(configs, 5)).shardCounts).toContain(5);
      const before = await counts();
      expect(await inForceWithShards(configs, 5)).toEqual(await configs.inForce());
      expect(await counts()).toEqual(before);
    });
  });
}
