import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { QueueName } from '../../infra/settings.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { fromWire, toWire } from '../memory-dynamo/wire.ts';
import { MemoryStage } from '../memory-stage/memory-stage.ts';

/** A message that lies on a queue, or will. */
export interface StoredMessage {
  queue: QueueName;
  body: string;
  attributes: Readonly<Record<string, string>>;
  sentAt: Instant;
}

/** An item as DynamoDB has it. */
export interface StoredItem {
  table: 'referrals' | 'operations';
  item: Record<string, AttributeValue>;
}

/** Everything that a release left on a stage: what its tables hold, what lies on its queues, and what arrives after. */
export interface Stored {
  /** The release that stored it. */
  release: string;
  /** When it was stopped. */
  now: Instant;
  items: StoredItem[];
  /** What lies on the queues, oldest first. */
  messages: StoredMessage[];
  /** What arrives later, in order. */
  arrivals: StoredMessage[];
}

type Line = { release: string; now: string } | StoredItem | { message: StoredMessage } | { arrival: StoredMessage };

/** The file of what a release stored: JSON lines, gzipped. The same is always written as the same bytes. */
export function writeStored({ release, now, items, messages, arrivals }: Stored): Buffer {
  const lines: Line[] = [
    { release, now: formatInstant(now) },
    ...items.toSorted((a, b) => byCodePoint(placeOf(a), placeOf(b))),
    ...messages.map((message) => ({ message })),
    ...arrivals.map((arrival) => ({ arrival })),
  ];
  return gzipSync(lines.map((line) => `${toWire(line)}\n`).join(''), { level: 9 });
}

const placeOf = ({ table, item }: StoredItem): string => `${table} ${item.pk?.S} ${item.sk?.S}`;

/** @throws if a line is none of those that `writeStored` writes */
export function readStored(file: Uint8Array): Stored {
  const [head, ...lines] = gunzipSync(file)
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => fromWire(line) as Line);
  if (head === undefined || !('release' in head)) throw new Error('the first line of what was stored names no release');
  const stored: Stored = {
    ...{ release: head.release, now: parseInstant(head.now) ?? 0 },
    ...{ items: [], messages: [], arrivals: [] },
  };
  for (const line of lines) {
    if ('table' in line) stored.items.push(line);
    else if ('message' in line) stored.messages.push(line.message);
    else if ('arrival' in line) stored.arrivals.push(line.arrival);
    else throw new Error('a line of what was stored is neither an item nor a message');
  }
  return stored;
}

/** A stage in memory that holds what a release stored, at the instant at which it was stopped. */
export async function openStored({ now, items, messages }: Stored, log: Log): Promise<MemoryStage> {
  const stage = await MemoryStage.open(now, { log });
  for (const { table, item } of items) {
    await stage.client.send(new PutItemCommand({ TableName: stage.names[table], Item: item }));
  }
  for (const { queue, body, ...message } of messages) stage.queues[queue].send(body, message);
  return stage;
}
