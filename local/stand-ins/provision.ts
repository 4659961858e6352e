import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FunctionName, purposeOf } from '../../infra/settings.ts';
import type { Template } from '../../infra/templates.ts';
import { clientConfig } from './client-config.ts';
import { Intrinsics } from './intrinsics.ts';
import { newDynamoClient } from './own-tables.ts';
import { checkProperties } from './properties.ts';
import { TABLE_TYPE } from './tables.ts';

export interface LocalQueue {
  name: string;
  url: string;
  arn: string;
  visibilityTimeoutSeconds: number;
  /** After this many receives a message goes to `deadLetters`. Null without a redrive policy. */
  maxReceiveCount: number | null;
  /** The purpose of the dead-letter queue. */
  deadLetters: string | null;
}

export interface LocalSchedule {
  /** As in the template: `cron(0/15 * * * ? *)`. */
  expression: string;
  timeZone: string;
  /** The event as JSON text, in which `<aws.scheduler.scheduled-time>` stands for the time. */
  input: string;
}

export interface LocalEventSource {
  /** The purpose of the queue. */
  queue: string;
  batchSize: number;
  reportsItemFailures: boolean;
}

export interface LocalFunction {
  name: string;
  env: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
  schedule: LocalSchedule | null;
  eventSource: LocalEventSource | null;
}

/** Everything that was made, by purpose: `referrals`, `mail-jobs`, `mail-jobs-dlq`, `ingest-events`, ... */
export interface Resources {
  tables: Record<string, string>;
  queues: Record<string, LocalQueue>;
  functions: Record<FunctionName, LocalFunction>;
}

export interface ProvisionEndpoints {
  dynamodb: string;
  sqs: string;
  ses?: string;
}

type Properties = Record<string, unknown>;
const TABLE_ATTEMPTS = 100;

/**
 * Makes the tables and queues that synthesized templates describe, and returns how their functions are configured and
 * called. `properties.ts` lists the properties that are read and those that are ignored.
 */
export async function provision(templates: Template[], endpoints: ProvisionEndpoints): Promise<Resources> {
  checkProperties(templates);
  const intrinsics = new Intrinsics(templates);
  const [tables, queues] = await Promise.all([
    provisionTables(templates, endpoints.dynamodb, intrinsics),
    provisionQueues(templates, endpoints.sqs, intrinsics),
  ]);
  for (const [logicalId, { Name }] of ofType(templates, 'AWS::SES::ConfigurationSet')) {
    intrinsics.define(logicalId, { ref: Name as string });
  }
  return { tables, queues, functions: readFunctions(templates, endpoints, queues, intrinsics) };
}

function ofType(templates: Template[], type: string): [logicalId: string, properties: Properties][] {
  const resources = templates.flatMap(({ Resources }) => Object.entries(Resources));
  return resources.filter(([, { Type }]) => Type === type).map(([id, { Properties = {} }]) => [id, Properties]);
}

function purpose(name: unknown): string {
  const found = purposeOf(String(name));
  if (!found) throw new Error(`${name}: not a name of the form loopwatch-<stage>-<purpose>`);
  return found;
}

async function provisionTables(templates: Template[], endpoint: string, intrinsics: Intrinsics) {
  const client = newDynamoClient(endpoint);
  const made = ofType(templates, TABLE_TYPE).map(async ([logicalId, properties]) => {
    const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } = properties;
    const input = { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode };
    // CloudFormation's property names are those of the API.
    const { TableDescription } = await client.send(new CreateTableCommand(input as CreateTableCommandInput));
    await active(client, TableName as string);
    const Arn = TableDescription?.TableArn ?? '';
    intrinsics.define(logicalId, { ref: TableName as string, attributes: { Arn } });
    return [purpose(TableName), TableName as string];
  });
  try {
    return Object.fromEntries(await Promise.all(made)) as Record<string, string>;
  } finally {
    client.destroy();
  }
}

/** Waits until a table is usable, which is at once here. The waiter of the SDK begins with a wait of 20 seconds. */
async function active(client: DynamoDBClient, TableName: string): Promise<void> {
  for (let attempt = 0; attempt < TABLE_ATTEMPTS; attempt++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 5 * attempt));
  }
  throw new Error(`table ${TableName} doesn't become active`);
}

async function provisionQueues(templates: Template[], endpoint: string, intrinsics: Intrinsics) {
  const client = new SQSClient(clientConfig(endpoint));
  const all = ofType(templates, 'AWS::SQS::Queue');
  const make = async ([logicalId, properties]: [string, Properties]): Promise<[string, LocalQueue]> => {
    const redrive = intrinsics.resolve(properties.RedrivePolicy) as
      | { deadLetterTargetArn: string; maxReceiveCount: number }
      | undefined;
    const name = properties.QueueName as string;
    const visibilityTimeoutSeconds = Number(properties.VisibilityTimeout ?? 30);
    const { QueueUrl: url = '' } = await client.send(
      new CreateQueueCommand({
        QueueName: name,
        Attributes: {
          VisibilityTimeout: String(visibilityTimeoutSeconds),
          MessageRetentionPeriod: String(properties.MessageRetentionPeriod ?? 345_600),
          ...(redrive && { RedrivePolicy: JSON.stringify(redrive) }),
        },
      }),
    );
    const question = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
    const arn = (await client.send(question)).Attributes?.QueueArn ?? '';
    intrinsics.define(logicalId, { ref: url, attributes: { Arn: arn, QueueName: name } });
    const maxReceiveCount = redrive?.maxReceiveCount ?? null;
    const deadLetters = redrive ? purpose(redrive.deadLetterTargetArn.split(':').at(-1)) : null;
    return [purpose(name), { name, url, arn, visibilityTimeoutSeconds, maxReceiveCount, deadLetters }];
  };
  try {
    // Dead-letter queues come first, as redrive policies name their ARNs.
    const ends = await Promise.all(all.filter(([, { RedrivePolicy }]) => !RedrivePolicy).map(make));
    const rest = await Promise.all(all.filter(([, { RedrivePolicy }]) => RedrivePolicy).map(make));
    return Object.fromEntries([...rest, ...ends]);
  } finally {
    client.destroy();
  }
}

function readFunctions(
  templates: Template[],
  endpoints: ProvisionEndpoints,
  queues: Record<string, LocalQueue>,
  intrinsics: Intrinsics,
): Record<FunctionName, LocalFunction> {
  const local = Object.entries(endpoints).map(([name, endpoint]) => [`${name.toUpperCase()}_ENDPOINT`, endpoint]);
  const functions: Record<string, LocalFunction> = {};
  for (const [logicalId, { FunctionName: name, ...properties }] of ofType(templates, 'AWS::Lambda::Function')) {
    const { Variables = {} } = intrinsics.resolve(properties.Environment ?? {}) as { Variables?: Properties };
    functions[purpose(name)] = {
      name: name as string,
      env: { ...(Variables as Record<string, string>), ...Object.fromEntries(local) },
      timeoutSeconds: Number(properties.Timeout),
      memoryMegabytes: Number(properties.MemorySize),
      schedule: null,
      eventSource: null,
    };
    // References to a function, by name or by ARN, resolve to the entry above.
    intrinsics.define(logicalId, { ref: name as string, attributes: { Arn: name as string } });
  }
  const byName = (name: unknown): LocalFunction => {
    const found = functions[purpose(intrinsics.text(name))];
    if (!found) throw new Error(`${JSON.stringify(name)}: no such function in the templates`);
    return found;
  };
  for (const [, properties] of ofType(templates, 'AWS::Lambda::EventSourceMapping')) {
    const queueName = intrinsics.text(properties.EventSourceArn).split(':').at(-1);
    const queue = purpose(queueName);
    if (!queues[queue]) throw new Error(`${queueName}: no such queue in the templates`);
    byName(properties.FunctionName).eventSource = {
      queue,
      batchSize: Number(properties.BatchSize ?? 10),
      reportsItemFailures: JSON.stringify(properties.FunctionResponseTypes ?? []).includes('ReportBatchItemFailures'),
    };
  }
  for (const [, properties] of ofType(templates, 'AWS::Scheduler::Schedule')) {
    const target = properties.Target as { Arn: unknown; Input?: unknown };
    byName(target.Arn).schedule = {
      expression: intrinsics.text(properties.ScheduleExpression),
      timeZone: intrinsics.text(properties.ScheduleExpressionTimezone ?? 'UTC'),
      input: intrinsics.text(target.Input ?? '{}'),
    };
  }
  return functions as Record<FunctionName, LocalFunction>;
}
