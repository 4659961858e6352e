import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { ReferralState } from '../../../shared/contracts/state.ts';
import type { OwnerFacts, OwnerRole, StoredReferral } from '../../../shared/store/referral-store.ts';
import { at } from '../../builders/instants.ts';
import { stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

const RESOLVED = { resolvedAt: at('03-03 14:00'), resolution: 'stopped' } as const;
/** One more than DynamoDB takes in an item. */
const TOO_LONG = 'x'.repeat(400 * 1024);
const NOTHING = { coordinatorId: null, site: null, specialty: null, liaisonId: null, practiceId: null };

/** A referral with an open alert, of which these facts hold. */
function watched(referralId: string, facts: Partial<ReferralState>, over: Partial<StoredReferral> = {}) {
  return {
    ...storedReferral(referralId, { alerts: [storedAlert(referralId)] }),
    state: stateOf(referralId, facts),
    ...over,
  };
}

/** Facts of a role that nobody else's test has. */
const FACTS: { [R in OwnerRole]: (name: string) => OwnerFacts[R] } = {
  coordinator: (name) => ({ coordinatorId: null, site: name, specialty: 'dermatology' }),
  liaison: (name) => ({ liaisonId: null, practiceId: name }),
};
/** Facts that are told apart, however alike they read. */
const VARIED: { [R in OwnerRole]: OwnerFacts[R][] } = {
  coordinator: [
    { coordinatorId: 'vary', site: null, specialty: null },
    { coordinatorId: null, site: 'vary', specialty: null },
    { coordinatorId: null, site: null, specialty: 'vary' },
    { coordinatorId: null, site: 'vary', specialty: 'vary' },
    { coordinatorId: null, site: 'vary","vary', specialty: null },
    { coordinatorId: 'null', site: 'vary', specialty: null },
  ],
  liaison: [
    { liaisonId: 'vary', practiceId: null },
    { liaisonId: null, practiceId: 'vary' },
    { liaisonId: 'vary', practiceId: 'vary' },
    { liaisonId: 'null', practiceId: 'vary' },
  ],
};

/** How the people who have to see to a referral find it: by the facts that decide whose it is, and by site. */
export function ownerContract(stores: () => TestedStores): void {
  describe.each(['coordinator', 'liaison'] as const)('the key by which a %s finds referrals', (role) => {
    const facts = (name: string) => FACTS[role](`${role}-${name}`);
    const id = (name: string) => `${role}-of-${name}`;
    const keysOf = async (wanted: object): Promise<string[]> => {
      const keys = await stores().referrals.ownerKeys(role);
      return keys.filter((entry) => isDeepStrictEqual(entry.facts, wanted)).map(({ key }) => key);
    };
    /** Whom somebody finds who asks for referrals with certain facts. */
    const found = async (wanted: object): Promise<string[]> =>
      (await stores().referrals.listedUnder(role, await keysOf(wanted))).sort();

    it('is registered once, whichever worker writes referrals with the same facts', async () => {
      const { referrals, another } = stores();
      await referrals.save(watched(id('one-a'), facts('one')), null);
      await referrals.save(watched(id('one-b'), facts('one')), null);
      await another().referrals.save(watched(id('one-c'), facts('one')), null);
      expect(await keysOf(facts('one'))).toHaveLength(1);
      expect(await found(facts('one'))).toEqual([id('one-a'), id('one-b'), id('one-c')]);
    });

    it('differs if one of the facts does', async () => {
      const { referrals } = stores();
      for (const [index, varied] of VARIED[role].entries()) {
        await referrals.save(watched(id(`vary-${index}`), { ...NOTHING, ...varied }), null);
      }
      for (const [index, varied] of VARIED[role].entries()) expect(await found(varied)).toEqual([id(`vary-${index}`)]);
    });

    it('is registered before the referral: a write that comes too late leaves it behind', async () => {
      const { referrals } = stores();
      await referrals.save(watched(id('late'), facts('early')), null);
      expect(await referrals.save(watched(id('late'), facts('late'), { version: 2 }), 7)).toBe('conflict');
      expect(await keysOf(facts('late'))).toHaveLength(1);
      expect(await found(facts('late'))).toEqual([]);
      expect(await found(facts('early'))).toEqual([id('late')]);
    });

    it('keeps the referral from being written if it cannot be registered', async () => {
      const { referrals } = stores();
      // The referral itself is deflated, so that these facts would fit.
      const long = watched(id('long'), FACTS[role](TOO_LONG));
      await expect(referrals.save(long, null)).rejects.toThrow();
      expect(await referrals.load(id('long'))).toBeNull();
      const unlisted = { ...long, listed: { owned: false, escalated: false, urgent: false } };
      expect(await referrals.save(unlisted, null)).toBe('written');
    });

    it('leads to the referrals with an open alert or one resolved of late, and to no others', async () => {
      const { referrals } = stores();
      const old = { ...RESOLVED, resolvedAt: RESOLVED.resolvedAt - 30 * DAY_MS };
      const save = (name: string, alerts: StoredReferral) =>
        referrals.save({ ...alerts, state: stateOf(id(name), facts('list')) }, null);
      await save('list-open', storedReferral(id('list-open'), { alerts: [storedAlert(id('list-open'))] }));
      await save('list-new', storedReferral(id('list-new'), { alerts: [storedAlert(id('list-new'), RESOLVED)] }));
      await save('list-old', storedReferral(id('list-old'), { alerts: [storedAlert(id('list-old'), old)] }));
      await save('list-none', storedReferral(id('list-none')));
      expect(await found(facts('list'))).toEqual([id('list-new'), id('list-open')]);
    });

    it('is not registered for a referral that is in nobody’s list', async () => {
      const { referrals } = stores();
      await referrals.save(storedReferral(id('none'), { state: stateOf(id('none'), facts('none')) }), null);
      expect(await keysOf(facts('none'))).toEqual([]);
    });

    it('changes with the facts, and goes when the list lets the referral go', async () => {
      const { referrals } = stores();
      await referrals.save(watched(id('move'), facts('from')), null);
      await referrals.save(watched(id('move'), facts('to'), { version: 2 }), 1);
      expect(await found(facts('from'))).toEqual([]);
      expect(await found(facts('to'))).toEqual([id('move')]);
      const gone = { owned: false, escalated: false, urgent: false };
      await referrals.save(watched(id('move'), facts('to'), { version: 3, listed: gone }), 2);
      expect(await found(facts('to'))).toEqual([]);
      expect((await referrals.load(id('move')))?.listed).toEqual(gone);
    });

    it('is asked for among several, and names each referral once', async () => {
      const { referrals } = stores();
      await referrals.save(watched(id('some-1'), facts('some-1')), null);
      await referrals.save(watched(id('some-2'), facts('some-2')), null);
      await referrals.save(watched(id('some-3'), facts('some-3')), null);
      const keys = [...(await keysOf(facts('some-1'))), ...(await keysOf(facts('some-2')))];
      const listed = await referrals.listedUnder(role, [...keys, ...keys]);
      expect(listed.sort()).toEqual([id('some-1'), id('some-2')]);
      expect(await referrals.listedUnder(role, [])).toEqual([]);
      expect(await referrals.listedUnder(role, ['no such key'])).toEqual([]);
    });
  });

  describe('referrals of which nothing is known', () => {
    it('share four keys of a coordinator, and have none of a liaison', async () => {
      const { referrals } = stores();
      const ids = Array.from({ length: 40 }, (_, index) => `unknown-${index}`);
      for (const id of ids) await referrals.save(watched(id, NOTHING), null);
      const keys = await referrals.ownerKeys('coordinator');
      const unknown = keys.filter(({ facts }) => Object.values(facts ?? {}).every((fact) => fact === null));
      expect(unknown).toHaveLength(4);
      const found = await Promise.all(unknown.map(({ key }) => referrals.listedUnder('coordinator', [key])));
      const mine = found.map((listed) => listed.filter((id) => ids.includes(id)));
      expect(mine.flat().sort()).toEqual([...ids].sort());
      for (const listed of mine) expect(listed.length).toBeGreaterThan(0);
      const liaisons = await referrals.ownerKeys('liaison');
      expect(liaisons.map(({ facts }) => facts)).not.toContainEqual({ liaisonId: null, practiceId: null });
    });
  });

  describe('escalated referrals', () => {
    const save = (id: string, site: string | null, alert: Parameters<typeof storedAlert>[1], version = 1) =>
      stores().referrals.save(
        { ...storedReferral(id, { alerts: [storedAlert(id, alert)], version }), state: stateOf(id, { site }) },
        version === 1 ? null : version - 1,
      );

    it('are found by their site, while an alert is open and escalated', async () => {
      const { referrals } = stores();
      const escalated = { level: 'escalated' } as const;
      await save('escalated-1', 'esc-a', escalated);
      await save('escalated-2', 'esc-b', escalated);
      await save('escalated-3', 'esc-c', escalated);
      await save('escalated-4', 'esc-a', { level: 'breached' });
      await save('escalated-5', 'esc-a', { ...escalated, ...RESOLVED });
      await save('escalated-6', null, escalated);
      expect((await referrals.escalatedAt(['esc-a', 'esc-b', 'esc-a'])).sort()).toEqual(['escalated-1', 'escalated-2']);
      expect(await referrals.escalatedAt(['esc-nowhere', '', 'null'])).toEqual([]);
      expect(await referrals.escalatedAt([])).toEqual([]);
    });

    it('move with their site, and are found no longer once the alert is resolved', async () => {
      const { referrals } = stores();
      await save('escalated-7', 'esc-d', { level: 'escalated' });
      await save('escalated-7', 'esc-e', { level: 'escalated' }, 2);
      expect(await referrals.escalatedAt(['esc-d'])).toEqual([]);
      expect(await referrals.escalatedAt(['esc-e'])).toEqual(['escalated-7']);
      await save('escalated-7', 'esc-e', { level: 'escalated', ...RESOLVED }, 3);
      expect(await referrals.escalatedAt(['esc-e'])).toEqual([]);
    });
  });
}
