import type { SESClient, SendRawEmailCommandInput, SendRawEmailCommandOutput } from '@aws-sdk/client-ses';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { sendMessages } from './send-messages.ts';

/** A mail that SES accepted. */
export interface SentMail {
  messageId: string;
  /** Values by name, as in the events: `{ mailId: ['...'], 'ses:configuration-set': ['...'] }`. */
  tags: Record<string, string[]>;
  source: string;
  destinations: string[];
  /** The MIME message as it was sent. */
  raw: Uint8Array;
  sentAt: Instant;
}

export type SesEventType = 'Send' | 'Delivery' | 'Bounce' | 'Complaint';

const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:loopwatch-local-mail-events';
const DELIVERY_MILLISECONDS = 1000;

/**
 * Calls `onSent` for every mail that SES accepts from `client`. The local SES keeps neither tags nor headers and lists
 * only parts of the mails, so this is the one way to get the mail as it was sent. `onSent` is called before the caller
 * gets the answer: a caller that crashes on the answer has still sent the mail, as with AWS.
 */
export function recordSends(client: SESClient, now: () => Instant, onSent: (mail: SentMail) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName === 'SendRawEmailCommand') {
        const output = result.output as SendRawEmailCommandOutput;
        onSent(sentMail(args.input as SendRawEmailCommandInput, output.MessageId ?? '', now()));
      }
      return result;
    },
    { step: 'initialize', name: 'recordSends' },
  );
}

/** Mails a second: so many that a simulated instant, in which no time passes, sends all that an organization gets. */
export const LOCAL_SEND_RATE = 10_000;

/** Answers how fast SES takes mail, which the local SES doesn't. */
export function answerSendQuota(client: SESClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== 'GetSendQuotaCommand') return next(args);
      const output = { $metadata: {}, MaxSendRate: LOCAL_SEND_RATE, Max24HourSend: -1, SentLast24Hours: 0 };
      return { output, response: {} };
    },
    { step: 'initialize', name: 'answerSendQuota' },
  );
}

/**
 * Sends events about `mails` to the delivery-events queue: by default, that each was sent and delivered.
 * @returns how many
 */
export async function publishSesEvents(
  client: SQSClient,
  queueUrl: string,
  mails: SentMail[],
  types: readonly SesEventType[] = ['Send', 'Delivery'],
): Promise<number> {
  const events = mails.flatMap((mail) =>
    types.map((type) => ({ body: sesNotification(mail, type), arrivedAt: eventTime(mail, type) })),
  );
  await sendMessages(client, queueUrl, events);
  return events.length;
}

/** An SES event about a mail as it arrives in the queue: wrapped in an SNS notification. */
export function sesNotification(mail: SentMail, type: SesEventType): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: `${mail.messageId}-${type}`,
    TopicArn: TOPIC_ARN,
    Subject: 'Amazon SES Email Event Notification',
    Message: JSON.stringify(sesEvent(mail, type)),
    Timestamp: formatInstant(eventTime(mail, type)),
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: 'http://127.0.0.1/local.pem',
    UnsubscribeURL: 'http://127.0.0.1/unsubscribe',
  });
}

/** An SES event about a mail, in the format that SES publishes. */
export function sesEvent(mail: SentMail, type: SesEventType): Record<string, unknown> {
  return {
    eventType: type,
    mail: {
      timestamp: formatInstant(mail.sentAt),
      source: mail.source,
      sendingAccountId: '000000000000',
      messageId: mail.messageId,
      destination: mail.destinations,
      headersTruncated: false,
      headers: [],
      commonHeaders: { from: [mail.source], to: mail.destinations, messageId: mail.messageId },
      tags: mail.tags,
    },
    ...detail(mail, type, formatInstant(eventTime(mail, type))),
  };
}

function eventTime(mail: SentMail, type: SesEventType): Instant {
  return mail.sentAt + (type === 'Send' ? 0 : DELIVERY_MILLISECONDS);
}

function detail(mail: SentMail, type: SesEventType, timestamp: string): Record<string, unknown> {
  const feedbackId = `${mail.messageId}-feedback`;
  switch (type) {
    case 'Send':
      return { send: {} };
    case 'Delivery':
      return {
        delivery: {
          timestamp,
          processingTimeMillis: DELIVERY_MILLISECONDS,
          recipients: mail.destinations,
          smtpResponse: '250 2.6.0 Message received',
          reportingMTA: 'localhost',
        },
      };
    case 'Bounce':
      return {
        bounce: {
          timestamp,
          feedbackId,
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: mail.destinations.map((emailAddress) => ({
            emailAddress,
            action: 'failed',
            status: '5.1.1',
            diagnosticCode: 'smtp; 550 5.1.1 user unknown',
          })),
          reportingMTA: 'localhost',
        },
      };
    case 'Complaint':
      return {
        complaint: {
          timestamp,
          feedbackId,
          complainedRecipients: mail.destinations.map((emailAddress) => ({ emailAddress })),
          complaintFeedbackType: 'abuse',
          arrivalDate: timestamp,
        },
      };
  }
}

/** A mail as a request sends it. */
export function sentMail(input: SendRawEmailCommandInput, messageId: string, sentAt: Instant): SentMail {
  const raw = input.RawMessage?.Data ?? new Uint8Array();
  const tags = Object.fromEntries((input.Tags ?? []).map(({ Name = '', Value = '' }) => [Name, [Value]]));
  if (input.ConfigurationSetName) tags['ses:configuration-set'] = [input.ConfigurationSetName];
  // SES takes what the request leaves out from the message.
  const source = input.Source ?? addresses(raw, 'from')[0] ?? '';
  const destinations = input.Destinations ?? ['to', 'cc', 'bcc'].flatMap((name) => addresses(raw, name));
  return { messageId, tags, source, destinations, raw, sentAt };
}

function addresses(raw: Uint8Array, header: string): string[] {
  const [head = ''] = Buffer.from(raw)
    .toString('latin1')
    .split(/\r?\n\r?\n/, 1);
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const line = lines.find((text) => text.toLowerCase().startsWith(`${header}:`)) ?? '';
  return line.match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? [];
}
