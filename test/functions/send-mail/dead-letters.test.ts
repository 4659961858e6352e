import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { sqsDeadLetters } from '../../../functions/send-mail/dead-letters.ts';

const client = new SQSClient({ region: 'us-east-1' });
const sqs = mockClient(client);
const urlOf = (name: string) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;
const URLS = ['loopwatch-dev-mail-jobs-dlq', 'loopwatch-dev-scheduler-dlq'].map(urlOf);

beforeEach(() => sqs.reset());

describe('the count of dead letters', () => {
  it('is read from each queue and named after the queue that the messages failed in', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
    sqs
      .on(GetQueueAttributesCommand, { QueueUrl: URLS[0] })
      .resolves({ Attributes: { ApproximateNumberOfMessages: '7' } });
    expect(await sqsDeadLetters(client, URLS).counts()).toEqual([
      { queue: 'mail-jobs', count: 7 },
      { queue: 'scheduler', count: 0 },
    ]);
  });

  it.each([{}, { Attributes: {} }, { Attributes: { ApproximateNumberOfMessages: 'many' } }])(
    'is a failure and not 0 if SQS answers %j',
    async (answer) => {
      sqs.on(GetQueueAttributesCommand).resolves(answer);
      await expect(sqsDeadLetters(client, URLS).counts()).rejects.toThrow("didn't say");
    },
  );

  it('is a failure if one queue of several cannot be read', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
    sqs.on(GetQueueAttributesCommand, { QueueUrl: URLS[1] }).rejects(new Error('AccessDenied'));
    await expect(sqsDeadLetters(client, URLS).counts()).rejects.toThrow('AccessDenied');
  });
});
