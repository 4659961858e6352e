import { describe, expect, it } from 'vitest';
import * as detect from '../../functions/detect-breaches/handler.ts';
import * as ingest from '../../functions/ingest-events/handler.ts';
import * as plan from '../../functions/plan-mail/handler.ts';
import { mailTrouble } from '../../functions/plan-mail/mail-trouble.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import { silentLog } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import { configWithLeader, sampleConfig } from '../builders/config.ts';
import { receivedData, sent } from '../builders/events.ts';
import { at } from '../builders/instants.ts';
import { sqsEvent } from '../builders/sqs.ts';
import { mailJob, storedReferral } from '../builders/stored.ts';
import { memoryStores } from '../doubles/memory-stores.ts';

/** What the functions count for alarms: something in trouble, and nothing without it. */

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');
const QUARTER_MS = 15 * MINUTE_MS;
const PLENTY_MS = 300_000;
type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** The functions over stores in memory, and what the last call counted. */
async function stage(config = sampleConfig()) {
  const stores = memoryStores({ shards: 1 });
  await stores.configs.push(config, MONDAY - DAY_MS);
  let counted: Record<string, number> = {};
  const count: Metrics['count'] = (name, value) => {
    counted[name] = value;
  };
  let now = MONDAY;
  const deps = {
    ...{ ...stores, shards: 1, time: { now: () => now }, backoff: async () => {}, log: silentLog },
    ...{ metrics: { count, gauge: count, publish: () => {} }, queue: { announce: async () => {} }, holds: false },
  };
  const handlers = {
    'detect-breaches': detect.createHandler(deps) as unknown as Handler,
    'plan-mail': plan.createHandler(deps) as unknown as Handler,
    'ingest-events': ingest.createHandler(deps) as unknown as Handler,
  };
  const call = async (name: keyof typeof handlers, event: unknown, remainingMs = PLENTY_MS) => {
    counted = {};
    await handlers[name](event, { getRemainingTimeInMillis: () => remainingMs, awsRequestId: 'request-1' });
    return counted;
  };
  return {
    stores,
    run: (name: 'detect-breaches' | 'plan-mail', instant: Instant, remainingMs?: number) => {
      now = instant;
      return call(name, { time: formatInstant(instant) }, remainingMs);
    },
    take: (...bodies: string[]) => call('ingest-events', sqsEvent(bodies.map((body) => ({ body, sentAt: MONDAY })))),
  };
}

describe('intake', () => {
  const event = JSON.stringify(sent('referral.received', MONDAY, receivedData(), { subject: 'R-1' }));

  it('counts what it refuses', async () => {
    const { take } = await stage();
    expect(await take('no JSON', event, '{}')).toEqual({ InputRefused: 2 });
  });

  it('counts nothing of what it takes', async () => {
    const { take } = await stage();
    expect(await take(event)).toEqual({});
  });
});

describe('detection', () => {
  it('tells its lag at every run, and nothing else', async () => {
    const { run } = await stage();
    expect(await run('detect-breaches', MONDAY)).toEqual({ SweepLagMilliseconds: 0 });
  });

  it('tells how long ago a configuration was pushed, until it is applied', async () => {
    const { stores, run } = await stage();
    const config = sampleConfig();
    config.directory.organization.name = 'Another Name';
    await stores.configs.push(config, MONDAY);
    const early = await run('detect-breaches', MONDAY + 5 * MINUTE_MS);
    expect(early.UnappliedConfigurationMilliseconds).toBe(5 * MINUTE_MS);
    // No time is left for the sweep.
    await stores.referrals.save(storedReferral('R-1', { wakeAt: MONDAY + 40 * DAY_MS }), null);
    const late = await run('detect-breaches', MONDAY + 7 * HOUR_MS, 1_000);
    expect(late.UnappliedConfigurationMilliseconds).toBe(7 * HOUR_MS);
    expect(await run('detect-breaches', MONDAY + 8 * HOUR_MS)).toEqual({ SweepLagMilliseconds: 0 });
  });

  it('counts a run that ends before it has looked at all that is due', async () => {
    const { stores, run } = await stage();
    await stores.referrals.save(storedReferral('R-1', { wakeAt: MONDAY - HOUR_MS }), null);
    expect((await run('detect-breaches', MONDAY, 1_000)).RunsCutShort).toBe(1);
    expect((await run('detect-breaches', MONDAY)).RunsCutShort).toBeUndefined();
  });
});

describe('planning', () => {
  const kept = (over: Partial<MailJob>) =>
    mailJob('2026-03-02-a', { dueAt: MONDAY, status: 'queued', asOf: MONDAY, ...over });

  it.each<[MailKind, number]>([
    ['coordinator_digest', HOUR_MS],
    ['operations', HOUR_MS],
    ['urgent_alert', 2 * QUARTER_MS],
  ])('counts a mail of kind %s as overdue after %d ms', async (kind, after) => {
    const { stores, run } = await stage();
    await stores.mails.plan(kept({ kind }));
    // Others that are due are planned by the first of these runs, and nobody sends them.
    const overdueAt = async (instant: Instant) => (await run('plan-mail', instant)).MailsOverdue;
    expect(await overdueAt(MONDAY + after - QUARTER_MS)).toBeUndefined();
    expect(await overdueAt(MONDAY + after)).toBeGreaterThan(0);
  });

  it.each<MailJob['status']>(['sent', 'empty', 'undeliverable', 'superseded'])(
    'is done with a mail that is %s',
    (status) => {
      expect(mailTrouble([kept({ status })], MONDAY + 20 * HOUR_MS).overdue).toBe(0);
    },
  );

  it('counts mails of the last day that reached nobody', () => {
    const mails = [
      kept({ status: 'undeliverable' }),
      kept({ status: 'sent', sesBounceAt: MONDAY }),
      kept({ status: 'sent', sesRejectAt: MONDAY }),
      kept({ status: 'sent', sesDeliveryAt: MONDAY, sesComplaintAt: MONDAY }),
      kept({ status: 'superseded' }),
    ];
    expect(mailTrouble(mails, MONDAY + HOUR_MS).notDelivered).toBe(3);
    expect(mailTrouble(mails, MONDAY + DAY_MS).notDelivered).toBe(0);
  });

  it('counts a mail that was due long before by when it came to nothing', () => {
    const dueAt = MONDAY - 3 * DAY_MS;
    const mails = [
      kept({ dueAt, status: 'undeliverable', leaseUntil: MONDAY }),
      kept({ dueAt, status: 'sent', sesBounceAt: MONDAY }),
      kept({ dueAt, status: 'sent', sesRejectAt: MONDAY }),
    ];
    expect(mailTrouble(mails, MONDAY + HOUR_MS).notDelivered).toBe(3);
    expect(mailTrouble(mails, MONDAY + DAY_MS).notDelivered).toBe(0);
  });

  it('counts the mails of a report that was written days late', async () => {
    const written = MONDAY + 4 * DAY_MS;
    const overdue = async (config?: Config): Promise<number> => {
      const { stores, run } = await stage(config);
      await stores.reports.finishPeriod({ kind: 'weekly', period: '2026-W09', asOf: MONDAY });
      await stores.configs.markReports({ reportsUntil: MONDAY, reportsFinished: 1 });
      await run('plan-mail', written);
      return (await run('plan-mail', written + HOUR_MS)).MailsOverdue ?? 0;
    };
    expect(await overdue(configWithLeader())).toBe((await overdue()) + 1);
  });
});
