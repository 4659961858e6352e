import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import * as detect from '../../functions/detect-breaches/compose.ts';
import { createHandler as detection } from '../../functions/detect-breaches/handler.ts';
import * as ingest from '../../functions/ingest-events/compose.ts';
import { createHandler as ingestion } from '../../functions/ingest-events/handler.ts';
import * as plan from '../../functions/plan-mail/compose.ts';
import { createHandler as planning } from '../../functions/plan-mail/handler.ts';
import * as deliver from '../../functions/record-delivery/compose.ts';
import * as retire from '../../functions/retire-referrals/compose.ts';
import { createHandler as retirement } from '../../functions/retire-referrals/handler.ts';
import * as send from '../../functions/send-mail/compose.ts';
import * as report from '../../functions/write-reports/compose.ts';
import { FUNCTIONS, type FunctionName } from '../../infra/settings.ts';
import { lambdaContext } from '../../local/stand-ins/lambda-context.ts';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import { type Log, type LogCode, namingReferrals } from '../../shared/platform/logger.ts';
import { silentMetrics } from '../../shared/platform/metrics.ts';
import { hashOfReferral, LOCAL_HASH_KEY, localReferralHash } from '../../shared/platform/referral-hash.ts';
import { sampleConfig } from '../builders/config.ts';
import { receivedData, sent } from '../builders/events.ts';
import { at } from '../builders/instants.ts';
import { sqsEvent } from '../builders/sqs.ts';
import { storedReferral } from '../builders/stored.ts';
import { MemoryReferralStore, memoryStores } from '../doubles/memory-stores.ts';

/** What is logged of failures: enough to find what failed, and nothing of what was read. */

const RUN = at('03-02 15:00');
const SECRET = 'PatientMarkerQ7';
const HASH = hashOfReferral(LOCAL_HASH_KEY, 'R-1');

/** An error that quotes what was read wherever an error can, and in lines that look like frames. */
function telltale(): Error {
  const quoting = `x ${SECRET}\n    at ${SECRET} (/var/task/index.mjs:1:2)\n${SECRET}`;
  const error = new SyntaxError(quoting, { cause: new AggregateError([new RangeError(quoting), SECRET], quoting) });
  return Object.assign(error, {
    input: SECRET,
    $metadata: { requestId: 'aws-request-1', httpStatusCode: 500 },
    code: `${SECRET} is no code`,
  });
}

type Line = [code: LogCode, figures: Record<string, unknown>];
let lines: Line[];
let log: Log;
beforeEach(() => {
  lines = [];
  const note: Log['info'] = (code, figures = {}) => void lines.push([code, figures]);
  log = namingReferrals({ info: note, warn: note, error: note }, localReferralHash);
});
const failures = () => lines.filter(([code]) => /FAILED|UNREADABLE/.test(code));

type Handler = (event: unknown, context: unknown) => Promise<unknown>;
const time = { now: () => RUN };
const backoff = async (): Promise<void> => {};
const context = (name: FunctionName) => ({ ...lambdaContext(name, 300), awsRequestId: 'request-1' });

const ENV = {
  REFERRAL_TABLE: 'referrals',
  OPERATIONS_TABLE: 'operations',
  DUE_SHARDS: 4,
  REFERRAL_HASH_KEY: 'alias/find',
  MAIL_QUEUE_URL: 'http://localhost/mail-jobs',
  CONFIGURATION_SET: 'set',
  CONCURRENT_SENDERS: 2,
  DEAD_LETTER_QUEUE_URLS: ['http://localhost/dlq'],
  CLOSED_REFERRAL_MONTHS: 25,
};

/** A function as it is deployed, over a DynamoDB that fails. */
function deployed(name: FunctionName): Handler {
  const dynamodb = () => ({ send: () => Promise.reject(telltale()) }) as unknown as DynamoDBClient;
  const nothing = () => ({}) as never;
  const runtime = {
    ...{ time, backoff, sleep: async () => {}, log, metrics: silentMetrics, dynamodb, sqs: nothing, ses: nothing },
    referralHash: () => localReferralHash,
  };
  const compose: Record<FunctionName, () => unknown> = {
    'ingest-events': () => ingest.compose(ENV, runtime),
    'detect-breaches': () => detect.compose(ENV, runtime),
    'write-reports': () => report.compose(ENV, runtime),
    'plan-mail': () => plan.compose(ENV, runtime),
    'send-mail': () => send.compose(ENV, runtime),
    'retire-referrals': () => retire.compose(ENV, runtime),
    'record-delivery': () => deliver.compose(ENV, runtime),
  };
  return compose[name]() as Handler;
}

const RECEIVED = JSON.stringify(sent('referral.received', RUN, receivedData(), { subject: 'R-1' }));
const DELIVERED = JSON.stringify({
  Message: JSON.stringify({
    eventType: 'Send',
    mail: { timestamp: '2026-03-02T15:00:00.000Z', messageId: 'ses-1', tags: { mailId: ['mail-1'] } },
  }),
});
const BATCHES: Partial<Record<FunctionName, SQSEvent>> = {
  'ingest-events': sqsEvent([{ body: RECEIVED, sentAt: RUN }]),
  'send-mail': sqsEvent([{ body: JSON.stringify({ mailId: 'mail-1' }), sentAt: RUN }]),
  'record-delivery': sqsEvent([{ body: DELIVERED, sentAt: RUN }]),
};

describe('a failure', () => {
  it.each(Object.keys(FUNCTIONS) as FunctionName[])(
    'of %s is logged with ids, codes and frames, and nothing of what was read',
    async (name) => {
      const batch = BATCHES[name];
      const answer = await deployed(name)(batch ?? { time: '2026-03-02T15:00:00.000Z' }, context(name)).catch(
        (error: Error) => error,
      );
      const [[code, figures] = [], ...others] = failures();
      expect(others).toEqual([]);
      expect(code).toBe(batch ? 'RECORD_FAILED' : 'RUN_FAILED');
      expect(figures).toMatchObject({ requestId: 'request-1', awsRequestId: 'aws-request-1', httpStatus: 500 });
      expect(figures?.messageId).toBe(batch?.Records[0]?.messageId);
      expect(JSON.stringify(figures?.frames)).toMatch(/failures\.test\.ts:\d+:\d+/);
      const { name: error, message, stack, cause } = answer as Error;
      expect(JSON.stringify([lines, answer, error, message, stack, cause])).not.toMatch(/PatientMarker|R-1\b/);
      if (!batch) expect(message).toBe('SyntaxError');
    },
  );
});

/** A store in which one referral can't be read. */
class FailingStore extends MemoryReferralStore {
  override load(referralId: string) {
    return referralId === 'R-1' ? Promise.reject(telltale()) : super.load(referralId);
  }
  override loadLog(referralId: string) {
    return referralId === 'R-1' ? Promise.reject(telltale()) : super.loadLog(referralId);
  }
}

async function world() {
  const stores = { ...memoryStores(), referrals: new FailingStore({ shards: 1 }) };
  await stores.configs.push(sampleConfig(), RUN - HOUR_MS);
  await stores.configs.noteShards(1);
  return { ...stores, shards: 1, time, backoff, log, metrics: silentMetrics };
}

/** Calls a scheduled function, which fails. */
async function scheduled(name: FunctionName, handler: unknown, at = '2026-03-02T15:00:00.000Z'): Promise<void> {
  await expect((handler as Handler)({ time: at }, context(name))).rejects.toThrow('SyntaxError');
}

describe('a referral that failed', () => {
  const found = () => failures().filter(([, { referrals }]) => referrals !== undefined);
  const expectFound = (code: LogCode, more: object = {}) => {
    expect(found()).toEqual([[code, expect.objectContaining({ requestId: 'request-1', referrals: [HASH], ...more })]]);
    expect(JSON.stringify(lines)).not.toMatch(/PatientMarker|R-1\b/);
  };

  it('in intake is found by the message and the hash of its id, its neighbour isn’t named', async () => {
    const deps = await world();
    const other = JSON.stringify(sent('referral.received', RUN, receivedData(), { subject: 'R-2' }));
    const batch = sqsEvent([RECEIVED, other].map((body) => ({ body, sentAt: RUN })));
    await (ingestion(deps) as unknown as Handler)(batch, context('ingest-events'));
    expectFound('RECORD_FAILED', { messageId: batch.Records[0]?.messageId });
  });

  it('in detection is found by the hash of its id', async () => {
    const deps = await world();
    for (const id of ['R-1', 'R-2']) await deps.referrals.save(storedReferral(id, { wakeAt: RUN - HOUR_MS }), null);
    await scheduled('detect-breaches', detection(deps));
    expectFound('REFERRAL_FAILED', { shard: 0 });
  });

  it('in the planning of urgent mail is found by the hash of its id', async () => {
    const deps = await world();
    const listed = { owned: true, escalated: false, urgent: true };
    await deps.referrals.save({ ...storedReferral('R-1', { wakeAt: null }), listed }, null);
    await scheduled('plan-mail', planning({ ...deps, queue: { announce: async () => {} } }));
    expectFound('REFERRAL_FAILED');
  });

  it('in retirement is found by the hash of its id', async () => {
    const deps = await world();
    const stored = storedReferral('R-1', { wakeAt: null });
    const state = { ...stored.state, stage: 'closed' as const, endedAt: RUN };
    await deps.referrals.save({ ...stored, state }, null);
    await scheduled('retire-referrals', retirement({ ...deps, months: 25 }), '2029-03-02T15:00:00.000Z');
    expectFound('REFERRAL_FAILED');
  });
});

describe('the code', () => {
  it('logs what went wrong by logFailure alone', () => {
    const folders = ['functions', 'shared'].map((name) => join(import.meta.dirname, '..', '..', name));
    const sources = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name)),
    );
    expect(sources.length).toBeGreaterThan(200);
    const calling = sources.filter((file) => /\b(?:log|logger)\.error\(|console\./.test(readFileSync(file, 'utf8')));
    expect(calling.map((file) => file.split('/').slice(-2).join('/')).sort()).toEqual([
      'platform/failure.ts',
      'platform/logger.ts',
    ]);
  });
});
