import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobodysAlerts, ownAlerts } from '../../../functions/send-mail/referral-alerts.ts';
import { Pipeline } from '../../../local/pipeline/pipeline.ts';
import { startStandIns } from '../../../local/stand-ins/index.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at, QUARTER } from '../../builders/instants.ts';

const MONDAY = at('03-02 15:00');
const SITE = 'north';

/** The sample organization with one coordinator as the only route, or none, and with additional holidays. */
function routedTo(coordinatorId: string | null, holidays: string[] = []): Config {
  const config = sampleConfig();
  const site = config.directory.sites.find(({ id }) => id === SITE);
  if (!site) throw new Error(`the sample has a site ${SITE}`);
  delete site.fallbackCoordinatorId;
  site.holidays = [...(site.holidays ?? []), ...holidays];
  config.directory.people = ['first', 'second'].map((id) => ({
    id,
    role: 'coordinator' as const,
    name: `Coordinator ${id}`,
    email: `${id}@example.org`,
    timeZone: 'America/New_York',
    routes: id === coordinatorId ? [{}] : [],
  }));
  return config;
}

describe('a new configuration', () => {
  let pipeline: Pipeline;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const [templates, standIns] = await Promise.all([localTemplates(), startStandIns()]);
    stop = standIns.stop;
    pipeline = await Pipeline.open(templates, standIns.endpoints, MONDAY);
    await pipeline.pushConfig(routedTo(null));
    const received = sent(
      'referral.received',
      '2026-03-02T15:00:00Z',
      receivedData({ site: SITE, priority: 'urgent' }),
      {
        subject: 'moved',
      },
    );
    await pipeline.enqueue([{ body: JSON.stringify(received), arrivedAt: MONDAY }]);
    await pipeline.drain('referral-events');
    await pipeline.invoke('detect-breaches', MONDAY + QUARTER);
  });

  afterAll(async () => {
    pipeline.close();
    await stop();
  });

  const openKinds = async (id: string | null): Promise<string[]> => {
    const { config, version } = await pipeline.stores.configs.inForce();
    const source = { referrals: pipeline.stores.referrals, config, version, log: silentLog, aside: () => {} };
    const alerts =
      id === null ? await nobodysAlerts(source) : await ownAlerts({ role: 'coordinator', id }, null, source);
    return alerts.map(({ alert }) => alert.kind).sort();
  };

  const dueOf = async (kind: string): Promise<Instant | undefined> =>
    (await pipeline.stores.referrals.load('moved'))?.state.clocks.find((clock) => clock.kind === kind)?.netDueAt;

  it('assigns a referral that was unassigned at the next run, even if nothing has arrived', async () => {
    expect(await openKinds(null)).toContain('unassigned');
    await pipeline.pushConfig(routedTo('first'));
    await pipeline.invoke('detect-breaches', MONDAY + 2 * QUARTER);
    expect(await openKinds(null)).toEqual([]);
    expect(await openKinds('first')).not.toContain('unassigned');
  });

  it('moves the open alerts of a removed route to the new owner', async () => {
    await pipeline.invoke('detect-breaches', MONDAY + 2 * DAY_MS);
    const before = await openKinds('first');
    expect(before).toContain('first_attempt');
    await pipeline.pushConfig(routedTo('second'));
    await pipeline.invoke('detect-breaches', MONDAY + 2 * DAY_MS + QUARTER);
    expect(await openKinds('first')).toEqual([]);
    expect(await openKinds('second')).toEqual(before);
  });

  it('moves dues for a new holiday', async () => {
    const before = await dueOf('scheduled');
    await pipeline.pushConfig(routedTo('second', ['2026-03-03']));
    await pipeline.invoke('detect-breaches', MONDAY + 2 * DAY_MS + 2 * QUARTER);
    expect(await dueOf('scheduled')).toBe((before ?? 0) + DAY_MS);
  });

  it('is applied once: the next run reads only what is due', async () => {
    const run = await pipeline.invoke<{ looked: number }>('detect-breaches', MONDAY + 2 * DAY_MS + 3 * QUARTER);
    expect(run.looked).toBe(0);
  });

  it('reaches an open referral whose last deadline is long past', async () => {
    const later = MONDAY + 120 * DAY_MS;
    await pipeline.invoke('detect-breaches', later);
    const before = await openKinds('second');
    expect(before).toContain('first_attempt');
    await pipeline.pushConfig(routedTo('first'));
    await pipeline.invoke('detect-breaches', later + QUARTER);
    expect(await openKinds('second')).toEqual([]);
    expect(await openKinds('first')).toEqual(before);
  });
});
