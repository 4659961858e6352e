import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { byCodePoint } from '../../../shared/domain/code-point.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { MemoryReportStore } from '../../doubles/memory-stores.ts';
import type { World } from '../../doubles/world.ts';
import { type Fault, nobody, run } from './faulty-runs.ts';
import { accepted, deliver, MONDAY_9, MONDAY_16, opened, referral } from './report-world.ts';

/** Who may read all referrals, and when after others that came to nothing. */

const QUARTER = 15 * MINUTE_MS;
const KILLED: Fault = { how: 'killed after', call: 7 };
const FAILS: Fault = { how: 'fails', call: 7 };

let world: World;
let reports: MemoryReportStore;
beforeEach(async () => {
  reports = new MemoryReportStore();
  world = await opened(sampleConfig(), { reports });
  await deliver(world, at('03-03 15:01'), [referral('R-1'), referral('R-2')]);
  await deliver(world, MONDAY_9 + MINUTE_MS, [accepted('R-1', '03-03 16:00')]);
});

/** Every report, in one order: writers save several at once. */
const allIn = async (store: MemoryReportStore) =>
  (await store.all()).sort((a, b) => byCodePoint(`${a.period} ${a.scope}`, `${b.period} ${b.scope}`));
const finished = async () => (await reports.finishedPeriods()).map(({ period }) => period);
/** Quarter hours after the report was due at which a run did anything, of those up to `until`. */
async function triesUntil(until: Instant, fault: Fault | null, from = MONDAY_9): Promise<number[]> {
  const tries: number[] = [];
  for (let tick = from; tick <= until; tick += QUARTER) {
    const readers = nobody();
    await run(world, tick, { fault, readers });
    if (readers.times > 0) tries.push((tick - MONDAY_9) / QUARTER);
  }
  return tries;
}

describe('two runs at once', () => {
  it('read all referrals once between them, and the report is written', async () => {
    const readers = nobody();
    const [one, other] = await Promise.all([run(world, MONDAY_9, { readers }), run(world, MONDAY_9, { readers })]);
    expect(readers).toMatchObject({ most: 1, times: 1 });
    expect([one?.result?.left, other?.result?.left].filter((left) => left === 'leased')).toHaveLength(1);
    expect(await finished()).toEqual(['2026-W10']);
  });

  it('are a run and the next quarter hour’s: it ends quietly as long as the first may be running', async () => {
    const slow = await run(world, MONDAY_9, { fault: KILLED });
    expect(slow.result).toBeNull();
    const next = await run(world, MONDAY_9 + QUARTER, { at: MONDAY_9 + QUARTER + SECOND_MS });
    expect(next).toMatchObject({ result: { left: 'leased', periods: 0 }, metrics: {} });
    expect(await finished()).toEqual([]);
  });
});

describe('the lease', () => {
  it('ends by itself a minute after the function would have been killed, counted from the call', async () => {
    const called = MONDAY_9 + 4 * MINUTE_MS;
    await run(world, MONDAY_9, { at: called, fault: KILLED });
    const over = called + QUARTER + MINUTE_MS;
    const left = async (now: Instant) => (await run(world, MONDAY_9 + QUARTER, { at: now })).result?.left;
    expect(await left(over - 1)).toBe('leased');
    expect(await left(over)).toBeUndefined();
    expect(await finished()).toEqual(['2026-W10']);
  });

  it('is given back by a run that fails, and by one that is done', async () => {
    await run(world, MONDAY_9, { fault: FAILS });
    expect((await run(world, MONDAY_9 + QUARTER)).result).toMatchObject({ periods: 1 });
    expect(await reports.latestAttempt()).toMatchObject({ number: 2, leaseUntil: 0, unfinished: 0 });
  });

  it('is read only when a report is due', async () => {
    await run(world, MONDAY_9);
    const idle = await run(world, MONDAY_9 + QUARTER);
    // The configuration in force, and nothing else.
    expect(idle).toEqual(expect.objectContaining({ calls: 1, metrics: {} }));
    expect(idle.result).toEqual({ run: MONDAY_9 + QUARTER, periods: 0, reports: 0 });
  });
});

describe('a report that cannot be written', () => {
  it.each([
    ['fails', FAILS, [0, 1, 3, 7, 15, 31, 47, 63, 79, 95]],
    // The lease of each takes it past the first quarter hour.
    ['is killed', KILLED, [0, 2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ] as const)('is tried again ever more seldom if each run %s: after 4 hours at most', async (_, fault, expected) => {
    expect(await triesUntil(MONDAY_9 + DAY_MS, fault)).toEqual(expected);
    expect(await finished()).toEqual([]);
  });

  it('is tried six times a day in the end, and still comes once nothing is in its way', async () => {
    const tries = await triesUntil(MONDAY_9 + 5 * DAY_MS, FAILS);
    expect(tries.length).toBeLessThan(35);
    const last = tries.at(-1) ?? 0;
    expect(await triesUntil(MONDAY_9 + (last + 16) * QUARTER, null, MONDAY_9 + (last + 1) * QUARTER)).toEqual([
      last + 16,
    ]);
    expect(await finished()).toEqual(['2026-W10']);
  });

  it('says at every quarter hour how many runs have failed, so that an alarm needn’t see them', async () => {
    const said: (number | undefined)[] = [];
    for (let tick = 0; tick <= 8; tick += 1) {
      const { metrics } = await run(world, MONDAY_9 + tick * QUARTER, { fault: KILLED });
      said.push(metrics.ReportRunsFailed);
    }
    // Killed at 0, 2, 4 and 8; what holds the lease may yet finish, and counts only once it can't.
    expect(said).toEqual([undefined, undefined, 1, 1, 2, 2, 3, 3, 3]);
    const mended = await run(world, MONDAY_9 + 16 * QUARTER, { again: true });
    const after = await run(world, MONDAY_9 + 17 * QUARTER);
    expect([mended, after].map(({ metrics }) => metrics.ReportRunsFailed)).toEqual([4, undefined]);
  });

  it('is tried at once under a new configuration, even the one before', async () => {
    await triesUntil(MONDAY_9 + 4 * QUARTER, FAILS);
    const { directory, policy } = sampleConfig();
    const other = { policy, directory: { ...directory, people: directory.people.slice(0, -1) } };
    await world.stores.configs.push(other, MONDAY_9 + 4 * QUARTER + 1);
    expect(await triesUntil(MONDAY_9 + 6 * QUARTER, FAILS, MONDAY_9 + 5 * QUARTER)).toEqual([5, 6]);
    await world.stores.configs.push(sampleConfig(), MONDAY_9 + 6 * QUARTER + 1);
    expect(await triesUntil(MONDAY_9 + 7 * QUARTER, null, MONDAY_9 + 7 * QUARTER)).toEqual([7]);
    expect(await finished()).toEqual(['2026-W10']);
  });

  it('is tried at once when another one falls due', async () => {
    await triesUntil(MONDAY_16 - QUARTER, FAILS);
    const readers = nobody();
    expect((await run(world, MONDAY_16, { readers })).result).toMatchObject({ periods: 2 });
    expect(readers.times).toBe(1);
  });

  it('is tried at once by whoever has mended it, but not beside another run', async () => {
    await triesUntil(MONDAY_9 + 3 * QUARTER, FAILS);
    const byHand = MONDAY_9 + 3 * QUARTER + MINUTE_MS;
    expect((await run(world, byHand)).result).toMatchObject({ left: 'waiting' });
    await run(world, byHand, { again: true, fault: KILLED });
    expect((await run(world, byHand + MINUTE_MS, { again: true })).result).toMatchObject({ left: 'leased' });
    expect((await run(world, byHand + HOUR_MS, { again: true })).result).toMatchObject({ periods: 1 });
  });
});

describe('whatever fails', () => {
  it('of a run’s calls, it fails, has noted the attempt, and has written nothing of a part of the referrals', async () => {
    const undisturbed = await run(world, MONDAY_9);
    const expected = await allIn(reports);
    expect(undisturbed.calls).toBeGreaterThan(20);
    for (let call = 1; call <= undisturbed.calls; call += 1) {
      const again = new MemoryReportStore();
      const fresh = await opened(sampleConfig(), { reports: again });
      await deliver(fresh, at('03-03 15:01'), [referral('R-1'), referral('R-2')]);
      await deliver(fresh, MONDAY_9 + MINUTE_MS, [accepted('R-1', '03-03 16:00')]);
      const { result } = await run(fresh, MONDAY_9, { fault: { how: 'fails', call } });
      expect(result, `call ${call}`).toBeNull();
      for (const written of await allIn(again)) expect(expected).toContainEqual(written);
      // The configuration, and the attempt before: from then on it is noted.
      if (call > 3) expect(await again.latestAttempt(), `call ${call}`).toMatchObject({ number: 1 });
    }
  });
});

describe('whatever order of failing, killed, doubled and late runs', () => {
  const fault = fc.option(
    fc.record({
      how: fc.constantFrom<Fault['how']>('fails', 'killed before', 'killed after'),
      call: fc.integer({ min: 1, max: 40 }),
    }),
  );
  const tick = fc.record({
    first: fault,
    second: fc.option(fault),
    lateMinutes: fc.integer({ min: 0, max: 14 }),
  });

  it('ends in the reports of one undisturbed run, and never are all referrals read twice at a time', async () => {
    await run(world, MONDAY_9);
    const [expected, periods] = [await allIn(reports), await reports.finishedPeriods()];
    await fc.assert(
      fc.asyncProperty(fc.array(tick, { minLength: 1, maxLength: 10 }), async (ticks) => {
        const [again, readers] = [new MemoryReportStore(), nobody()];
        const fresh = await opened(sampleConfig(), { reports: again });
        await deliver(fresh, at('03-03 15:01'), [referral('R-1'), referral('R-2')]);
        await deliver(fresh, MONDAY_9 + MINUTE_MS, [accepted('R-1', '03-03 16:00')]);
        let scheduled = MONDAY_9;
        for (const { first, second, lateMinutes } of ticks) {
          const called = scheduled + lateMinutes * MINUTE_MS;
          const both = [run(fresh, scheduled, { at: called, fault: first, readers })];
          if (second !== null) both.push(run(fresh, scheduled, { at: called, fault: second, readers }));
          await Promise.all(both);
          scheduled += QUARTER;
        }
        // 4 hours are the longest wait, and a lease may stand before it.
        for (const last = scheduled + 5 * HOUR_MS; scheduled <= last; scheduled += QUARTER) {
          await run(fresh, scheduled, { readers });
        }
        expect(await allIn(again)).toEqual(expected);
        expect(await again.finishedPeriods()).toEqual(periods);
        expect(readers.most).toBeLessThanOrEqual(1);
      }),
      { numRuns: 25 },
    );
  });
});
