import { randomUUID } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import type { Instant } from '../../shared/contracts/instant.ts';

/** A message as the function would get it. @param sentAt when SQS got it */
export function madeRecord(body: string, attributes: Readonly<Record<string, string>>, sentAt: Instant): SQSRecord {
  return {
    messageId: randomUUID(),
    receiptHandle: '',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(sentAt),
      SenderId: '',
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}
