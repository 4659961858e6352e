import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pipeline } from '../../../local/pipeline/pipeline.ts';
import { startStandIns } from '../../../local/stand-ins/index.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { mailRows } from '../../../shared/contracts/mail-rows.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';

/** A Tuesday, 7 o'clock in New York, when digests come. */
const DIGEST = at('2026-03-03T12:00:00Z');
/** Age in days of referrals that nobody has touched since they were received, by id. */
const AGES = { 'R-400': 400, 'R-60': 60, 'R-20': 20 };

/** The sample organization with one coordinator, who has every route. */
function ledBy(coordinatorId: string): Config {
  const config = sampleConfig();
  for (const site of config.directory.sites) delete site.fallbackCoordinatorId;
  config.directory.people = [
    {
      id: coordinatorId,
      role: 'coordinator',
      name: `Coordinator ${coordinatorId}`,
      email: `${coordinatorId}@example.org`,
      timeZone: 'America/New_York',
      routes: [{}],
    },
  ];
  return config;
}

describe('when a coordinator leaves', () => {
  let pipeline: Pipeline;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const [templates, standIns] = await Promise.all([localTemplates(), startStandIns()]);
    stop = standIns.stop;
    const start = DIGEST - 401 * DAY_MS;
    pipeline = await Pipeline.open(templates, standIns.endpoints, start);
    await pipeline.pushConfig(ledBy('leaver'));
    for (const [referralId, days] of Object.entries(AGES)) {
      await receive(referralId, DIGEST - days * DAY_MS);
      // Long past every deadline of those before, which are woken no more.
      await pipeline.invoke('detect-breaches', DIGEST - days * DAY_MS + 8 * DAY_MS);
    }
    await pipeline.invoke('detect-breaches', DIGEST - DAY_MS);
  });

  afterAll(async () => {
    pipeline.close();
    await stop();
  });

  async function receive(referralId: string, when: Instant): Promise<void> {
    pipeline.time.moveTo(when);
    // The sender names the one who then leaves.
    const data = receivedData({ priority: 'routine', coordinatorId: 'leaver' });
    const event = sent('referral.received', formatInstant(when), data, { subject: referralId });
    await pipeline.enqueue([{ body: JSON.stringify(event), arrivedAt: when }]);
    await pipeline.drain('referral-events');
  }

  /** Who was told of which referrals by the digests of an instant. */
  async function toldAt(instant: Instant): Promise<Record<string, string[]>> {
    const before = pipeline.sent.length;
    await pipeline.mail(instant);
    const told: Record<string, string[]> = {};
    for (const { tags } of pipeline.sent.slice(before)) {
      const content = await pipeline.stores.mails.frozen(tags.mailId?.[0] ?? '');
      if (content?.kind !== 'coordinator_digest') continue;
      told[content.recipient.email] = [...new Set(mailRows(content).map(({ referralId }) => referralId))].toSorted();
    }
    return told;
  }

  it('their open alerts, however old, are in the successor’s first digest, before anything was swept', async () => {
    expect(await toldAt(DIGEST - DAY_MS)).toEqual({ 'leaver@example.org': Object.keys(AGES).toSorted() });
    pipeline.time.moveTo(DIGEST - HOUR_MS);
    await pipeline.pushConfig(ledBy('successor'));
    expect(await toldAt(DIGEST)).toEqual({ 'successor@example.org': Object.keys(AGES).toSorted() });
  });
});
