import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SAMPLE_SETTINGS, synthesizeTemplates } from '../../infra/templates.ts';
import { quarantineBodyKey, quarantineKey } from '../../shared/store/operations-keys.ts';
import { TemplateReader } from '../infra/template-reader.ts';
import { deployedNames } from './arns.ts';
import { allows, type Right, readStatement } from './policy.ts';

const templates = new TemplateReader();
const names = deployedNames(templates.templates);
const role = templates.ofType('AWS::IAM::Role').find(({ properties }) => properties.RoleName);
const statements = templates
  .ofType('AWS::IAM::Policy')
  .filter(({ properties }) => properties.Roles[0].Ref === role?.logicalId)
  .flatMap(({ properties }) =>
    (names.resolve(properties.PolicyDocument) as { Statement: [] }).Statement.map(readStatement),
  );

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const table = (name: string) => arn('dynamodb', `table/loopwatch-test-${name}`);
const queue = (name: string) => arn('sqs', `loopwatch-test-${name}`);
const via = (service: string) => ({ 'kms:ViaService': `${service}.us-east-1.amazonaws.com` });
const dataKey = arn(
  'kms',
  templates.ofType('AWS::KMS::Key').find(({ properties }) => /referral data/.test(properties.Description))?.logicalId ??
    '',
);
const alarmTopic =
  templates.ofType('AWS::SNS::Topic').find(({ properties }) => /alarms$/.test(properties.TopicName))?.logicalId ?? '';
const functionArn = (name: string) => arn('lambda', templates.lambda(name).logicalId);
const may = (action: string, resource: string, context = {}) => allows(statements, { action, resource, context });

const TABLES = ['referrals', 'operations'];
const WORK = ['referral-events', 'mail-jobs', 'delivery-events'];
const DEAD = [...WORK.map((name) => `${name}-dlq`), 'scheduler-dlq'];
const SCHEDULED = ['detect-breaches', 'write-reports', 'plan-mail', 'retire-referrals'];
const on = (actions: string[], resources: string[], context = {}): Right[] =>
  actions.flatMap((action) => resources.map((resource) => ({ action, resource, context })));

describe("an operator's role", () => {
  it.each(
    [
      on(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], TABLES.map(table)),
      on(
        ['dynamodb:Query'],
        ['due', 'practice'].map((index) => `${table('referrals')}/index/${index}`),
      ),
      ...[quarantineKey('invalid', 'q'), quarantineBodyKey('invalid', 'q', 0)].map(({ pk }) =>
        on(['dynamodb:DeleteItem'], [table('operations')], { 'dynamodb:LeadingKeys': pk }),
      ),
      on(['dynamodb:DescribeContinuousBackups'], TABLES.map(table)),
      on(['sns:ListSubscriptionsByTopic'], [alarmTopic]),
      on(['sqs:SendMessage', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], [...WORK, ...DEAD].map(queue)),
      on(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], DEAD.map(queue)),
      on(['sqs:StartMessageMoveTask', 'sqs:ListMessageMoveTasks'], DEAD.map(queue)),
      on(['kms:Decrypt', 'kms:GenerateDataKey'], [dataKey], via('sqs')),
      on(['kms:Decrypt', 'kms:DescribeKey'], [dataKey], via('dynamodb')),
      on(['kms:DescribeKey'], [dataKey]),
      on(['lambda:InvokeFunction'], SCHEDULED.map(functionArn)),
      on(
        ['scheduler:GetSchedule'],
        SCHEDULED.map((name) => arn('scheduler', `schedule/default/loopwatch-test-${name}`)),
      ),
      on(['ses:GetEmailIdentity'], [arn('ses', 'identity/example.org')]),
      on(['ses:GetConfigurationSet'], [arn('ses', 'configuration-set/loopwatch-test-mail')]),
      on(['ses:GetAccount', 'ses:GetSendQuota', 'cloudwatch:DescribeAlarms'], ['*']),
      on(['logs:FilterLogEvents'], [arn('logs', 'log-group:/aws/lambda/loopwatch-test-send-mail:*')]),
    ].flat(),
  )('may $action on $resource', ({ action, resource, context }) => {
    expect(may(action, resource, context)).toBe(true);
  });

  it.each([
    ...on(['dynamodb:DeleteItem'], [table('referrals')], { 'dynamodb:LeadingKeys': 'quarantine#invalid' }),
    ...on(['dynamodb:DeleteItem'], [table('operations')], { 'dynamodb:LeadingKeys': 'mail#x' }),
    ...on(['dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:ExportTableToPointInTime'], TABLES.map(table)),
    // Refused bodies lie there.
    ...on(['dynamodb:Scan'], [table('operations')]),
    ...on(['sqs:DeleteQueue', 'sqs:SetQueueAttributes', 'sqs:AddPermission'], [...WORK, ...DEAD].map(queue)),
    // Events that were never stored lie there.
    ...on(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], WORK.map(queue)),
    ...on(
      ['sqs:PurgeQueue'],
      [...WORK, ...DEAD].map(queue).filter((name) => !name.endsWith('scheduler-dlq')),
    ),
    ...on(['kms:Decrypt'], [dataKey]),
    ...on(['kms:Decrypt'], [dataKey], via('s3')),
    ...on(
      ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:CreateGrant'],
      [dataKey],
      via('dynamodb'),
    ),
    ...on(['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'], SCHEDULED.map(functionArn)),
    ...on(['lambda:InvokeFunction'], ['ingest-events', 'send-mail', 'record-delivery'].map(functionArn)),
    ...on(['sns:Publish', 'sns:Subscribe', 'sns:SetTopicAttributes'], [alarmTopic]),
    ...on(['ses:SendRawEmail', 'ses:SendEmail'], [arn('ses', 'identity/example.org')]),
    ...on(['iam:PassRole', 'sts:AssumeRole'], ['*']),
  ])('may not $action on $resource', ({ action, resource, context }) => {
    expect(may(action, resource, context)).toBe(false);
  });

  it('names each resource, but for the calls that IAM limits to none', () => {
    const anywhere = statements.filter(({ resources }) => resources.includes('*'));
    expect(anywhere.flatMap(({ actions }) => actions)).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricStatistics',
      'lambda:GetAccountSettings',
      'lambda:ListEventSourceMappings',
      'ses:DeleteSuppressedDestination',
      'ses:GetAccount',
      'ses:GetSendQuota',
      'ses:ListSuppressedDestinations',
    ]);
  });

  it('can run every command of the runbooks', () => {
    const runbooks = readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8');
    const commands = [...runbooks.matchAll(/\baws ([a-z0-9]+) ([a-z]+(?:-[a-z]+)+|invoke|tail|query)\b/g)];
    const called = commands.map(([, service = '', operation = '']) => actionOf(service, operation));
    const allowed = statements.flatMap(({ actions }) => actions);
    expect(called.length).toBeGreaterThan(50);
    expect([...new Set(called)].filter((action) => !allowed.includes(action)).sort()).toEqual(BREAK_GLASS);
  });
});

/** What the runbooks call with more than the operator's role. */
const BREAK_GLASS = [
  'cloudtrail:LookupEvents',
  ...['DeleteTable', 'ListBackups', 'RestoreTableFromBackup', 'RestoreTableToPointInTime'].map(
    (name) => `dynamodb:${name}`,
  ),
  ...['UpdateContinuousBackups', 'UpdateTable', 'UpdateTimeToLive'].map((name) => `dynamodb:${name}`),
  ...['CancelKeyDeletion', 'EnableKey'].map((name) => `kms:${name}`),
];

/** The right that a command of the AWS CLI needs. */
function actionOf(service: string, operation: string): string {
  const own: Record<string, string> = { 'logs tail': 'logs:FilterLogEvents', 'lambda invoke': 'lambda:InvokeFunction' };
  const prefix = service === 'sesv2' ? 'ses' : service;
  const name = operation.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return own[`${service} ${operation}`] ?? `${prefix}:${name}`;
}

describe('who may assume it', () => {
  const trust = (names.resolve(role?.properties.AssumeRolePolicyDocument) as { Statement: Record<string, unknown>[] })
    .Statement;

  it('is who the stage names, users only with a second factor', () => {
    expect(trust).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:role/on-call' } },
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/operator' },
        Condition: {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
        },
      },
    ]);
  });

  it('is nobody, and there is no role, if the stage names nobody', () => {
    const none = new TemplateReader(synthesizeTemplates('test', { ...SAMPLE_SETTINGS, operators: [] }));
    expect(none.ofType('AWS::IAM::Role').filter(({ properties }) => properties.RoleName)).toEqual([]);
  });
});
