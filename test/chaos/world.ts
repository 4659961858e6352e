import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Template } from '../../infra/templates.ts';
import { Crash } from '../../local/cost/recorder.ts';
import { Pipeline } from '../../local/pipeline/pipeline.ts';
import { startStandIns } from '../../local/stand-ins/index.ts';
import { newDynamoClient } from '../../local/stand-ins/own-tables.ts';
import type { Resources } from '../../local/stand-ins/provision.ts';
import { type OutgoingMessage, sendMessages } from '../../local/stand-ins/send-messages.ts';
import { publishSesEvents, type SentMail } from '../../local/stand-ins/ses-events.ts';
import { localTemplates } from '../../local/stand-ins/templates.ts';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { type Log, silentLog } from '../../shared/platform/logger.ts';
import { fromItem, type Item } from '../../shared/store/dynamo.ts';

export type Handler =
  | 'ingest-events'
  | 'detect-breaches'
  | 'write-reports'
  | 'plan-mail'
  | 'send-mail'
  | 'record-delivery'
  | 'retire-referrals';
/** What a quarter hour's work is made of, in its order. */
export const HANDLERS: readonly Handler[] = [
  'ingest-events',
  'detect-breaches',
  'plan-mail',
  'send-mail',
  'record-delivery',
];

type Stored = Record<string, AttributeValue>;
const QUEUES = ['referral-events', 'mail-jobs', 'delivery-events'] as const;
const BATCH_WRITE = 25;

/** Everything that outlives a function: what is in the tables and on the queues, and what SES has taken. */
export interface Snapshot {
  at: Instant;
  tables: Map<string, Map<string, Stored>>;
  mailJobs: OutgoingMessage[];
  sent: SentMail[];
  /** How many of the mails SES has reported. */
  told: number;
}

/** A pipeline over tables and queues that are there: its constructor is private, so that only tests do this. */
const composed = (...pipeline: [Resources, Template[], Pipeline['endpoints'], Instant, Log]): Pipeline =>
  Reflect.construct(Pipeline, pipeline);

/** The pipeline on stand-ins, one handler after the other, and back to an earlier point. */
export class World {
  #pipeline: Pipeline;
  /** The pipeline over the same tables and queues, with functions that know nothing yet. */
  readonly #composeAnew: (at: Instant) => Pipeline;
  /** Reads and writes past the recorder. */
  readonly #dynamodb: DynamoDBClient;
  readonly #stop: () => Promise<void>;
  #told = 0;
  /** What the tables hold, until the next step. */
  #read: Promise<Snapshot['tables']> | null = null;

  private constructor(
    pipeline: Pipeline,
    composeAnew: (at: Instant) => Pipeline,
    dynamodb: DynamoDBClient,
    stop: () => Promise<void>,
  ) {
    this.#pipeline = pipeline;
    this.#composeAnew = composeAnew;
    this.#dynamodb = dynamodb;
    this.#stop = stop;
  }

  /** @param log gets what the functions log */
  static async open(start: Instant, log: Log = silentLog): Promise<World> {
    const [templates, standIns] = await Promise.all([localTemplates(), startStandIns()]);
    const { endpoints, stop } = standIns;
    const pipeline = await Pipeline.open(templates, endpoints, start, log);
    const composeAnew = (at: Instant): Pipeline => composed(pipeline.resources, templates, endpoints, at, log);
    return new World(pipeline, composeAnew, newDynamoClient(endpoints.dynamodb), stop);
  }

  /** A client past the recorder, for what somebody does by hand. */
  get dynamodb(): DynamoDBClient {
    return this.#dynamodb;
  }

  get pipeline(): Pipeline {
    return this.#pipeline;
  }

  async close(): Promise<void> {
    this.#dynamodb.destroy();
    this.pipeline.close();
    await this.#stop();
  }

  /** Lets one handler do its work at an instant. What fails stays on its queue. Throws what the handler threw. */
  async step(handler: Handler, at: Instant): Promise<void> {
    this.#read = null;
    this.pipeline.time.moveTo(at);
    switch (handler) {
      case 'ingest-events':
        return this.#drain('referral-events');
      case 'detect-breaches':
      case 'write-reports':
      case 'plan-mail':
      case 'retire-referrals':
        await this.pipeline.invoke(handler, at);
        return;
      case 'send-mail':
        return this.#drain('mail-jobs');
      case 'record-delivery':
        await this.#tell();
        return this.#drain('delivery-events');
    }
  }

  /** The same, stopped before or after its k-th AWS call. @returns whether it came so far, and its calls */
  async crash(
    handler: Handler,
    at: Instant,
    side: 'before' | 'after',
    call: number,
  ): Promise<{ stopped: boolean; calls: number }> {
    const { recorder } = this.pipeline;
    if (side === 'before') recorder.crashBefore(call, handler);
    else recorder.crashAfter(call, handler);
    let stopped = false;
    try {
      await this.step(handler, at);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      stopped = true;
    }
    const calls = recorder.calls.filter(({ functionName }) => functionName === handler).length;
    recorder.reset();
    if (stopped) this.#startAnew(this.pipeline.time.now(), this.pipeline.sent);
    return { stopped, calls };
  }

  /** Does something that changes the tables and is no step. */
  changing<T>(work: () => Promise<T>): Promise<T> {
    this.#read = null;
    return work();
  }

  /** Puts further messages on the mail-jobs queue. */
  async announceMails(messages: readonly OutgoingMessage[]): Promise<void> {
    await sendMessages(this.pipeline.sqs, this.#url('mail-jobs'), messages);
  }

  async pushConfig(config: Config): Promise<void> {
    this.#read = null;
    await this.pipeline.pushConfig(config);
  }

  /** Messages that wait on a queue or its dead-letter queue. */
  async waiting(): Promise<Record<string, number>> {
    const counts = await Promise.all(
      Object.entries(this.pipeline.resources.queues).map(async ([purpose, { url }]) => {
        const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
        const { Attributes = {} } = await this.pipeline.sqs.send(
          new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
        );
        return [purpose, names.reduce((sum, name) => sum + Number(Attributes[name]), 0)] as const;
      }),
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** What is in the tables, item by item, readable. */
  async items(): Promise<Map<string, Item>> {
    const tables = await this.#tables();
    return new Map(
      [...tables].flatMap(([table, items]) => [...items].map(([key, item]) => [`${table} ${key}`, fromItem(item)])),
    );
  }

  /** Does what a table's time to live does in its own time, which the stand-in never does. */
  async removeExpired(): Promise<void> {
    const tables = await this.#tables();
    const now = this.pipeline.time.now() / 1000;
    for (const [table, items] of tables) {
      const kept = [...items].filter(([, { expiresAt }]) => !(Number(expiresAt?.N) <= now));
      await this.#write(table, items, new Map(kept));
    }
    this.#read = null;
  }

  async snapshot(): Promise<Snapshot> {
    return {
      at: this.pipeline.time.now(),
      tables: await this.#tables(),
      mailJobs: await this.#peek('mail-jobs'),
      sent: [...this.pipeline.sent],
      told: this.#told,
    };
  }

  async restore({ at, tables, mailJobs, sent, told }: Snapshot): Promise<void> {
    const now = await this.#tables();
    for (const [table, wanted] of tables) await this.#write(table, now.get(table) ?? new Map(), wanted);
    this.#read = Promise.resolve(tables);
    const queues = Object.values(this.pipeline.resources.queues);
    await Promise.all(queues.map(({ url }) => this.pipeline.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))));
    await sendMessages(this.pipeline.sqs, this.#url('mail-jobs'), mailJobs);
    this.#told = told;
    this.#startAnew(at, sent);
  }

  /** What functions keep in memory between calls (owner keys, the configuration) dies with them. */
  #startAnew(at: Instant, sent: readonly SentMail[]): void {
    const before = this.#pipeline;
    this.#pipeline = this.#composeAnew(at);
    this.#pipeline.sent.push(...sent);
    before.close();
  }

  /** SES reports every mail that it has taken since the last time. */
  async #tell(): Promise<void> {
    const mails = this.pipeline.sent.slice(this.#told);
    this.#told = this.pipeline.sent.length;
    await publishSesEvents(this.pipeline.sqs, this.#url('delivery-events'), mails);
  }

  async #drain(queue: (typeof QUEUES)[number]): Promise<void> {
    const { errors } = await this.pipeline.drain(queue, { concurrency: 1, once: true });
    if (errors.length > 0) throw errors[0];
  }

  #url(purpose: string): string {
    return this.pipeline.resources.queues[purpose]?.url ?? '';
  }

  async #peek(purpose: string): Promise<OutgoingMessage[]> {
    const QueueUrl = this.#url(purpose);
    const { Messages = [] } = await this.pipeline.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { ReceiptHandle } of Messages) {
      await this.pipeline.sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
    return Messages.map(({ Body = '' }) => ({ body: Body }));
  }

  #tables(): Promise<Snapshot['tables']> {
    this.#read ??= this.#scan();
    return this.#read;
  }

  async #scan(): Promise<Snapshot['tables']> {
    const names = Object.values(this.pipeline.resources.tables);
    const scans = names.map(async (TableName) => {
      const items = new Map<string, Stored>();
      for await (const { Items = [] } of paginateScan({ client: this.#dynamodb }, { TableName })) {
        for (const item of Items) items.set(`${item.pk?.S} ${item.sk?.S}`, item);
      }
      return [TableName, items] as const;
    });
    return new Map(await Promise.all(scans));
  }

  async #write(table: string, now: Map<string, Stored>, wanted: Map<string, Stored>): Promise<void> {
    const requests: WriteRequest[] = [];
    for (const [key, { pk, sk }] of now) {
      if (!wanted.has(key) && pk && sk) requests.push({ DeleteRequest: { Key: { pk, sk } } });
    }
    for (const [key, Item] of wanted) {
      if (JSON.stringify(now.get(key)) !== JSON.stringify(Item)) requests.push({ PutRequest: { Item } });
    }
    for (let from = 0; from < requests.length; from += BATCH_WRITE) {
      const RequestItems = { [table]: requests.slice(from, from + BATCH_WRITE) };
      await this.#dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    }
  }
}
