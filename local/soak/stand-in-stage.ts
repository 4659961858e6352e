import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sqsDeadLetters } from '../../functions/send-mail/dead-letters.ts';
import { type FunctionName, QUEUES, type QueueName } from '../../infra/settings.ts';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { dynamoStores, type Stores } from '../../shared/store/dynamo-stores.ts';
import { type Between, type ConsumeOptions, NOTHING_BETWEEN, type Scheduled } from '../memory-stage/memory-stage.ts';
import { SimulatedTime } from '../pipeline/simulated-time.ts';
import { clientConfig } from '../stand-ins/client-config.ts';
import { composeFunction, type FunctionHandler } from '../stand-ins/compose-function.ts';
import { type StandIns, startStandIns } from '../stand-ins/index.ts';
import { lambdaContext } from '../stand-ins/lambda-context.ts';
import { provision, type Resources } from '../stand-ins/provision.ts';
import { QueuePump } from '../stand-ins/queue-pump.ts';
import { quietRuntime } from '../stand-ins/quiet-runtime.ts';
import { scan } from '../stand-ins/scan.ts';
import { scheduledEvent } from '../stand-ins/schedule.ts';
import { arrivedAt, sendMessages } from '../stand-ins/send-messages.ts';
import { answerSendQuota, recordSends, type SentMail } from '../stand-ins/ses-events.ts';
import { localTemplates } from '../stand-ins/templates.ts';
import { HeldQueue } from './held-queue.ts';
import type { SoakStage } from './soak-stage.ts';

/**
 * A stage on the stand-ins: tables, queues and SES of their own makers in another process, made from the synthesized
 * templates and asked over HTTP by clients of the SDK as they are. Two functions at once really are, so the same seed
 * doesn't play the same twice.
 */
export class StandInStage implements SoakStage {
  readonly time: SimulatedTime;
  readonly sent: SentMail[] = [];
  readonly stores: Stores;
  readonly queues: Readonly<Record<QueueName, HeldQueue>>;
  readonly #standIns: StandIns;
  readonly #resources: Resources;
  readonly #between: Between;
  readonly #runtime: Runtime;
  /** Past whatever stands between the functions and AWS. */
  readonly #own: { dynamodb: DynamoDBClient; sqs: SQSClient };
  readonly #clients: { destroy(): void }[];
  readonly #handlers = new Map<FunctionName, FunctionHandler>();

  private constructor(standIns: StandIns, resources: Resources, start: Instant, between: Between) {
    this.#standIns = standIns;
    this.#resources = resources;
    this.#between = between;
    this.time = new SimulatedTime(start);
    this.queues = {
      'referral-events': new HeldQueue(),
      'mail-jobs': new HeldQueue(),
      'delivery-events': new HeldQueue(),
    };
    const { endpoints } = standIns;
    const newClients = () => ({
      dynamodb: new DynamoDBClient(clientConfig(endpoints.dynamodb)),
      sqs: new SQSClient(clientConfig(endpoints.sqs)),
    });
    this.#own = newClients();
    const ses = new SESClient({ ...clientConfig(endpoints.ses), maxAttempts: 1 });
    recordSends(
      ses,
      () => this.time.now(),
      (mail) => void this.sent.push(mail),
    );
    answerSendQuota(ses);
    const { dynamodb, sqs } = newClients();
    for (const client of [dynamodb, sqs, ses]) between.attach(client);
    this.#clients = [this.#own.dynamodb, this.#own.sqs, dynamodb, sqs, ses];
    this.#runtime = quietRuntime({ dynamodb, sqs, ses }, { time: this.time });
    const { referrals = '', operations = '' } = resources.tables;
    const shards = Number(resources.functions['detect-breaches'].env.DUE_SHARDS);
    this.stores = dynamoStores(this.#own.dynamodb, { referrals, operations, shards });
  }

  /** Starts stand-ins and makes the stage on them. `close` ends them. */
  static async open(start: Instant, between: Between = NOTHING_BETWEEN): Promise<StandInStage> {
    const [templates, standIns] = await Promise.all([localTemplates(), startStandIns({ database: 'dynalite' })]);
    try {
      return new StandInStage(standIns, await provision(templates, standIns.endpoints), start, between);
    } catch (error) {
      await standIns.stop();
      throw error;
    }
  }

  pushConfig(config: Config): Promise<string> {
    return this.stores.configs.push(config, this.time.now());
  }

  async run(name: Scheduled, at: Instant): Promise<unknown> {
    this.time.moveTo(at);
    const { schedule } = this.#resources.functions[name];
    if (!schedule) throw new Error(`${name} has no schedule in the templates`);
    return this.#invoke(name, scheduledEvent(schedule, at));
  }

  /** What failed can be received again by the next call: the queues' own time is the machine's, and hardly passes. */
  async consume(queue: QueueName, { order = (messages) => messages, atOnce = 1 }: ConsumeOptions = {}) {
    const { consumer } = QUEUES[queue];
    const { eventSource, timeoutSeconds } = this.#resources.functions[consumer];
    if (!eventSource) throw new Error(`${consumer} has no event source in the templates`);
    const held = this.queues[queue];
    const due = order(held.take(this.time.now()));
    const outgoing = due.map(({ body, sentAt, attributes }) => ({ body, arrivedAt: sentAt, attributes }));
    const { rejected } = await sendMessages(this.#own.sqs, this.#queue(queue).url, outgoing);
    if (rejected.length > 0) throw new Error(`SQS took ${rejected.length} messages of ${queue} for too large`);
    const done: { attributes: Record<string, string> }[] = [];
    const pump = new QueuePump({
      client: this.#own.sqs,
      queue: this.#queue(queue),
      eventSource,
      handler: async (event, context) => {
        const answer = (await this.#invoke(consumer, event, context)) as SQSBatchResponse;
        done.push(...doneOf(event, answer));
        return answer;
      },
      functionName: consumer,
      timeoutSeconds,
      concurrency: atOnce,
      sentAt: arrivedAt,
    });
    const { failed } = await pump.drain({ once: true });
    held.returned = failed;
    return { done };
  }

  endProcess(name: FunctionName): void {
    this.#handlers.delete(name);
  }

  items(table: 'referrals' | 'operations'): Promise<Item[]> {
    return scan(this.#own.dynamodb, this.#resources.tables[table] ?? '');
  }

  async undone(): Promise<{ dead: number; waiting: number }> {
    const { queues } = this.#resources;
    const count = async (names: string[]): Promise<number> => {
      const urls = names.map((name) => queues[name]?.url ?? '');
      const counts = await sqsDeadLetters(this.#own.sqs, urls).counts();
      return counts.reduce((sum, each) => sum + each.count, 0);
    };
    const names = Object.keys(QUEUES);
    const held = Object.values(this.queues).reduce((sum, { size }) => sum + size, 0);
    return { dead: await count(names.map((name) => `${name}-dlq`)), waiting: held + (await count(names)) };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.#standIns.stop();
  }

  #invoke(name: FunctionName, event: unknown, context?: Context): Promise<unknown> {
    const { env, timeoutSeconds } = this.#resources.functions[name];
    const handler = this.#handlers.get(name) ?? composeFunction(name, env, this.#runtime);
    this.#handlers.set(name, handler);
    return this.#between.during(name, () => handler(event, context ?? lambdaContext(name, timeoutSeconds)));
  }

  #queue(purpose: QueueName) {
    const queue = this.#resources.queues[purpose];
    if (!queue) throw new Error(`${purpose}: no such queue in the templates`);
    return queue;
  }
}

/** The records that a function doesn't give back, with the attributes of their messages. */
function doneOf({ Records }: SQSEvent, { batchItemFailures }: SQSBatchResponse) {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return Records.filter(({ messageId }) => !failed.has(messageId)).map(({ messageAttributes }) => ({
    attributes: Object.fromEntries(
      Object.entries(messageAttributes).map(([name, { stringValue = '' }]) => [name, stringValue]),
    ),
  }));
}
