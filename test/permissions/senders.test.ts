import { describe, expect, it } from 'vitest';
import { SAMPLE_SETTINGS, synthesizeTemplates } from '../../infra/templates.ts';
import { TemplateReader } from '../infra/template-reader.ts';
import { deployedNames } from './arns.ts';
import { allowsForeigner, readResourceStatement } from './resource-policy.ts';

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:loopwatch-test-${name}`;
const OVER_TLS = { 'aws:SecureTransport': 'true' };
const BY_ACCOUNT = 'arn:aws:iam::111122223333:role/any';
const BY_ROLE = 'arn:aws:iam::444455556666:role/feed';
const STRANGERS = ['arn:aws:iam::444455556666:role/other', 'arn:aws:iam::777788889999:role/feed'];

function policies(senders: string[]) {
  const reader = new TemplateReader(synthesizeTemplates('test', { ...SAMPLE_SETTINGS, senders }));
  const names = deployedNames(reader.templates);
  const statements = (document: unknown) =>
    (names.resolve(document) as { Statement: Record<string, unknown>[] }).Statement.map(readResourceStatement);
  const ofQueue = (name: string) => {
    const { logicalId } = reader.queue(name);
    const policy = reader
      .ofType('AWS::SQS::QueuePolicy')
      .find(({ properties }) => properties.Queues[0].Ref === logicalId);
    return statements(policy?.properties.PolicyDocument);
  };
  const keys = reader.ofType('AWS::KMS::Key');
  const ofKey = (part: string) =>
    statements(keys.find(({ properties }) => properties.Description.includes(part))?.properties.KeyPolicy);
  return { ofQueue, ofKey, queues: reader.ofType('AWS::SQS::Queue').map(({ properties }) => properties.QueueName) };
}

const { ofQueue, ofKey, queues } = policies(['111122223333', BY_ROLE]);
const may = (who: string, queue: string, action: string, context: Record<string, string> = OVER_TLS) =>
  allowsForeigner(ofQueue(queue), who, { action, resource: queueArn(queue), context });
const mayUseKey = (who: string, action: string, service: string, key = 'referral data') =>
  allowsForeigner(ofKey(key), who, {
    action,
    resource: '*',
    context: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` },
  });

describe.each([BY_ACCOUNT, BY_ROLE])('a sender, %s,', (sender) => {
  it.each(['sqs:SendMessage', 'sqs:GetQueueUrl'])('may %s at referral-events', (action) => {
    expect(may(sender, 'referral-events', action)).toBe(true);
  });

  it('may not send without TLS', () => {
    expect(may(sender, 'referral-events', 'sqs:SendMessage', { 'aws:SecureTransport': 'false' })).toBe(false);
  });

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue', 'sqs:GetQueueAttributes', 'sqs:DeleteQueue'])(
    'may not %s there',
    (action) => {
      expect(may(sender, 'referral-events', action)).toBe(false);
    },
  );

  it('may send to no other queue', () => {
    const others = queues
      .map((name: string) => name.replace('loopwatch-test-', ''))
      .filter((name: string) => name !== 'referral-events');
    expect(others).toHaveLength(6);
    expect(others.filter((name: string) => may(sender, name, 'sqs:SendMessage'))).toEqual([]);
  });

  it('may have SQS encrypt with the data key, and nothing else', () => {
    expect(mayUseKey(sender, 'kms:GenerateDataKey', 'sqs')).toBe(true);
    expect(mayUseKey(sender, 'kms:Decrypt', 'sqs')).toBe(true);
    expect(mayUseKey(sender, 'kms:Decrypt', 'dynamodb')).toBe(false);
    expect(mayUseKey(sender, 'kms:Encrypt', 'sqs')).toBe(false);
    expect(mayUseKey(sender, 'kms:PutKeyPolicy', 'sqs')).toBe(false);
    expect(mayUseKey(sender, 'kms:Decrypt', 'sqs', 'alarms')).toBe(false);
  });
});

describe('everybody else', () => {
  it.each(STRANGERS)('%s may neither send nor use the key', (stranger) => {
    expect(may(stranger, 'referral-events', 'sqs:SendMessage')).toBe(false);
    expect(mayUseKey(stranger, 'kms:GenerateDataKey', 'sqs')).toBe(false);
  });

  it('is everybody if a stage names no senders', () => {
    const none = policies([]);
    const right = { action: 'sqs:SendMessage', resource: queueArn('referral-events'), context: OVER_TLS };
    expect([BY_ACCOUNT, BY_ROLE].filter((who) => allowsForeigner(none.ofQueue('referral-events'), who, right))).toEqual(
      [],
    );
  });
});
