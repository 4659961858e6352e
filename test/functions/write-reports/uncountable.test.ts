import { describe, expect, it } from 'vitest';
import type { OnUnreadable, StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';
import { nobody, run } from './faulty-runs.ts';
import { deliver, MONDAY_9, opened, referral, stored, WEEK_10 } from './report-world.ts';

/** Gives referrals with which counting fails, once they are folded and read. */
class UncountableStore extends MemoryReferralStore {
  /** From which reading of all referrals on each of them fails. */
  readonly fromReading = new Map<string, number>();
  #readings = 0;

  override async *received(onUnreadable?: OnUnreadable): AsyncGenerator<StoredReferral[]> {
    this.#readings += 1;
    for await (const page of super.received(onUnreadable)) {
      yield page.map((each) => (this.#isGood(each) ? each : { ...each, state: uncountable(each.state) }));
    }
  }

  #isGood({ state }: StoredReferral): boolean {
    return this.#readings < (this.fromReading.get(state.referralId) ?? Number.POSITIVE_INFINITY);
  }
}

const uncountable = (state: StoredReferral['state']): StoredReferral['state'] =>
  Object.defineProperty({ ...state }, 'clocks', {
    get() {
      throw new RangeError('no such clock');
    },
  });

/** Referrals that can be counted, and some that fail from a reading of all referrals on. */
async function world(fromReading: Record<string, number>, countable = 10) {
  const referrals = new UncountableStore();
  const opening = await opened(sampleConfig(), { referrals });
  const good = Array.from({ length: countable }, (_, index) => `R-${index}`);
  await deliver(
    opening,
    at('03-03 15:01'),
    [...Object.keys(fromReading), ...good].map((id) => referral(id)),
  );
  for (const [id, reading] of Object.entries(fromReading)) referrals.fromReading.set(id, reading);
  return opening;
}

const bad = (count: number, reading = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`R-bad-${index}`, reading]));

describe('referrals with which counting fails', () => {
  it.each([1, 10, 30])('are left out, %i of them in two readings of all referrals', async (count) => {
    const opening = await world(bad(count));
    const readers = nobody();
    const { result } = await run(opening, MONDAY_9, { readers });
    expect(result).toMatchObject({ periods: 1 });
    expect(readers.times).toBe(2);
    const { received, dataQuality } = await stored(opening, WEEK_10);
    expect([received.n, dataQuality.setAside]).toEqual([10, count]);
    const aside = await opening.stores.setAsides.all();
    expect(aside.map(({ referralId }) => referralId).sort()).toEqual(Object.keys(bad(count)).sort());
  });

  it('fail the run if there are ten and no other: then it isn’t the referrals', async () => {
    const opening = await world(bad(10), 0);
    const readers = nobody();
    expect((await run(opening, MONDAY_9, { readers })).result).toBeNull();
    expect(readers.times).toBe(1);
    expect(await opening.stores.setAsides.all()).toEqual([]);
  });

  it('fail the run if there is another at the second reading; the next run leaves it out', async () => {
    const opening = await world({ 'R-bad-0': 1, 'R-bad-1': 2 });
    const readers = nobody();
    expect((await run(opening, MONDAY_9, { readers })).result).toBeNull();
    expect(readers.times).toBe(2);
    expect((await run(opening, MONDAY_9, { again: true })).result).toMatchObject({ periods: 1 });
    expect((await stored(opening, WEEK_10)).dataQuality.setAside).toBe(2);
  });
});
