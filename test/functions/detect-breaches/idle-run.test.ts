import { expect, it } from 'vitest';
import { simulate } from '../../../local/simulate/simulate.ts';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { runOf } from '../../builders/instants.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';
import { World } from '../../doubles/world.ts';
import { batchesOf, linesOf } from '../../oracle/agreement.ts';

/** The world of the tests leaves out the runs for which nothing is due: they must change nothing. */

it('a run changes a referral if it is due, and none if nothing is', async () => {
  const { lines, policy, directory, until } = simulate({ referrals: 30, weeks: 6, seed: 4 });
  const arriving = linesOf(lines);
  const referrals = new MemoryReferralStore();
  const world = await World.open({ policy, directory }, { referrals, since: arriving[0]?.arrivedAt ?? 0 });
  const start = runOf(until - 14 * 24 * HOUR_MS);
  await world.live(batchesOf(arriving), start);
  const items = () => referrals.tables.dynamo.items('loopwatch-local-referrals');
  const runs = { due: 0, idle: 0 };
  const changing = { due: 0, idle: 0 };
  for (let run = start + HOUR_MS / 4; run <= until; run += HOUR_MS / 4) {
    const kind = (referrals.wakes()[0]?.wakeAt ?? Number.POSITIVE_INFINITY) <= run ? 'due' : 'idle';
    const before = items();
    await world.detect(run);
    // An item is never changed in place: one that was written is another object.
    const after = new Set(items());
    runs[kind] += 1;
    if (after.size !== before.length || !before.every((item) => after.has(item))) changing[kind] += 1;
  }
  expect(changing.idle).toBe(0);
  expect(changing.due).toBeGreaterThan(20);
  expect(runs.idle).toBeGreaterThan(20);
});
