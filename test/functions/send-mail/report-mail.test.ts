import type { SQSBatchResponse } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/send-mail/handler.ts';
import { SimulatedTime } from '../../../local/pipeline/simulated-time.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import type { Person } from '../../../shared/contracts/config.ts';
import type { MailContent } from '../../../shared/contracts/mail.ts';
import { type Log, silentLog } from '../../../shared/platform/logger.ts';
import type { ReportKey, StoredReport } from '../../../shared/store/report-store.ts';
import { sqsEvent } from '../../builders/sqs.ts';
import { mailJob } from '../../builders/stored.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';
import { config, days, hours } from '../../shared/mail/builders.ts';
import { AS_OF, goodWeek, leader } from '../../shared/mail/report-samples.ts';

const MAIL = '2026-03-09-r';
const CHARTS: StoredReport['charts'] = { 'chart-note': new Uint8Array([1, 2, 3]) };

interface Sent {
  content: MailContent;
  charts: StoredReport['charts'];
}

/** send-mail over stores in memory, with a mailer that keeps what it gets, or fails. */
async function world(person: Partial<Person> = {}, period = '2026-W10') {
  const stores = memoryStores({ shards: 1 });
  const settings = config();
  settings.directory.people = [{ ...leader(), ...person }];
  await stores.configs.push(settings, 0);
  await stores.mails.plan(mailJob(MAIL, { kind: 'weekly_report', personId: 'b1', period, dueAt: AS_OF }));
  await stores.mails.markQueued(MAIL);
  const clock = new SimulatedTime(AS_OF);
  const sent: Sent[] = [];
  const errors: unknown[] = [];
  let failures = 0;
  const log: Log = {
    ...silentLog,
    warn: (...given: unknown[]) => errors.push(given),
    error: (...given: unknown[]) => errors.push(given),
  };
  const handler = createHandler({
    ...stores,
    mailer: {
      async send(content, _job, _config, { charts }) {
        if (failures > 0) {
          failures -= 1;
          throw new Error('the answer was lost');
        }
        sent.push({ content, charts });
        return 'ses-1';
      },
      make: async () => {},
    },
    holds: false,
    time: clock,
    backoff: async () => {},
    deadLetters: { counts: async () => [] },
    leaseMs: hours(1),
    log,
  }) as unknown as (event: unknown, context: unknown) => Promise<SQSBatchResponse>;
  return {
    stores,
    clock,
    sent,
    errors,
    failOnce: () => {
      failures = 1;
    },
    store: (key: Partial<ReportKey> = {}, stored: Partial<StoredReport> = {}) =>
      stores.reports.save(
        { kind: 'weekly', period: '2026-W10', scope: 'organization', ...key },
        { report: goodWeek(), charts: CHARTS, ...stored },
      ),
    run: () =>
      handler(sqsEvent([{ body: JSON.stringify({ mailId: MAIL }), sentAt: AS_OF }]), lambdaContext('send-mail', 60)),
  };
}

let w: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  w = await world();
});

describe('a report mail', () => {
  it('is the stored report with its charts', async () => {
    await w.store();
    expect(await w.run()).toEqual({ batchItemFailures: [] });
    expect(w.sent).toHaveLength(1);
    expect(w.sent[0]?.charts).toEqual(CHARTS);
    expect(w.sent[0]?.content).toMatchObject({
      kind: 'weekly_report',
      reportKind: 'weekly',
      period: '2026-W10',
      asOf: AS_OF,
      report: goodWeek(),
    });
    expect((await w.stores.mails.get(MAIL))?.status).toBe('sent');
  });

  it("is for the reader's scope", async () => {
    w = await world({ scope: { specialty: 'cardiology', site: 'north' } });
    await w.store({ scope: 'site=north,specialty=cardiology' });
    await w.run();
    expect(w.sent[0]?.content).toMatchObject({ scope: { site: 'north', specialty: 'cardiology' } });
    expect(w.sent[0]?.charts).toEqual(CHARTS);
  });

  it.each([
    ['2026-03', 'monthly'],
    ['2026-Q1', 'quarterly'],
  ] as const)('for %s is the %s one', async (period, kind) => {
    w = await world({}, period);
    await w.store({ kind, period });
    await w.run();
    expect(w.sent[0]?.content).toMatchObject({ reportKind: kind, period });
  });

  it('comes back to the queue until its report is made, and is then sent', async () => {
    expect((await w.run()).batchItemFailures).toHaveLength(1);
    expect(JSON.stringify(w.errors)).toContain('ReportMissingError');
    expect(w.sent).toEqual([]);
    await w.store();
    w.clock.moveTo(AS_OF + hours(2));
    expect(await w.run()).toEqual({ batchItemFailures: [] });
    expect(w.sent).toHaveLength(1);
  });

  it('says the same in a retry, with the same charts', async () => {
    await w.store();
    w.failOnce();
    expect((await w.run()).batchItemFailures).toHaveLength(1);
    w.clock.moveTo(AS_OF + hours(2));
    await w.run();
    expect(w.sent).toHaveLength(1);
    expect(w.sent[0]?.content).toMatchObject({ asOf: AS_OF, report: goodWeek() });
    expect(w.sent[0]?.charts).toEqual(CHARTS);
  });

  it('is sent however late: no digest since then says what it says', async () => {
    await w.store();
    w.clock.moveTo(AS_OF + days(9));
    await w.run();
    expect(w.sent).toHaveLength(1);
    expect((await w.stores.mails.get(MAIL))?.status).toBe('sent');
  });

  it('is sent without charts if the report has none', async () => {
    await w.store({}, { charts: {} });
    await w.run();
    expect(w.sent[0]?.charts).toEqual({});
  });
});
