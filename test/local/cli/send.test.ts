import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendAll } from '../../../local/cli/send.ts';
import { clientConfig } from '../../../local/stand-ins/client-config.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { sampleConfig } from '../../builders/config.ts';
import { loopwatch } from './loopwatch.ts';
import { NOTE } from './note-message.ts';
import { MONDAY, type OperatedStage, operatedStage } from './operated-stage.ts';

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

const write = (name: string, text: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const lines = (count: number): string =>
  Array.from({ length: count }, (_, line) => JSON.stringify({ specversion: '1.0', id: `e-${line}` })).join('\n');

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

  it('looks into envelopes', async () => {
    const sns = (Message: string): string => JSON.stringify({ Type: 'Notification', Message });
    const task = { resourceType: 'Task', id: 't', status: 'accepted', note: [{ text: 'what a person wrote' }] };
    const path = write('topic.ndjson', `${sns(NOTE)}\n${sns(JSON.stringify(task))}\n`);
    expect((await stage.onStage('send', path)).stdout).toBe(`${path}: 2 of 2 messages sent\n`);
    const bodies = (await received()).map(({ Body = '' }) => Body).sort();
    expect(bodies).toEqual([expect.stringMatching(/^MSH/), expect.stringContaining('"resourceType":"Task"')]);
    expect(bodies.join('\n')).not.toMatch(/wrote|Notification/);
  });

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

  it('says what SQS didn’t take, and where it stands, until it is taken', async () => {
    const path = write('events.ndjson', `${lines(2)}\n${JSON.stringify({ id: 'x'.repeat(1_100_000) })}\n`);
    const first = await stage.onStage('send', path);
    expect(first.code).toBe(1);
    const left = / {2}1 not taken by SQS, and left unsent:\n {2}line 3: \d+ bytes\n$/;
    expect(first.stdout).toMatch(/: 2 of 3 messages sent\n/);
    expect(first.stdout).toMatch(left);
    await received();
    const second = await stage.onStage('send', path);
    expect(second.code).toBe(1);
    expect(second.stdout).toMatch(/: 0 of 3 messages sent, 2 sent before \(--again sends them too\)\n/);
    expect(second.stdout).toMatch(left);
    expect(await received()).toEqual([]);
    // As if a limit had been raised, or the message changed by a release.
    const note = `${path}.local.sent`;
    writeFileSync(note, JSON.stringify({ ...JSON.parse(readFileSync(note, 'utf8')), refused: [1] }));
    const { code, stdout } = await stage.onStage('send', path);
    expect([code, stdout]).toEqual([0, `${path}: 1 of 3 messages sent, 2 sent before (--again sends them too)\n`]);
    expect(await received()).toHaveLength(1);
    expect((await stage.onStage('send', path)).code).toBe(0);
  });

  it('sends of rows that are events only fields of events, and names the others once', async () => {
    const row = (id: string): string => `${id},s,referral.cancelled,R-1,2026-03-02T10:00:00Z,patient,a person,moved`;
    const rows = Array.from({ length: 600 }, (_, index) => row(`e-${index}`)).join('\n');
    const path = write('events.csv', `id,source,type,subject,time,data.by,data.patientName,data.reason\n${rows}\n`);
    const { stdout } = await stage.onStage('send', path);
    expect(stdout).toBe(`${path}: 2 of 2 messages sent\n  not sent, as no event has such a field: data.patientName\n`);
    const bodies = (await received()).map(({ Body = '' }) => Body).join('\n');
    expect(bodies).not.toMatch(/a person|patientName/);
    expect(bodies).toMatch(/data\.by,data\.reason/);
  });

  it('leaves out columns that nobody reads, and sends no file that would be refused whole', async () => {
    const events = 'id,source,type,subject,time,Name\ne-1,s,referral.voided,R-1,2026-03-02T10:00:00Z,Personal\n';
    const path = write('events.csv', events);
    expect((await stage.onStage('send', path)).stdout).toBe(`${path}: 1 of 1 message sent\n`);
    const [{ Body = '' } = {}] = await received();
    expect(Body).toContain('e-1,s,referral.voided');
    expect(Body).not.toMatch(/Name|Personal/);
    const other = write('other.csv', 'Ref No,Name\nR-1,Personal\n');
    const { code, stdout } = await stage.onStage('send', path, other, '--again');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /other\.csv: passed over, nothing of it was sent: no sender of dialects\.json has csv; nor are the rows events/,
    );
    expect(await received()).toHaveLength(1);
  });

  it('passes over what nobody can read, says so, and sends its neighbours', async () => {
    const notes = write('notes.txt', 'Call the practice about Example A.\n');
    write('zipped.gz', '');
    const wide = write('wide.json', Buffer.from('\uFEFF{}', 'utf16le'));
    const path = write('events.ndjson', Buffer.concat([Buffer.from(`${lines(2)}\n`), Buffer.from([0x22, 0xeb, 0x0a])]));
    const { code, stdout, stderr } = await stage.onStage('send', folder);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `${path}: 2 of 2 messages sent`,
      '  line 3 was not sent: is not utf-8: a byte in column 2 is none of its characters; save the file as UTF-8',
      expect.stringMatching(/\/notes\.txt: passed over, nothing of it was sent: .*nor are the rows events/),
      expect.stringMatching(/\/wide\.json: passed over, nothing of it was sent: the file is not utf-8/),
      'not read: 1 file (.gz 1)',
      '',
    ]);
    expect((await received()).map(({ Body = '' }) => JSON.parse(Body).id)).toEqual(['e-0', 'e-1']);
    const again = JSON.parse((await stage.onStage('send', folder, '--json')).stdout).files;
    expect(again).toMatchObject([
      { file: path, sent: 0, before: 2, unreadable: [{ position: 3 }] },
      { file: notes, messages: 0, unreadable: [{ position: 1 }] },
      { file: wide, messages: 0, unreadable: [{ position: 1 }] },
    ]);
  });

  it('takes the sender that is said', async () => {
    const csv = { kind: 'states', subject: 'Ref No', emit: [{ type: 'referral.received', time: 'Created' }] };
    const dialects = dialectsSchema.parse({ defaults: { timeZone: 'UTC' }, senders: [{ name: 'nights', csv }] });
    await stage.stores.configs.push({ ...sampleConfig(), dialects }, MONDAY + 1);
    const path = write('export.csv', 'Ref No,Created,Name\nR-1,2026-03-02 10:00,Personal\n');
    const { stdout } = await stage.onStage('send', path, '--sender', 'nights');
    expect(stdout).toBe(`${path}: 1 of 1 message sent\n`);
    const [{ Body = '', MessageAttributes } = {}] = await received();
    expect(Body).not.toContain('Personal');
    expect(MessageAttributes?.sender?.StringValue).toBe('nights');
    expect((await stage.onStage('send', path)).stdout).toContain(
      'dialects.json has nights: rename the file, or say --sender nights',
    );
  });
});

describe('what is sent while calls fail', () => {
  const outgoing = (file: string, count: number) => ({
    file,
    messages: Array.from({ length: count }, (_, line) => ({ body: `${basename(file)} ${line}` })),
    positions: Array.from({ length: count }, (_, line) => line + 1),
  });
  /** A client whose calls fail from some call on: as if the command ended there. @param after the queue took them */
  function failing(from: number, after: boolean): SQSClient {
    const client = new SQSClient(clientConfig(stage.stack.standIns.endpoints.sqs));
    let calls = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        calls += 1;
        const result = calls < from || after ? await next(args) : null;
        if (calls >= from || result === null) throw new Error('no connection');
        return result;
      },
      { step: 'initialize' },
    );
    return client;
  }
  const queueUrl = (): string => stage.stack.resources.queues['referral-events']?.url ?? '';

  it.each([false, true])('is sent with the next command, whether the queue took it or not: %s', async (after) => {
    const files = [outgoing(join(folder, 'a'), 250), outgoing(join(folder, 'b'), 3)];
    const client = failing(13, after);
    const { files: first, stoppedBy } = await sendAll(files, queueUrl(), client, {});
    client.destroy();
    expect(stoppedBy?.error).toEqual(new Error('no connection'));
    expect(first).toMatchObject([
      { messages: 250, sent: 100, unsent: 150 },
      { messages: 3, sent: 0, unsent: 3 },
    ]);
    const second = await sendAll(files, queueUrl(), stage.stack.sqs, {});
    expect(second).toMatchObject({
      files: [
        { sent: 150, before: 100, unsent: 0 },
        { sent: 3, before: 0, unsent: 0 },
      ],
      stoppedBy: null,
    });
    expect(new Set((await received()).map(({ Body }) => Body)).size).toBe(253);
  });

  it('counts for the queue that it was sent to', async () => {
    const files = [outgoing(join(folder, 'a'), 3)];
    await sendAll(files, queueUrl(), stage.stack.sqs, {});
    const other = await sendAll(files, stage.stack.resources.queues['mail-jobs']?.url ?? '', stage.stack.sqs, {});
    expect(other.files).toMatchObject([{ sent: 3, before: 0 }]);
    await received();
  });

  it('is said in numbers, with what is left unsent', async () => {
    const path = write('events.ndjson', lines(12));
    // A queue to which these credentials may not send.
    const server = createServer((request, response) => {
      const isUrl = request.headers['x-amz-target'] === 'AmazonSQS.GetQueueUrl';
      response.writeHead(isUrl ? 200 : 403, { 'content-type': 'application/x-amz-json-1.0' });
      const denied = { __type: 'AccessDeniedException', message: 'not allowed to send' };
      response.end(JSON.stringify(isUrl ? { QueueUrl: `http://127.0.0.1:${port()}/queue` } : denied));
    });
    const port = () => (server.address() as AddressInfo).port;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const env = { ...stage.env, SQS_ENDPOINT: `http://127.0.0.1:${port()}` };
      const { code, stdout, stderr } = await loopwatch(['send', path, '--stage', 'local'], undefined, env);
      expect(code).not.toBe(0);
      expect(stdout).toBe(`${path}: 0 of 12 messages sent\n  12 left unsent: the same command goes on there\n`);
      expect(stderr).toContain('not allowed to send');
    } finally {
      server.close();
    }
  });
});
