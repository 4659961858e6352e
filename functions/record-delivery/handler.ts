/**
 * Trigger: SQS delivery-events, filled by SES through SNS.
 * Reads: nothing.
 * Writes: what became of a mail; a Send ends it even if its sender died before it could note it.
 * Idempotency: the same notice again writes the same.
 * On failure: the record goes back to the queue, after maxReceiveCount to the dead-letter queue.
 */
import middy from '@middy/core';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { instantText } from '../../shared/contracts/instant.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { reportItemFailures } from '../../shared/platform/middleware.ts';
import type { MailStore } from '../../shared/store/mail-store.ts';

export interface RecordDeps {
  mails: MailStore;
  log: Log;
}

const AT_ONCE = 4;
const snsEnvelope = z.object({ Message: z.string() });
const reported = z.object({ timestamp: instantText }).optional();
/** An SES event as event publishing writes it. Only what is needed of the mail is read: it holds addresses. */
const sesEvent = z.object({
  eventType: z.string(),
  delivery: reported,
  bounce: reported,
  complaint: reported,
  mail: z.object({
    timestamp: instantText,
    messageId: z.string(),
    tags: z.object({ mailId: z.array(z.string()).min(1) }),
  }),
});
const RECORDED = ['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject'] as const;

async function recordOne(record: SQSRecord, { mails, log }: RecordDeps): Promise<void> {
  const { Message } = snsEnvelope.parse(JSON.parse(record.body));
  const { eventType, mail, ...details } = sesEvent.parse(JSON.parse(Message));
  const event = RECORDED.find((name) => name === eventType);
  const mailId = mail.tags.mailId[0];
  if (!event || !mailId) return;
  // A bounce or a complaint can come days after the mail; a send and a rejection have only the mail's own time.
  const detail = details.delivery ?? details.bounce ?? details.complaint ?? mail;
  await mails.recordDelivery({ mailId, event, at: Date.parse(detail.timestamp), messageId: mail.messageId });
  log.info('DELIVERY_RECORDED', { mailId, event });
}

export function createHandler(deps: RecordDeps) {
  return middy<SQSEvent>()
    .use(reportItemFailures(deps.log))
    .handler((event) => settleEach(event.Records, AT_ONCE, (record) => recordOne(record, deps)));
}
