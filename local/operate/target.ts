import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { physicalName } from '../../infra/settings.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { instanceNow, runningInstance } from '../cli/instance.ts';
import { onStage } from '../cli/on-stage.ts';
import type { Tables } from '../explain/tables.ts';
import { clientConfig } from '../stand-ins/client-config.ts';
import { newDynamoClient } from '../stand-ins/own-tables.ts';
import { UsageError } from './usage-error.ts';

/** What an operator's command works on: a deployed stage, or the demo that runs on this machine. */
export interface Target {
  /** As a message names it: `stage dev`, `the running demo`. */
  name: string;
  tables: Tables;
  sqs: SQSClient;
  /** The URL of a queue by its purpose, such as `mail-jobs-dlq`. Throws what to do if there is none. */
  queueUrl(purpose: string): Promise<string>;
  /** What time it is there: a demo has its own simulated time. */
  now: Instant;
}

const NO_QUEUE = 'QueueDoesNotExist';
/** The stage of the stand-ins. */
const LOCAL = 'local';

/** Calls `work` with a deployed stage, at SQS_ENDPOINT and DYNAMODB_ENDPOINT if set, or with the running demo. */
export async function onTarget<T>(stage: string | undefined, work: (target: Target) => Promise<T>): Promise<T> {
  if (stage !== undefined) {
    try {
      return await onStage(stage, ['operations'], async (tables, { clientConfig: { endpoint: _, ...reached } }) => {
        const endpoint = process.env.SQS_ENDPOINT;
        const sqs = new SQSClient(endpoint ? clientConfig(endpoint) : reached);
        try {
          const name = `stage ${stage}`;
          return await work({ name, tables, sqs, queueUrl: queuesOf(sqs, stage), now: systemTime.now() });
        } finally {
          sqs.destroy();
        }
      });
    } catch (error) {
      // What was typed wrong is no trouble of the stage's.
      const { cause } = error as Error;
      throw cause instanceof UsageError ? cause : error;
    }
  }
  const instance = runningInstance('or name a deployed stage with --stage');
  const client = newDynamoClient(instance.endpoints.dynamodb);
  const sqs = new SQSClient(clientConfig(instance.endpoints.sqs));
  try {
    const tables = { client, names: instance.tables };
    const queueUrl = queuesOf(sqs, LOCAL);
    return await work({ name: 'the running demo', tables, sqs, queueUrl, now: instanceNow(instance) });
  } finally {
    client.destroy();
    sqs.destroy();
  }
}

/** The URLs of a stage's queues. */
export function queuesOf(sqs: SQSClient, stage: string): Target['queueUrl'] {
  return async (purpose) => {
    const name = physicalName(stage, purpose);
    try {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      if (QueueUrl) return QueueUrl;
    } catch (error) {
      if ((error as Error).name !== NO_QUEUE) throw error;
    }
    const says = `no queue ${name} in this account and region: deploy the stage first, or set AWS_PROFILE and AWS_REGION`;
    throw Object.assign(new Error(says), { code: NO_QUEUE });
  };
}
