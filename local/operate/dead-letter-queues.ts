import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { QUEUES } from '../../infra/settings.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Target } from './target.ts';

/** A dead-letter queue: what its messages are, and whether they can go back to where they came from. */
export interface DeadLetterQueue {
  /** As on the command line. */
  name: string;
  /** The purpose of the queue to which its messages go back. Null: they are of no queue. */
  source: string | null;
  meaning: string;
}

const MEANINGS: Record<keyof typeof QUEUES, string> = {
  'referral-events': 'Events that could not be taken in: what they say is missing until they are sent back.',
  'mail-jobs': 'Mails that could not be made or sent; the mail itself is in `npx loopwatch mail list`.',
  'delivery-events': "SES's notices of what became of mails: bounces and complaints may be among them.",
};

export const DEAD_LETTER_QUEUES: readonly DeadLetterQueue[] = [
  ...(Object.keys(QUEUES) as (keyof typeof QUEUES)[]).map((name) => ({ name, source: name, meaning: MEANINGS[name] })),
  {
    name: 'scheduler',
    source: null,
    meaning: 'Scheduled runs that failed in all their tries. The next run does what they would have done.',
  },
];

export const purposeOfDeadLetters = ({ name }: DeadLetterQueue): string => `${name}-dlq`;

export interface Contents {
  url: string;
  /** About how many messages it holds. */
  count: number;
  keptMs: number;
}

const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

/** How much lies in a dead-letter queue. */
export const contentsOf = (queue: DeadLetterQueue, queues: Queues): Promise<Contents> =>
  countIn(purposeOfDeadLetters(queue), queues);

type Queues = Pick<Target, 'sqs' | 'queueUrl'>;

/** How much lies in a queue. An answer without a count is a failure, never 0. */
export async function countIn(purpose: string, { sqs, queueUrl }: Queues): Promise<Contents> {
  const url = await queueUrl(purpose);
  const AttributeNames = [...COUNTS, 'MessageRetentionPeriod' as const];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
  const count = COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  const keptMs = Number(Attributes.MessageRetentionPeriod) * 1000;
  if (Number.isNaN(count + keptMs)) throw new Error(`SQS didn't say how much lies in ${url}`);
  return { url, count, keptMs };
}

const MOST_IN_A_BATCH = 10;

/**
 * Messages of a queue, hidden from others for some time. SQS may answer with none although there are some.
 * @param seconds for which they are hidden
 */
export async function received({ sqs }: Target, url: string, most: number, seconds: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(MOST_IN_A_BATCH, most),
      VisibilityTimeout: seconds,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  return Messages;
}

/** Of so many at most the oldest is looked for. */
const MOST_LOOKED_AT = 200;
const LOOK_SECONDS = 60;

/**
 * When the oldest of the first 200 messages was sent. SQS gives no order, so all are received and then given back.
 * @param count about how many there are
 * @returns `looked`: at how many it looked; null if it got none
 */
export async function oldestIn(
  target: Target,
  { url, count }: Contents,
): Promise<{ sentAt: Instant; looked: number } | null> {
  const looked: Message[] = [];
  try {
    while (looked.length < Math.min(count, MOST_LOOKED_AT)) {
      const messages = await received(target, url, MOST_IN_A_BATCH, LOOK_SECONDS);
      if (messages.length === 0) break;
      looked.push(...messages);
    }
  } finally {
    await giveBack(target, url, looked);
  }
  const sent = looked.map(({ Attributes }) => Number(Attributes?.SentTimestamp));
  return sent.length === 0 ? null : { sentAt: Math.min(...sent), looked: sent.length };
}

/** Lets others see messages at once. One that isn't given back is seen again when its time is over. */
async function giveBack({ sqs }: Target, url: string, messages: readonly Message[]): Promise<void> {
  for (let from = 0; from < messages.length; from += MOST_IN_A_BATCH) {
    const Entries = messages
      .slice(from, from + MOST_IN_A_BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
  }
}
