import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/detect-breaches/handler.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { silentLog } from '../../shared/platform/logger.ts';
import { silentMetrics } from '../../shared/platform/metrics.ts';
import { project } from '../../shared/store/projection.ts';
import { MemoryReferralStore, memoryStores } from '../doubles/memory-stores.ts';
import { at, message, organization, QUARTER, received } from './organization.ts';
import { backoff, inTurns, logged } from './turns.ts';

/** Runs that sweep under a new configuration at once: retried, cut short, or beside the next. */

const SHARDS = 2;
const PUSH = at('2026-03-02T18:00:00Z');
const RUN = PUSH + QUARTER;
const IDS = Array.from({ length: 6 }, (_, index) => `R-${index}`);

/** North is closed on Tuesday, which moves dues. */
function withHoliday(): Config {
  const { policy, directory } = organization();
  const sites = directory.sites.map((site) => ({ ...site, holidays: ['2026-03-03'] }));
  return { policy, directory: { ...directory, sites } };
}

/** A store that fails to read some referrals so many times. */
class FailingStore extends MemoryReferralStore {
  readonly failures = new Map<string, number>();

  override load(referralId: string) {
    const left = this.failures.get(referralId) ?? 0;
    this.failures.set(referralId, left - 1);
    if (left > 0) throw new TypeError('no such day');
    return super.load(referralId);
  }
}

/** A stage whose open referrals are under the configuration before the one in force. */
async function stageBeforeSweep() {
  const referrals = new FailingStore({ shards: SHARDS });
  const stores = { ...memoryStores({ shards: SHARDS }), referrals };
  const version = await stores.configs.push(organization(), PUSH - QUARTER);
  await stores.configs.noteShards(SHARDS);
  for (const id of IDS) {
    const event = logged(message(id, 'referral.received', '2026-03-02T17:45:00Z', received('routine')));
    await project(id, [event], {
      store: referrals,
      config: organization(),
      version,
      now: () => PUSH - QUARTER,
      backoff,
    });
  }
  const pushed = await stores.configs.push(withHoliday(), PUSH);
  return { ...stores, pushed };
}
type Stage = Awaited<ReturnType<typeof stageBeforeSweep>>;

/** A run of the real handler that has time left so many times that it asks. It may fail. */
async function detect(run: Instant, stores: Stage, times = Number.POSITIVE_INFINITY): Promise<void> {
  const deps = { ...stores, backoff, log: silentLog, metrics: silentMetrics, shards: SHARDS };
  const handler = createHandler(deps) as unknown as (event: object, context: object) => Promise<unknown>;
  let left = times;
  const getRemainingTimeInMillis = () => (left-- > 0 ? 5 * MINUTE_MS : 0);
  await handler({ time: formatInstant(run) }, { getRemainingTimeInMillis }).catch(() => {});
}

const runs = fc.array(fc.record({ run: fc.constantFrom(RUN, RUN + QUARTER), times: fc.integer({ min: 1, max: 6 }) }), {
  minLength: 2,
  maxLength: 3,
});
/** How many times each referral fails. */
const failures = fc.array(fc.constantFrom(0, 0, 1, 2, 4), { minLength: IDS.length, maxLength: IDS.length });

describe('runs that sweep at once, in any order of their calls', () => {
  it('forget no referral, whichever fail, and come to an end', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), runs, failures, async (scheduler, overlapping, failing) => {
        const stage = await stageBeforeSweep();
        for (const [index, id] of IDS.entries()) stage.referrals.failures.set(id, failing[index] ?? 0);
        const slow = (): Stage => ({
          ...stage,
          referrals: inTurns(stage.referrals, scheduler),
          sweeps: inTurns(stage.sweeps, scheduler),
          configs: inTurns(stage.configs, scheduler),
        });
        await scheduler.waitFor(Promise.all(overlapping.map(({ run, times }) => detect(run, slow(), times))));
        // Each of the later runs tries again what failed; after the last nothing does.
        for (let later = 2; later <= 8; later += 1) await detect(RUN + later * QUARTER, stage);
        const swept = await stage.referrals.loadMany(IDS);
        expect(swept.map(({ config }) => config)).toEqual(IDS.map(() => stage.pushed));
        expect(await stage.configs.inForce()).toMatchObject({ appliedPush: PUSH });
        expect(await stage.setAsides.all()).toEqual([]);
      }),
      { numRuns: 300 },
    ));
});
