import type { Template } from '../../infra/templates.ts';

const USED = 'used';
const ENCRYPTION = 'ignored: the stand-ins keep everything in memory and encrypt nothing';
const RIGHTS = 'ignored: the stand-ins check no rights';

/**
 * Every resource type and property of our templates, and what the local run makes of it: `used`, or why it is ignored.
 * What isn't listed here stops the provisioning, so that nothing in a template is passed over by accident.
 */
const PROPERTIES: Record<string, string | Record<string, string>> = {
  'AWS::DynamoDB::Table': {
    TableName: USED,
    KeySchema: USED,
    AttributeDefinitions: USED,
    GlobalSecondaryIndexes: USED,
    BillingMode: USED,
    TimeToLiveSpecification: 'ignored: dynalite never expires items',
    PointInTimeRecoverySpecification: 'ignored: nothing outlives the run',
    DeletionProtectionEnabled: 'ignored: nothing outlives the run',
    SSESpecification: ENCRYPTION,
  },
  'AWS::SQS::Queue': {
    QueueName: USED,
    VisibilityTimeout: USED,
    MessageRetentionPeriod: USED,
    RedrivePolicy: USED,
    KmsMasterKeyId: ENCRYPTION,
  },
  'AWS::Lambda::Function': {
    FunctionName: USED,
    Environment: USED,
    Timeout: USED,
    MemorySize: USED,
    Code: 'ignored: handlers are imported from functions/ by name',
    Handler: 'ignored: every handler is the export `handler` of index',
    Runtime: 'ignored: the local run is on the same major version of Node already',
    Architectures: "ignored: the machine's own",
    LoggingConfig: 'ignored: logs go to the terminal or a file',
    Role: RIGHTS,
  },
  'AWS::Lambda::EventSourceMapping': {
    EventSourceArn: USED,
    FunctionName: USED,
    BatchSize: USED,
    FunctionResponseTypes: USED,
    MaximumBatchingWindowInSeconds: 'ignored: simulated time has no use for waiting',
    ScalingConfig: "ignored: the queue pump's `concurrency` fits the machine",
  },
  'AWS::Lambda::EventInvokeConfig': 'ignored: a run that fails ends the local run',
  'AWS::Scheduler::Schedule': {
    Name: 'ignored: a schedule belongs to its function',
    ScheduleExpression: USED,
    ScheduleExpressionTimezone: USED,
    Target: 'used: Arn and Input; ignored: RoleArn, RetryPolicy and DeadLetterConfig, the local run calls once',
    FlexibleTimeWindow: 'ignored: it is off, the local run calls on the dot',
    Description: 'ignored: for people',
    State: 'ignored: always enabled',
  },
  'AWS::SES::ConfigurationSet': { Name: USED },
  'AWS::SES::ConfigurationSetEventDestination': 'ignored: ses-events.ts makes what it would publish',
  'AWS::SNS::Topic': 'ignored: ses-events.ts wraps its events as SNS does',
  'AWS::SNS::Subscription': {
    // Without RawMessageDelivery, which ses-events.ts would have to follow.
    TopicArn: 'ignored: ses-events.ts sends straight to the subscribed queue',
    Endpoint: 'ignored: as TopicArn',
    Protocol: 'ignored: as TopicArn',
  },
  'AWS::SNS::TopicPolicy': RIGHTS,
  'AWS::SQS::QueuePolicy': RIGHTS,
  'AWS::IAM::Role': RIGHTS,
  'AWS::IAM::Policy': RIGHTS,
  'AWS::KMS::Key': ENCRYPTION,
  'AWS::KMS::Alias': ENCRYPTION,
  'AWS::Logs::LogGroup': 'ignored: logs go to the terminal or a file',
};

/** Throws where a template has a resource type or property that the table above doesn't list. */
export function checkProperties(templates: Template[]): void {
  for (const [logicalId, { Type, Properties }] of templates.flatMap(({ Resources }) => Object.entries(Resources))) {
    const known = PROPERTIES[Type];
    if (known === undefined) throw new Error(`${logicalId}: the local run doesn't know the resource type ${Type}`);
    if (typeof known === 'string') continue;
    const unknown = Object.keys(Properties ?? {}).find((property) => !(property in known));
    if (unknown) throw new Error(`${logicalId}: the local run doesn't know the property ${unknown} of ${Type}`);
  }
}
