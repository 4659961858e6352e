/**
 * Trigger: SQS delivery-events, filled by SES through SNS.
 * Reads: nothing.
 * Writes: what became of a mail; a Send ends it even if its sender died before it could note it.
 * Idempotency: the same notice again writes the same. What is about no mail of ours is dropped with a log code: SES's own
 * text when it tries the topic, and events of mails without our tag or that aren't in the table.
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
/** How the text begins that SES publishes when an event destination is made; it is no JSON. */
const VALIDATION = 'Successfully validated SNS topic';
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
    /** Whoever else sends with our configuration set sets no `mailId`. */
    tags: z.object({ mailId: z.array(z.string()).optional() }).optional(),
  }),
});
const RECORDED = ['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject'] as const;

async function recordOne(record: SQSRecord, { mails, log }: RecordDeps): Promise<void> {
  const { Message } = snsEnvelope.parse(JSON.parse(record.body));
  if (Message.startsWith(VALIDATION)) {
    log.info('TOPIC_VALIDATED');
    return;
  }
  const { eventType, mail, ...details } = sesEvent.parse(JSON.parse(Message));
  const event = RECORDED.find((name) => name === eventType);
  if (!event) return;
  const mailId = mail.tags?.mailId?.[0];
  if (!mailId) {
    log.info('DELIVERY_UNTAGGED', { event });
    return;
  }
  // A bounce or a complaint can come days after the mail; a send and a rejection have only the mail's own time.
  const detail = details.delivery ?? details.bounce ?? details.complaint ?? mail;
  const at = Date.parse(detail.timestamp);
  const written = await mails.recordDelivery({ mailId, event, at, messageId: mail.messageId });
  // Not the id: it is what somebody's tag says.
  if (written === 'conflict') log.warn('DELIVERY_UNKNOWN', { event });
  else log.info('DELIVERY_RECORDED', { mailId, event });
}

export function createHandler(deps: RecordDeps) {
  return middy<SQSEvent>()
    .use(reportItemFailures(deps.log))
    .handler((event) => settleEach(event.Records, AT_ONCE, (record) => recordOne(record, deps)));
}
