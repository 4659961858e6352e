import { describe, expect, it } from 'vitest';
import type { Report } from '../../../shared/contracts/report.ts';
import { at } from '../../builders/instants.ts';
import type { TestedStores } from './stores.ts';

const NOW = at('03-02 14:00');
const HEAD = { week: '2026-W09', from: '2026-02-23', to: '2026-03-02', asOf: '2026-03-02T11:00:00.000Z' };
/** Stores take any figures: what they are is not theirs to know. */
const figures = (n: number) => ({ ...HEAD, received: { n, prior: 0 } }) as unknown as Report;

/** Reports, and the periods of which all are stored. */
export function reportContract(stores: () => TestedStores): void {
  describe('a report', () => {
    const key = { kind: 'weekly', period: '2026-W09', scope: 'site=a/b' } as const;

    it('is kept with its charts and never changes', async () => {
      const { reports } = stores();
      expect(await reports.get(key)).toBeNull();
      const charts = { note: new Uint8Array([1, 2, 3]) };
      expect(await reports.save(key, { report: figures(1), charts })).toBe('written');
      expect(await reports.save(key, { report: figures(2), charts: {} })).toBe('conflict');
      expect(await reports.get(key)).toEqual({ report: figures(1), charts });
      expect(await reports.get({ ...key, scope: 'organization' })).toBeNull();
      expect(await reports.get({ ...key, kind: 'monthly' })).toBeNull();
    });

    it('is announced once all of its period are stored', async () => {
      const { reports } = stores();
      const period = { kind: 'weekly', period: '2026-W09', asOf: NOW } as const;
      expect(await reports.finishedPeriods()).toEqual([]);
      expect(await reports.finishPeriod(period)).toBe('written');
      expect(await reports.finishPeriod(period)).toBe('conflict');
      expect(await reports.finishedPeriods()).toEqual([period]);
    });

    it('is attempted by one run at a time: who read the same attempt before it begins no other', async () => {
      const { reports } = stores();
      expect(await reports.latestAttempt()).toBeNull();
      const first = { number: 1, leaseUntil: NOW, push: 1, periods: ['weekly 2026-W09'], unfinished: 1, retryAt: NOW };
      expect(await Promise.all([reports.beginAttempt(first), reports.beginAttempt(first)])).toEqual(
        expect.arrayContaining(['written', 'conflict']),
      );
      expect(await reports.latestAttempt()).toEqual(first);
      const second = { ...first, number: 2, unfinished: 2 };
      expect(await reports.beginAttempt({ ...first, number: 3 })).toBe('conflict');
      expect(await reports.beginAttempt(second)).toBe('written');
      expect(await reports.beginAttempt(second)).toBe('conflict');
      // The first one has been overtaken.
      expect(await reports.endAttempt(1, true)).toBe('conflict');
      expect(await reports.latestAttempt()).toEqual(second);
      expect(await reports.endAttempt(2, false)).toBe('written');
      expect(await reports.latestAttempt()).toEqual({ ...second, leaseUntil: 0 });
      expect(await reports.endAttempt(2, true)).toBe('written');
      expect(await reports.latestAttempt()).toEqual({ ...second, leaseUntil: 0, unfinished: 0 });
    });
  });
}
