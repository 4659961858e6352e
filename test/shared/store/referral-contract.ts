import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { shardOf } from '../../../shared/store/keys.ts';
import type { DueEntry, LoggedEvent } from '../../../shared/store/referral-store.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';
import { plain, type TestedStores } from './stores.ts';

const call = (subject: string, id: string, source = '/records') =>
  sent('contact.attempted', '03-02 15:00', { channel: 'phone', outcome: 'voicemail' }, { subject, id, source });
const byId = (events: readonly LoggedEvent[]) => events.toSorted((a, b) => (a.event.id < b.event.id ? -1 : 1));

/** Event logs, the referrals themselves, and the due index. */
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

    it('has another in the place of an event, if that is still what was read', async () => {
      const { referrals, another } = stores();
      const first = { ...logged(call('log-8', 'a')), isTranslated: true };
      const other = logged(call('log-8', 'b'));
      await referrals.append(first);
      await referrals.append(other);
      const read = (await referrals.loadLog('log-8')).log.find(({ event }) => event.id === 'a') as LoggedEvent;
      const [earlier, corrected] = ['03-02 14:00', '03-02 14:30'].map((time) => ({
        ...logged(call('log-8', 'a'), at(time)),
        sent: time,
        isTranslated: true,
      })) as [LoggedEvent, LoggedEvent];
      expect(await another().referrals.replace(corrected, read)).toBe('written');
      expect(byId((await referrals.loadLog('log-8')).log)).toEqual([corrected, other]);
      expect(await referrals.replace(earlier, read)).toBe('conflict');
      expect(await referrals.replace({ ...logged(call('log-8', 'c')), isTranslated: true }, read)).toBe('conflict');
      expect(byId((await referrals.loadLog('log-8')).log)).toEqual([corrected, other]);
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

    it('takes ids and sources longer than a key may be: there once was no limit', async () => {
      const { referrals } = stores();
      const { event, arrivedAt } = logged(call('log-6', 'i', '/s'));
      const long = { event: { ...event, id: 'i'.repeat(2000), source: `/${'s'.repeat(2000)}` }, arrivedAt };
      await referrals.append(long);
      expect((await referrals.loadLog('log-6')).log).toEqual([long]);
    });

    it('says how data was sent, if that was noted', async () => {
      const { referrals } = stores();
      const noted = [
        { ...logged(call('log-7', 'a')), sent: '=' },
        { ...logged(call('log-7', 'b')), sent: 'b4YNL2jCQnRbO1xT' },
      ];
      const before = logged(call('log-7', 'c'));
      for (const each of [...noted, before]) await referrals.append(each);
      expect(byId((await referrals.loadLog('log-7')).log)).toEqual([...noted, before]);
    });

    it('is read whole where it fills more than one page', async () => {
      const { referrals } = stores();
      const data = { reason: 'moved', evidence: 'x'.repeat(240_000) };
      const large = (id: string) => sent('referral.closed', '03-02 15:00', data, { subject: 'log-large', id });
      const all = Array.from({ length: 10 }, (_, index) => logged(large(`e${index}`)));
      for (const each of all) await referrals.append(each);
      await referrals.save(storedReferral('log-large'), null);
      const { stored, log } = await referrals.loadLog('log-large');
      expect(byId(log)).toEqual(all);
      expect(stored).toEqual(storedReferral('log-large'));
    });
  });

  describe('a referral', () => {
    it('is first written where there is none, and only once', async () => {
      const { referrals } = stores();
      expect(await referrals.save(storedReferral('state-1'), null)).toBe('written');
      expect(await referrals.save(storedReferral('state-1', { version: 7 }), null)).toBe('conflict');
      expect(await referrals.load('state-1')).toEqual(storedReferral('state-1'));
    });

    it('is replaced whole by whoever read its version, and by nobody else', async () => {
      const { referrals } = stores();
      const urgent = storedAlert('state-2', { level: 'escalated' }, { to: 'c-1', is: 'pending' });
      const alerts = [urgent, storedAlert('state-2', { kind: 'silence' })];
      const first = plain(storedReferral('state-2', { alerts }));
      expect(first.listed).toEqual({ owned: true, escalated: true, urgent: true });
      await referrals.save(first, null);
      expect(await referrals.load('state-2')).toEqual(first);
      const state = stateOf('state-2', { stage: 'voided' });
      const next = storedReferral('state-2', { version: 2, state, config: 'another', wakeAt: null });
      expect(await referrals.save(next, 1)).toBe('written');
      expect(await referrals.save(storedReferral('state-2', { version: 2 }), 1)).toBe('conflict');
      expect(await referrals.load('state-2')).toEqual(next);
    });

    it('cannot replace one that was never written', async () => {
      const { referrals } = stores();
      expect(await referrals.save(storedReferral('state-3', { version: 2 }), 1)).toBe('conflict');
      expect(await referrals.load('state-3')).toBeNull();
    });

    it('is there beside its log and without it', async () => {
      const { referrals } = stores();
      const event = logged(call('state-4', 'a'));
      await referrals.append(event);
      expect(await referrals.load('state-4')).toBeNull();
      await referrals.save(storedReferral('state-4'), null);
      expect(await referrals.loadLog('state-4')).toEqual({ stored: storedReferral('state-4'), log: [event] });
      expect(await referrals.load('state-4')).toEqual(storedReferral('state-4'));
    });

    it('is found among many, once each, where it exists', async () => {
      const { referrals } = stores();
      const ids = Array.from({ length: 130 }, (_, index) => `many-${index}`);
      await Promise.all(ids.map((id) => referrals.save(storedReferral(id), null)));
      const found = await referrals.loadMany([...ids, 'many-missing', 'many-0']);
      expect(found.map(({ state }) => state.referralId).sort()).toEqual([...ids].sort());
      expect(found.find(({ state }) => state.referralId === 'many-129')).toEqual(storedReferral('many-129'));
      expect(await referrals.loadMany([])).toEqual([]);
    });
  });

  describe('the due index', () => {
    const now = at('03-02 14:00');
    const save = (referralId: string, wakeAt: number | null, version = 1) =>
      stores().referrals.save(storedReferral(referralId, { wakeAt, version }), version === 1 ? null : version - 1);
    /** What a referral's shard names of a test's own referrals. */
    const dueBeside = (referralId: string, until: number, prefix = referralId, after?: DueEntry) =>
      dueIn(stores(), shardOf(referralId, stores().shards), until, prefix, after);
    /** Names with a prefix that lie in one shard. */
    const inOneShard = (prefix: string, count: number): string[] =>
      Array.from({ length: 20 * count }, (_, index) => `${prefix}${index}`)
        .filter((id) => shardOf(id, stores().shards) === 0)
        .slice(0, count);

    it('names what is due by now, earliest first, each referral in its own shard', async () => {
      const { shards } = stores();
      const wakes = Array.from({ length: 12 }, (_, index) => ({
        referralId: `due-${index}`,
        wakeAt: now - ((index * 7) % 12) * MINUTE_MS,
      }));
      for (const { referralId, wakeAt } of wakes) await save(referralId, wakeAt);
      await save('due-later', now + 1);
      await save('due-never', null);
      for (let shard = 0; shard < shards; shard += 1) {
        const expected = wakes
          .filter(({ referralId }) => shardOf(referralId, shards) === shard)
          .sort((a, b) => a.wakeAt - b.wakeAt);
        expect(await dueIn(stores(), shard, now, 'due-')).toEqual(expected);
      }
    });

    it('names a referral in a shard of the number under which it was written, and of no other', async () => {
      const { referrals, shards } = stores();
      await save('of-shards-1', now);
      const others = Array.from({ length: shards + 1 }, (_, shard) => ({ shard, of: shards + 1 }));
      for (const shard of others) {
        for await (const page of referrals.due(shard, now)) expect(page).toEqual([]);
      }
      expect(await dueBeside('of-shards-1', now)).toEqual([{ referralId: 'of-shards-1', wakeAt: now }]);
    });

    it('moves a referral that is to be looked at later, and lets one go that never has to be again', async () => {
      const { referrals } = stores();
      await save('armed-1', now);
      await save('armed-1', now + HOUR_MS, 2);
      expect(await dueBeside('armed-1', now)).toEqual([]);
      expect(await dueBeside('armed-1', now + HOUR_MS)).toEqual([{ referralId: 'armed-1', wakeAt: now + HOUR_MS }]);
      await save('armed-1', null, 3);
      expect(await dueBeside('armed-1', now + HOUR_MS)).toEqual([]);
      expect(await referrals.load('armed-1')).toEqual(storedReferral('armed-1', { version: 3, wakeAt: null }));
    });

    it('leaves a referral where it is if a write comes too late', async () => {
      const { referrals } = stores();
      await save('armed-2', now);
      await save('armed-2', now + HOUR_MS, 2);
      expect(await save('armed-2', null, 2)).toBe('conflict');
      expect(await save('armed-missing', now, 2)).toBe('conflict');
      expect(await dueBeside('armed-2', now + HOUR_MS)).toEqual([{ referralId: 'armed-2', wakeAt: now + HOUR_MS }]);
      expect(await dueBeside('armed-missing', now)).toEqual([]);
      expect(await referrals.load('armed-missing')).toBeNull();
    });

    it('goes on behind any of its entries, those that are due together with it among them', async () => {
      const ids = inOneShard('behind-', 6);
      for (const [index, id] of ids.entries()) await save(id, now + Math.floor(index / 3));
      const whole = await dueIn(stores(), 0, now + 1, 'behind-');
      expect(whole).toHaveLength(ids.length);
      for (const [index, last] of whole.entries()) {
        expect(await dueIn(stores(), 0, now + 1, 'behind-', last)).toEqual(whole.slice(index + 1));
      }
    });

    it('goes on behind an entry that has moved or gone meanwhile', async () => {
      const ids = inOneShard('moved-', 4) as [string, string, string, string];
      for (const [index, id] of ids.entries()) await save(id, now + index);
      const entry = (index: number) => ({ referralId: ids[index] as string, wakeAt: now + index });
      await save(ids[1], now + HOUR_MS, 2);
      const rest = [entry(2), entry(3), { referralId: ids[1], wakeAt: now + HOUR_MS }];
      expect(await dueIn(stores(), 0, now + HOUR_MS, 'moved-', entry(1))).toEqual(rest);
      await save(ids[2], null, 2);
      expect(await dueIn(stores(), 0, now + HOUR_MS, 'moved-', entry(2))).toEqual(rest.slice(1));
    });
  });
}

/** What a shard names of this test's own referrals, page by page as it comes. */
async function dueIn(
  { referrals, shards }: TestedStores,
  shard: number,
  now: number,
  prefix: string,
  after?: DueEntry,
) {
  const found: DueEntry[] = [];
  for await (const page of referrals.due({ shard, of: shards }, now, after)) found.push(...page);
  return found.filter(({ referralId }) => referralId.startsWith(prefix));
}
