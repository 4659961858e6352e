import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { shardOf } from '../../../shared/store/keys.ts';
import { listKeys } from '../../../shared/store/referral-items.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';
import { plain, type TestedStores } from './stores.ts';

const ENDED = at('2026-03-05T15:00:00Z');
const LATER = ENDED + 800 * DAY_MS;

const closedState = (referralId: string, endedAt = ENDED) => stateOf(referralId, { stage: 'closed', endedAt });
const closed = (referralId: string, endedAt = ENDED) =>
  storedReferral(referralId, { wakeAt: null, state: closedState(referralId, endedAt) });
const event = (subject: string) => logged(sent('referral.closed', ENDED, { reason: 'moved' }, { subject, id: 'end' }));

/** How closed referrals are found, retired and given to the time to live. */
export function retentionContract(stores: () => TestedStores): void {
  const closedIn = async (referralId: string, until: number): Promise<string[]> => {
    const { referrals, shards } = stores();
    const found: string[] = [];
    for await (const page of referrals.closed({ shard: shardOf(referralId, shards), of: shards }, until)) {
      found.push(...page.map((each) => each.referralId));
    }
    return found.filter((each) => each === referralId);
  };

  describe('closed referrals', () => {
    it('are found by when they were closed, from that instant on', async () => {
      await stores().referrals.save(closed('old-1'), null);
      expect(await closedIn('old-1', ENDED - 1)).toEqual([]);
      expect(await closedIn('old-1', ENDED)).toEqual(['old-1']);
    });

    it('are not found while open, nor while detection has anything left to look for', async () => {
      const { referrals } = stores();
      await referrals.save(storedReferral('old-2', { wakeAt: null }), null);
      await referrals.save({ ...closed('old-3'), wakeAt: LATER }, null);
      expect(await closedIn('old-2', LATER)).toEqual([]);
      expect(await closedIn('old-3', LATER)).toEqual([]);
    });

    it('are found once the last look was taken, and are not due', async () => {
      const { referrals, shards } = stores();
      const watched = { ...closed('old-4'), wakeAt: ENDED + DAY_MS };
      await referrals.save(watched, null);
      expect(await referrals.save({ ...watched, wakeAt: null, version: 2 }, 1)).toBe('written');
      expect(await closedIn('old-4', ENDED)).toEqual(['old-4']);
      expect((await referrals.loadLog('old-4')).stored?.wakeAt).toBeNull();
      for await (const page of referrals.due({ shard: shardOf('old-4', shards), of: shards }, LATER)) {
        expect(page.map(({ referralId }) => referralId)).not.toContain('old-4');
      }
    });

    it('leave when they are reopened', async () => {
      const { referrals } = stores();
      await referrals.save(closed('old-5'), null);
      await referrals.save(storedReferral('old-5', { version: 2, wakeAt: null }), 1);
      expect(await closedIn('old-5', LATER)).toEqual([]);
    });
  });

  describe('a retired referral', () => {
    it('says so, and can no longer be written by whoever read it before', async () => {
      const { referrals } = stores();
      await referrals.save(closed('old-6'), null);
      expect(await referrals.retire(closed('old-6'), LATER)).toBe('written');
      expect((await referrals.loadLog('old-6')).stored).toEqual({ ...closed('old-6'), version: 2, retiredAt: LATER });
      expect(await referrals.save({ ...closed('old-6'), version: 2 }, 1)).toBe('conflict');
      expect(await referrals.retire(closed('old-6'), LATER)).toBe('conflict');
      expect(await closedIn('old-6', LATER)).toEqual(['old-6']);
    });

    it('is one no longer once its projection is written again', async () => {
      const { referrals } = stores();
      await referrals.save(closed('old-7'), null);
      await referrals.retire(closed('old-7'), LATER);
      await referrals.save({ ...closed('old-7'), version: 3 }, 2);
      expect((await referrals.loadLog('old-7')).stored).toEqual({ ...closed('old-7'), version: 3 });
    });

    it('is not given away by whoever read another version, nor before it was retired', async () => {
      const { referrals } = stores();
      await referrals.append(event('old-8'));
      await referrals.save(closed('old-8'), null);
      expect(await referrals.expire(closed('old-8'), LATER)).toBe('conflict');
      await referrals.retire(closed('old-8'), LATER);
      expect(await referrals.expire(closed('old-8'), LATER)).toBe('conflict');
      expect(await closedIn('old-8', LATER)).toEqual(['old-8']);
      expect((await referrals.loadLog('old-8')).log).toEqual([event('old-8')]);
    });

    it('is in no index but that of its practice and has no log any more once it is given away', async () => {
      const { referrals } = stores();
      const urgent = storedAlert('old-9', { level: 'escalated' }, { to: 'c-1', is: 'pending' });
      const state = { ...closedState('old-9'), site: 'old-site', practiceId: 'old-practice' };
      const read = storedReferral('old-9', { state, alerts: [urgent], wakeAt: null });
      const { coordinatorKey = '', liaisonKey = '' } = listKeys(read);
      const listed = async (): Promise<string[]> => [
        ...(await referrals.listedUnder('coordinator', [coordinatorKey])),
        ...(await referrals.listedUnder('liaison', [liaisonKey])),
        ...(await referrals.escalatedAt(['old-site'])),
        ...(await referrals.pendingUrgent()).filter((id) => id === 'old-9'),
        ...(await closedIn('old-9', LATER)),
      ];
      await referrals.append(event('old-9'));
      await referrals.save(read, null);
      await referrals.retire(read, LATER);
      expect(await listed()).toEqual(Array(5).fill('old-9'));
      const { stored } = await referrals.loadLog('old-9');
      expect(stored && (await referrals.expire(stored, LATER))).toBe('written');
      expect(await listed()).toEqual([]);
      expect((await referrals.loadLog('old-9')).log).toEqual([]);
      expect((await referrals.receivedFrom('old-practice')).map(({ referralId }) => referralId)).toEqual(['old-9']);
    });

    it('leaves the due index, too, when it is given away', async () => {
      const { referrals, shards } = stores();
      const read = { ...closed('old-11'), wakeAt: LATER };
      await referrals.save(read, null);
      await referrals.retire(read, LATER);
      expect(await referrals.expire({ ...read, version: 2 }, LATER)).toBe('written');
      for await (const page of referrals.due({ shard: shardOf('old-11', shards), of: shards }, LATER)) {
        expect(page.map(({ referralId }) => referralId)).not.toContain('old-11');
      }
    });

    it('leaves room for what comes under its id later, before the table has removed it', async () => {
      const { referrals } = stores();
      await referrals.append(event('old-10'));
      await referrals.save(closed('old-10'), null);
      await referrals.retire(closed('old-10'), LATER);
      const { stored } = await referrals.loadLog('old-10');
      if (stored) await referrals.expire(stored, LATER);
      expect(await referrals.append(event('old-10'))).toBe('written');
      expect(await referrals.append(event('old-10'))).toBe('conflict');
      const next = plain(storedReferral('old-10', { alerts: [storedAlert('old-10')] }));
      expect(await referrals.save(next, null)).toBe('written');
      expect(await referrals.save(next, null)).toBe('conflict');
      expect(await referrals.loadLog('old-10')).toEqual({ stored: next, log: [event('old-10')] });
    });
  });
}
