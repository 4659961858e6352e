import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { quarantined, waiting } from '../../builders/stored.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';
import { World } from '../../doubles/world.ts';
import {
  acceptance,
  accepted,
  deliver,
  MONDAY_9,
  MONDAY_16,
  MONDAY_23,
  opened,
  referral,
  stored,
  WEEK_10,
  WEEK_11,
} from './report-world.ts';

describe('the reports of a week', () => {
  it('are written at its hour for every scope, and once', async () => {
    const world = await opened();
    await deliver(world, at('03-03 15:01'), [referral('R-1'), referral('R-2', { site: 'elsewhere' })]);
    expect(await world.report(MONDAY_9 - HOUR_MS)).toMatchObject({ reports: 0 });
    expect(await world.report(MONDAY_9)).toMatchObject({ periods: 1, reports: 6 });
    const scopes = ['organization', 'site=north', 'site=west', 'site=cape', 'site=elsewhere', 'specialty=dermatology'];
    const received = await Promise.all(
      scopes.map(async (scope) => (await stored(world, { ...WEEK_10, scope })).received.n),
    );
    expect(received).toEqual([2, 1, 0, 0, 1, 2]);
    expect(await world.stores.reports.finishedPeriods()).toEqual([
      { kind: 'weekly', period: '2026-W10', asOf: MONDAY_9 },
    ]);
    expect(await world.report(MONDAY_9 + HOUR_MS)).toMatchObject({ periods: 0, reports: 0 });
  });

  it('are as of their hour, however late they are made', async () => {
    const [onTime, late] = [await opened(), await opened()];
    for (const world of [onTime, late]) {
      await deliver(world, at('03-03 15:01'), [referral('R-1'), referral('R-2')]);
      await deliver(world, MONDAY_9, [accepted('R-2', '03-04 15:00')]);
    }
    await onTime.report(MONDAY_9);
    // What the late run must not know: an acceptance that was reported too late, a void, and another referral of that week.
    await deliver(late, MONDAY_9 + HOUR_MS, [
      accepted('R-1', '03-03 16:00'),
      sent('referral.voided', '03-04 15:00', {}, { subject: 'R-2' }),
      referral('R-3'),
    ]);
    await late.report(MONDAY_9 + 2 * DAY_MS);
    expect(await stored(late, WEEK_10)).toEqual(await stored(onTime, WEEK_10));
    expect((await stored(late, WEEK_10)).received.n).toBe(2);
    expect(await acceptance(late, WEEK_10)).toMatchObject({ met: 1, missed: 1 });
  });

  it('are as of their hour, even if an earlier message arrived only on its second try', async () => {
    const world = await opened();
    await deliver(world, at('03-03 15:01'), [referral('R-1')]);
    await deliver(world, MONDAY_9 + HOUR_MS, [accepted('R-1', '03-03 16:00')]);
    const early = sent('referral.updated', '03-09 08:00', { payer: 'hmo' }, { subject: 'R-1' });
    const messages = [{ body: JSON.stringify(early), sentAt: MONDAY_9 - HOUR_MS }];
    await world.deliver({ at: MONDAY_9 + 2 * HOUR_MS, messages });
    await world.report(MONDAY_9 + DAY_MS);
    expect(await acceptance(world, WEEK_10)).toMatchObject({ all: 1, missed: 1 });
  });

  it('check the practice names that were sent; an empty one is no name', async () => {
    const world = await opened();
    const practices = [{ id: 'practice-1', name: '' }, { id: 'p-9', name: 'First Practice LLC' }, { id: 'p-10' }];
    const referrals = practices.map((practice, index) => referral(`R-${index}`, { practice }));
    await deliver(world, at('03-03 15:01'), referrals);
    await world.report(MONDAY_9);
    const { nearDuplicates, unknownPractices } = (await stored(world, WEEK_10)).audit;
    expect(nearDuplicates).toEqual([
      [
        { id: 'practice-1', name: 'First Practice' },
        { id: 'p-9', name: 'First Practice LLC' },
      ],
    ]);
    expect(unknownPractices).toEqual(['p-10', 'p-9']);
  });

  it('never change; what becomes known later shows in the next report', async () => {
    const world = await opened();
    await deliver(world, at('03-03 15:01'), [referral('R-1'), referral('R-2')]);
    await deliver(world, at('03-04 15:01'), [accepted('R-1', '03-04 15:00')]);
    await world.report(MONDAY_9);
    const before = await stored(world, WEEK_10);
    expect(await acceptance(world, WEEK_10)).toMatchObject({ all: 2, met: 1, missed: 1, attainment: 0.5 });
    await deliver(world, MONDAY_9 + DAY_MS, [accepted('R-2', '03-05 15:00')]);
    await world.report(MONDAY_16);
    expect(await stored(world, WEEK_10)).toEqual(before);
    expect(await acceptance(world, WEEK_11)).toMatchObject({ all: 0, attainment: null, prior: 1 });
    // Beside it stands what was reported; of what hasn't changed, and of a first report, nothing.
    const restated = { acceptance: { reported: { n: 1, d: 2 }, now: { n: 2, d: 2 } } };
    expect((await stored(world, WEEK_11)).restated).toEqual(restated);
    expect((await stored(world, { ...WEEK_11, scope: 'site=west' })).restated).toEqual({});
    expect((await stored(world, WEEK_10)).restated).toEqual({});
  });

  it('count refused input by when it arrived, whenever it was refused', async () => {
    const world = await opened();
    const [before, inWeek, after] = [at('02-27 15:00'), at('03-05 15:00'), MONDAY_9 - HOUR_MS];
    const refuse = (reason: 'limit' | 'unmatched', arrivedAt: number, refusedAt: number) =>
      world.stores.quarantine.add(quarantined(reason, { reason, arrivedAt, refusedAt }));
    await refuse('limit', before, inWeek);
    await refuse('unmatched', inWeek, after);
    await world.report(MONDAY_9);
    expect((await stored(world, WEEK_10)).dataQuality.refused).toEqual({ unmatched: 1 });
  });

  it('count what arrived and still waits for its referral with the unmatched', async () => {
    const world = await opened();
    const inWeek = at('03-05 15:00');
    const { quarantine, unmatched } = world.stores;
    await quarantine.add(quarantined('closed', { reason: 'unmatched', arrivedAt: inWeek, refusedAt: inWeek }));
    const found = waiting('found', { arrivedAt: inWeek });
    for (const each of [
      found,
      waiting('a', { arrivedAt: inWeek }),
      waiting('b', { arrivedAt: MONDAY_9 - 7 * HOUR_MS }),
    ])
      await unmatched.hold(each);
    for (const each of [waiting('before', { arrivedAt: at('03-02 04:59') }), waiting('after', { arrivedAt: MONDAY_9 })])
      await unmatched.hold(each);
    await unmatched.release(found);
    await world.report(MONDAY_9);
    expect((await stored(world, WEEK_10)).dataQuality.refused).toEqual({ unmatched: 3 });
    expect((await stored(world, { ...WEEK_10, scope: 'site=west' })).dataQuality.refused).toEqual({ unmatched: 3 });
  });

  it('fail with what waits: a failed read is no empty answer', async () => {
    const { unmatched } = memoryStores();
    unmatched.heldBetween = () => Promise.reject(new Error('throttled'));
    const world = await opened(sampleConfig(), { unmatched });
    await expect(world.report(MONDAY_9)).rejects.toThrow();
    expect(await world.stores.reports.finishedPeriods()).toEqual([]);
  });

  it('count replaced words by when they arrived', async () => {
    const asked: [number, number][] = [];
    const { unmapped } = memoryStores();
    unmapped.countByField = async (from: number, to: number) => {
      asked.push([from, to]);
      return { 'referral.closed.reason': 2 };
    };
    const world = await opened(sampleConfig(), { unmapped });
    await world.report(MONDAY_9);
    expect((await stored(world, { ...WEEK_10, scope: 'site=west' })).dataQuality.unmapped).toEqual({
      'referral.closed.reason': 2,
    });
    expect(asked).toEqual([[at('2026-03-02T05:00:00Z'), at('2026-03-09T04:00:00Z')]]);
  });

  it('fail with the count of replaced words: a failed read is no empty answer', async () => {
    const { unmapped } = memoryStores();
    unmapped.countByField = () => Promise.reject(new Error('throttled'));
    const world = await opened(sampleConfig(), { unmapped });
    await expect(world.report(MONDAY_9)).rejects.toThrow();
    expect(await world.stores.reports.finishedPeriods()).toEqual([]);
  });

  it('are made for each week that an outage left out, up to 8 days back', async () => {
    const world = await opened();
    await deliver(world, at('03-03 15:01'), [referral('R-1')]);
    expect(await world.report(MONDAY_16)).toMatchObject({ periods: 2 });
    expect((await world.stores.reports.finishedPeriods()).map(({ period }) => period)).toEqual([
      '2026-W10',
      '2026-W11',
    ]);
    // On Thursday 2 April: the week that ended on the 30th, the month and the quarter; that of the 23rd is lost.
    expect(await world.report(MONDAY_23 + 10 * DAY_MS)).toMatchObject({ periods: 3 });
    const known = new Set<string>();
    const added = async () => {
      const all = (await world.stores.reports.finishedPeriods()).map(({ period }) => period);
      const fresh = all.filter((period) => !known.has(period)).sort();
      for (const period of fresh) known.add(period);
      return fresh;
    };
    expect(await added()).toEqual(['2026-03', '2026-Q1', '2026-W10', '2026-W11', '2026-W13']);
    // A month waits for 35 days and a quarter for 100.
    await world.report(at('2026-07-05T10:00:00Z'));
    expect(await added()).toEqual(['2026-05', '2026-06', '2026-Q2', '2026-W26']);
    await world.report(at('2026-09-01T09:00:00Z'));
    expect(await added()).toEqual(['2026-07', '2026-W34', '2026-W35']);
    const tooLate = await opened();
    expect(await tooLate.report(MONDAY_9 + 8 * DAY_MS)).toMatchObject({ periods: 1 });
  });

  it('begin with the first one due after anything could arrive', async () => {
    const world = await World.open(sampleConfig(), { since: MONDAY_9 });
    expect(await world.report(MONDAY_9)).toMatchObject({ periods: 0 });
    expect(await world.report(MONDAY_16)).toMatchObject({ periods: 1 });
    // Nothing has happened yet: an empty week is reported as one, without a division by zero.
    const { received, clocks, backlog, noShow, incidence, leakage, timeTo, cms50Estimate } = await stored(
      world,
      WEEK_11,
    );
    expect(received).toEqual({ n: 0, prior: 0 });
    expect(clocks.note).toMatchObject({ all: 0, attainment: null, prior: null, interval: null, flagged: false });
    expect(backlog).toMatchObject({ open: 0, oldest: null });
    expect([noShow.rate, incidence.scheduled[90], leakage.network.known, timeTo.visit.medianHours]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(cms50Estimate).toEqual({ n: 0, d: 0 });
  });

  it('hold each referral to the version of the policy that it was received under', async () => {
    const world = await opened();
    // From 9 March the sample policy gives three days instead of five to reach a patient.
    await deliver(world, at('03-03 15:01'), [referral('R-old')]);
    await deliver(world, at('03-10 14:01'), [
      sent('referral.received', '03-10 14:00', receivedData(), { subject: 'R-new' }),
    ]);
    await world.report(MONDAY_16);
    const report = await stored(world, WEEK_11);
    expect(report.policyVersions).toEqual(['2026-01', '2026-02']);
    // Five days after the 3rd is the 10th, three days after the 10th is the 13th: both in this week, both missed.
    expect(report.clocks.reached).toMatchObject({ all: 2, missed: 2 });
    expect((await stored(world, { ...WEEK_11, scope: 'site=west' })).policyVersions).toEqual([]);
  });

  it("draw charts for the scopes that a leader reads, and make a leader's own scope of two fields", async () => {
    const config = sampleConfig();
    const leader = { id: 'lead', role: 'leader' as const, name: 'Leader', email: 'lead@example.org', timeZone: 'UTC' };
    config.directory.people.push({ ...leader, scope: { site: 'north', specialty: 'dermatology' } });
    config.directory.people.push({ ...leader, id: 'other', scope: { site: 'west' }, reports: ['quarterly'] });
    const world = await opened(config);
    await deliver(world, at('03-03 15:01'), [referral('R-1'), referral('R-2', { site: 'west' })]);
    await world.report(MONDAY_9);
    const scope = 'site=north,specialty=dermatology';
    const mailed = await world.stores.reports.get({ ...WEEK_10, scope });
    expect(mailed?.report.received.n).toBe(1);
    expect(Object.keys(mailed?.charts ?? {})).toEqual(['drawn']);
    for (const other of ['organization', 'site=west', 'site=north']) {
      expect((await world.stores.reports.get({ ...WEEK_10, scope: other }))?.charts).toEqual({});
    }
  });
});
