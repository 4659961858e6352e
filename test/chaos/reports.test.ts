import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Config, Person } from '../../shared/contracts/config.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { at, message, organization, received } from './organization.ts';
import { type Snapshot, World } from './world.ts';

/** Reports whose writer dies at any of its calls: they come all the same, once, and say what they would have said. */

const START = at('2026-03-03T15:00:00Z');
const DUE = at('2026-03-09T10:00:00Z');
/** Far more calls than a run makes; the run itself shows where they end. */
const MOST_CALLS = 60;

const leader = (id: string, scope: Person['scope'] = {}): Person => ({
  id,
  role: 'leader',
  name: `Person ${id}`,
  email: `${id}@example.org`,
  timeZone: 'America/New_York',
  scope,
});
const CONFIG: Config = organization([leader('chief'), leader('north', { site: 'north' })]);

describe('The writer of reports', () => {
  let world: World;
  let before: Snapshot;
  let expected: Item[];
  beforeAll(async () => {
    world = await World.open(START);
    await world.pushConfig(CONFIG);
    await world.pipeline.enqueue([
      message('R-1', 'referral.received', '2026-03-02T14:00:00Z', received('routine')),
      message('R-2', 'referral.received', '2026-03-02T14:00:00Z', received('stat')),
      message('R-orphan', 'note.received', '2026-03-02T14:00:00Z'),
      { body: 'no event' },
    ]);
    await world.step('ingest-events', START);
    await world.step('detect-breaches', DUE);
    // Arrived after the reports were due: no run may know of it, the first as little as the one after a crash.
    await world.pipeline.enqueue([message('R-2', 'referral.accepted', '2026-03-02T15:00:00Z')]);
    await world.step('ingest-events', DUE + MINUTE_MS);
    before = await world.snapshot();
    await world.step('write-reports', DUE + MINUTE_MS);
    expected = await reports();
    expect(expected.length).toBeGreaterThan(3);
  });
  beforeEach(() => world.restore(before));
  afterAll(() => world.close());

  const reports = async (): Promise<Item[]> =>
    [...(await world.items())].filter(([key]) => / report(#|-runs)/.test(key)).map(([, item]) => item);

  /** The mails of reports that were planned: to whom, of which period, due when. */
  const mails = async (): Promise<unknown[][]> =>
    [...(await world.items()).values()]
      .filter(({ kind, personId }) => kind === 'weekly_report' && personId !== undefined)
      .map(({ personId, period, dueAt }) => [personId, period, dueAt])
      .sort();

  it.each(['before', 'after'] as const)('may die %s any of its calls', async (side) => {
    let died = 0;
    for (let call = 1; call <= MOST_CALLS; call += 1) {
      await world.restore(before);
      const { stopped } = await world.crash('write-reports', DUE + MINUTE_MS, side, call);
      if (!stopped) break;
      died += 1;
      // It may be running still.
      await world.step('write-reports', DUE + 15 * MINUTE_MS);
      await world.step('write-reports', DUE + 30 * MINUTE_MS);
      expect(await reports(), `${side} call ${call}`).toEqual(expected);
    }
    // Configuration, attempt, runs, index, projections, log, refusals, feeds, orphans, each report, the end.
    expect(died).toBeGreaterThan(15);
    expect(died).toBeLessThan(MOST_CALLS);
  });

  it('is waited for: nobody gets a report before all are written, and then each leader one', async () => {
    await world.crash('write-reports', DUE, 'before', 18);
    await world.step('plan-mail', DUE);
    expect(await mails()).toEqual([]);
    await world.step('write-reports', DUE + 30 * MINUTE_MS);
    for (const later of [30, 45, 60 * 24 * 3]) await world.step('plan-mail', DUE + later * MINUTE_MS);
    expect(await mails()).toEqual([
      ['chief', '2026-W10', DUE],
      ['north', '2026-W10', DUE],
    ]);
  });
});
