import type { SQSRecord } from 'aws-lambda';
import { maxReceiveCount, type QueueName, visibilitySeconds } from '../../infra/settings.ts';
import type { Instant } from '../../shared/contracts/instant.ts';

/** A message that waits, or that somebody has received and not deleted. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** When SQS got it. */
  readonly sentAt: Instant;
  /** From when on it can be received. */
  visibleAt: Instant;
  receives: number;
}

/** How a message comes to a queue. */
export interface Sending {
  sentAt: Instant;
  /** When it can first be received, if that is later. */
  visibleAt?: Instant;
  attributes?: Readonly<Record<string, string>>;
}

/**
 * A queue of SQS in memory, in simulated time: with the visibility timeout and the redrive policy of the stage. It keeps no
 * order of its own: what is visible comes as it was sent.
 */
export class MemoryQueue {
  readonly name: QueueName;
  /** What was received too often. */
  readonly dead: QueuedMessage[] = [];
  readonly #messages = new Map<string, QueuedMessage>();
  readonly #visibilityMs: number;
  readonly #mostReceives: number;
  #serial = 0;

  constructor(name: QueueName) {
    this.name = name;
    this.#visibilityMs = visibilitySeconds(name) * 1000;
    this.#mostReceives = maxReceiveCount(name);
  }

  /** How many messages wait or are being worked on. */
  get size(): number {
    return this.#messages.size;
  }

  send(body: string, { sentAt, visibleAt = sentAt, attributes = {} }: Sending): QueuedMessage {
    this.#serial += 1;
    const message = { id: `${this.name}-${this.#serial}`, body, attributes, sentAt, visibleAt, receives: 0 };
    this.#messages.set(message.id, message);
    return message;
  }

  /** When a message can next be received. Null: there is none. */
  nextVisible(): Instant | null {
    if (this.#messages.size === 0) return null;
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.#messages.values()) next = Math.min(next, visibleAt);
    return next;
  }

  /** Every message that can be received at an instant. They are hidden until they are deleted or their time is over. */
  receive(now: Instant): QueuedMessage[] {
    const received: QueuedMessage[] = [];
    for (const message of this.#messages.values()) {
      if (message.visibleAt > now) continue;
      if (message.receives >= this.#mostReceives) {
        this.#messages.delete(message.id);
        this.dead.push(message);
        continue;
      }
      message.receives += 1;
      message.visibleAt = now + this.#visibilityMs;
      received.push(message);
    }
    return received;
  }

  delete(message: QueuedMessage): void {
    this.#messages.delete(message.id);
  }
}

/** A message as Lambda hands it over. */
export function toRecord({ id, body, attributes, sentAt, receives }: QueuedMessage): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:local',
    awsRegion: 'us-east-1',
  };
}
