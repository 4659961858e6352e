import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { lambdaContext } from './lambda-context.ts';

/** The limit of SQS for a batch. */
const MAX_ENTRIES = 10;

/**
 * How often one drain hands over a message that fails. The queue allows hundreds of receives, some minutes apart; a drain
 * is one moment.
 */
const TRIES = 5;

/** A consumer of a queue as Lambda calls it. */
export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | undefined>;

export interface QueuePumpOptions {
  client: SQSClient;
  /** As `provision` returns it. It needs a redrive policy: a message that always fails would come back for ever. */
  queue: { url: string; arn: string; maxReceiveCount: number | null };
  eventSource: { batchSize: number; reportsItemFailures: boolean };
  handler: QueueHandler;
  functionName: string;
  timeoutSeconds: number;
  /** How many batches are handled at once. 1 keeps the order in which messages were sent. */
  concurrency?: number;
  /** Replaces SentTimestamp if time is simulated (see `arrivedAt`). Null leaves that of SQS. */
  sentAt?: (record: SQSRecord) => number | null;
  /** Seconds of long polling before a queue counts as empty: 0 for the stand-in, 1 for the real SQS. */
  waitSeconds?: number;
}

export interface DrainResult {
  batches: number;
  succeeded: number;
  /** Failed deliveries: a message that failed five times counts five times. */
  failed: number;
  /** Errors that the handler threw. Each failed its whole batch. */
  errors: unknown[];
}

/**
 * Lambda's event source mapping on one machine: hands a queue's messages to a handler in batches, deletes those that
 * succeed and makes those that fail visible again at once, until none are left but those that failed five times, which the
 * next drain tries again. The queue applies its redrive policy.
 */
export class QueuePump {
  readonly #options: QueuePumpOptions;

  constructor(options: QueuePumpOptions) {
    if (options.queue.maxReceiveCount === null) {
      throw new Error(`${options.queue.url} has no redrive policy: a message that fails would come back for ever`);
    }
    this.#options = options;
  }

  /**
   * Handles messages until the queue is empty, including those that appear meanwhile. What has failed five times becomes
   * visible at the end, for the next drain.
   * @param expected how many there are, if known: once they have succeeded, the queue isn't asked for more
   * @param once makes failed messages visible only at the end, so that this drain doesn't receive them again
   */
  async drain({
    expected = Number.POSITIVE_INFINITY,
    once = false,
  }: {
    expected?: number;
    once?: boolean;
  } = {}): Promise<DrainResult> {
    const result: DrainResult = { batches: 0, succeeded: 0, failed: 0, errors: [] };
    const held: Message[] = [];
    const tries = once ? 1 : TRIES;
    const failures = new Map<string, number>();
    const isHeld = ({ MessageId = '' }: Message): boolean => {
      const count = (failures.get(MessageId) ?? 0) + 1;
      failures.set(MessageId, count);
      return count >= tries;
    };
    // A worker stops when the queue is empty. Messages that another worker returns are received again by that worker.
    const worker = async (first?: Message[]) => {
      for (let messages = first ?? (await this.#receive()); messages.length > 0; messages = await this.#receive()) {
        const failed = await this.#handle(messages, result);
        const { held: kept = [], back = [] } = Object.groupBy(failed, (message) => (isHeld(message) ? 'held' : 'back'));
        held.push(...kept);
        await this.#return(back);
        if (result.succeeded >= expected) return;
      }
    };
    // There are mostly few messages or none. Only a full first batch suggests that there is work for more workers.
    const first = await this.#receive();
    const workers = first.length < this.#batchSize ? 1 : (this.#options.concurrency ?? 4);
    await Promise.all([worker(first), ...Array.from({ length: workers - 1 }, () => worker())]);
    await this.#return(held);
    return result;
  }

  get #batchSize(): number {
    return Math.min(this.#options.eventSource.batchSize, 10);
  }

  async #receive(): Promise<Message[]> {
    const { client, queue, waitSeconds = 0 } = this.#options;
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: this.#batchSize,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  /** @returns the messages that failed, still invisible */
  async #handle(messages: Message[], result: DrainResult): Promise<Message[]> {
    const { handler, functionName, timeoutSeconds } = this.#options;
    const Records = messages.map((message) => this.#record(message));
    let failed: Set<string>;
    try {
      const response = await handler({ Records }, lambdaContext(functionName, timeoutSeconds));
      failed = this.#failures(response, Records);
    } catch (error) {
      result.errors.push(error);
      failed = new Set(Records.map((record) => record.messageId));
    }
    const returned = messages.filter((message) => failed.has(message.MessageId ?? ''));
    const done = messages.filter((message) => !failed.has(message.MessageId ?? ''));
    await this.#delete(done);
    result.batches += 1;
    result.succeeded += done.length;
    result.failed += returned.length;
    return returned;
  }

  /** The messages that failed by Lambda's rules: an unknown identifier fails the whole batch. */
  #failures(response: SQSBatchResponse | undefined, records: SQSRecord[]): Set<string> {
    if (!this.#options.eventSource.reportsItemFailures) return new Set();
    const named = (response?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier);
    const all = new Set(records.map((record) => record.messageId));
    return named.every((identifier) => all.has(identifier)) ? new Set(named) : all;
  }

  async #delete(messages: Message[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const command = new DeleteMessageBatchCommand({ QueueUrl: this.#options.queue.url, Entries });
    const { Failed = [] } = await this.#options.client.send(command);
    if (Failed.length > 0) throw new Error(`SQS didn't delete ${Failed.length} messages: ${Failed[0]?.Message}`);
  }

  async #return(messages: Message[]): Promise<void> {
    for (let from = 0; from < messages.length; from += MAX_ENTRIES) {
      await this.#returnBatch(messages.slice(from, from + MAX_ENTRIES));
    }
  }

  async #returnBatch(messages: Message[]): Promise<void> {
    const Entries = messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#options.queue.url, Entries });
    const { Failed = [] } = await this.#options.client.send(command);
    if (Failed.length > 0) throw new Error(`SQS didn't return ${Failed.length} messages: ${Failed[0]?.Message}`);
  }

  #record(message: Message): SQSRecord {
    const { Attributes: attributes = {} } = message;
    const record: SQSRecord = {
      messageId: message.MessageId ?? '',
      receiptHandle: message.ReceiptHandle ?? '',
      body: message.Body ?? '',
      attributes: {
        ...attributes,
        ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? '1',
        SentTimestamp: attributes.SentTimestamp ?? '0',
        SenderId: attributes.SenderId ?? '',
        ApproximateFirstReceiveTimestamp: attributes.ApproximateFirstReceiveTimestamp ?? '0',
      },
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType = 'String', StringValue }]) => [
          name,
          { dataType: DataType, stringValue: StringValue },
        ]),
      ),
      md5OfBody: message.MD5OfBody ?? '',
      eventSource: 'aws:sqs',
      eventSourceARN: this.#options.queue.arn,
      awsRegion: 'us-east-1',
    };
    const sentAt = this.#options.sentAt?.(record);
    if (sentAt != null) record.attributes.SentTimestamp = String(sentAt);
    return record;
  }
}
