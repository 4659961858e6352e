import { describe, expect, it } from 'vitest';
import { escalatedAlerts, nobodysAlerts, ownAlerts } from '../../../functions/send-mail/referral-alerts.ts';
import type { Config, Person } from '../../../shared/contracts/config.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { Alert, ReferralState } from '../../../shared/contracts/state.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import type { OwnerRole, ReferralStore } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { STORED_CONFIG, stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore, MemoryTables } from '../../doubles/memory-stores.ts';

/** Whose alerts are in which mail: by the facts of their referrals and the directory in force. */

const MONDAY = at('03-02 14:00');
const [C1, C2, C3, L1] = [
  { role: 'coordinator', id: 'c-1' },
  { role: 'coordinator', id: 'c-2' },
  { role: 'coordinator', id: 'c-3' },
  { role: 'liaison', id: 'l-1' },
] as const;
const ESCALATED = { level: 'escalated' } as const;
const NO_FACTS = { coordinatorId: null, site: null, specialty: null, liaisonId: null, practiceId: null };

/** The sample directory, changed: coordinators are routed to by specialty and site, and `c-1` is north's fallback. */
function withDirectory(change: (directory: Config['directory']) => Partial<Config['directory']> = () => ({})): Config {
  const { policy, directory } = sampleConfig();
  return { policy, directory: { ...directory, ...change(directory) } };
}

const coordinator = (id: string, over: Partial<Person> = {}): Person => ({
  ...{ id, role: 'coordinator', name: id, email: `${id}@example.org`, timeZone: 'America/New_York', routes: [] },
  ...over,
});
const withCoordinator = (id: string, over: Partial<Person> = {}): Config =>
  withDirectory(({ people }) => ({ people: [...people, coordinator(id, over)] }));
const without = (id: string): Config =>
  withDirectory(({ people }) => ({ people: people.filter((person) => person.id !== id) }));

const sourceOf = (referrals: ReferralStore, config = withDirectory()) => ({
  ...{ referrals, config },
  version: STORED_CONFIG,
  log: silentLog,
  aside: () => {},
});

/** Stores a referral of these facts with these alerts; by default an open one. */
async function store(
  referrals: MemoryReferralStore,
  referralId: string,
  facts: Partial<ReferralState>,
  ...own: Partial<Alert>[]
): Promise<void> {
  const alerts = (own.length > 0 ? own : [{}]).map((alert) => storedAlert(referralId, alert));
  await referrals.save(storedReferral(referralId, { state: stateOf(referralId, facts), alerts }), null);
}

async function storeWith(
  ...stored: [referralId: string, facts: Partial<ReferralState>, ...alerts: Partial<Alert>[]][]
): Promise<MemoryReferralStore> {
  const referrals = new MemoryReferralStore();
  for (const [referralId, facts, ...own] of stored) await store(referrals, referralId, facts, ...own);
  return referrals;
}

const idsOf = (alerts: readonly ReferralAlert[]) => alerts.map(({ alert }) => alert.referralId).sort();
const own = async (person: { role: OwnerRole; id: string }, referrals: ReferralStore, config = withDirectory()) =>
  idsOf(await ownAlerts(person, null, sourceOf(referrals, config)));
const nobodys = async (referrals: ReferralStore, config = withDirectory()) =>
  idsOf(await nobodysAlerts(sourceOf(referrals, config)));

/** A referral of each way to an owner, and one that is nobody's. */
const ofEverybody = () =>
  storeWith(
    ['R-named', { coordinatorId: 'c-1', site: 'west', specialty: 'imaging' }],
    ['R-routed', { site: 'west', specialty: 'imaging' }],
    ['R-of-a-site', { site: 'west', specialty: 'cardiology' }],
    ['R-fallback', { site: 'north', specialty: 'dermatology' }],
    ['R-nobodys', { site: 'cape', specialty: 'dermatology' }],
  );

describe("a coordinator's alerts", () => {
  it('are those of the referrals that name them, that a route brings, and that nobody else takes at their site', async () => {
    const referrals = await ofEverybody();
    expect(await own(C1, referrals)).toEqual(['R-fallback', 'R-named']);
    expect(await own(C2, referrals)).toEqual(['R-of-a-site']);
    expect(await own(C3, referrals)).toEqual(['R-routed']);
    expect(await nobodys(referrals)).toEqual(['R-nobodys']);
  });

  it('follow the directory in force, with nothing written', async () => {
    const referrals = await ofEverybody();
    const taken = withCoordinator('c-new', { routes: [{ site: 'cape' }, { site: 'north', specialty: 'dermatology' }] });
    expect(await own({ role: 'coordinator', id: 'c-new' }, referrals, taken)).toEqual(['R-fallback', 'R-nobodys']);
    expect(await own(C1, referrals, taken)).toEqual(['R-named']);
    expect(await nobodys(referrals, taken)).toEqual([]);
  });

  it('go by route once a person has left, although the referral names them', async () => {
    const referrals = await ofEverybody();
    const left = without('c-1');
    expect(await own(C3, referrals, left)).toEqual(['R-named', 'R-routed']);
    expect(await own(C1, referrals, left)).toEqual([]);
    // North's fallback has left as well.
    expect(await nobodys(referrals, left)).toEqual(['R-fallback', 'R-nobodys']);
  });

  it('are found whatever a sender writes into the facts', async () => {
    const referrals = await storeWith(
      ['R-long', { coordinatorId: 'c-1', site: 'x'.repeat(3_000), specialty: null }],
      ['R-like-keys', { coordinatorId: 'c-1', site: 'a","b', specialty: '#' }],
    );
    expect(await own(C1, referrals)).toEqual(['R-like-keys', 'R-long']);
  });

  it('are theirs if nothing is known of a referral and they take everything', async () => {
    const orphan = { ...NO_FACTS, stage: 'awaiting_referral', receivedAt: null } as const;
    const referrals = await storeWith(...Array.from({ length: 12 }, (_, n) => [`R-${n}`, orphan] as [string, object]));
    const all = withCoordinator('c-all', { routes: [{}] });
    expect(await own({ role: 'coordinator', id: 'c-all' }, referrals, all)).toHaveLength(12);
    expect(await nobodys(referrals)).toHaveLength(12);
  });

  it('are the open ones, and those resolved since their last digest', async () => {
    const resolved = (resolvedAt: number) => ({ resolvedAt, resolution: 'stopped' }) as const;
    const referrals = await storeWith(
      ['R-open', { coordinatorId: 'c-1' }],
      ['R-before', { coordinatorId: 'c-1' }, resolved(MONDAY)],
      ['R-since', { coordinatorId: 'c-1' }, resolved(MONDAY + 1)],
    );
    expect(idsOf(await ownAlerts(C1, MONDAY, sourceOf(referrals)))).toEqual(['R-open', 'R-since']);
    expect(await own(C1, referrals)).toEqual(['R-open']);
    expect(await nobodys(referrals, without('c-1'))).toEqual(['R-open']);
  });

  it('are no longer theirs when facts have changed, although an index still says so', async () => {
    class Lagging extends MemoryReferralStore {
      override async listedUnder() {
        return ['R-theirs', 'R-moved'];
      }
      override async escalatedAt() {
        return ['R-theirs', 'R-moved'];
      }
    }
    const referrals = new Lagging();
    await store(referrals, 'R-theirs', { coordinatorId: 'c-1', site: 'north' }, ESCALATED);
    await store(referrals, 'R-moved', { coordinatorId: 'c-2', site: 'west' }, ESCALATED);
    expect(await own(C1, referrals)).toEqual(['R-theirs']);
    expect(await nobodys(referrals)).toEqual([]);
    expect(idsOf(await escalatedAlerts('c-1', sourceOf(referrals, escalating())))).toEqual(['R-theirs']);
  });
});

describe("a liaison's alerts", () => {
  const ofLiaisons = () =>
    storeWith(
      ['R-named', { liaisonId: 'l-1', practiceId: 'practice-2' }],
      ['R-of-practice', { liaisonId: null, practiceId: 'practice-1' }],
      ['R-left', { liaisonId: 'l-left', practiceId: 'practice-1' }],
      ['R-other', { liaisonId: null, practiceId: 'practice-9' }],
      ['R-no-practice', { liaisonId: null, practiceId: null }],
    );

  it('are those of the referrals that name them, or whose practice is theirs', async () => {
    expect(await own(L1, await ofLiaisons())).toEqual(['R-left', 'R-named', 'R-of-practice']);
  });

  it('follow the directory in force, with nothing written', async () => {
    const config = withDirectory(({ practices }) => ({
      practices: practices.map((practice) => ({
        ...practice,
        liaisonId: practice.id === 'practice-1' ? 'l-2' : 'l-1',
      })),
    }));
    expect(await own(L1, await ofLiaisons(), config)).toEqual(['R-named']);
  });
});

/** The sample directory with `c-1` over north and `c-2` over west, and further people. */
function escalating(people: readonly Person[] = []): Config {
  const escalateTo: Record<string, string> = { north: 'c-1', west: 'c-2' };
  return withDirectory((directory) => ({
    people: [...directory.people, ...people],
    sites: directory.sites.map((site) => {
      const person = escalateTo[site.id];
      return person === undefined ? site : { ...site, escalateTo: person };
    }),
  }));
}

describe('escalated alerts', () => {
  const escalatedTo = async (personId: string, referrals: ReferralStore) =>
    idsOf(await escalatedAlerts(personId, sourceOf(referrals, escalating())));

  it("go to the person that their referral's site escalates to, whoever coordinates the referral", async () => {
    const referrals = await storeWith(
      ['R-north', { coordinatorId: 'c-2', site: 'north' }, ESCALATED],
      ['R-nobodys', { coordinatorId: null, site: 'north' }, ESCALATED],
      ['R-west', { coordinatorId: 'c-1', site: 'west' }, ESCALATED],
    );
    expect(await escalatedTo('c-1', referrals)).toEqual(['R-nobodys', 'R-north']);
    expect(await escalatedTo('c-2', referrals)).toEqual(['R-west']);
  });

  it('go to nobody else, with the other open alerts of their referral, but of no other that is late or was', async () => {
    const over = { ...ESCALATED, resolvedAt: MONDAY + DAY_MS, resolution: 'stopped' } as const;
    const referrals = await storeWith(
      ['R-north', { coordinatorId: 'c-2', site: 'north' }, ESCALATED, { kind: 'visit' }],
      ['R-late', { coordinatorId: 'c-2', site: 'north' }, { level: 'breached' }],
      ['R-over', { coordinatorId: 'c-2', site: 'north' }, over],
      ['R-no-site', { coordinatorId: 'c-1', site: null }, ESCALATED],
    );
    expect(await escalatedTo('c-1', referrals)).toEqual(['R-north', 'R-north']);
    expect(await escalatedTo('c-3', referrals)).toEqual([]);
  });

  it('are none of a referral that the index still lists and that is escalated no more', async () => {
    const referrals = await storeWith(
      ['R-north', { coordinatorId: 'c-2', site: 'north' }, ESCALATED],
      ['R-was', { coordinatorId: 'c-2', site: 'north' }, { level: 'breached' }],
    );
    referrals.escalatedAt = async () => ['R-north', 'R-was'];
    expect(await escalatedTo('c-1', referrals)).toEqual(['R-north']);
  });
});

describe('what is read', () => {
  /** 60 referrals of so many coordinators in turn, `c-0` the first, all escalated; and what each call then asks. */
  async function asking(coordinators: number, ask: (source: ReturnType<typeof sourceOf>) => Promise<unknown>) {
    const requests: string[] = [];
    const tables = new MemoryTables(({ action, index }) => {
      requests.push(index === undefined ? action : `${action} ${index}`);
    });
    const referrals = new MemoryReferralStore({ tables });
    const ids = Array.from({ length: coordinators }, (_, n) => `c-${n}`);
    for (const coordinatorId of ids) await store(referrals, `R-of-${coordinatorId}`, { coordinatorId, site: 'west' });
    for (let n = 0; n < 60; n += 1) {
      await store(referrals, `R-${n}`, { coordinatorId: `c-${n % coordinators}`, site: 'north' }, ESCALATED);
    }
    requests.length = 0;
    await ask(sourceOf(referrals, escalating(ids.map((id) => coordinator(id)))));
    return requests;
  }

  it.each([3, 150])(
    'of what is escalated is one list for each site and the referrals in it, for %i coordinators',
    async (coordinators) => {
      const asked = await asking(coordinators, (source) => escalatedAlerts('c-1', source));
      expect(asked).toEqual(['Query escalated', 'BatchGetItem']);
    },
  );

  it.each([3, 150])(
    'of one of %i coordinators is the keys in use, and the lists under their own',
    async (coordinators) => {
      const asked = await asking(coordinators, (source) => ownAlerts({ role: 'coordinator', id: 'c-0' }, null, source));
      // Their facts combine in two ways.
      expect(asked).toEqual(['Query', 'Query coordinator', 'Query coordinator', 'BatchGetItem']);
    },
  );

  it('of a liaison is the same; of somebody who has nothing, the keys in use and no more', async () => {
    expect(await asking(3, (source) => ownAlerts(L1, null, source))).toEqual([
      'Query',
      'Query liaison',
      'BatchGetItem',
    ]);
    expect(await asking(3, (source) => ownAlerts({ role: 'liaison', id: 'l-9' }, null, source))).toEqual(['Query']);
    expect(await asking(3, (source) => escalatedAlerts('c-0', source))).toEqual([]);
  });
});
