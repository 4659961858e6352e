import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { shardOf } from '../../../shared/store/keys.ts';
import type { LoggedEvent } from '../../../shared/store/referral-store.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, stateOf, storedState } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

const call = (subject: string, id: string, source = '/records') =>
  sent('contact.attempted', '03-02 15:00', { channel: 'phone', outcome: 'voicemail' }, { subject, id, source });
const byId = (events: readonly LoggedEvent[]) => events.toSorted((a, b) => (a.event.id < b.event.id ? -1 : 1));

/** Event log, projections and the due index. */
export function referralContract(stores: () => TestedStores): void {
  describe('the event log', () => {
    it('is empty for a referral that nobody has heard of', async () => {
      expect(await stores().referrals.loadLog('log-unknown')).toEqual({ stored: null, log: [] });
    });

    it('gives back every event as it was put, with its arrival', async () => {
      const { referrals } = stores();
      const first = logged(call('log-1', 'a'), at('03-02 16:00'));
      const second = logged(
        sent('referral.voided', '03-02 17:00', {}, { subject: 'log-1', id: 'b', entity: 'Task/1' }),
      );
      expect(await referrals.append(first)).toBe('written');
      expect(await referrals.append(second)).toBe('written');
      const { log } = await referrals.loadLog('log-1');
      expect(byId(log)).toEqual([first, second]);
    });

    it('keeps the first of two events with the same source and id', async () => {
      const { referrals } = stores();
      const first = logged(call('log-2', 'a'));
      await referrals.append(first);
      expect(await referrals.append(logged(call('log-2', 'a'), at('03-05 00:00')))).toBe('conflict');
      expect((await referrals.loadLog('log-2')).log).toEqual([first]);
    });

    it('tells events apart by source as well as id, and by referral', async () => {
      const { referrals } = stores();
      await referrals.append(logged(call('log-3', 'a')));
      expect(await referrals.append(logged(call('log-3', 'a', '/other')))).toBe('written');
      expect(await referrals.append(logged(call('log-4', 'a')))).toBe('written');
      expect((await referrals.loadLog('log-3')).log).toHaveLength(2);
    });

    it('keeps sources and ids apart that read the same when put together', async () => {
      const { referrals } = stores();
      await referrals.append(logged(call('log-5', 'b#c', '/a')));
      expect(await referrals.append(logged(call('log-5', 'c', '/a#b')))).toBe('written');
    });

    it('takes ids and sources longer than a key may be', async () => {
      const { referrals } = stores();
      const long = logged(call('log-6', 'i'.repeat(2000), `/${'s'.repeat(2000)}`));
      await referrals.append(long);
      expect((await referrals.loadLog('log-6')).log).toEqual([long]);
    });

    it('is read whole where it fills more than one page', async () => {
      const { referrals } = stores();
      const reason = 'x'.repeat(240_000);
      const large = (id: string) => sent('referral.reopened', '03-02 15:00', { reason }, { subject: 'log-large', id });
      const all = Array.from({ length: 10 }, (_, index) => logged(large(`e${index}`)));
      for (const each of all) await referrals.append(each);
      await referrals.saveState(storedState('log-large'), null);
      const { stored, log } = await referrals.loadLog('log-large');
      expect(byId(log)).toEqual(all);
      expect(stored).toEqual(storedState('log-large'));
    });
  });

  describe('a projection', () => {
    it('is first written where there is none, and only once', async () => {
      const { referrals } = stores();
      expect(await referrals.saveState(storedState('state-1'), null)).toBe('written');
      expect(await referrals.saveState(storedState('state-1', { version: 7 }), null)).toBe('conflict');
      expect((await referrals.loadLog('state-1')).stored).toEqual(storedState('state-1'));
    });

    it('is replaced by whoever read its version, and by nobody else', async () => {
      const { referrals } = stores();
      await referrals.saveState(storedState('state-2'), null);
      const next = storedState('state-2', { version: 2, state: stateOf('state-2', { stage: 'voided' }), wakeAt: null });
      expect(await referrals.saveState(next, 1)).toBe('written');
      expect(await referrals.saveState(storedState('state-2', { version: 2 }), 1)).toBe('conflict');
      expect((await referrals.loadLog('state-2')).stored).toEqual(next);
    });

    it('cannot replace one that was never written', async () => {
      const { referrals } = stores();
      expect(await referrals.saveState(storedState('state-3', { version: 2 }), 1)).toBe('conflict');
      expect((await referrals.loadLog('state-3')).stored).toBeNull();
    });

    it('is there beside its log and without it', async () => {
      const { referrals } = stores();
      const event = logged(call('state-4', 'a'));
      await referrals.append(event);
      await referrals.saveState(storedState('state-4'), null);
      expect(await referrals.loadLog('state-4')).toEqual({ stored: storedState('state-4'), log: [event] });
      expect(await referrals.loadAlerts('state-4')).toEqual({ stored: storedState('state-4'), alerts: [] });
    });

    it('is found among many, where it exists', async () => {
      const { referrals } = stores();
      const ids = Array.from({ length: 130 }, (_, index) => `many-${index}`);
      await Promise.all(ids.map((id) => referrals.saveState(storedState(id), null)));
      const found = await referrals.states([...ids, 'many-missing', 'many-0']);
      expect([...found.keys()].sort()).toEqual([...ids].sort());
      expect(found.get('many-129')).toEqual(stateOf('many-129'));
    });
  });

  describe('the due index', () => {
    it('names what is due by now, earliest first, each referral in its own shard', async () => {
      const { referrals, shards } = stores();
      const now = at('03-02 14:00');
      const wakes = Array.from({ length: 12 }, (_, index) => ({
        referralId: `due-${index}`,
        wakeAt: now - ((index * 7) % 12) * MINUTE_MS,
      }));
      for (const { referralId, wakeAt } of wakes) {
        await referrals.saveState(storedState(referralId, { wakeAt }), null);
      }
      await referrals.saveState(storedState('due-later', { wakeAt: now + 1 }), null);
      await referrals.saveState(storedState('due-never', { wakeAt: null }), null);
      for (let shard = 0; shard < shards; shard += 1) {
        const expected = wakes
          .filter(({ referralId }) => shardOf(referralId, shards) === shard)
          .sort((a, b) => a.wakeAt - b.wakeAt);
        expect(await dueIn(stores(), shard, now, 'due-')).toEqual(expected);
      }
    });

    it('moves a referral that is armed again, and lets one go that never has to be looked at', async () => {
      const { referrals, shards } = stores();
      const wakeAt = at('03-02 10:00');
      await referrals.saveState(storedState('armed-1', { wakeAt }), null);
      const shard = shardOf('armed-1', shards);
      expect(await referrals.rearm(storedState('armed-1', { wakeAt }), wakeAt + HOUR_MS)).toBe('written');
      expect(await dueIn(stores(), shard, wakeAt, 'armed-1')).toEqual([]);
      expect(await dueIn(stores(), shard, wakeAt + HOUR_MS, 'armed-1')).toEqual([
        { referralId: 'armed-1', wakeAt: wakeAt + HOUR_MS },
      ]);
      expect(await referrals.rearm(storedState('armed-1', { wakeAt: wakeAt + HOUR_MS }), null)).toBe('written');
      expect(await dueIn(stores(), shard, wakeAt + HOUR_MS, 'armed-1')).toEqual([]);
      expect((await referrals.loadLog('armed-1')).stored).toEqual(storedState('armed-1', { wakeAt: null }));
    });

    it('is not armed by whoever read another version, another wake-up, none, or no referral', async () => {
      const { referrals } = stores();
      const wakeAt = at('03-02 10:00');
      await referrals.saveState(storedState('armed-2', { version: 3, wakeAt }), null);
      await referrals.saveState(storedState('armed-3', { wakeAt: null }), null);
      expect(await referrals.rearm(storedState('armed-2', { version: 2, wakeAt }), wakeAt + HOUR_MS)).toBe('conflict');
      expect(await referrals.rearm(storedState('armed-2', { version: 3, wakeAt: wakeAt - 1 }), null)).toBe('conflict');
      expect(await referrals.rearm(storedState('armed-3', { wakeAt: null }), wakeAt)).toBe('conflict');
      expect(await referrals.rearm(storedState('armed-missing', { wakeAt }), wakeAt)).toBe('conflict');
      expect((await referrals.loadLog('armed-2')).stored).toEqual(storedState('armed-2', { version: 3, wakeAt }));
      expect((await referrals.loadLog('armed-missing')).stored).toBeNull();
    });

    it('follows a projection that is written with another wake-up', async () => {
      const { referrals, shards } = stores();
      const wakeAt = at('03-02 11:00');
      await referrals.saveState(storedState('armed-4', { wakeAt }), null);
      await referrals.saveState(storedState('armed-4', { version: 2, wakeAt: null }), 1);
      expect(await dueIn(stores(), shardOf('armed-4', shards), wakeAt, 'armed-4')).toEqual([]);
    });
  });
}

/** What a shard names of this test's own referrals, page by page as it comes. */
async function dueIn({ referrals }: TestedStores, shard: number, now: number, prefix: string) {
  const found: { referralId: string; wakeAt: number }[] = [];
  for await (const page of referrals.due(shard, now)) found.push(...page);
  return found.filter(({ referralId }) => referralId.startsWith(prefix));
}
