import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { Report } from '../../../shared/contracts/report.ts';
import type { StoredState } from '../../../shared/store/referral-store.ts';
import { at } from '../../builders/instants.ts';
import { quarantined, stateOf, storedState } from '../../builders/stored.ts';
import type { Stores } from './stores.ts';

const NOW = at('03-02 14:00');
/** Stores take any figures: what they are is not theirs to know. */
const figures = (n: number) => ({ week: '2026-W09', received: { n, prior: 0 } }) as unknown as Report;

/** What reports read, and where they are kept. */
export function reportContract(stores: () => Stores): void {
  describe('the received referrals', () => {
    const listed = async (): Promise<StoredState[]> => {
      const all: StoredState[] = [];
      for await (const page of stores().referrals.received()) all.push(...page);
      return all.filter(({ state }) => state.referralId.startsWith('rcv-'));
    };

    it('are all read, closed and voided ones too, over more than one page', async () => {
      const { referrals } = stores();
      const ids = Array.from({ length: 230 }, (_, index) => `rcv-${index}`);
      await Promise.all(ids.map((id) => referrals.saveState(storedState(id, { wakeAt: null }), null)));
      await referrals.saveState(storedState('rcv-void', { state: stateOf('rcv-void', { stage: 'voided' }) }), null);
      const orphan = stateOf('rcv-orphan', { receivedAt: null, stage: 'awaiting_referral' });
      await referrals.saveState(storedState('rcv-orphan', { state: orphan }), null);
      const found = await listed();
      expect(found.map(({ state }) => state.referralId).sort()).toEqual([...ids, 'rcv-void'].sort());
      expect(found.find(({ state }) => state.referralId === 'rcv-7')).toEqual(storedState('rcv-7', { wakeAt: null }));
    });

    it('of a practice are listed latest first, without those entered in error', async () => {
      const { referrals } = stores();
      const save = (id: string, receivedAt: number, over = {}) =>
        referrals.saveState(
          storedState(id, { state: stateOf(id, { receivedAt, practiceId: 'rcv-practice', ...over }) }),
          null,
        );
      await save('from-1', NOW);
      await save('from-2', NOW + DAY_MS);
      await save('from-3', NOW + HOUR_MS, { stage: 'voided' });
      await save('from-4', NOW + HOUR_MS, { practiceId: 'rcv-other' });
      expect(await referrals.receivedFrom('rcv-practice')).toEqual([
        { referralId: 'from-2', receivedAt: NOW + DAY_MS },
        { referralId: 'from-1', receivedAt: NOW },
      ]);
      expect(await referrals.receivedFrom('rcv-nobody')).toEqual([]);
    });
  });

  describe('a report', () => {
    const key = { kind: 'weekly', period: '2026-W09', scope: 'site=a/b' } as const;

    it('is kept with its charts and never changes', async () => {
      const { operations } = stores();
      expect(await operations.report(key)).toBeNull();
      const charts = { note: new Uint8Array([1, 2, 3]) };
      expect(await operations.saveReport(key, { report: figures(1), charts })).toBe('written');
      expect(await operations.saveReport(key, { report: figures(2), charts: {} })).toBe('conflict');
      expect(await operations.report(key)).toEqual({ report: figures(1), charts });
      expect(await operations.report({ ...key, scope: 'organization' })).toBeNull();
      expect(await operations.report({ ...key, kind: 'monthly' })).toBeNull();
    });

    it('is announced once all of its period are there', async () => {
      const { operations } = stores();
      const run = { kind: 'weekly', period: '2026-W09', asOf: NOW } as const;
      expect(await operations.finishedReports()).toEqual([]);
      expect(await operations.finishReports(run)).toBe('written');
      expect(await operations.finishReports(run)).toBe('conflict');
      expect(await operations.finishedReports()).toEqual([run]);
    });
  });

  describe('the data quality', () => {
    it('counts what was refused in a time, by reason, however long it was', async () => {
      const { operations } = stores();
      const from = at('04-06 00:00');
      const put = (id: string, over: Parameters<typeof quarantined>[1]) => operations.quarantine(quarantined(id, over));
      await put('dq-1', { reason: 'malformed', arrivedAt: from });
      await put('dq-2', { reason: 'malformed', arrivedAt: from + HOUR_MS, body: 'x'.repeat(60_000) });
      await put('dq-3', { reason: 'limit', arrivedAt: from + DAY_MS - 1 });
      await put('dq-4', { reason: 'limit', arrivedAt: from + DAY_MS });
      await put('dq-5', { reason: 'invalid', arrivedAt: from - 1 });
      expect(await operations.refusedBetween(from, from + DAY_MS, 'arrivedAt')).toEqual({ malformed: 2, limit: 1 });
      await put('dq-6', { reason: 'unmatched', arrivedAt: from, refusedAt: from + 2 * DAY_MS });
      expect(await operations.refusedBetween(from + DAY_MS, from + 3 * DAY_MS, 'refusedAt')).toEqual({ unmatched: 1 });
    });

    it('knows when each feed was last heard', async () => {
      const { operations } = stores();
      await operations.feedHeard('dq-a', NOW);
      await operations.feedHeard('dq-a', NOW + HOUR_MS);
      const heard = await operations.feedsHeard();
      expect(heard.get('dq-a')).toBe(NOW + HOUR_MS);
      expect(heard.has('dq-nobody')).toBe(false);
    });
  });
}
