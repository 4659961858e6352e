import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient, type SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BATCH_SIZE, DUE_SHARDS, FUNCTIONS, type FunctionName, QUEUES, type QueueName } from '../../infra/settings.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { chunksOf, settleEach } from '../../shared/platform/concurrency.ts';
import { type Log, silentLog } from '../../shared/platform/logger.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { fromItem, type Item } from '../../shared/store/dynamo.ts';
import { dynamoStores, type Stores } from '../../shared/store/dynamo-stores.ts';
import { MemoryDynamo } from '../memory-dynamo/memory-dynamo.ts';
import { SimulatedTime } from '../pipeline/simulated-time.ts';
import { composeFunction, type FunctionHandler } from '../stand-ins/compose-function.ts';
import { lambdaContext } from '../stand-ins/lambda-context.ts';
import { quietRuntime } from '../stand-ins/quiet-runtime.ts';
import { LOCAL_SEND_RATE, type SentMail, sentMail } from '../stand-ins/ses-events.ts';
import { tableSpecs } from '../stand-ins/tables.ts';
import { localTemplates } from '../stand-ins/templates.ts';
import { MemoryQueue, type QueuedMessage, toRecord } from './memory-queue.ts';
import { plainSender } from './plain-sender.ts';

export type Scheduled = Exclude<FunctionName, 'ingest-events' | 'send-mail' | 'record-delivery'>;
type Client = DynamoDBClient | SQSClient | SESClient;

/** What stands between the functions and AWS, such as faults. */
export interface Between {
  /** Gets each client that functions use, before they do. */
  attach(client: Client): void;
  /** Runs an invocation of a function. */
  during<T>(functionName: FunctionName, work: () => Promise<T>): Promise<T>;
}

/** What became of the messages of a queue that were handed over. */
export interface Consumed {
  done: QueuedMessage[];
  /** Given back, by their function's answer or because it failed. */
  failed: QueuedMessage[];
  /** What whole invocations failed with. */
  errors: unknown[];
}

const REGION = { region: 'us-east-1' };
const queueUrl = (purpose: string): string => `http://127.0.0.1/loopwatch-local-${purpose}`;
type SqsAttributes = Record<string, { StringValue: string }>;
const NAMES = { referrals: 'loopwatch-local-referrals', operations: 'loopwatch-local-operations' };
const ENV = {
  REFERRAL_HASH_KEY: 'none',
  REFERRAL_TABLE: NAMES.referrals,
  OPERATIONS_TABLE: NAMES.operations,
  DUE_SHARDS: String(DUE_SHARDS),
  MAIL_QUEUE_URL: queueUrl('mail-jobs'),
  DEAD_LETTER_QUEUE_URLS: Object.keys(QUEUES)
    .map((name) => queueUrl(`${name}-dlq`))
    .join(' '),
  MAIL_HOLD: 'off',
  CONFIGURATION_SET: 'loopwatch-local',
  CONCURRENT_SENDERS: '2',
  CLOSED_REFERRAL_MONTHS: '25',
};

/**
 * A whole stage within this process, in simulated time: every deployed function with its own composition, tables with
 * DynamoDB's limits, queues with visibility timeouts and redrive, and an SES that takes everything. Whole weeks take
 * seconds, which no emulator can do.
 */
export class MemoryStage {
  readonly time: SimulatedTime;
  readonly dynamo: MemoryDynamo;
  readonly queues: Readonly<Record<QueueName, MemoryQueue>>;
  /** Every mail that SES took, oldest first. */
  readonly sent: SentMail[] = [];
  /** Clients that nothing stands between. */
  readonly client: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly names = NAMES;
  readonly stores: Stores;
  readonly #runtime: Runtime;
  readonly #between: Between;
  readonly #rendersMail: boolean;
  readonly #env: Record<string, string> = { ...ENV };
  readonly #handlers = new Map<FunctionName, FunctionHandler>();

  private constructor(
    dynamo: MemoryDynamo,
    start: Instant,
    { between = NOTHING_BETWEEN, log = silentLog, rendersMail = true }: StageOptions,
  ) {
    this.#rendersMail = rendersMail;
    this.time = new SimulatedTime(start);
    this.dynamo = dynamo;
    this.#between = between;
    this.queues = {
      'referral-events': new MemoryQueue('referral-events'),
      'mail-jobs': new MemoryQueue('mail-jobs'),
      'delivery-events': new MemoryQueue('delivery-events'),
    };
    this.client = dynamo.attach(new DynamoDBClient(REGION));
    this.stores = dynamoStores(this.client, { ...NAMES, shards: DUE_SHARDS });
    const dynamodb = dynamo.attach(new DynamoDBClient(REGION));
    const newSqs = () => answering(new SQSClient(REGION), (action, input) => this.#answerSqs(action, input));
    this.sqs = newSqs();
    const sqs = newSqs();
    const ses = answering(new SESClient(REGION), (action, input) => this.#answerSes(action, input));
    for (const client of [dynamodb, sqs, ses]) between.attach(client);
    this.#runtime = quietRuntime({ dynamodb, sqs, ses }, { time: this.time, log });
  }

  static async open(start: Instant, options: StageOptions = {}): Promise<MemoryStage> {
    return new MemoryStage(new MemoryDynamo(tableSpecs(await localTemplates())), start, options);
  }

  pushConfig(config: Config): Promise<string> {
    return this.stores.configs.push(config, this.time.now());
  }

  /** Calls a scheduled function for an instant. Throws what it throws. */
  async run(name: Scheduled, at: Instant): Promise<unknown> {
    this.time.moveTo(at);
    return this.#invoke(name, { time: formatInstant(at) });
  }

  /**
   * Hands every message of a queue that can be received now to its function, in batches. What fails comes back when its
   * visibility timeout is over.
   * @param order in which they come, if not as they were sent
   */
  async consume(
    queue: QueueName,
    { order = (messages) => messages, atOnce = 1 }: ConsumeOptions = {},
  ): Promise<Consumed> {
    const consumed: Consumed = { done: [], failed: [], errors: [] };
    const { consumer } = QUEUES[queue];
    const batches = chunksOf(order(this.queues[queue].receive(this.time.now())), BATCH_SIZE);
    const answers = await settleEach(batches, atOnce, async (batch) => {
      const answer = await this.#invoke(consumer, { Records: batch.map(toRecord) });
      return new Set(
        (answer as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures.map(
          ({ itemIdentifier }) => itemIdentifier,
        ),
      );
    });
    for (const [index, batch] of batches.entries()) {
      const answer = answers[index] as PromiseSettledResult<Set<string>>;
      if (answer.status === 'rejected') consumed.errors.push(answer.reason);
      for (const message of batch) {
        const isDone = answer.status === 'fulfilled' && !answer.value.has(message.id);
        consumed[isDone ? 'done' : 'failed'].push(message);
        if (isDone) this.queues[queue].delete(message);
      }
    }
    return consumed;
  }

  /** The URL of a queue by its purpose, such as `mail-jobs`. */
  queueUrl(purpose: string): string {
    return queueUrl(purpose);
  }

  /** From now on mails are made and held, or sent. */
  holdMail(holds: boolean): void {
    this.#env.MAIL_HOLD = holds ? 'on' : 'off';
    this.endProcess('send-mail');
  }

  /** The process of a function ends: the next call finds one that remembers nothing. */
  endProcess(name: FunctionName): void {
    this.#handlers.delete(name);
  }

  /** Everything in a table, in no order. */
  async items(table: keyof typeof NAMES): Promise<Item[]> {
    return this.dynamo.items(NAMES[table]).map(fromItem);
  }

  /** How many messages were received too often, and how many wait or are being worked on, in all queues. */
  async undone(): Promise<{ dead: number; waiting: number }> {
    const queues = Object.values(this.queues);
    return {
      dead: queues.reduce((sum, { dead }) => sum + dead.length, 0),
      waiting: queues.reduce((sum, { size }) => sum + size, 0),
    };
  }

  /** Nothing is left of it anyway: for those that take any stage. */
  async close(): Promise<void> {}

  #invoke(name: FunctionName, event: object): Promise<unknown> {
    const handler = this.#handlers.get(name) ?? this.#composed(name);
    this.#handlers.set(name, handler);
    const context = lambdaContext(name, FUNCTIONS[name].timeoutSeconds);
    return this.#between.during(name, () => handler(event, context));
  }

  #composed(name: FunctionName): FunctionHandler {
    if (name === 'send-mail' && !this.#rendersMail) return plainSender(this.#runtime, NAMES) as FunctionHandler;
    return composeFunction(name, this.#env, this.#runtime);
  }

  #answerSqs(action: string, input: object): object {
    switch (action) {
      case 'SendMessageBatch': {
        const { QueueUrl, Entries } = input as {
          QueueUrl: string;
          Entries: { Id: string; MessageBody: string; MessageAttributes?: SqsAttributes }[];
        };
        const queue = this.#queueAt(QueueUrl);
        for (const { MessageBody, MessageAttributes = {} } of Entries) {
          const values = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
          queue.send(MessageBody, { sentAt: this.time.now(), attributes: Object.fromEntries(values) });
        }
        return { Successful: Entries.map(({ Id }) => ({ Id })) };
      }
      case 'SendMessage': {
        const { QueueUrl, MessageBody } = input as { QueueUrl: string; MessageBody: string };
        this.#queueAt(QueueUrl).send(MessageBody, { sentAt: this.time.now() });
        return {};
      }
      case 'GetQueueAttributes': {
        const { QueueUrl } = input as { QueueUrl: string };
        const dead = Object.values(this.queues).find(({ name }) => queueUrl(`${name}-dlq`) === QueueUrl)?.dead;
        return { Attributes: { ApproximateNumberOfMessages: String(dead?.length ?? 0) } };
      }
      default:
        throw new Error(`${action} is not known to the queues in memory`);
    }
  }

  #queueAt(url: string): MemoryQueue {
    const queue = Object.values(this.queues).find(({ name }) => queueUrl(name) === url);
    if (!queue) throw new Error(`${url} is none of the queues in memory`);
    return queue;
  }

  #answerSes(action: string, input: object): object {
    switch (action) {
      case 'SendRawEmail': {
        const mail = sentMail(input as SendRawEmailCommandInput, `ses-${this.sent.length + 1}`, this.time.now());
        this.sent.push(mail);
        return { MessageId: mail.messageId };
      }
      case 'GetSendQuota':
        return { MaxSendRate: LOCAL_SEND_RATE, Max24HourSend: -1, SentLast24Hours: 0 };
      default:
        throw new Error(`${action} is not known to the SES in memory`);
    }
  }
}

interface StageOptions {
  /** What stands between the functions and AWS. */
  between?: Between;
  /** Gets what the functions log. */
  log?: Log;
  /** Without it mails say nothing, which takes a third of the time: what they would say is frozen all the same. */
  rendersMail?: boolean;
}

/** How messages are handed over. */
export interface ConsumeOptions {
  order?: (messages: QueuedMessage[]) => QueuedMessage[];
  /** How many batches are handled at once. */
  atOnce?: number;
}

/** Functions meet AWS itself. */
export const NOTHING_BETWEEN: Between = { attach: () => {}, during: (_name, work) => work() };

/** Makes a client answer by itself instead of asking the network. */
function answering<C extends SQSClient | SESClient>(client: C, answer: (action: string, input: object) => object): C {
  client.send = async (command: { constructor: { name: string }; input: object }) => {
    const action = command.constructor.name.replace(/Command$/, '');
    return { ...answer(action, command.input), $metadata: { httpStatusCode: 200 } } as never;
  };
  return client;
}
