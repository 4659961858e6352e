import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BATCH_SIZE, DUE_SHARDS, FUNCTIONS, type FunctionName } from '../../infra/settings.ts';
import { MemoryDynamo } from '../../local/memory-dynamo/memory-dynamo.ts';
import type { Metered } from '../../local/memory-dynamo/metering.ts';
import { SimulatedTime } from '../../local/pipeline/simulated-time.ts';
import { composeFunction, type FunctionHandler } from '../../local/stand-ins/compose-function.ts';
import { lambdaContext } from '../../local/stand-ins/lambda-context.ts';
import { quietRuntime } from '../../local/stand-ins/quiet-runtime.ts';
import { answerSendQuota, sesNotification } from '../../local/stand-ins/ses-events.ts';
import { tableSpecs } from '../../local/stand-ins/tables.ts';
import { localTemplates } from '../../local/stand-ins/templates.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { chunksOf } from '../../shared/platform/concurrency.ts';
import { DynamoConfigStore } from '../../shared/store/dynamo-config-store.ts';
import { Table } from '../../shared/store/table.ts';

/** A message and when it arrived. */
export interface Arrival {
  body: string;
  arrivedAt: Instant;
}

/** A call with the function that made it. */
export interface FunctionCall extends Metered {
  readonly functionName: FunctionName;
}

type Scheduled = 'detect-breaches' | 'write-reports' | 'plan-mail' | 'retire-referrals';

const ENV = {
  REFERRAL_HASH_KEY: 'none',
  REFERRAL_TABLE: 'loopwatch-local-referrals',
  OPERATIONS_TABLE: 'loopwatch-local-operations',
  DUE_SHARDS: String(DUE_SHARDS),
  MAIL_QUEUE_URL: 'http://127.0.0.1/loopwatch-local-mail-jobs',
  DEAD_LETTER_QUEUE_URLS: 'http://127.0.0.1/loopwatch-local-mail-jobs-dlq',
  CONFIGURATION_SET: 'loopwatch-local',
  MAIL_HOLD: 'off',
  CONCURRENT_SENDERS: '2',
  CLOSED_REFERRAL_MONTHS: '25',
};

/**
 * Every deployed function over tables in memory, with queues and SES that take everything. All DynamoDB calls are
 * reported with the function that made them.
 */
export class BenchOrganization {
  readonly time = new SimulatedTime(0);
  readonly dynamo: MemoryDynamo;
  readonly #config: Config;
  readonly #handlers: Record<FunctionName, FunctionHandler>;
  readonly #callers = new AsyncLocalStorage<FunctionName>();
  readonly #configs: DynamoConfigStore;
  #mailJobs: string[] = [];
  #sent: string[] = [];

  private constructor(
    dynamo: (onCall: (call: Metered) => void) => MemoryDynamo,
    config: Config,
    onCall: (call: FunctionCall) => void,
  ) {
    this.#config = config;
    this.dynamo = dynamo((call) => {
      const functionName = this.#callers.getStore();
      if (functionName) onCall({ ...call, functionName });
    });
    const region = { region: 'us-east-1' };
    const dynamodb = this.dynamo.attach(new DynamoDBClient(region));
    const sqs = this.#sqs(new SQSClient(region));
    const ses = this.#ses(new SESClient(region));
    const runtime = quietRuntime({ dynamodb, sqs, ses }, { time: this.time });
    this.#configs = new DynamoConfigStore(new Table(dynamodb, ENV.OPERATIONS_TABLE));
    const names = Object.keys(FUNCTIONS) as FunctionName[];
    const composed = names.map((name) => [name, composeFunction(name, ENV, runtime)] as const);
    this.#handlers = Object.fromEntries(composed) as Record<FunctionName, FunctionHandler>;
  }

  /** @param onCall gets every DynamoDB call that a function makes */
  static async open(config: Config, onCall: (call: FunctionCall) => void): Promise<BenchOrganization> {
    const specs = tableSpecs(await localTemplates());
    return new BenchOrganization((report) => new MemoryDynamo(specs, report), config, onCall);
  }

  /** Puts the configuration in force at an instant. */
  async begin(at: Instant): Promise<void> {
    this.time.moveTo(at);
    await this.#configs.push(this.#config, at);
  }

  /** Hands one batch to ingest. Throws if anything of it comes back. */
  async ingest(batch: readonly Arrival[]): Promise<void> {
    this.time.moveTo(Math.max(...batch.map(({ arrivedAt }) => arrivedAt)));
    await this.#consume('ingest-events', batch);
  }

  /** A scheduled call for an instant. */
  async run(functionName: Scheduled, at: Instant): Promise<void> {
    this.time.moveTo(at);
    await this.#call(functionName, { time: formatInstant(at) });
  }

  /** Makes what plan-mail announced, and records what SES says of it. */
  async mail(): Promise<void> {
    for (const jobs of chunksOf(this.#mailJobs.splice(0), BATCH_SIZE)) {
      await this.#consume(
        'send-mail',
        jobs.map((body) => ({ body, arrivedAt: this.time.now() })),
      );
    }
    const notices = this.#sent
      .splice(0)
      .flatMap((mailId) => [this.#notice(mailId, 'Send'), this.#notice(mailId, 'Delivery')]);
    for (const some of chunksOf(notices, BATCH_SIZE)) {
      await this.#consume(
        'record-delivery',
        some.map((body) => ({ body, arrivedAt: this.time.now() })),
      );
    }
  }

  async #consume(functionName: FunctionName, batch: readonly Arrival[]): Promise<void> {
    const Records = batch.map(({ body, arrivedAt }, index) => ({
      messageId: String(index),
      body,
      attributes: { SentTimestamp: String(arrivedAt) },
      messageAttributes: {},
    }));
    const { batchItemFailures } = (await this.#call(functionName, { Records })) as { batchItemFailures: unknown[] };
    if (batchItemFailures.length > 0) throw new Error(`${functionName} gave ${batchItemFailures.length} records back`);
  }

  #call(functionName: FunctionName, event: object): Promise<unknown> {
    return this.#callers.run(functionName, () => this.#handlers[functionName](event, lambdaContext(functionName, 900)));
  }

  #notice(mailId: string, event: 'Send' | 'Delivery'): string {
    const mail = { messageId: mailId, tags: { mailId: [mailId] }, source: '', destinations: [], raw: new Uint8Array() };
    return sesNotification({ ...mail, sentAt: this.time.now() }, event);
  }

  /** An SQS client whose mail jobs are kept here and whose dead-letter queues are empty. */
  #sqs(client: SQSClient): SQSClient {
    client.middlewareStack.add(
      (_next, context) =>
        async ({ input }) => {
          if ((context as { commandName?: string }).commandName !== 'SendMessageBatchCommand') {
            return {
              output: { $metadata: {}, Attributes: { ApproximateNumberOfMessages: '0' } } as never,
              response: {},
            };
          }
          const { Entries } = input as { Entries: { MessageBody: string }[] };
          this.#mailJobs.push(...Entries.map(({ MessageBody }) => MessageBody));
          return { output: { $metadata: {}, Successful: [] } as never, response: {} };
        },
      { step: 'initialize', name: 'benchQueues' },
    );
    return client;
  }

  #ses(client: SESClient): SESClient {
    answerSendQuota(client);
    client.middlewareStack.add(
      () =>
        async ({ input }) => {
          const { Tags = [] } = input as { Tags?: { Name: string; Value: string }[] };
          const mailId = Tags.find(({ Name }) => Name === 'mailId')?.Value ?? '';
          this.#sent.push(mailId);
          return { output: { $metadata: {}, MessageId: mailId } as never, response: {} };
        },
      { step: 'initialize', name: 'benchSes' },
    );
    return client;
  }
}
