import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { detectReferral } from '../../functions/detect-breaches/detect-referral.ts';
import { retireReferral } from '../../functions/retire-referrals/retire-referral.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { LISTED_DAYS } from '../../shared/domain/alert/listed.ts';
import { keptUntil } from '../../shared/domain/referral/retention.ts';
import { isOpen } from '../../shared/domain/referral/stage.ts';
import { packAlerts } from '../../shared/store/alert-record.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { project } from '../../shared/store/projection.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { settleUrgent } from '../../shared/store/urgent-mail.ts';
import { storedAlert } from '../builders/stored.ts';
import { MemoryReferralStore } from '../doubles/memory-stores.ts';
import { at, message, organization, received } from './organization.ts';
import { backoff, inTurns, logged, untilDone } from './turns.ts';
import { type Snapshot, World } from './world.ts';

/** What was closed 25 months ago is removed, whatever goes wrong; what is open, or was reopened, never. */

const CONFIG = organization();
const START = at('2026-03-20T12:00:00Z');
const FIRST_NIGHT = at('2028-04-04T03:20:00Z');

const closed = (id: string, time = '2026-03-03T15:00:00Z', reason = 'moved') => [
  message(id, 'referral.received', '2026-03-02T13:30:00Z', received('stat')),
  message(id, 'referral.closed', time, { reason, evidence: 'letter' }),
];
const reopened = (id: string, time: string) => message(id, 'referral.reopened', time);

describe('After 25 months', () => {
  let world: World;
  let before: Snapshot;
  beforeAll(async () => {
    world = await World.open(START);
    await world.pushConfig(CONFIG);
    await world.pipeline.enqueue([
      ...closed('R-closed'),
      ...closed('R-owed', '2026-03-03T15:00:00Z', 'unreachable'),
      ...closed('R-later', '2026-03-10T15:00:00Z'),
      message('R-open', 'referral.received', '2026-03-02T13:30:00Z', received('stat')),
      ...closed('R-reopened'),
      reopened('R-reopened', '2026-03-04T15:00:00Z'),
      message('R-voided', 'referral.received', '2026-03-02T13:30:00Z', received('routine')),
      message('R-voided', 'referral.voided', '2026-03-03T15:00:00Z'),
      message('R-orphan', 'note.received', '2026-03-02T13:30:00Z'),
    ]);
    await world.step('ingest-events', START);
    // Until nothing is left to look for: alerts have opened, escalated and been resolved, and a year after its end what
    // is still owed keeps no referral in the index.
    for (const days of [0, 1, 60, 360]) await world.step('detect-breaches', START + days * DAY_MS);
    before = await world.snapshot();
  });
  beforeEach(() => world.restore(before));
  afterAll(() => world.close());

  const night = (number: number): Instant => FIRST_NIGHT + (number - 1) * DAY_MS;
  const itemsOf = (items: Map<string, Item>, id: string) =>
    [...items].filter(([key]) => key.includes(`referral#${id} `)).map(([, item]) => item);
  /** Ids of which every item is on its way out, and of which any is. */
  const leaving = (items: Map<string, Item>) => {
    const ids = [...new Set([...items.keys()].flatMap((key) => /referral#(\S+) /.exec(key)?.[1] ?? []))].sort();
    const marked = (id: string) => itemsOf(items, id).map(({ expiresAt }) => expiresAt !== undefined);
    return { whole: ids.filter((id) => marked(id).every(Boolean)), any: ids.filter((id) => marked(id).some(Boolean)) };
  };

  it('every item of what was closed is given to the time to live on the second night, and of nothing else', async () => {
    await world.step('retire-referrals', night(1));
    expect(leaving(await world.items())).toEqual({ whole: [], any: [] });
    await world.step('retire-referrals', night(2));
    const items = await world.items();
    const gone = ['R-closed', 'R-owed', 'R-voided'];
    expect(leaving(items)).toEqual({ whole: gone, any: gone });
    const all = gone.flatMap((id) => itemsOf(items, id));
    expect(
      all.some(({ alerts }) => alerts !== undefined),
      'alerts among them',
    ).toBe(true);
    expect([...new Set(all.map(({ expiresAt }) => expiresAt))]).toEqual([night(2) / 1000]);
    expect(
      all
        .flatMap((item) => Object.keys(item))
        .filter((name) => /dueShard|wakeAt|coordinatorKey|liaisonKey|escalatedKey|urgentKey/.test(name)),
    ).toEqual([]);
  });

  it('is counted from when it was closed', async () => {
    const closedAt = at('2026-03-10T15:00:00Z');
    expect(keptUntil(night(7), 25)).toBeLessThan(closedAt);
    expect(keptUntil(night(8), 25)).toBeGreaterThanOrEqual(closedAt);
    for (const number of [1, 7, 8]) await world.step('retire-referrals', night(number));
    expect(leaving(await world.items()).any).not.toContain('R-later');
    await world.step('retire-referrals', night(9));
    expect(leaving(await world.items()).whole).toContain('R-later');
  });

  it('a run that is stopped at any call leaves nothing half given away once the next two nights are over', async () => {
    await world.step('retire-referrals', night(1));
    const second = await world.snapshot();
    for (const side of ['before', 'after'] as const) {
      for (let call = 1; ; call += 1) {
        await world.restore(second);
        const { stopped } = await world.crash('retire-referrals', night(2), side, call);
        await world.step('retire-referrals', night(3));
        await world.step('retire-referrals', night(4));
        const { whole, any } = leaving(await world.items());
        expect(any, `stopped ${side} call ${call}`).toEqual(whole);
        expect(whole).toEqual(['R-closed', 'R-owed', 'R-voided']);
        if (!stopped) break;
      }
    }
  });

  it('an event that comes for a retired referral is quarantined, and the referral goes as planned', async () => {
    await world.step('retire-referrals', night(1));
    await world.pipeline.enqueue([reopened('R-closed', '2028-04-04T09:00:00Z')]);
    await world.step('ingest-events', night(1) + DAY_MS / 2);
    const [refused] = await world.pipeline.stores.quarantine.list('unmatched');
    expect(refused?.detail).toContain('being removed');
    await world.step('retire-referrals', night(2));
    expect(leaving(await world.items()).whole).toContain('R-closed');
  });

  it('a repetition of an event that a retired referral has changes nothing', async () => {
    await world.step('retire-referrals', night(1));
    const retired = await world.items();
    await world.pipeline.enqueue(closed('R-closed'));
    await world.step('ingest-events', night(1) + DAY_MS / 2);
    const items = await world.items();
    const changed = [...items].filter(([key, item]) => JSON.stringify(item) !== JSON.stringify(retired.get(key)));
    expect(changed.map(([key]) => key)).toEqual([]);
    expect(items.size).toBe(retired.size);
  });

  it('an event under an id that was removed starts again, as an orphan', async () => {
    await world.step('retire-referrals', night(1));
    await world.step('retire-referrals', night(2));
    await world.removeExpired();
    await world.pipeline.enqueue([reopened('R-closed', '2028-04-05T09:00:00Z')]);
    await world.step('ingest-events', night(2) + DAY_MS / 2);
    const { stored, log } = await world.pipeline.stores.referrals.loadLog('R-closed');
    expect(stored?.state.stage).toBe('awaiting_referral');
    expect(log).toHaveLength(1);
  });
});

describe('A referral that is retired while others write it', () => {
  const FACTS = closed('R-1').map(logged);
  const REOPENED = logged(reopened('R-1', '2028-04-04T03:19:00Z'));
  const VERSION = 'in-force';
  const inForce = { config: CONFIG, version: VERSION };

  /** Closed, with nothing left to look for, and a breach of which nobody has said whether it is to be mailed. */
  async function closedLongAgo(): Promise<MemoryReferralStore> {
    const store = new MemoryReferralStore();
    await project('R-1', FACTS, { store, ...inForce, now: () => START, backoff });
    for (const days of [0, 1, 60]) {
      await detectReferral('R-1', { ...inForce, run: START + days * DAY_MS }, { referrals: store, backoff });
    }
    const stored = await store.load('R-1');
    if (stored?.wakeAt !== null) throw new Error('detection would come back');
    const alerts = packAlerts([storedAlert('R-1', {}, { to: 'c1', is: 'pending' })]);
    const listed = { ...stored.listed, urgent: true };
    await store.save({ ...stored, alerts, listed, version: stored.version + 1 }, stored.version);
    return store;
  }

  const retire = (night: number, store: ReferralStore) => {
    const now = FIRST_NIGHT + (night - 1) * DAY_MS;
    return retireReferral('R-1', { until: keptUntil(now, 25), now }, store);
  };

  /** Whatever ingest, the planner, a sweep and the first night do in whichever order. */
  it('is either open with its whole log, or goes, and the event is refused', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.boolean(),
      fc.boolean(),
      async (scheduler, isPlanned, isSwept) => {
        const store = await closedLongAgo();
        const slow = inTurns(store, scheduler);
        const deps = { referrals: slow, backoff };
        const plan = () => settleUrgent('R-1', () => 'mail:m-0', deps);
        const sweep = () => detectReferral('R-1', { config: CONFIG, version: 'pushed', run: FIRST_NIGHT }, deps);
        const others = [...(isPlanned ? [plan] : []), ...(isSwept ? [sweep] : [])];
        const [ingested] = await scheduler.waitFor(
          Promise.all([
            untilDone(() => project('R-1', [REOPENED], { store: slow, ...inForce, now: () => FIRST_NIGHT, backoff })),
            retire(1, slow),
            ...others.map((other) => untilDone<unknown>(other)),
          ]),
        );
        // Whoever wrote it may have to let it stay in its owners' lists for as long as they look back.
        for (let night = 2; night <= LISTED_DAYS + 4; night += 1) {
          const version = (await store.load('R-1'))?.config ?? VERSION;
          const run = FIRST_NIGHT + (night - 1) * DAY_MS;
          await detectReferral('R-1', { config: CONFIG, version, run }, { referrals: store, backoff });
          await retire(night, store);
        }
        const after = await store.loadLog('R-1');
        if (ingested.refused.length > 0) {
          expect(after.log).toEqual([]);
          expect(await store.pendingUrgent()).toEqual([]);
        } else {
          expect(after.log).toHaveLength(FACTS.length + 1);
          expect(after.stored && isOpen(after.stored.state)).toBe(true);
          expect(after.stored?.retiredAt).toBeUndefined();
        }
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });
});
