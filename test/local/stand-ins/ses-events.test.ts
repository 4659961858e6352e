import { SESClient, SendRawEmailCommand, type SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/stand-ins/client-config.ts';
import { publishSesEvents, recordSends, type SentMail, sesNotification } from '../../../local/stand-ins/ses-events.ts';
import { localStack } from './stack.ts';

const NOW = Date.parse('2026-03-02T14:00:00.000Z');
const RAW = [
  'From: Loopwatch <digest@example.org>',
  'To: Pat Coordinator <pat@example.org>,',
  ' Sam <sam@example.org>',
  'Subject: Monday',
  '',
  'To: not-a-header@example.org',
].join('\r\n');

let stack: Awaited<ReturnType<typeof localStack>>;
let ses: SESClient;
const sent: SentMail[] = [];
beforeAll(async () => {
  stack = await localStack(['dynamodb', 'sqs', 'ses']);
  ses = new SESClient({ ...clientConfig(stack.standIns.endpoints.ses), maxAttempts: 1 });
  recordSends(
    ses,
    () => NOW,
    (mail) => sent.push(mail),
  );
  await ses.send(
    new SendRawEmailCommand({
      RawMessage: { Data: Buffer.from(RAW) },
      ConfigurationSetName: 'loopwatch-local-mail',
      Tags: [{ Name: 'mailId', Value: 'a1B2-c3_d4' }],
    }),
  );
});
afterAll(() => stack.standIns.stop());

function mail(changes: Partial<SentMail> = {}): SentMail {
  return {
    messageId: 'm',
    tags: {},
    source: 'a@b.c',
    destinations: ['d@e.f'],
    raw: Buffer.alloc(0),
    sentAt: NOW,
    ...changes,
  };
}
const event = (body: string) => JSON.parse(JSON.parse(body).Message);

describe('mails that the local SES accepts', () => {
  it('are recorded with their tags, addresses, raw message and simulated time', () => {
    expect(sent).toEqual([
      {
        messageId: expect.stringMatching(/.+/),
        tags: { mailId: ['a1B2-c3_d4'], 'ses:configuration-set': ['loopwatch-local-mail'] },
        source: 'digest@example.org',
        destinations: ['pat@example.org', 'sam@example.org'],
        raw: Buffer.from(RAW),
        sentAt: NOW,
      },
    ]);
  });

  it.each<[why: string, input: Partial<SendRawEmailCommandInput>, mail: string]>([
    ["Missing required header 'From'", {}, 'To: a@example.org\r\n\r\n'],
    ["Missing required header 'To'", {}, 'From: a@example.org\r\n\r\nTo: b@example.org'],
    ['Recipient count exceeds 50', { Destinations: Array(51).fill('a@example.org') }, RAW],
    ['Message length is more than 10485760', {}, RAW.padEnd(10 * 1024 * 1024 + 1)],
  ])('are not recorded if SES refuses them: %s', async (why, input, raw) => {
    const before = sent.length;
    const command = new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) }, ...input });
    await expect(ses.send(command)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(why),
    });
    expect(sent).toHaveLength(before);
  });

  it('may leave its addresses to the request', async () => {
    const input = { Source: 'a@example.org', Destinations: ['b@example.org'] };
    await ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('Subject: x\r\n\r\n') }, ...input }));
    expect(sent.pop()).toMatchObject({ source: 'a@example.org', destinations: ['b@example.org'] });
  });
});

describe('SES events', () => {
  it('arrive in the delivery-events queue as sent and delivered, wrapped by SNS', async () => {
    const QueueUrl = stack.resources.queues['delivery-events']?.url ?? '';
    await publishSesEvents(stack.sqs, QueueUrl, sent);
    const sqs = new SQSClient(clientConfig(stack.standIns.endpoints.sqs));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(Messages.map(({ Body }) => JSON.parse(Body ?? '').Type)).toEqual(['Notification', 'Notification']);
    expect(Messages.map(({ Body }) => event(Body ?? ''))).toMatchObject([
      { eventType: 'Send', mail: { messageId: sent[0]?.messageId, tags: { mailId: ['a1B2-c3_d4'] } }, send: {} },
      { eventType: 'Delivery', delivery: { timestamp: '2026-03-02T14:00:01.000Z', recipients: sent[0]?.destinations } },
    ]);
  });

  it('name the recipients that bounced and that complained', () => {
    expect(event(sesNotification(mail(), 'Bounce')).bounce).toMatchObject({
      bounceType: 'Permanent',
      bouncedRecipients: [{ emailAddress: 'd@e.f', status: '5.1.1' }],
    });
    expect(event(sesNotification(mail(), 'Complaint')).complaint).toMatchObject({
      complainedRecipients: [{ emailAddress: 'd@e.f' }],
    });
  });
});
