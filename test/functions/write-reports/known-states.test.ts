import { describe, expect, it } from 'vitest';
import type { Config, Person } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';
import type { World } from '../../doubles/world.ts';
import { acceptance, accepted, deliver, MONDAY_9, opened, referral, stored, WEEK_10 } from './report-world.ts';

/** Which referrals a report counts, and as what they were known when it was due. */

describe('a report', () => {
  it('counts the referrals known by events alone, whoever has to look into them', async () => {
    const config = sampleConfig();
    config.directory.people.push({ ...(config.directory.people[0] as Person), id: 'c-all', routes: [{}] });
    const [nobodys, somebodys] = [await opened(), await opened(config)];
    for (const world of [nobodys, somebodys]) {
      await deliver(world, at('03-03 15:01'), [accepted('R-old', '03-03 15:00')]);
      await world.detect(at('03-05 15:15'));
      await deliver(world, MONDAY_9 - HOUR_MS, [accepted('R-new', '03-09 08:00')]);
      await world.detect(MONDAY_9);
      // One that has been found when the report is made was not when it was due.
      await deliver(world, MONDAY_9 + HOUR_MS, [referral('R-old')]);
      await world.detect(MONDAY_9 + HOUR_MS);
      await world.report(MONDAY_9 + HOUR_MS);
      expect((await stored(world, WEEK_10)).dataQuality.orphans).toBe(1);
      // Nobody knows to which site they belong.
      expect((await stored(world, { ...WEEK_10, scope: 'site=north' })).dataQuality.orphans).toBe(0);
    }
  });

  it('counts such a referral even if it was resolved before it was made', async () => {
    const world = await opened();
    await deliver(world, at('03-03 15:01'), [accepted('R-old', '03-03 15:00'), accepted('R-found', '03-03 15:00')]);
    await world.detect(at('03-05 15:15'));
    await deliver(world, MONDAY_9 - HOUR_MS, [referral('R-found')]);
    await world.detect(MONDAY_9);
    await deliver(world, MONDAY_9 + HOUR_MS, [referral('R-old')]);
    // Not for a day when the report was due.
    await deliver(world, MONDAY_9 - HOUR_MS, [accepted('R-young', '03-09 08:00')]);
    await world.detect(MONDAY_9 + DAY_MS);
    await world.report(MONDAY_9 + DAY_MS);
    expect((await stored(world, WEEK_10)).dataQuality.orphans).toBe(1);
  });

  it('counts an orphan that was entered in error once the report was due, and not one that was before', async () => {
    const world = await opened();
    const voided = (subject: string, time: string) => sent('referral.voided', time, {}, { subject });
    await deliver(world, at('03-03 15:01'), [accepted('R-old', '03-03 15:00'), accepted('R-gone', '03-03 15:00')]);
    await world.detect(at('03-05 15:15'));
    await deliver(world, MONDAY_9 - HOUR_MS, [voided('R-gone', '03-09 08:00')]);
    await deliver(world, MONDAY_9 + HOUR_MS, [voided('R-old', '03-09 08:00')]);
    await world.detect(MONDAY_9 + HOUR_MS);
    await world.report(MONDAY_9 + HOUR_MS);
    expect((await stored(world, WEEK_10)).dataQuality.orphans).toBe(1);
  });
});

/** Lets something happen once the received referrals were read. */
class BusyStore extends MemoryReferralStore {
  meanwhile = async (): Promise<unknown> => undefined;
  override async *received() {
    yield* super.received();
    await this.meanwhile();
  }
}

describe('an orphan', () => {
  it('that is received while a report reads the referrals is counted', async () => {
    const referrals = new BusyStore();
    const world = await opened(sampleConfig(), { referrals });
    await deliver(world, at('03-03 15:01'), [accepted('R-old', '03-03 15:00')]);
    await world.detect(MONDAY_9);
    referrals.meanwhile = () => deliver(world, MONDAY_9 + MINUTE_MS, [referral('R-old')]);
    await world.report(MONDAY_9 + MINUTE_MS);
    expect((await stored(world, WEEK_10)).dataQuality.orphans).toBe(1);
  });
});

/** Notes whose logs are read. */
class ListeningStore extends MemoryReferralStore {
  readonly logsRead: string[] = [];
  override loadLog(referralId: string) {
    this.logsRead.push(referralId);
    return super.loadLog(referralId);
  }
}

/** North is closed on Wednesday 4 March: what was received on the 3rd has to be accepted by Friday, not Thursday. */
function withHoliday(): Config {
  const { policy, directory } = sampleConfig();
  const sites = directory.sites.map((site) => ({ ...site, holidays: ['2026-03-04'] }));
  return { policy, directory: { ...directory, sites } };
}

describe('a new configuration that the sweep has not carried through', () => {
  const friday = '03-06 15:00';
  const closed = (subject: string) => [
    sent('referral.closed', '03-06 16:00', { reason: 'completed_in_network' }, { subject }),
    sent('referrer.notified', '03-06 16:00', { about: 'closed' }, { subject }),
  ];

  /** Both were accepted on Friday, a day late, and one was closed; then a holiday is added. */
  async function world(): Promise<{ world: World; referrals: ListeningStore }> {
    const referrals = new ListeningStore();
    const world = await opened(sampleConfig(), { referrals });
    await deliver(world, at('03-03 15:01'), [referral('R-open'), referral('R-closed')]);
    await deliver(world, at('03-06 20:00'), [accepted('R-open', friday), accepted('R-closed', friday)]);
    await deliver(world, at('03-06 20:01'), closed('R-closed'));
    await world.detect(at('03-06 21:00'));
    await world.stores.configs.push(withHoliday(), at('03-06 22:00'));
    referrals.logsRead.length = 0;
    return { world, referrals };
  }

  it('moves the dues of a referral that is open, and leaves those of one that is closed', async () => {
    const { world: late, referrals } = await world();
    await late.report(MONDAY_9);
    expect(await acceptance(late, WEEK_10)).toMatchObject({ all: 2, met: 1, missed: 1 });
    expect(referrals.logsRead).toEqual(['R-open']);
  });

  it('moves those of a closed one that a sweep will still reach: the report is the same before and after it', async () => {
    const made = await Promise.all(
      [false, true].map(async (isSwept) => {
        const late = await opened();
        await deliver(late, at('03-03 15:01'), [referral('R-listed')]);
        // Its breach is found, so that it stays in its owners' lists for some days.
        await late.detect(at('03-06 15:00'));
        await deliver(late, at('03-06 20:00'), [accepted('R-listed', friday), ...closed('R-listed')]);
        await late.detect(at('03-06 21:00'));
        await late.stores.configs.push(withHoliday(), at('03-06 22:00'));
        if (isSwept) await late.detect(MONDAY_9 - HOUR_MS);
        await late.report(MONDAY_9);
        return acceptance(late, WEEK_10);
      }),
    );
    expect(made[0]).toEqual(made[1]);
    expect(made[0]).toMatchObject({ all: 1, met: 1 });
  });

  it('costs no log once the sweep has carried it through', async () => {
    const { world: swept, referrals } = await world();
    await swept.detect(MONDAY_9 - HOUR_MS);
    referrals.logsRead.length = 0;
    await swept.report(MONDAY_9);
    expect(await acceptance(swept, WEEK_10)).toMatchObject({ all: 2, met: 1, missed: 1 });
    expect(referrals.logsRead).toEqual([]);
  });
});

describe('the record of alerts', () => {
  const UNREADABLE = new Uint8Array([1, 2, 3]);

  async function spoil({ stores: { referrals } }: World, referralId: string): Promise<void> {
    const found = (await referrals.load(referralId)) as StoredReferral;
    await referrals.save({ ...found, alerts: UNREADABLE, version: found.version + 1 }, found.version);
  }

  it('is not looked at: a report counts referrals and orphans whose record nobody can read', async () => {
    const world = await opened();
    await deliver(world, at('03-03 15:01'), [referral('R-1'), accepted('R-orphan', '03-03 15:00')]);
    await deliver(world, MONDAY_9 + HOUR_MS, [accepted('R-1', '03-03 16:00')]);
    await world.detect(MONDAY_9 + HOUR_MS);
    for (const id of ['R-1', 'R-orphan']) await spoil(world, id);
    expect(await world.report(MONDAY_9 + HOUR_MS)).toMatchObject({ periods: 1 });
    const { received, dataQuality } = await stored(world, WEEK_10);
    expect([received.n, dataQuality.orphans]).toEqual([1, 1]);
  });
});
