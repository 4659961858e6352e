import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { Written } from '../../../shared/store/conditional-write.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';
import type { ReportKey, StoredReport } from '../../../shared/store/report-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { MemoryReferralStore, MemoryReportStore } from '../../doubles/memory-stores.ts';
import { acceptance, accepted, deliver, MONDAY_9, opened, referral, stored, WEEK_10 } from './report-world.ts';

/** Keeps three reports and then no more. */
class FullStore extends MemoryReportStore {
  left = 3;
  override async save(key: ReportKey, report: StoredReport): Promise<Written> {
    if (this.left === 0) throw new Error('ProvisionedThroughputExceeded');
    this.left -= 1;
    return super.save(key, report);
  }
}

/** Keeps no report of a kind. */
class PickyStore extends MemoryReportStore {
  refuses = true;
  override async save(key: ReportKey, report: StoredReport): Promise<Written> {
    if (this.refuses && key.kind === 'monthly') throw new Error('ProvisionedThroughputExceeded');
    return super.save(key, report);
  }
}

class CountingStore extends MemoryReferralStore {
  scans = 0;
  override received(): AsyncGenerator<StoredReferral[]> {
    this.scans += 1;
    return super.received();
  }
}

/** Lists what was read before a second time, as an index does whose keys change while it is read. */
class RestlessStore extends MemoryReferralStore {
  override async *received(): AsyncGenerator<StoredReferral[]> {
    for await (const page of super.received()) {
      yield page;
      yield page.filter(({ arrivedAt }) => arrivedAt > MONDAY_9);
    }
  }
}

class UnreadableStore extends MemoryReferralStore {
  // biome-ignore lint/correctness/useYield: it fails before it gives anything
  override async *received(): AsyncGenerator<StoredReferral[]> {
    throw new Error('the index cannot be read');
  }
}

describe('a report run that is disturbed', () => {
  it('leaves the period unfinished, and the next run completes it without changing what is there', async () => {
    const reports = new FullStore();
    const world = await opened(sampleConfig(), { reports });
    await deliver(world, at('03-03 15:01'), [referral('R-1')]);
    await expect(world.report(MONDAY_9)).rejects.toThrow();
    expect(await reports.finishedPeriods()).toEqual([]);
    const first = await reports.all();
    expect(first).toHaveLength(3);
    reports.left = 100;
    await deliver(world, MONDAY_9 + HOUR_MS, [accepted('R-1', '03-03 16:00'), referral('R-2')]);
    await world.report(MONDAY_9 + HOUR_MS);
    expect(await reports.all()).toHaveLength(5);
    for (const { report, charts, ...key } of first) expect(await reports.get(key)).toEqual({ report, charts });
    const received = (await reports.all()).map(({ report }) => report.received.n);
    expect(Math.max(...received)).toBe(1);
    expect(await reports.finishedPeriods()).toHaveLength(1);
  });

  it('finishes the other periods that are due, and makes up for the one that failed', async () => {
    const reports = new PickyStore();
    const world = await opened(sampleConfig(), { reports });
    await deliver(world, at('03-03 15:01'), [referral('R-1')]);
    const april = at('04-01 10:00');
    await expect(world.report(april)).rejects.toThrow();
    const finished = async () => (await reports.finishedPeriods()).map(({ period }) => period).sort();
    expect(await finished()).toEqual(['2026-Q1', '2026-W13']);
    expect((await world.stores.configs.inForce()).progress.reportsFinished).toBe(2);
    reports.refuses = false;
    await world.report(april + HOUR_MS / 4);
    expect(await finished()).toEqual(['2026-03', '2026-Q1', '2026-W13']);
    expect((await world.stores.configs.inForce()).progress).toMatchObject({ reportsFinished: 3 });
  });

  it('reads every referral once for all reports that are due, and none when nothing is', async () => {
    const referrals = new CountingStore();
    const world = await opened(sampleConfig(), { referrals });
    await deliver(world, at('03-03 15:01'), [referral('R-1')]);
    const april = at('04-01 10:00');
    expect(await world.report(april)).toMatchObject({ periods: 3 });
    expect(referrals.scans).toBe(1);
    await world.report(april + HOUR_MS / 4);
    expect(referrals.scans).toBe(1);
  });

  it('counts a referral once even if it changes and the index shows it twice', async () => {
    const world = await opened(sampleConfig(), { referrals: new RestlessStore() });
    await deliver(world, at('03-03 15:01'), [referral('R-1')]);
    await deliver(world, MONDAY_9 + HOUR_MS, [accepted('R-1', '03-03 16:00')]);
    await world.report(MONDAY_9 + 2 * HOUR_MS);
    expect((await stored(world, WEEK_10)).received.n).toBe(1);
    expect(await acceptance(world, WEEK_10)).toMatchObject({ all: 1, missed: 1 });
  });

  it('writes nothing if a read fails', async () => {
    const world = await opened(sampleConfig(), { referrals: new UnreadableStore() });
    await expect(world.report(MONDAY_9)).rejects.toThrow();
    expect(await world.stores.reports.get(WEEK_10)).toBeNull();
    expect(await world.stores.reports.finishedPeriods()).toEqual([]);
  });
});
