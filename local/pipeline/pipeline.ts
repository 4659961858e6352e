import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsDeadLetters } from '../../functions/send-mail/dead-letters.ts';
import type { FunctionName } from '../../infra/settings.ts';
import type { Template } from '../../infra/templates.ts';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { type Log, silentLog } from '../../shared/platform/logger.ts';
import { dynamoStores, type Stores } from '../../shared/store/dynamo-stores.ts';
import { Recorder } from '../cost/recorder.ts';
import { clientConfig } from '../stand-ins/client-config.ts';
import { composeFunction, type FunctionHandler } from '../stand-ins/compose-function.ts';
import { lambdaContext } from '../stand-ins/lambda-context.ts';
import { newDynamoClient } from '../stand-ins/own-tables.ts';
import { provision, type Resources } from '../stand-ins/provision.ts';
import { type DrainResult, type QueueHandler, QueuePump } from '../stand-ins/queue-pump.ts';
import { quietRuntime } from '../stand-ins/quiet-runtime.ts';
import { scheduledEvent } from '../stand-ins/schedule.ts';
import { arrivedAt, type OutgoingMessage, type SendResult, sendMessages } from '../stand-ins/send-messages.ts';
import { answerSendQuota, publishSesEvents, recordSends, type SentMail } from '../stand-ins/ses-events.ts';
import { tableSpecs } from '../stand-ins/tables.ts';
import { SimulatedTime } from './simulated-time.ts';

type ScheduledName = 'detect-breaches' | 'write-reports' | 'plan-mail' | 'retire-referrals';
type QueueName = 'referral-events' | 'mail-jobs' | 'delivery-events';

/**
 * The deployed handlers on one machine, in simulated time: tables and queues are made from the synthesized templates,
 * and the SDK clients are real. Every AWS call is recorded by function, with the capacity units that it would cost.
 */
export class Pipeline {
  readonly time: SimulatedTime;
  readonly recorder: Recorder;
  readonly resources: Resources;
  readonly endpoints: Record<'dynamodb' | 'sqs' | 'ses', string>;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly stores: Stores;
  /** Every mail that SES took, oldest first. */
  readonly sent: SentMail[] = [];
  /** What ingest-events logs that it took in. */
  readonly ingested = { events: 0, duplicates: 0 };
  readonly #ses: SESClient;
  #unannounced: SentMail[] = [];
  readonly #queueHandlers: Record<QueueName, { name: FunctionName; handler: QueueHandler }>;
  readonly #scheduledHandlers: Record<ScheduledName, FunctionHandler>;

  private constructor(
    resources: Resources,
    templates: Template[],
    endpoints: Record<'dynamodb' | 'sqs' | 'ses', string>,
    start: Instant,
    log: Log,
  ) {
    this.resources = resources;
    this.endpoints = endpoints;
    this.time = new SimulatedTime(start);
    this.recorder = new Recorder(tableSpecs(templates));
    this.dynamodb = newDynamoClient(endpoints.dynamodb);
    this.sqs = new SQSClient(clientConfig(endpoints.sqs));
    this.#ses = new SESClient({ ...clientConfig(endpoints.ses), maxAttempts: 1 });
    // A mail is noted before the function gets the answer of SES: a function that crashes then has still sent it.
    recordSends(
      this.#ses,
      () => this.time.now(),
      (mail) => {
        this.sent.push(mail);
        this.#unannounced.push(mail);
      },
    );
    answerSendQuota(this.#ses);
    for (const client of [this.dynamodb, this.sqs, this.#ses]) this.recorder.attach(client);

    const runtime = quietRuntime(
      { dynamodb: this.dynamodb, sqs: this.sqs, ses: this.#ses },
      { time: this.time, log: this.#countingLog(log) },
    );
    const env = (name: FunctionName) => resources.functions[name].env;
    const compose = (name: FunctionName) => composeFunction(name, env(name), runtime);
    const queued = (name: FunctionName) => ({ name, handler: compose(name) as QueueHandler });
    this.#queueHandlers = {
      'referral-events': queued('ingest-events'),
      'mail-jobs': queued('send-mail'),
      'delivery-events': queued('record-delivery'),
    };
    this.#scheduledHandlers = {
      'detect-breaches': compose('detect-breaches'),
      'write-reports': compose('write-reports'),
      'plan-mail': compose('plan-mail'),
      'retire-referrals': compose('retire-referrals'),
    };
    const { referrals = '', operations = '' } = resources.tables;
    const shards = Number(env('detect-breaches').DUE_SHARDS);
    this.stores = dynamoStores(this.dynamodb, { referrals, operations, shards });
  }

  /**
   * Makes the tables and queues, and composes the handlers.
   * @param start where simulated time begins
   * @param log gets what the functions log
   */
  static async open(
    templates: Template[],
    endpoints: Record<'dynamodb' | 'sqs' | 'ses', string>,
    start: Instant,
    log: Log = silentLog,
  ): Promise<Pipeline> {
    return new Pipeline(await provision(templates, endpoints), templates, endpoints, start, log);
  }

  /** Puts a configuration in force, as `config push` does on a deployed stage. */
  pushConfig(config: Config): Promise<string> {
    return this.stores.configs.push(config, this.time.now());
  }

  /** Puts messages on the referral-events queue, in order. */
  enqueue(messages: Iterable<OutgoingMessage>): Promise<SendResult> {
    return sendMessages(this.sqs, this.#queue('referral-events').url, messages);
  }

  /** Calls ingest-events with a message that SQS would not take. */
  async ingestDirectly(message: OutgoingMessage): Promise<void> {
    const { handler, name } = this.#queueHandlers['referral-events'];
    const attributes = Object.entries(message.attributes ?? {});
    const record = {
      messageId: 'direct',
      receiptHandle: 'direct',
      body: message.body,
      attributes: { SentTimestamp: String(message.arrivedAt ?? this.time.now()) },
      messageAttributes: Object.fromEntries(
        attributes.map(([key, stringValue]) => [key, { dataType: 'String', stringValue }]),
      ),
    };
    await this.recorder.during(name, () => handler({ Records: [record as never] }, lambdaContext(name, 60)));
  }

  /**
   * Hands a queue's messages to its function until none are left, or until as many as `expected` are done.
   * @param options with `once`, messages that fail stay in the queue for the next time
   */
  async drain(
    queue: QueueName,
    { concurrency = 4, ...options }: { concurrency?: number; expected?: number; once?: boolean } = {},
  ): Promise<DrainResult> {
    const { name, handler } = this.#queueHandlers[queue];
    const { eventSource, timeoutSeconds } = this.resources.functions[name];
    if (!eventSource) throw new Error(`${name} has no event source in the templates`);
    const pump = new QueuePump({
      client: this.sqs,
      queue: this.#queue(queue),
      eventSource,
      handler: (event, context) => this.recorder.during(name, () => handler(event, context)),
      functionName: name,
      timeoutSeconds,
      concurrency,
      sentAt: (record) => arrivedAt(record) ?? this.time.ofMachine(Number(record.attributes.SentTimestamp)),
    });
    return pump.drain(options);
  }

  /** Moves time to an instant and calls a scheduled function for it. */
  async invoke<T = unknown>(name: ScheduledName, at: Instant): Promise<T> {
    this.time.moveTo(at);
    const { schedule, timeoutSeconds } = this.resources.functions[name];
    if (!schedule) throw new Error(`${name} has no schedule in the templates`);
    return (await this.recorder.during(name, () =>
      this.#scheduledHandlers[name](scheduledEvent(schedule, at), lambdaContext(name, timeoutSeconds)),
    )) as T;
  }

  /** Plans the mail of an instant, makes and sends it, and publishes the events of SES for what was sent. */
  async mail(at: Instant): Promise<void> {
    await this.invoke('plan-mail', at);
    await this.drain('mail-jobs');
    await this.publishDeliveries();
  }

  /** Publishes the events of SES for mails sent since the last call: the local SES publishes none itself. */
  async publishDeliveries(): Promise<void> {
    const mails = this.#unannounced;
    if (mails.length === 0) return;
    this.#unannounced = [];
    const expected = await publishSesEvents(this.sqs, this.#queue('delivery-events').url, mails);
    await this.drain('delivery-events', { expected });
  }

  /** How many messages failed and are not done, by the queue in which they failed: they are on it or were given up. */
  async undone(): Promise<Record<string, number>> {
    const undone: Record<string, number> = {};
    for (const [purpose, { url }] of Object.entries(this.resources.queues)) {
      const queue = purpose.replace(/-dlq$/, '');
      const [counted] = await sqsDeadLetters(this.sqs, [url]).counts();
      if (counted && counted.count > 0) undone[queue] = (undone[queue] ?? 0) + counted.count;
    }
    return undone;
  }

  #countingLog(log: Log): Log {
    const info: Log['info'] = (code, counts = {}) => {
      log.info(code, counts);
      if (code !== 'EVENTS_INGESTED') return;
      this.ingested.events += Number(counts.events);
      this.ingested.duplicates += Number(counts.duplicates);
    };
    return { ...log, info };
  }

  close(): void {
    for (const client of [this.dynamodb, this.sqs, this.#ses]) client.destroy();
  }

  #queue(purpose: string) {
    const queue = this.resources.queues[purpose];
    if (!queue) throw new Error(`${purpose}: no such queue in the templates`);
    return queue;
  }
}
