import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Instant } from '../../shared/contracts/instant.ts';

/** A message on a queue: its body and when SQS got it. */
export interface Message {
  body: string;
  sentAt: Instant;
  attributes?: Record<string, string>;
  /** How often it was received, this time included. */
  receives?: number;
}

let serial = 0;

/** A batch as Lambda hands it over. */
export function sqsEvent(messages: readonly Message[]): SQSEvent {
  return { Records: messages.map(sqsRecord) };
}

function sqsRecord({ body, sentAt, attributes = {}, receives = 1 }: Message): SQSRecord {
  serial += 1;
  return {
    messageId: `message-${serial}`,
    receiptHandle: `receipt-${serial}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:referral-events',
    awsRegion: 'us-east-1',
  };
}
