import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  contentsOf,
  DEAD_LETTER_QUEUES,
  type DeadLetterQueue,
  oldestIn,
} from '../../../local/operate/dead-letter-queues.ts';
import { sendBack } from '../../../local/operate/dead-letters.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { TemplateReader } from '../../infra/template-reader.ts';
import { type Operated, openOperated } from './operator.ts';

/** Sending dead letters back, by an operator who may die at any call. */

let operated: Operated;
const queue = DEAD_LETTER_QUEUES.find(({ name }) => name === 'referral-events') as DeadLetterQueue;

beforeAll(async () => {
  operated = await openOperated(at('03-02 14:00'), sampleConfig());
});

afterAll(() => operated.close());

const url = (purpose: string) => operated.pipeline.resources.queues[purpose]?.url;

async function put(bodies: readonly string[]): Promise<void> {
  for (const MessageBody of bodies) {
    const file = { DataType: 'String', StringValue: 'feed.ndjson' };
    await operated.pipeline.sqs.send(
      new SendMessageCommand({ QueueUrl: url('referral-events-dlq'), MessageBody, MessageAttributes: { file } }),
    );
  }
}

/** Takes everything out of the source queue. */
async function sentBack(): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await operated.pipeline.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url('referral-events'),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return bodies.sort();
    bodies.push(
      ...Messages.map(({ Body = '', MessageAttributes }) => `${Body} ${MessageAttributes?.file?.StringValue}`),
    );
  }
}

async function redriveAll(): Promise<number> {
  const contents = await contentsOf(queue, operated.target());
  return sendBack(queue, { ...contents, rate: 1_000 }, operated.target());
}

const count = async (purpose: string) => {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await operated.pipeline.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url(purpose), AttributeNames: [...names] }),
  );
  return names.map((name) => Number(Attributes[name]));
};

describe('dead letters', () => {
  it('are of every dead-letter queue of the templates, and of no other', () => {
    const names = new TemplateReader().ofType('AWS::SQS::Queue').map(({ properties }) => String(properties.QueueName));
    const inTemplate = names
      .filter((name) => name.endsWith('-dlq'))
      .map((name) => name.split('-').slice(2, -1).join('-'));
    expect(DEAD_LETTER_QUEUES.map(({ name }) => name).sort()).toEqual(inTemplate.sort());
  });

  it('are counted and dated without being taken away', async () => {
    await put(['a', 'b', 'c']);
    const contents = await contentsOf(queue, operated.target());
    expect(contents).toMatchObject({ count: 3 });
    expect(await oldestIn(operated.target(), contents)).toMatchObject({ looked: 3 });
    expect(await count('referral-events-dlq')).toEqual([3, 0]);
    expect(await redriveAll()).toBe(3);
    expect(await sentBack()).toEqual(['a feed.ndjson', 'b feed.ndjson', 'c feed.ndjson']);
    expect(await count('referral-events-dlq')).toEqual([0, 0]);
  });

  it('are nowhere lost, whatever call the operator dies at', async () => {
    for (const side of ['before', 'after'] as const) {
      for (let call = 1, died = true; died; call += 1) {
        await put(['a', 'b']);
        died = await operated.dying(side, call, redriveAll);
        const back = await sentBack();
        const [seen = 0, hidden = 0] = await count('referral-events-dlq');
        // What was sent and not deleted is there twice, which ingest takes.
        expect(new Set(back).size + seen + hidden).toBeGreaterThanOrEqual(2);
        expect(back.length).toBeLessThanOrEqual(2);
        await empty();
      }
    }
  });
});

/** What a dead operator held is hidden for a minute: the next test needs the queue as it was. */
async function empty(): Promise<void> {
  await operated.pipeline.sqs.send(new PurgeQueueCommand({ QueueUrl: url('referral-events-dlq') }));
}
