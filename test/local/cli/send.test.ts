import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOTE } from './note-message.ts';
import { type OperatedStage, operatedStage } from './operated-stage.ts';

let stage: OperatedStage;
let folder: string;

beforeAll(async () => {
  stage = await operatedStage();
});
afterAll(() => stage.stack.standIns.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loopwatch-send-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Everything that waits on the queue; it is there no more for a while. */
async function received(): Promise<Message[]> {
  const { sqs } = stage.stack;
  const QueueUrl = stage.stack.resources.queues['referral-events']?.url;
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
  }
}

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('loopwatch send', () => {
  it('sends each message with its place, and without what people wrote', async () => {
    const path = write('notes.hl7', `${NOTE}\r${NOTE.replace('M1|', 'M2|')}\r`);
    const task = {
      ...{ resourceType: 'Task', id: 't', status: 'accepted', focus: { reference: 'ServiceRequest/r' } },
      ...{ description: 'what a person wrote', note: [{ text: 'and a remark' }] },
    };
    const resource = write('task.json', JSON.stringify(task));
    const { code, stdout } = await stage.onStage('send', path, resource);
    expect([code, stdout]).toEqual([0, `${path}: 2 of 2 messages sent\n${resource}: 1 of 1 message sent\n`]);
    const messages = await received();
    expect(messages.map(({ Body }) => Body).join('\n')).not.toMatch(/wrote|remark/);
    const places = messages.map(({ MessageAttributes: { dialect, file, position } = {} }) =>
      [dialect, file, position].map((attribute) => attribute?.StringValue),
    );
    expect(places.sort()).toEqual([
      ['fhir', resource, '1'],
      ['hl7v2', path, '1'],
      ['hl7v2', path, '2'],
    ]);
  });

  const lines = (count: number): string =>
    Array.from({ length: count }, (_, line) => JSON.stringify({ specversion: '1.0', id: `e-${line}` })).join('\n');

  it('goes on where it was stopped, unless it is told to send all again', async () => {
    const path = write('events.ndjson', lines(230));
    await stage.onStage('send', path);
    expect(await received()).toHaveLength(230);
    const note = `${path}.local.sent`;
    // As if it had been stopped after a hundred.
    writeFileSync(note, JSON.stringify({ ...JSON.parse(readFileSync(note, 'utf8')), sent: 100 }));
    const on = await stage.onStage('send', path);
    expect(on.stdout).toBe(`${path}: 130 of 230 messages sent, 100 sent before (--again sends them too)\n`);
    expect(await received()).toHaveLength(130);
    expect((await stage.onStage('send', path)).stdout).toContain('0 of 230 messages sent, 230 sent before');
    expect((await stage.onStage('send', path, '--again')).stdout).toContain('230 of 230 messages sent\n');
    expect(await received()).toHaveLength(230);
    // Another file by the same name.
    write('events.ndjson', lines(12));
    expect((await stage.onStage('send', path)).stdout).toBe(`${path}: 12 of 12 messages sent\n`);
    await received();
  });

  it('says what SQS didn’t take, and where it stands', async () => {
    const path = write('events.ndjson', `${lines(2)}\n${JSON.stringify({ id: 'x'.repeat(1_100_000) })}\n`);
    const { code, stdout } = await stage.onStage('send', path);
    expect(code).toBe(1);
    expect(stdout).toMatch(/: 2 of 3 messages sent\n {2}3: not taken by SQS, \d+ bytes\n$/);
    await received();
  });
});
