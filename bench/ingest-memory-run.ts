import type { SQSRecord } from 'aws-lambda';
import { handler } from '../functions/ingest-events/index.ts';
import { lambdaContext } from '../local/stand-ins/lambda-context.ts';
import { HOUR_MS } from '../shared/contracts/duration.ts';
import { formatInstant } from '../shared/contracts/instant.ts';

/**
 * What `ingest-memory.ts` measures, in a process of its own: the function as it is deployed takes in a body of so many
 * members, each with its referral's id and two names that nobody has given before.
 */

const [, , members = '', sentAt = ''] = process.argv;
const ENOUGH_MS = 3_600_000;
const at = formatInstant(Number(sentAt) - HOUR_MS).replace('.000', '');
const offered = (number: number): string =>
  JSON.stringify({
    ...{ resourceType: 'Appointment', id: `a${number}`, meta: { lastUpdated: at }, status: 'proposed' },
    basedOn: [{ reference: `ServiceRequest/r${number}` }],
    identifier: [{ value: `n${number}` }],
  });
const record: SQSRecord = {
  ...{ messageId: 'm', receiptHandle: '', md5OfBody: '', eventSource: 'aws:sqs', eventSourceARN: '', awsRegion: '' },
  body: Array.from({ length: Number(members) }, (_, number) => offered(number)).join('\n'),
  attributes: {
    ...{ ApproximateReceiveCount: '1', SenderId: '' },
    ...{ SentTimestamp: sentAt, ApproximateFirstReceiveTimestamp: sentAt },
  },
  messageAttributes: {},
};
const started = performance.now();
const answer = (await handler(
  { Records: [record] },
  // However long it takes on this machine: all of it is measured.
  { ...lambdaContext('ingest-events', 60), getRemainingTimeInMillis: () => ENOUGH_MS },
)) as unknown as { batchItemFailures: unknown[] };
process.stderr.write(
  JSON.stringify({
    bytes: Buffer.byteLength(record.body),
    seconds: (performance.now() - started) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
    back: answer.batchItemFailures.length,
  }),
);
