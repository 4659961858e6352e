import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Counts what failed for good, by the purpose of the queue that it failed in. A count that can't be read throws. */
export interface DeadLetters {
  counts(): Promise<{ queue: string; count: number }[]>;
}

const DEAD_LETTER_QUEUE = /\/loopwatch-[a-z0-9]+-(.+)-dlq$/;
const COUNT = 'ApproximateNumberOfMessages';

/** What lies in the dead-letter queues. An answer without a count is a failure, never nothing. */
export function sqsDeadLetters(client: SQSClient, urls: readonly string[]): DeadLetters {
  const countIn = async (QueueUrl: string) => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [COUNT] }));
    const count = Number(Attributes?.[COUNT]);
    if (Number.isNaN(count)) throw new Error("SQS didn't say how much lies in a dead-letter queue");
    return { queue: DEAD_LETTER_QUEUE.exec(QueueUrl)?.[1] ?? QueueUrl, count };
  };
  return { counts: () => Promise.all(urls.map(countIn)) };
}
