import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/record-delivery/handler.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { type LogCode, silentLog } from '../../../shared/platform/logger.ts';
import { at } from '../../builders/instants.ts';
import { sqsEvent } from '../../builders/sqs.ts';
import { mailJob } from '../../builders/stored.ts';
import { MemoryMailStore } from '../../doubles/memory-stores.ts';

const SENT = at('03-02 12:00');
const MAIL_ID = '2026-03-02-a';

/** What is known of a mail once SES has reported something about it. */
async function reported(eventType: string, detail: Record<string, { timestamp?: string }>) {
  const mails = new MemoryMailStore();
  await mails.plan(mailJob(MAIL_ID));
  const mail = { timestamp: formatInstant(SENT), messageId: 'm-1', tags: { mailId: [MAIL_ID] } };
  const body = JSON.stringify({ Message: JSON.stringify({ eventType, mail, ...detail }) });
  const handler = createHandler({ mails, log: silentLog });
  await handler(sqsEvent([{ body, sentAt: SENT + DAY_MS }]), lambdaContext('record-delivery', 60));
  return mails.get(MAIL_ID);
}

const timed = (instant: Instant) => ({ timestamp: formatInstant(instant) });

describe('what SES reports of a mail', () => {
  it.each([
    ['Delivery', { delivery: timed(SENT + 5000) }, { sesDeliveryAt: SENT + 5000 }],
    ['Bounce', { bounce: timed(SENT + 3 * HOUR_MS) }, { sesBounceAt: SENT + 3 * HOUR_MS }],
    ['Complaint', { complaint: timed(SENT + 4 * DAY_MS) }, { sesComplaintAt: SENT + 4 * DAY_MS }],
  ])('of a %s is noted with when that was, which can be days after the mail', async (event, detail, expected) => {
    expect(await reported(event, detail)).toMatchObject(expected);
  });

  it.each([
    ['Send', { send: {} }, { sesSendAt: SENT, status: 'sent', sentAt: SENT }],
    ['Reject', { reject: {} }, { sesRejectAt: SENT }],
    ['Bounce', {}, { sesBounceAt: SENT }],
  ])("of a %s without a time of its own is noted with the mail's", async (event, detail, expected) => {
    expect(await reported(event, detail)).toMatchObject(expected);
  });
});

/** What is logged of a message from the topic, and whether it goes back to the queue. */
async function told(Message: string): Promise<{ codes: LogCode[]; failed: number }> {
  const mails = new MemoryMailStore();
  await mails.plan(mailJob(MAIL_ID));
  const codes: LogCode[] = [];
  const hear = (code: LogCode) => void codes.push(code);
  const handler = createHandler({ mails, log: { info: hear, warn: hear, error: hear } });
  const event = sqsEvent([{ body: JSON.stringify({ Message }), sentAt: SENT }]);
  const { batchItemFailures } = (await handler(event, lambdaContext('record-delivery', 60))) as {
    batchItemFailures: unknown[];
  };
  expect(await mails.get(MAIL_ID)).toEqual(mailJob(MAIL_ID));
  return { codes, failed: batchItemFailures.length };
}

const about = (tags?: Record<string, string[]>) =>
  JSON.stringify({
    eventType: 'Send',
    mail: { timestamp: formatInstant(SENT), messageId: 'm-1', ...(tags && { tags }) },
  });

describe('what is about no mail of ours', () => {
  it.each<[string, string, LogCode]>([
    [
      "SES's text when the event destination is made",
      'Successfully validated SNS topic for Amazon SES event publishing.',
      'TOPIC_VALIDATED',
    ],
    ['a mail without our tag', about({ 'ses:configuration-set': ['loopwatch-test-mail'] }), 'DELIVERY_UNTAGGED'],
    ['a mail without any tag', about(), 'DELIVERY_UNTAGGED'],
    ['a mail whose tag is empty', about({ mailId: [] }), 'DELIVERY_UNTAGGED'],
    ['a mail that is not in the table', about({ mailId: ['2026-03-02-b'] }), 'DELIVERY_UNKNOWN'],
    ["a mail with somebody else's tag of that name", about({ mailId: ['#'] }), 'DELIVERY_UNKNOWN'],
  ])('%s is dropped with a log code', async (_, message, code) => {
    expect(await told(message)).toEqual({ codes: [code], failed: 0 });
  });

  it.each(['', 'no JSON', '{}', '{"eventType":"Send"}'])(
    'but %j, which nobody can read, comes back',
    async (message) => {
      expect(await told(message)).toEqual({ codes: ['RECORD_FAILED'], failed: 1 });
    },
  );
});
