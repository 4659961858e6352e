import { type SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { MAX_BYTES, type OutgoingMessage, sendMessages } from '../../../local/stand-ins/send-messages.ts';

type Failed = { Id: string; Code: string; Message: string; SenderFault: boolean };

/** A client that answers by itself and keeps the commands that it was given. */
function client(fails: (body: string) => Omit<Failed, 'Id'> | null = () => null) {
  const batches: SendMessageBatchCommandInput[] = [];
  const sqs = new SQSClient({ region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  sqs.middlewareStack.add(
    () => async (args) => {
      const input = args.input as SendMessageBatchCommandInput;
      batches.push(input);
      const results = (input.Entries ?? []).map(({ Id, MessageBody }) => ({ Id, ...fails(MessageBody ?? '') }));
      const output = {
        $metadata: {},
        Successful: results.filter((result) => !result.Code),
        Failed: results.filter((result) => result.Code),
      };
      return { output, response: {} };
    },
    { step: 'initialize' },
  );
  const send = (messages: OutgoingMessage[]) => sendMessages(sqs, 'https://sqs.local/queue', messages);
  const sizes = () => batches.map(({ Entries }) => Entries?.length);
  return { send, batches, sizes };
}

const text = (bytes: number) => 'x'.repeat(bytes);

describe('sending messages', () => {
  it('sends ten at a time, in their order', async () => {
    const { send, sizes, batches } = client();
    const messages = Array.from({ length: 23 }, (_, index) => ({ body: String(index) }));
    expect(await send(messages)).toEqual({ sent: 23, rejected: [] });
    expect(sizes()).toEqual([10, 10, 3]);
    const bodies = batches.flatMap(({ Entries }) => (Entries ?? []).map(({ MessageBody }) => MessageBody));
    expect(bodies).toEqual(messages.map(({ body }) => body));
  });

  it('sends nothing without messages', async () => {
    const { send, sizes } = client();
    expect(await send([])).toEqual({ sent: 0, rejected: [] });
    expect(sizes()).toEqual([]);
  });

  it('keeps a batch within 1 MiB', async () => {
    const { send, sizes } = client();
    await send([{ body: text(MAX_BYTES / 2) }, { body: text(MAX_BYTES / 2) }, { body: 'x' }]);
    expect(sizes()).toEqual([2, 1]);
  });

  it('counts bytes, not characters', async () => {
    const { send, sizes } = client();
    await send([{ body: 'ü'.repeat(MAX_BYTES / 4) }, { body: 'ü'.repeat(MAX_BYTES / 4) }, { body: 'ü' }]);
    expect(sizes()).toEqual([2, 1]);
  });

  it('counts attributes too', async () => {
    const { send, sizes } = client();
    await send([{ body: text(MAX_BYTES / 2) }, { body: text(MAX_BYTES / 2), arrivedAt: 1 }]);
    expect(sizes()).toEqual([1, 1]);
  });

  it('rejects a message over 1 MiB and sends its neighbours', async () => {
    const { send } = client();
    expect(await send([{ body: 'a' }, { body: text(MAX_BYTES + 1) }, { body: 'b' }])).toEqual({
      sent: 2,
      rejected: [{ index: 1, code: 'too_large', message: '1048577 bytes' }],
    });
  });

  it('returns what SQS refused, and which message it was', async () => {
    const refused = { Code: 'InvalidMessageContents', Message: 'Invalid characters', SenderFault: true };
    const { send } = client((body) => (body === '\u0000' ? refused : null));
    const messages = [...Array.from({ length: 10 }, () => ({ body: 'a' })), { body: '\u0000' }, { body: 'b' }];
    expect(await send(messages)).toEqual({
      sent: 11,
      rejected: [{ index: 10, code: 'InvalidMessageContents', message: 'Invalid characters' }],
    });
  });

  it('throws if SQS itself fails', async () => {
    const failure = { Code: 'InternalError', Message: 'try again', SenderFault: false };
    const { send } = client(() => failure);
    await expect(send([{ body: 'a' }])).rejects.toThrow('InternalError');
  });
});
