import type { SQSBatchResponse } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as detect from '../../functions/detect-breaches/handler.ts';
import * as ingest from '../../functions/ingest-events/handler.ts';
import * as plan from '../../functions/plan-mail/handler.ts';
import * as retire from '../../functions/retire-referrals/handler.ts';
import * as report from '../../functions/write-reports/handler.ts';
import { lambdaContext } from '../../local/stand-ins/lambda-context.ts';
import type { Log, LogCode } from '../../shared/platform/logger.ts';
import { functionMetrics } from '../../shared/platform/metrics.ts';
import { sampleConfig } from '../builders/config.ts';
import { receivedData, sent } from '../builders/events.ts';
import { at } from '../builders/instants.ts';
import { sqsEvent } from '../builders/sqs.ts';
import { memoryStores } from '../doubles/memory-stores.ts';

/** A stage that was deployed and to which nobody has pushed a configuration yet. */

const RUN = at('03-02 15:00');
type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const written: string[] = [];
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  vi.spyOn(console, 'warn').mockImplementation((line) => void written.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  written.length = 0;
});

function stage() {
  const stores = memoryStores();
  const lines: [level: keyof Log, LogCode, unknown?][] = [];
  const note =
    (level: keyof Log): Log['info'] =>
    (code, figures) => {
      lines.push(figures === undefined ? [level, code] : [level, code, figures]);
    };
  const deps = {
    ...{ ...stores, shards: 4, months: 25, time: { now: () => RUN }, backoff: async () => {} },
    ...{ log: { info: note('info'), warn: note('warn'), error: note('error') }, metrics: functionMetrics('test') },
    ...{ holds: false, queue: { announce: async () => {} }, drawCharts: async () => ({}) },
  };
  const handlers = {
    'detect-breaches': detect.createHandler(deps),
    'write-reports': report.createHandler(deps),
    'plan-mail': plan.createHandler(deps),
    'retire-referrals': retire.createHandler(deps),
  };
  const run = (name: keyof typeof handlers) =>
    (handlers[name] as unknown as Handler)({ time: '2026-03-02T15:00:00Z' }, lambdaContext(name, 300));
  const intake = ingest.createHandler(deps) as unknown as Handler;
  const take = async () => {
    const event = sent('referral.received', RUN, receivedData(), { subject: 'R-1' });
    const batch = sqsEvent([{ body: JSON.stringify(event), sentAt: RUN }]);
    return (await intake(batch, lambdaContext('ingest-events', 60))) as SQSBatchResponse;
  };
  return { stores, lines, run, take };
}

describe('before the first configuration is pushed', () => {
  it.each(['detect-breaches', 'write-reports', 'plan-mail', 'retire-referrals'] as const)(
    '%s ends quietly: it is no failed run, and reports no metric',
    async (name) => {
      const { lines, run } = stage();
      expect(await run(name)).toBeNull();
      expect(lines).toEqual([['info', 'RUN_IDLE']]);
      expect(written).toEqual([]);
    },
  );

  it('events go back to their queue without an error, and nothing of them is kept', async () => {
    const { stores, lines, take } = stage();
    expect((await take()).batchItemFailures).toHaveLength(1);
    expect(lines.filter(([level]) => level !== 'info')).toEqual([['warn', 'RUN_IDLE', { records: 1 }]]);
    expect(await stores.setAsides.all()).toEqual([]);
    expect((await stores.referrals.inspect('R-1')).log).toEqual([]);
  });

  it('they are taken in after it', async () => {
    const { stores, take } = stage();
    await take();
    await stores.configs.push(sampleConfig(), RUN);
    expect(await take()).toEqual({ batchItemFailures: [] });
    expect((await stores.referrals.load('R-1'))?.state.referralId).toBe('R-1');
  });
});

describe('a configuration that is gone', () => {
  it('is an error: the one that is named as being in force is not there', async () => {
    const { stores, run, lines } = stage();
    await stores.configs.push(sampleConfig(), RUN);
    vi.spyOn(stores.configs, 'get').mockResolvedValue(null);
    await expect(run('plan-mail')).rejects.toThrow('Error');
    expect(lines).toEqual([['error', 'RUN_FAILED', expect.anything()]]);
  });
});
