import { describe, expect, it } from 'vitest';
import { createHandler, type DetectionRun } from '../../../functions/detect-breaches/handler.ts';
import { ownAlerts } from '../../../functions/send-mail/referral-alerts.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { ComputationError } from '../../../shared/platform/lasting-error.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { silentMetrics } from '../../../shared/platform/metrics.ts';
import { project } from '../../../shared/store/projection.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at, QUARTER } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { MemoryReferralStore, memoryStores } from '../../doubles/memory-stores.ts';

/** What happens to the referrals that are in the due index when a configuration is pushed. */

const MONDAY = at('03-02 15:00');
const PUSH = MONDAY + MINUTE_MS;
const PLENTY = 300_000;
const backoff = async (): Promise<void> => {};

/** A store that counts what is looked at and written, and can't read some referrals. */
class WatchedStore extends MemoryReferralStore {
  readonly looks: string[] = [];
  readonly broken = new Set<string>();
  /** Which can't be read at the moment. */
  readonly throttled = new Set<string>();

  writes = 0;

  override save(...args: Parameters<MemoryReferralStore['save']>) {
    this.writes += 1;
    return super.save(...args);
  }

  override load(referralId: string) {
    this.looks.push(referralId);
    if (this.throttled.has(referralId)) throw new Error('throttled');
    if (this.broken.has(referralId)) throw new ComputationError('no such day');
    return super.load(referralId);
  }
}

/** The sample organization with a holiday that moves dues. */
function withHoliday(date: string): Config {
  const config = sampleConfig();
  for (const site of config.directory.sites) site.holidays = [...(site.holidays ?? []), date];
  return config;
}

/** A stage with so many open referrals under the sample configuration. The handlers are the deployed ones. */
async function stageOf(count: number, { shards = 1 }: { shards?: number } = {}) {
  const referrals = new WatchedStore({ shards });
  const stores = { ...memoryStores({ shards }), referrals };
  const version = await stores.configs.push(sampleConfig(), MONDAY);
  await stores.configs.noteShards(shards);
  const ids = Array.from({ length: count }, (_, index) => `R-${index}`);
  for (const subject of ids) {
    const event = logged(sent('referral.received', MONDAY, receivedData({ priority: 'routine' }), { subject }));
    await project(subject, [event], { store: referrals, config: sampleConfig(), version, now: () => MONDAY, backoff });
  }
  const deps = { ...stores, backoff, log: silentLog, metrics: silentMetrics, shards };
  const detection = createHandler(deps) as unknown as (event: object, context: object) => Promise<DetectionRun>;
  return {
    ...stores,
    referrals,
    ids,
    /** A run that has time left so many times that it asks: before each referral that is due and each chunk of a sweep. */
    run: (run: Instant, times = Number.POSITIVE_INFINITY) => {
      // The middleware asks first.
      let left = times + 1;
      const getRemainingTimeInMillis = () => (left-- > 0 ? PLENTY : 0);
      return detection({ time: formatInstant(run) }, { getRemainingTimeInMillis });
    },
    /** A run of so many seconds, in which ten referrals are looked at in each. */
    timedRun: (run: Instant, seconds: number) => {
      const before = referrals.looks.length;
      const getRemainingTimeInMillis = () => seconds * SECOND_MS - (referrals.looks.length - before) * 100;
      return detection({ time: formatInstant(run) }, { getRemainingTimeInMillis });
    },
    asides: async () => (await stores.setAsides.all()).map(({ referralId }) => referralId).sort(),
    versions: async () => (await referrals.loadMany(ids)).map(({ config }) => config),
  };
}

const RUN = MONDAY + QUARTER;

describe('a new configuration', () => {
  it('reaches every open referral, due or not, and moves its dues', async () => {
    const stage = await stageOf(30, { shards: 4 });
    const before = (await stage.referrals.load('R-7'))?.state.clocks.find(({ kind }) => kind === 'scheduled')?.dueAt;
    const version = await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    await stage.run(RUN);
    expect(new Set(await stage.versions())).toEqual(new Set([version]));
    const after = (await stage.referrals.load('R-7'))?.state.clocks.find(({ kind }) => kind === 'scheduled')?.dueAt;
    expect(after).toBeGreaterThan(before ?? 0);
  });

  it('is applied once: the next run looks at nothing', async () => {
    const stage = await stageOf(30);
    await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    await stage.run(RUN);
    expect(await stage.configs.inForce()).toMatchObject({ appliedPush: PUSH });
    stage.referrals.looks.length = 0;
    expect(await stage.run(RUN + QUARTER)).toMatchObject({ looked: 0, cutShort: false });
    expect(stage.referrals.looks).toEqual([]);
  });

  it('waits until no worker goes on with the one before', async () => {
    const stage = await stageOf(3);
    const push = RUN - 5 * MINUTE_MS;
    await stage.configs.push(withHoliday('2026-03-03'), push);
    expect(await stage.run(RUN)).toMatchObject({ looked: 0 });
    expect(await stage.run(RUN + QUARTER)).toMatchObject({ looked: 3 });
    expect(await stage.configs.inForce()).toMatchObject({ appliedPush: push });
  });

  it('is swept again if it comes back after another one that was swept in part', async () => {
    const stage = await stageOf(250);
    const first = (await stage.configs.inForce()).version;
    await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    await stage.run(RUN, 1);
    await stage.configs.push(sampleConfig(), RUN);
    await stage.run(RUN + QUARTER);
    expect(new Set(await stage.versions())).toEqual(new Set([first]));
  });
});

describe('a sweep that is cut short', () => {
  it('goes on where it stopped, until every referral was written once', async () => {
    const stage = await stageOf(950);
    const version = await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    const swept: number[] = [];
    for (let run = RUN; ; run += QUARTER) {
      stage.referrals.writes = 0;
      const { cutShort } = await stage.run(run, 4);
      swept.push(stage.referrals.writes);
      if (!cutShort) break;
      expect((await stage.configs.inForce()).appliedPush).toBe(MONDAY);
    }
    // Their dues move behind where the sweep has come, so it meets them again, and finds them done.
    expect(swept).toEqual([400, 400, 150, 0, 0]);
    expect(await stage.versions()).toEqual(stage.ids.map(() => version));
    expect(await stage.sweeps.load(PUSH)).toEqual({ swept: 950, shards: { '1.0': 'end' } });
  });

  it('looks at what is due first', async () => {
    const stage = await stageOf(150);
    await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    const warned = at('03-04 21:00');
    // Time for what is due, and not for the sweep.
    expect(await stage.run(warned, 150)).toMatchObject({ looked: 150, cutShort: true });
  });
});

describe('a referral that fails', () => {
  it('is set aside, counted and tried by every run, and holds nothing up', async () => {
    const stage = await stageOf(250);
    const version = await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    stage.referrals.broken.add('R-7');
    await stage.run(RUN);
    expect((await stage.versions()).filter((each) => each === version).length).toBeGreaterThanOrEqual(249);
    expect(await stage.configs.inForce()).toMatchObject({ appliedPush: PUSH });
    expect(await stage.asides()).toEqual(['R-7']);

    stage.referrals.looks.length = 0;
    await stage.run(RUN + QUARTER);
    // Once, as set aside, though it is due as well. No other is looked at.
    expect(stage.referrals.looks).toEqual(['R-7']);
    expect(await stage.asides()).toEqual(['R-7']);

    stage.referrals.broken.clear();
    await stage.run(RUN + 2 * QUARTER);
    expect(await stage.versions()).toEqual(stage.ids.map(() => version));
    expect(await stage.asides()).toEqual([]);
  });

  it('is set aside with its neighbours if all of a site fail, and others behind them are swept', async () => {
    const stage = await stageOf(300);
    const version = await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    const first = stage.ids.toSorted().slice(0, 150);
    for (const referralId of first) stage.referrals.broken.add(referralId);
    await stage.run(RUN);
    expect(await stage.asides()).toEqual(first);
    stage.referrals.broken.clear();
    await stage.run(RUN + QUARTER);
    expect(await stage.versions()).toEqual(stage.ids.map(() => version));
    expect(await stage.asides()).toEqual([]);
  });

  it('is tried again some time, however many there are and however little time', async () => {
    const stage = await stageOf(300);
    const version = await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    for (const referralId of stage.ids.slice(0, 250)) stage.referrals.broken.add(referralId);
    await stage.run(RUN);
    expect(await stage.asides()).toHaveLength(250);
    stage.referrals.broken.clear();
    for (let run = 1; run <= 6; run += 1) await stage.run(RUN + run * QUARTER, 1);
    expect(new Set(await stage.versions())).toEqual(new Set([version]));
  });

  it.each([
    ['sweeps under a new configuration', RUN + QUARTER],
    ['looks at what is due', at('03-04 21:00')],
  ])('is tried again by a run that has no time for all else, while it %s', async (_, run) => {
    const stage = await stageOf(600);
    await stage.setAsides.put({ referralId: 'R-7', by: 'detect-breaches', error: 'ComputationError', since: MONDAY });
    await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    expect(await stage.timedRun(run, 60)).toMatchObject({ cutShort: true });
    expect(await stage.asides()).toEqual([]);
  });

  it('and may not fail the next time is not set aside: the run fails, and the next one sweeps it', async () => {
    const stage = await stageOf(250);
    const version = await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    const [, , third = ''] = stage.ids.toSorted();
    stage.referrals.throttled.add(third);
    stage.referrals.broken.add('R-99');
    await expect(stage.run(RUN)).rejects.toThrow();
    expect(await stage.asides()).toEqual(['R-99']);
    // All others are swept, but for the one set aside, which was made anew when it was tried again, and the next run doesn't begin behind it.
    expect((await stage.versions()).filter((each) => each === version)).toHaveLength(249);
    expect(await stage.sweeps.load(PUSH)).toEqual({ shards: {}, swept: 248 });
    stage.referrals.throttled.clear();
    stage.referrals.broken.clear();
    await stage.run(RUN + QUARTER);
    expect(new Set(await stage.versions())).toEqual(new Set([version]));
    expect((await stage.configs.inForce()).appliedPush).toBe(PUSH);
  });

  it('at once with all others may not fail the next time: none is set aside, and the sweep stays where it is', async () => {
    const stage = await stageOf(250);
    await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    for (const referralId of stage.ids) stage.referrals.throttled.add(referralId);
    await expect(stage.run(RUN)).rejects.toThrow();
    expect(stage.referrals.looks).toHaveLength(100);
    expect(await stage.asides()).toEqual([]);
    expect(await stage.sweeps.load(PUSH)).toEqual({ shards: {}, swept: 0 });
  });

  it("isn't blamed if all fail: the sweep stays where it is", async () => {
    const stage = await stageOf(120);
    await stage.configs.push(withHoliday('2026-03-03'), PUSH);
    for (const referralId of stage.ids) stage.referrals.broken.add(referralId);
    await expect(stage.run(RUN)).rejects.toThrow();
    expect(await stage.sweeps.load(PUSH)).toEqual({ shards: {}, swept: 0 });
    expect(await stage.asides()).toEqual([]);
    stage.referrals.broken.clear();
    await stage.run(RUN + QUARTER);
    expect((await stage.configs.inForce()).appliedPush).toBe(PUSH);
  });
});

/** The sample organization after everybody but one coordinator has left. */
function leftTo(coordinatorId: string): Config {
  const config = sampleConfig();
  const { directory } = config;
  for (const site of directory.sites) delete site.fallbackCoordinatorId;
  const [person] = directory.people.filter(({ role }) => role === 'coordinator');
  directory.people = [{ ...(person as (typeof directory.people)[number]), id: coordinatorId, routes: [{}] }];
  return config;
}

describe('whoever takes over from a coordinator who has left', () => {
  const breached = at('03-06 21:00');

  /** The referrals of which an alert stands in a coordinator's next digest. */
  async function inDigestOf(id: string, stage: Awaited<ReturnType<typeof stageOf>>): Promise<string[]> {
    const { config, version } = await stage.configs.inForce();
    const alerts = await ownAlerts({ role: 'coordinator', id }, null, {
      ...stage,
      config,
      version,
      log: silentLog,
      aside: () => {},
    });
    return [...new Set(alerts.map(({ alert }) => alert.referralId))].toSorted();
  }

  it.each([
    ['before the sweep has begun', async () => {}],
    ['while a sweep is cut short', (stage) => stage.run(breached + QUARTER, 1)],
    [
      'while a sweep fails on one referral',
      async (stage) => {
        stage.referrals.broken.add('R-7');
        await stage.run(breached + QUARTER);
      },
    ],
    ['once the sweep is over', (stage) => stage.run(breached + QUARTER)],
  ] as [string, (stage: Awaited<ReturnType<typeof stageOf>>) => Promise<unknown>][])(
    'has all open alerts, %s',
    async (_, sweepSoFar) => {
      const stage = await stageOf(150);
      await stage.run(breached);
      await stage.configs.push(leftTo('successor'), breached + MINUTE_MS);
      await sweepSoFar(stage);
      expect(await inDigestOf('successor', stage)).toEqual(stage.ids.toSorted());
      expect(await inDigestOf('c-1', stage)).toEqual([]);
    },
  );
});

describe('another number of shards', () => {
  it('hides nothing: detection reads the shards of every number that was ever in use', async () => {
    const stage = await stageOf(40, { shards: 4 });
    const more = new MemoryReferralStore({ shards: 8, tables: stage.referrals.tables });
    const deps = { ...stage, referrals: more, backoff, log: silentLog, metrics: silentMetrics, shards: 8 };
    const detection = createHandler(deps) as unknown as (event: object, context: object) => Promise<DetectionRun>;
    const warned = at('03-04 21:00');
    const context = { getRemainingTimeInMillis: () => PLENTY };
    expect(await detection({ time: formatInstant(warned) }, context)).toMatchObject({ looked: 40 });
    expect(await stage.configs.inForce()).toMatchObject({ shardCounts: [4, 8] });
    // They have moved, and are found where they are now.
    expect(await detection({ time: formatInstant(at('03-06 21:00')) }, context)).toMatchObject({ looked: 40 });
  });
});
