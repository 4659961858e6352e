import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { NoConfigurationError, type Progress } from '../../../shared/store/config-store.ts';
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

/** Versions of the configuration, and which is in force. */
export function configContract(stores: () => TestedStores): void {
  describe('the configuration', () => {
    it('cannot be read before one was pushed', async () => {
      await expect(stores().configs.inForce()).rejects.toThrow(NoConfigurationError);
    });

    it('is in force from its push, and the first push is remembered', async () => {
      const { configs } = stores();
      const version = await configs.push(sampleConfig(), NOW);
      expect(await configs.inForce()).toEqual({
        version,
        config: sampleConfig(),
        since: NOW,
        appliedVersion: version,
        progress: NONE,
      });
    });

    it('keeps its version when it is pushed again', async () => {
      const { configs } = stores();
      const { version } = await configs.inForce();
      expect(await configs.push(sampleConfig(), NOW + HOUR_MS)).toBe(version);
      expect(await configs.inForce()).toMatchObject({ version, since: NOW });
    });

    it('changes for every worker when another is pushed, and back', async () => {
      const { configs, another } = stores();
      const first = (await configs.inForce()).version;
      const changed = sampleConfig();
      changed.directory.people = [];
      const second = await another().configs.push(changed, NOW + HOUR_MS);
      expect(second).not.toBe(first);
      expect(await configs.inForce()).toEqual({
        version: second,
        config: changed,
        since: NOW,
        appliedVersion: first,
        progress: NONE,
      });
      expect(await configs.markApplied(first)).toBe('conflict');
      expect(await configs.markApplied(second)).toBe('written');
      expect((await another().configs.inForce()).appliedVersion).toBe(second);
      expect(await configs.push(sampleConfig(), NOW + 2 * HOUR_MS)).toBe(first);
      expect((await another().configs.inForce()).config).toEqual(sampleConfig());
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
}
