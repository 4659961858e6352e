import { describe, expect, it } from 'vitest';
import { deployedNames } from '../permissions/arns.ts';
import { TemplateReader } from './template-reader.ts';

// biome-ignore lint/suspicious/noExplicitAny: statements are JSON, and each test states what it expects
type Json = any;

const templates = new TemplateReader();
const names = deployedNames(templates.templates);
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const ACCOUNT = { 'aws:SourceAccount': '000000000000' };

const keyWith = (alias: string) => {
  const [found] = templates
    .ofType('AWS::KMS::Alias')
    .filter(({ properties }) => properties.AliasName === `alias/loopwatch-test-${alias}`);
  const id = found?.properties.TargetKeyId['Fn::GetAtt'][0];
  return templates.ofType('AWS::KMS::Key').find(({ logicalId }) => logicalId === id);
};
const resolved = (document: Json): Json[] => (names.resolve(document) as Json).Statement;
const keyPolicy = (alias: string): Json[] => resolved(keyWith(alias)?.properties.KeyPolicy);
/** What a policy allows a service, without its root statement. */
function allowsService(statements: Json[], service: string): Json[] {
  return statements
    .filter(({ Effect, Principal }) => Effect === 'Allow' && [Principal.Service].flat().includes(service))
    .map(({ Action, Condition }) => ({ Action, ...(Condition && { Condition }) }));
}
const services = (statements: Json[]) =>
  [...new Set(statements.flatMap(({ Principal }) => [Principal.Service ?? []].flat()))].sort();

const PUBLISHING = ['kms:Decrypt', 'kms:GenerateDataKey*'];
const CONFIGURATION_SET = arn('ses', 'configuration-set/loopwatch-test-mail');
const ALARMS = arn('cloudwatch', 'alarm:loopwatch-test-*');
const MAIL_EVENTS = arn('sns', 'loopwatch-test-mail-events');

describe.each(['data', 'alarms'])('the key of %s', (alias) => {
  it('rotates every year and outlives the stack, but not a failed creation', () => {
    const key = keyWith(alias);
    expect(key?.properties.EnableKeyRotation).toBe(true);
    expect(key?.attributes).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
});

describe('the data key', () => {
  it('may be used by SES, SNS and CloudWatch Logs, and by no service that raises alarms', () => {
    expect(services(keyPolicy('data'))).toEqual([
      'logs.us-east-1.amazonaws.com',
      'ses.amazonaws.com',
      'sns.amazonaws.com',
    ]);
  });

  it('may be used by SES for events of our configuration set', () => {
    expect(allowsService(keyPolicy('data'), 'ses.amazonaws.com')).toEqual([
      {
        Action: PUBLISHING,
        Condition: { StringEquals: ACCOUNT, ArnEquals: { 'aws:SourceArn': CONFIGURATION_SET } },
      },
    ]);
  });

  it('may be used by SNS for what our topic of mail events delivers', () => {
    expect(allowsService(keyPolicy('data'), 'sns.amazonaws.com')).toEqual([
      {
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Condition: { ArnEquals: { 'aws:SourceArn': MAIL_EVENTS } },
      },
    ]);
  });

  it('encrypts logs for the log groups of this stage only', () => {
    const [logs, ...others] = allowsService(keyPolicy('data'), 'logs.us-east-1.amazonaws.com');
    expect(others).toEqual([]);
    expect(logs.Condition).toEqual({
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn('logs', 'log-group:/aws/lambda/loopwatch-test-*') },
    });
  });
});

describe('the key of alarms', () => {
  it('encrypts the alarm topic and nothing else', () => {
    const id = keyWith('alarms')?.logicalId;
    const encrypted = templates.templates
      .flatMap(({ Resources }) => Object.values(Resources))
      .filter((resource) => resource.Type !== 'AWS::KMS::Alias' && JSON.stringify(resource).includes(`"${id}"`));
    expect(encrypted.map(({ Properties }) => Properties?.TopicName)).toContain('loopwatch-test-alarms');
    const holding = encrypted.filter(({ Properties }) => Properties?.KmsMasterKeyId || Properties?.KmsKeyId);
    expect(holding).toHaveLength(1);
  });

  it('may be used by CloudWatch for alarms of this stage', () => {
    expect(services(keyPolicy('alarms'))).toEqual(['cloudwatch.amazonaws.com', 'events.amazonaws.com']);
    expect(allowsService(keyPolicy('alarms'), 'cloudwatch.amazonaws.com')).toEqual([
      { Action: PUBLISHING, Condition: { StringEquals: ACCOUNT, ArnLike: { 'aws:SourceArn': ALARMS } } },
    ]);
  });

  it('has no source condition for EventBridge, whose notices SNS would drop without an error', () => {
    expect(allowsService(keyPolicy('alarms'), 'events.amazonaws.com')).toEqual([{ Action: PUBLISHING }]);
  });
});

describe('who may publish', () => {
  const topicPolicy = (name: string): Json[] => {
    const topic = templates.named('AWS::SNS::Topic', 'TopicName', name).logicalId;
    const policy = templates
      .ofType('AWS::SNS::TopicPolicy')
      .find(({ properties }) => properties.Topics[0].Ref === topic);
    return resolved(policy?.properties.PolicyDocument);
  };

  it('alarms: the alarms of this stage, and the rule on the data key', () => {
    const policy = topicPolicy('alarms');
    expect(services(policy)).toEqual(['cloudwatch.amazonaws.com', 'events.amazonaws.com']);
    expect(allowsService(policy, 'cloudwatch.amazonaws.com')).toEqual([
      { Action: 'sns:Publish', Condition: { StringEquals: ACCOUNT, ArnLike: { 'aws:SourceArn': ALARMS } } },
    ]);
    const rule = { 'aws:SourceArn': arn('events', 'rule/loopwatch-test-data-key-changed') };
    expect(allowsService(policy, 'events.amazonaws.com')).toEqual([
      { Action: 'sns:Publish', Condition: { ArnEquals: rule } },
    ]);
  });

  it('mail events: SES, for our configuration set', () => {
    const [ses, ...others] = allowsService(topicPolicy('mail-events'), 'ses.amazonaws.com');
    expect(services(topicPolicy('mail-events'))).toEqual(['ses.amazonaws.com']);
    expect(others).toEqual([]);
    expect(ses.Condition.StringEquals).toMatchObject({ 'AWS:SourceAccount': '000000000000' });
    expect(JSON.stringify(ses.Condition)).toContain(CONFIGURATION_SET);
  });

  it('to delivery-events: SNS, for that topic', () => {
    const queue = templates.queue('delivery-events').logicalId;
    const policy = templates
      .ofType('AWS::SQS::QueuePolicy')
      .find(({ properties }) => properties.Queues[0].Ref === queue);
    expect(allowsService(resolved(policy?.properties.PolicyDocument), 'sns.amazonaws.com')).toEqual([
      { Action: 'sqs:SendMessage', Condition: { ArnEquals: { 'aws:SourceArn': MAIL_EVENTS } } },
    ]);
  });
});

describe('roles of services', () => {
  it('of Scheduler can be assumed for schedules of this account only', () => {
    const trusts = templates
      .ofType('AWS::IAM::Role')
      .flatMap(({ properties }) => resolved(properties.AssumeRolePolicyDocument))
      .filter(({ Principal }) => Principal.Service === 'scheduler.amazonaws.com');
    expect(trusts).toHaveLength(4);
    for (const { Condition } of trusts) {
      expect(Condition).toEqual({
        StringEquals: ACCOUNT,
        ArnEquals: { 'aws:SourceArn': arn('scheduler', 'schedule-group/default') },
      });
    }
  });
});

describe('the rule on the data key', () => {
  const [rule, ...others] = templates.ofType('AWS::Events::Rule');
  const { EventPattern, Targets, State } = names.resolve(rule?.properties) as Json;

  it('hears of calls that disable it, schedule its deletion or change its policy, on this key only', () => {
    expect(others).toEqual([]);
    expect(State).toBe('ENABLED');
    expect(EventPattern).toEqual({
      source: ['aws.kms'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['kms.amazonaws.com'],
        eventName: ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'],
        resources: { ARN: [arn('kms', keyWith('data')?.logicalId ?? '')] },
      },
    });
  });

  it('tells the alarm topic what was called, by whom and what to do', () => {
    expect(Targets).toHaveLength(1);
    const [{ Arn, RoleArn, InputTransformer }] = Targets;
    expect(Arn).toBe(templates.named('AWS::SNS::Topic', 'TopicName', 'alarms').logicalId);
    expect(RoleArn).toBeUndefined();
    expect(Object.values(InputTransformer.InputPathsMap).sort()).toEqual([
      '$.detail.eventName',
      '$.detail.eventTime',
      '$.detail.userIdentity.arn',
    ]);
    expect(InputTransformer.InputTemplate).toMatch(/stage test, at .* What to do: docs\/runbooks\.md#data-key-changed/);
  });
});
