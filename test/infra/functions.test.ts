import { describe, expect, it } from 'vitest';
import { SCHEDULES } from '../../infra/settings.ts';
import { deployedEnvironment, FUNCTION_NAMES } from './deployed-functions.ts';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();
const CONSUMERS = [
  ['ingest-events', 'referral-events'],
  ['send-mail', 'mail-jobs'],
  ['record-delivery', 'delivery-events'],
] as const;

describe('queue consumers', () => {
  it.each(CONSUMERS)('%s consumes %s', (name, queue) => {
    const exported = JSON.stringify(templates.mapping(name).EventSourceArn);
    expect(exported).toContain(`PublishOutputFnGetAtt${templates.queue(queue).logicalId}Arn`);
  });

  it.each(CONSUMERS)('%s has time for six tries before %s shows a message again', (name, queue) => {
    const timeout = templates.lambda(name).properties.Timeout;
    const window = templates.mapping(name).MaximumBatchingWindowInSeconds ?? 0;
    expect(templates.queue(queue).properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout + window);
  });

  it.each(CONSUMERS)('%s takes ten messages and reports those that failed', (name) => {
    expect(templates.mapping(name)).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it.each(CONSUMERS)('%s is limited at its event source, not by reserved concurrency', (name) => {
    expect(templates.mapping(name).ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
    expect(templates.lambda(name).properties.ReservedConcurrentExecutions).toBeUndefined();
  });
});

const SCHEDULED = Object.keys(SCHEDULES);

describe('schedules', () => {
  const schedule = (name: string) => templates.named('AWS::Scheduler::Schedule', 'Name', name).properties;

  it.each([
    ['detect-breaches', 'cron(0/15 * * * ? *)'],
    ['write-reports', 'cron(1/15 * * * ? *)'],
    ['plan-mail', 'cron(2/15 * * * ? *)'],
    ['retire-referrals', 'cron(20 3 * * ? *)'],
  ])('%s runs at %s, UTC, on the dot', (name, expression) => {
    expect(schedule(name)).toMatchObject({
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: 'Etc/UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
    });
  });

  it.each(SCHEDULED)('%s is told the scheduled time', (name) => {
    expect(JSON.parse(schedule(name).Target.Input)).toEqual({ time: '<aws.scheduler.scheduled-time>' });
    expect(schedule(name).Target.Arn).toEqual({ 'Fn::GetAtt': [templates.lambda(name).logicalId, 'Arn'] });
  });

  it.each(SCHEDULED)('%s: a call that fails is kept', (name) => {
    const { Target } = schedule(name);
    expect(JSON.stringify(Target.DeadLetterConfig)).toContain(deadLetters());
    const rights = templates.rightsOfRole(Target.RoleArn['Fn::GetAtt'][0]);
    expect(rights).toContainEqual({ actions: ['sqs:SendMessage'], resources: ['SchedulerDeadLetters'] });
    const key = expect.objectContaining({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['Key'] });
    expect(rights).toContainEqual(key);
  });

  it.each([
    ['detect-breaches', 2, 3],
    // A run may take until the next one, and reads everything: nothing calls it again in between.
    ['write-reports', 0, 0],
    ['plan-mail', 2, 3],
    ['retire-referrals', 2, 3],
  ])(
    '%s: a run that fails is tried %i more times by Lambda, a call %i more times by Scheduler',
    (name, runs, calls) => {
      const { logicalId, properties } = templates.lambda(name);
      const own = templates
        .ofType('AWS::Lambda::EventInvokeConfig')
        .find(({ properties: { FunctionName } }) => FunctionName.Ref === logicalId);
      expect(own?.properties.MaximumRetryAttempts).toBe(runs);
      expect(schedule(name).Target.RetryPolicy.MaximumRetryAttempts).toBe(calls);
      if (runs === 0) expect(properties.Timeout).toBe(15 * 60);
    },
  );

  it.each(SCHEDULED)('%s: a run that fails for good is kept', (name) => {
    const configurations = templates.ofType('AWS::Lambda::EventInvokeConfig');
    const own = configurations.find(
      ({ properties }) => properties.FunctionName.Ref === templates.lambda(name).logicalId,
    );
    expect(JSON.stringify(own?.properties.DestinationConfig.OnFailure)).toContain(deadLetters());
  });
});

const deadLetters = () => `PublishOutputFnGetAtt${templates.queue('scheduler-dlq').logicalId}Arn`;

describe('every function', () => {
  it.each([
    ['ingest-events', ['DUE_SHARDS', 'OPERATIONS_TABLE', 'REFERRAL_HASH_KEY', 'REFERRAL_TABLE']],
    ['detect-breaches', ['DUE_SHARDS', 'OPERATIONS_TABLE', 'REFERRAL_HASH_KEY', 'REFERRAL_TABLE']],
    ['write-reports', ['OPERATIONS_TABLE', 'REFERRAL_HASH_KEY', 'REFERRAL_TABLE']],
    ['plan-mail', ['MAIL_HOLD', 'MAIL_QUEUE_URL', 'OPERATIONS_TABLE', 'REFERRAL_HASH_KEY', 'REFERRAL_TABLE']],
    [
      'send-mail',
      [
        'CONCURRENT_SENDERS',
        'CONFIGURATION_SET',
        'DEAD_LETTER_QUEUE_URLS',
        'MAIL_HOLD',
        'OPERATIONS_TABLE',
        'REFERRAL_HASH_KEY',
        'REFERRAL_TABLE',
      ],
    ],
    ['record-delivery', ['OPERATIONS_TABLE']],
    ['retire-referrals', ['CLOSED_REFERRAL_MONTHS', 'OPERATIONS_TABLE', 'REFERRAL_HASH_KEY', 'REFERRAL_TABLE']],
  ])('%s gets the variables %j', (name, variables) => {
    const { Variables } = templates.lambda(name).properties.Environment;
    expect(Object.keys(Variables).sort()).toEqual([...variables, 'LOG_LEVEL'].sort());
  });

  it('send-mail knows every dead-letter queue and may only count its messages', () => {
    const queues = templates
      .ofType('AWS::SQS::Queue')
      .filter(({ properties }) => properties.QueueName.endsWith('-dlq'));
    const { DEAD_LETTER_QUEUE_URLS: urls = '' } = deployedEnvironment(templates.templates, 'send-mail');
    const names = urls.split(' ').map((url) => url.slice(url.lastIndexOf('/') + 1));
    expect(names.sort()).toEqual(queues.map(({ properties }) => properties.QueueName).sort());
    const role = templates.lambda('send-mail').properties.Role['Fn::GetAtt'][0];
    const rights = templates.rightsOfRole(role).filter(({ resources }) => resources.some((name) => /DeadL/.test(name)));
    expect(rights.map(({ actions }) => actions)).toEqual([['sqs:GetQueueAttributes']]);
    expect(rights[0]?.resources).toHaveLength(queues.length);
  });

  it.each(FUNCTION_NAMES)(
    '%s may make hashes of referrals with one key and one algorithm, unless it has none',
    (name) => {
      const role = templates.lambda(name).properties.Role['Fn::GetAtt'][0];
      const policies = templates.ofType('AWS::IAM::Policy').map(({ properties }) => properties);
      const own = policies.filter(({ Roles }) => Roles.some(({ Ref }: { Ref: string }) => Ref === role));
      const statements = own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const making = statements.filter(({ Action }) => JSON.stringify(Action).includes('GenerateMac'));
      const { REFERRAL_HASH_KEY: key } = templates.lambda(name).properties.Environment.Variables;
      if (name === 'record-delivery') {
        expect({ key, making }).toEqual({ key: undefined, making: [] });
        return;
      }
      expect(key).toBe('alias/loopwatch-test-find');
      expect(making).toMatchObject([
        {
          Action: 'kms:GenerateMac',
          Effect: 'Allow',
          Condition: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
        },
      ]);
      expect(JSON.stringify(making[0].Resource)).toContain('FindKey');
    },
  );

  it.each(FUNCTION_NAMES)('%s accepts its deployed variables', async (name) => {
    const { environment } = await import(`../../functions/${name}/compose.ts`);
    const variables = deployedEnvironment(templates.templates, name);
    expect(environment.safeParse(variables).error?.issues ?? []).toEqual([]);
  });

  it.each(FUNCTION_NAMES)('%s gets exactly the variables that it reads', async (name) => {
    const { environment } = await import(`../../functions/${name}/compose.ts`);
    const { LOG_LEVEL, ...given } = templates.lambda(name).properties.Environment.Variables;
    expect(Object.keys(given).sort()).toEqual(Object.keys(environment.shape).sort());
  });

  it.each(FUNCTION_NAMES)('%s runs on Node 24 on arm64 with the memory and time of the settings', (name) => {
    const { Runtime, Architectures, MemorySize, Timeout } = templates.lambda(name).properties;
    expect({ Runtime, Architectures }).toEqual({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(MemorySize).toBeGreaterThanOrEqual(256);
    expect(Timeout).toBeGreaterThanOrEqual(60);
  });

  it.each(FUNCTION_NAMES)('%s logs to its own group, with a retention', (name) => {
    const { logicalId, properties } = templates.named('AWS::Logs::LogGroup', 'LogGroupName', name);
    expect(templates.lambda(name).properties.LoggingConfig.LogGroup).toEqual({ Ref: logicalId });
    expect(properties.RetentionInDays).toBe(90);
    expect(JSON.stringify(properties.KmsKeyId)).toContain('PublishOutputFnGetAttKey');
  });
});
