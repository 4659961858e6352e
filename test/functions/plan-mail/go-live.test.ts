import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { configWithLeader } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { MailWorld } from '../send-mail/mail-world.ts';

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');
const SINCE = at('02-23 15:00');

function live(from: Instant): Config {
  const { policy, directory } = configWithLeader();
  const organization = { ...directory.organization, liveFrom: formatInstant(from) };
  return { policy, directory: { ...directory, organization } };
}

/** Whose mails are planned by a run, by kind and period. */
async function planned(run: MailWorld, now: Instant): Promise<string[]> {
  await run.plan(now);
  const jobs = await run.world.stores.mails.dueOn(formatInstant(now).slice(0, 10));
  return jobs.map(({ kind, personId }) => `${kind} ${personId}`).toSorted();
}
const ALL = [
  'coordinator_digest c-1',
  'coordinator_digest c-2',
  'coordinator_digest c-3',
  'liaison_digest l-1',
  'operations operations',
];

describe('before the organization goes live', () => {
  it('no daily mail is planned, of operations neither', async () => {
    const run = await MailWorld.open(live(MONDAY + 1), { since: SINCE });
    expect(await planned(run, MONDAY)).toEqual([]);
  });

  it('no report is planned, also not later', async () => {
    const run = await MailWorld.open(live(MONDAY), { since: SINCE });
    const report = MONDAY - HOUR_MS;
    await run.world.report(report);
    expect(await planned(run, report)).toEqual([]);
    expect(await planned(run, MONDAY)).toEqual(ALL);
  });
});

describe('from going live on', () => {
  it('mail is planned that is due at that very instant', async () => {
    const run = await MailWorld.open(live(MONDAY), { since: SINCE });
    expect(await planned(run, MONDAY)).toEqual(ALL);
  });

  it('nothing is planned late that was due before', async () => {
    const run = await MailWorld.open(live(MONDAY + 1), { since: SINCE });
    await run.plan(MONDAY);
    expect(await planned(run, MONDAY + 3 * HOUR_MS)).toEqual([]);
    await run.plan(MONDAY + DAY_MS);
    expect((await run.world.stores.mails.dueOn('2026-03-02')).length).toBe(0);
    expect((await run.world.stores.mails.dueOn('2026-03-03')).length).toBe(ALL.length);
  });

  it('reports are planned', async () => {
    const run = await MailWorld.open(live(MONDAY - HOUR_MS), { since: SINCE });
    await run.world.report(MONDAY - HOUR_MS);
    expect(await planned(run, MONDAY - HOUR_MS)).toEqual(['weekly_report b-1']);
  });
});
