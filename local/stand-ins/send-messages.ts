import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** The limit of SQS for a message, and for a whole batch, in bytes of bodies and attributes. */
export const MAX_BYTES = 1_048_576;
const MAX_ENTRIES = 10;
const ARRIVED_AT = 'arrivedAt';

export interface OutgoingMessage {
  body: string;
  /** When the message arrives in simulated time. `arrivedAt` reads it back. */
  arrivedAt?: number;
  /** Further message attributes, such as the file and position that a message was read from. */
  attributes?: Record<string, string>;
}

export interface SendResult {
  sent: number;
  /** Messages that SQS never takes: they are too large, or have characters that XML doesn't allow. */
  rejected: { index: number; code: string; message: string }[];
}

type Entry = SendMessageBatchRequestEntry & { Id: string };

/** Sends messages in as few batches as the limits of SQS allow, one after the other to keep their order. */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  messages: Iterable<OutgoingMessage>,
): Promise<SendResult> {
  const result: SendResult = { sent: 0, rejected: [] };
  let batch: Entry[] = [];
  let batchBytes = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch });
    const { Successful = [], Failed = [] } = await client.send(command);
    result.sent += Successful.length;
    for (const { Id, Code = '', Message = '', SenderFault } of Failed) {
      if (!SenderFault) throw new Error(`SQS failed to take message ${Id}: ${Code} ${Message}`);
      result.rejected.push({ index: Number(Id), code: Code, message: Message });
    }
    batch = [];
    batchBytes = 0;
  };
  let index = 0;
  for (const message of messages) {
    const entry = toEntry(message, index++);
    const bytes = sizeOf(entry);
    if (bytes > MAX_BYTES) {
      result.rejected.push({ index: Number(entry.Id), code: 'too_large', message: `${bytes} bytes` });
      continue;
    }
    if (batch.length === MAX_ENTRIES || batchBytes + bytes > MAX_BYTES) await flush();
    batch.push(entry);
    batchBytes += bytes;
  }
  await flush();
  return result;
}

/** The simulated arrival of a message that `sendMessages` sent, for the pump's `sentAt`. Null if it has none. */
export function arrivedAt(record: SQSRecord): number | null {
  const value = record.messageAttributes[ARRIVED_AT]?.stringValue;
  return value === undefined ? null : Number(value);
}

function toEntry({ body, arrivedAt, attributes = {} }: OutgoingMessage, index: number): Entry {
  const values = Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]);
  if (arrivedAt !== undefined) values.push([ARRIVED_AT, { DataType: 'Number', StringValue: String(arrivedAt) }]);
  const entry: Entry = { Id: String(index), MessageBody: body };
  return values.length === 0 ? entry : { ...entry, MessageAttributes: Object.fromEntries(values) };
}

function sizeOf({ MessageBody = '', MessageAttributes = {} }: Entry): number {
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType = '', StringValue = '' }]) =>
    [name, DataType, StringValue].join(''),
  );
  return [MessageBody, ...attributes].reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}
