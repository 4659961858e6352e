import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Counts messages that failed for good, by the purpose of the queue they failed in. Throws if a count can't be read. */
export interface DeadLetters {
  counts(): Promise<{ queue: string; count: number }[]>;
}

const DEAD_LETTER_QUEUE = /\/loopwatch-[a-z0-9]+-(.+)-dlq$/;
const COUNT = 'ApproximateNumberOfMessages';

/** Reads the counts from the dead-letter queues. An answer without a count is a failure, never 0. */
export function sqsDeadLetters(client: SQSClient, urls: readonly string[]): DeadLetters {
  const countIn = async (QueueUrl: string) => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [COUNT] }));
    const count = Number(Attributes?.[COUNT]);
    if (Number.isNaN(count)) throw new Error("SQS didn't say how much lies in a dead-letter queue");
    return { queue: DEAD_LETTER_QUEUE.exec(QueueUrl)?.[1] ?? QueueUrl, count };
  };
  return { counts: () => Promise.all(urls.map(countIn)) };
}
