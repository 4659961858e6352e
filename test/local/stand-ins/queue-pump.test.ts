import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type QueueHandler, QueuePump, type QueuePumpOptions } from '../../../local/stand-ins/queue-pump.ts';
import { arrivedAt, sendMessages } from '../../../local/stand-ins/send-messages.ts';
import { localStack } from './stack.ts';

let stack: Awaited<ReturnType<typeof localStack>>;
beforeAll(async () => {
  stack = await localStack();
});
afterAll(() => stack.standIns.stop());
// Every test leaves an empty queue. This removes the dead letters of the previous test.
beforeEach(async () => {
  await pump(async () => ({ batchItemFailures: [] }), {
    queue: { ...queue('referral-events-dlq'), maxReceiveCount: 5 },
  }).drain();
});

function queue(purpose: string) {
  const found = stack.resources.queues[purpose];
  if (!found) throw new Error(purpose);
  return found;
}

function pump(handler: QueueHandler, changes: Partial<QueuePumpOptions> = {}) {
  const { eventSource, name, timeoutSeconds } = stack.resources.functions['ingest-events'];
  if (!eventSource) throw new Error('ingest-events has no event source');
  const options = { client: stack.sqs, queue: queue('referral-events'), eventSource, functionName: name };
  return new QueuePump({ ...options, timeoutSeconds, handler, ...changes });
}

const send = (...bodies: string[]) =>
  sendMessages(
    stack.sqs,
    queue('referral-events').url,
    bodies.map((body) => ({ body })),
  );
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`);

async function waiting(purpose: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const question = new GetQueueAttributesCommand({ QueueUrl: queue(purpose).url, AttributeNames: [...AttributeNames] });
  const { Attributes } = await stack.sqs.send(question);
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
}

/** A handler that keeps its events and fails the records for which `fails` is true. */
function recorder(fails: (record: SQSRecord) => boolean = () => false) {
  const seen: SQSRecord[] = [];
  const batches: number[] = [];
  const handler = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    seen.push(...Records);
    batches.push(Records.length);
    return { batchItemFailures: Records.filter(fails).map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
  return { handler, seen, batches };
}

describe('the queue pump', () => {
  it('has nothing to do with an empty queue', async () => {
    const { handler, seen } = recorder();
    expect(await pump(handler).drain()).toEqual({ batches: 0, succeeded: 0, failed: 0, errors: [] });
    expect(seen).toEqual([]);
  });

  it('hands over every message once, in batches of ten at most, and empties the queue', async () => {
    await send(...numbered(25));
    const { handler, seen, batches } = recorder();
    expect(await pump(handler).drain()).toMatchObject({ batches: batches.length, succeeded: 25, failed: 0 });
    expect(seen.map(({ body }) => body).sort()).toEqual(numbered(25).sort());
    expect(Math.max(...batches)).toBe(10);
    expect(await waiting('referral-events')).toBe(0);
  });

  it('hands over failed messages again at once, and only those', async () => {
    await send(...numbered(12));
    const odd = (body: string) => Number(body.split(' ')[1]) % 2 === 1;
    const { handler, seen } = recorder(
      ({ body, attributes }) => odd(body) && attributes.ApproximateReceiveCount === '1',
    );
    expect(await pump(handler).drain()).toMatchObject({ succeeded: 12, failed: 6 });
    const received = (body: string) => seen.filter((record) => record.body === body).length;
    expect(numbered(12).map(received)).toEqual(numbered(12).map((body) => (odd(body) ? 2 : 1)));
    expect(await waiting('referral-events')).toBe(0);
    expect(await waiting('referral-events-dlq')).toBe(0);
  });

  it('leaves messages that fail five times to the next drain without delaying others', async () => {
    await send('poison', 'good', 'also good');
    const { handler, seen } = recorder(({ body }) => body === 'poison');
    expect(await pump(handler).drain()).toMatchObject({ succeeded: 2, failed: 5 });
    expect(
      seen.filter(({ body }) => body === 'poison').map((record) => record.attributes.ApproximateReceiveCount),
    ).toEqual(['1', '2', '3', '4', '5']);
    expect(await waiting('referral-events')).toBe(1);
    expect(await waiting('referral-events-dlq')).toBe(0);
    expect(await pump(recorder().handler).drain()).toMatchObject({ succeeded: 1, failed: 0 });
  });

  it('leaves a message that fails for more than a day to the dead-letter queue', async () => {
    const { visibilityTimeoutSeconds, maxReceiveCount } = queue('referral-events');
    await send('poison');
    const { handler, seen } = recorder(() => true);
    while ((await waiting('referral-events')) > 0) await pump(handler).drain();
    expect(seen).toHaveLength(maxReceiveCount ?? 0);
    expect(seen.length * visibilityTimeoutSeconds).toBeGreaterThan(24 * 3600);
    expect(await waiting('referral-events-dlq')).toBe(1);
  });

  it('ends even if every record always fails', async () => {
    await send(...numbered(11));
    const { handler } = recorder(() => true);
    expect(await pump(handler).drain()).toMatchObject({ succeeded: 0, failed: 55 });
    expect(await waiting('referral-events')).toBe(11);
    await pump(recorder().handler).drain();
  });

  it('fails the whole batch if the handler throws', async () => {
    await send('one', 'two');
    let calls = 0;
    const result = await pump(async () => {
      calls += 1;
      if (calls === 1) throw new Error('out of memory');
      return { batchItemFailures: [] };
    }).drain();
    expect(result).toMatchObject({ succeeded: 2, failed: 2, errors: [new Error('out of memory')] });
  });

  it('fails the whole batch if a failure names an unknown record, as Lambda does', async () => {
    await send('one', 'two');
    let calls = 0;
    const result = await pump(async () => ({
      batchItemFailures: ++calls === 1 ? [{ itemIdentifier: 'nobody' }] : [],
    })).drain();
    expect(result).toMatchObject({ succeeded: 2, failed: 2 });
  });

  it('counts no answer as success', async () => {
    await send('one');
    expect(await pump(async () => undefined).drain()).toMatchObject({ succeeded: 1, failed: 0 });
  });

  it('counts failures as success if the event source does not ask for them, as Lambda does', async () => {
    await send('one');
    const { handler } = recorder(() => true);
    const eventSource = { batchSize: 10, reportsItemFailures: false };
    expect(await pump(handler, { eventSource }).drain()).toMatchObject({ succeeded: 1, failed: 0 });
  });

  it('handles messages that appear while it drains', async () => {
    await send('first');
    const { handler, seen } = recorder();
    await pump(async (event) => {
      if (seen.length === 0) await send('second');
      return handler(event);
    }).drain();
    expect(seen.map(({ body }) => body)).toEqual(['first', 'second']);
  });

  it('handles several batches at a time, and no more than asked for', async () => {
    await send(...numbered(60));
    let running = 0;
    let most = 0;
    await pump(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        return { batchItemFailures: [] };
      },
      { concurrency: 3 },
    ).drain();
    expect(most).toBe(3);
  });

  it('keeps the order of sending with a concurrency of one', async () => {
    await send(...numbered(30));
    const { handler, seen } = recorder();
    // The first batch takes longest: if batches were handled in parallel, it would come last.
    const slower = async (event: SQSEvent) => {
      await new Promise((resolve) => setTimeout(resolve, event.Records[0]?.body === 'message 0' ? 30 : 0));
      return handler(event);
    };
    await pump(slower, { concurrency: 1 }).drain();
    expect(seen.map(({ body }) => body)).toEqual(numbered(30));
  });

  it('makes records as Lambda does, with time left to handle them', async () => {
    await send('{"specversion":"1.0"}');
    let remaining = 0;
    let record: SQSRecord | undefined;
    await pump(async ({ Records }, context) => {
      remaining = context.getRemainingTimeInMillis();
      record = Records[0];
      return { batchItemFailures: [] };
    }).drain();
    expect(record).toMatchObject({
      body: '{"specversion":"1.0"}',
      eventSource: 'aws:sqs',
      eventSourceARN: queue('referral-events').arn,
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
      messageAttributes: {},
    });
    expect(remaining).toBeGreaterThan(50_000);
    expect(remaining).toBeLessThanOrEqual(60_000);
  });

  it('passes the simulated arrival as the time of sending', async () => {
    const messages = [{ body: 'simulated', arrivedAt: 1_772_460_000_000 }, { body: 'real' }];
    await sendMessages(stack.sqs, queue('referral-events').url, messages);
    const { handler, seen } = recorder();
    await pump(handler, { sentAt: arrivedAt }).drain();
    const times = Object.fromEntries(seen.map(({ body, attributes }) => [body, attributes.SentTimestamp]));
    expect(times.simulated).toBe('1772460000000');
    expect(times.real).not.toBe('1772460000000');
  });

  it('refuses a queue without a redrive policy, in which a failing message would circulate for ever', () => {
    expect(() => pump(recorder().handler, { queue: queue('mail-jobs-dlq') })).toThrow('no redrive policy');
  });
});
