import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Template } from '../../../infra/templates.ts';
import { provision } from '../../../local/stand-ins/provision.ts';
import { TABLE_TYPE } from '../../../local/stand-ins/tables.ts';
import { localStack } from './stack.ts';

let stack: Awaited<ReturnType<typeof localStack>>;
beforeAll(async () => {
  stack = await localStack();
});
afterAll(() => stack.standIns.stop());

function template(type: string, property: string, name: string | undefined) {
  const resources = stack.templates.flatMap(({ Resources }) => Object.values(Resources));
  const found = resources.find(({ Type, Properties }) => Type === type && Properties?.[property] === name);
  return found?.Properties ?? {};
}

const endpoints = { dynamodb: 'http://127.0.0.1:1', sqs: 'http://127.0.0.1:1' };
const one = (Type: string, Properties: Record<string, unknown>): Template[] => [
  { Resources: { One: { Type, Properties } } },
];

describe('provisioning from the templates', () => {
  it.each(['referrals', 'operations'])('makes the table %s as its template describes it', async (purpose) => {
    const TableName = stack.resources.tables[purpose];
    const { Table } = await stack.dynamodb.send(new DescribeTableCommand({ TableName }));
    const expected = template(TABLE_TYPE, 'TableName', TableName);
    expect(Table?.KeySchema).toEqual(expected.KeySchema);
    expect(new Set(Table?.AttributeDefinitions)).toEqual(new Set(expected.AttributeDefinitions as object[]));
    expect(Table?.BillingModeSummary?.BillingMode).toBe(expected.BillingMode);
    const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
    expect(new Set(indexes)).toEqual(new Set(expected.GlobalSecondaryIndexes as object[] | undefined));
  });

  it.each(['referral-events', 'mail-jobs', 'delivery-events'])(
    'makes the queue %s with its visibility timeout and redrive policy',
    async (purpose) => {
      const queue = stack.resources.queues[purpose];
      const question = new GetQueueAttributesCommand({ QueueUrl: queue?.url, AttributeNames: ['All'] });
      const { Attributes } = await stack.sqs.send(question);
      const expected = template('AWS::SQS::Queue', 'QueueName', queue?.name);
      const { maxReceiveCount } = expected.RedrivePolicy as { maxReceiveCount: number };
      expect(Attributes).toMatchObject({
        VisibilityTimeout: String(expected.VisibilityTimeout),
        MessageRetentionPeriod: String(expected.MessageRetentionPeriod),
      });
      expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toEqual({
        deadLetterTargetArn: stack.resources.queues[`${purpose}-dlq`]?.arn,
        maxReceiveCount,
      });
      expect(queue).toMatchObject({ maxReceiveCount, deadLetters: `${purpose}-dlq` });
    },
  );

  it('gives every function the names and endpoints of this machine', () => {
    const { functions, tables, queues } = stack.resources;
    expect(functions['plan-mail'].env).toEqual({
      LOG_LEVEL: 'INFO',
      MAIL_HOLD: 'off',
      REFERRAL_HASH_KEY: 'alias/loopwatch-local-find',
      REFERRAL_TABLE: tables.referrals,
      OPERATIONS_TABLE: tables.operations,
      MAIL_QUEUE_URL: queues['mail-jobs']?.url,
      DYNAMODB_ENDPOINT: stack.standIns.endpoints.dynamodb,
      SQS_ENDPOINT: stack.standIns.endpoints.sqs,
    });
    expect(functions['send-mail'].env.CONFIGURATION_SET).toBe('loopwatch-local-mail');
  });

  it('returns what calls each function', () => {
    const { functions } = stack.resources;
    const calls = Object.entries(functions).map(([name, { schedule, eventSource }]) => [
      name,
      schedule?.expression ?? eventSource?.queue,
    ]);
    expect(Object.fromEntries(calls)).toEqual({
      'ingest-events': 'referral-events',
      'detect-breaches': 'cron(0/15 * * * ? *)',
      'write-reports': 'cron(1/15 * * * ? *)',
      'plan-mail': 'cron(2/15 * * * ? *)',
      'send-mail': 'mail-jobs',
      'record-delivery': 'delivery-events',
      'retire-referrals': 'cron(20 3 * * ? *)',
    });
    expect(functions['send-mail'].eventSource).toMatchObject({ batchSize: 10, reportsItemFailures: true });
  });

  it('stops at an unknown resource type', async () => {
    const templates = one('AWS::Kinesis::Stream', {});
    await expect(provision(templates, endpoints)).rejects.toThrow(
      "doesn't know the resource type AWS::Kinesis::Stream",
    );
  });

  it('stops at an unknown property, which would otherwise be ignored', async () => {
    const templates = one('AWS::SQS::Queue', { QueueName: 'loopwatch-local-x', FifoQueue: true });
    await expect(provision(templates, endpoints)).rejects.toThrow("doesn't know the property FifoQueue");
  });

  it('stops at a reference to a resource that is not provisioned', async () => {
    const Environment = { Variables: { KEY: { Ref: 'Key' } } };
    const templates = one('AWS::Lambda::Function', { FunctionName: 'loopwatch-local-x', Environment });
    await expect(provision(templates, endpoints)).rejects.toThrow('Key, which has no meaning on this machine');
  });

  it('stops at an unknown intrinsic function', async () => {
    const Environment = { Variables: { KEY: { 'Fn::Select': [0, []] } } };
    const templates = one('AWS::Lambda::Function', { FunctionName: 'loopwatch-local-x', Environment });
    await expect(provision(templates, endpoints)).rejects.toThrow("doesn't know the intrinsic Fn::Select");
  });
});
