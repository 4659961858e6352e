import type { Template } from '../../infra/templates.ts';

const USED = 'used';
const ENCRYPTION = 'ignored: the stand-ins keep everything in memory and encrypt nothing';
const HASHES = 'ignored: there is no KMS, and a fixed key hashes the referrals in logs';
const RIGHTS = 'ignored: the stand-ins check no rights';
const LOGS = 'ignored: logs go to the terminal or a file';
const PEOPLE = 'ignored: for people';
const FAILED_RUNS = 'ignored: a run that fails ends the local run';
const NO_ALARMS = 'ignored: the local run says what failed when it ends, and has no metrics to watch';
const BILL = 'ignored: nothing here is billed';
const NO_EVENTS = 'ignored: nobody changes a key here, and there is no CloudTrail to tell of it';
const NO_SNS = 'ignored: ses-events.ts wraps its events as SNS does and sends them straight to the subscribed queue';

/**
 * Every resource type and property of our templates, and whether the stand-ins use it: `used`, or why it is ignored.
 * A property that isn't listed stops the provisioning, so that none is ignored by accident.
 */
export const PROPERTIES: Record<string, Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': {
    TableName: USED,
    KeySchema: USED,
    AttributeDefinitions: USED,
    GlobalSecondaryIndexes: USED,
    BillingMode: USED,
    TimeToLiveSpecification: 'ignored: dynalite never expires items',
    Replicas: 'ignored: one region, and neither its backups nor its protection, because nothing outlives the run',
    SSESpecification: ENCRYPTION,
  },
  'AWS::SQS::Queue': {
    QueueName: USED,
    VisibilityTimeout: USED,
    MessageRetentionPeriod: USED,
    RedrivePolicy: USED,
    KmsMasterKeyId: ENCRYPTION,
    Tags: BILL,
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
    LoggingConfig: LOGS,
    Role: RIGHTS,
    Tags: BILL,
  },
  'AWS::Lambda::EventSourceMapping': {
    EventSourceArn: USED,
    FunctionName: USED,
    BatchSize: USED,
    FunctionResponseTypes: USED,
    MaximumBatchingWindowInSeconds: 'ignored: simulated time has no use for waiting',
    ScalingConfig: "ignored: the queue pump's `concurrency` fits the machine",
  },
  'AWS::Lambda::EventInvokeConfig': {
    FunctionName: FAILED_RUNS,
    Qualifier: FAILED_RUNS,
    DestinationConfig: FAILED_RUNS,
    MaximumEventAgeInSeconds: 'ignored: a run is called on the dot or not at all',
    MaximumRetryAttempts: FAILED_RUNS,
  },
  'AWS::Scheduler::Schedule': {
    Name: 'ignored: a schedule belongs to its function',
    ScheduleExpression: USED,
    ScheduleExpressionTimezone: USED,
    Target: 'used: Arn and Input; ignored: RoleArn, RetryPolicy and DeadLetterConfig, the local run calls once',
    FlexibleTimeWindow: 'ignored: it is off, the local run calls on the dot',
    Description: PEOPLE,
    State: 'ignored: always enabled',
  },
  'AWS::SES::ConfigurationSet': {
    Name: USED,
    DeliveryOptions: 'ignored: the local inbox delivers nothing, so there is no connection to encrypt',
    ReputationOptions: 'ignored: nobody receives mail, so nothing bounces but what ses-events.ts is told to',
    Tags: BILL,
  },
  'AWS::SES::ConfigurationSetEventDestination': {
    ConfigurationSetName: NO_SNS,
    // ses-events.ts makes the events that it lists.
    EventDestination: NO_SNS,
  },
  'AWS::SES::EmailIdentity': { EmailIdentity: 'ignored: the local SES takes mail from any sender', Tags: BILL },
  'AWS::SNS::Topic': { TopicName: NO_SNS, KmsMasterKeyId: ENCRYPTION, Tags: BILL },
  'AWS::SNS::Subscription': {
    // Without RawMessageDelivery, which ses-events.ts would have to follow.
    TopicArn: NO_SNS,
    Endpoint: NO_SNS,
    Protocol: NO_SNS,
    RedrivePolicy: NO_SNS,
  },
  'AWS::SNS::TopicPolicy': { PolicyDocument: RIGHTS, Topics: RIGHTS },
  'AWS::SQS::QueuePolicy': { PolicyDocument: RIGHTS, Queues: RIGHTS },
  'AWS::IAM::Role': { AssumeRolePolicyDocument: RIGHTS, Description: PEOPLE, RoleName: RIGHTS, Tags: BILL },
  'AWS::IAM::Policy': { PolicyName: RIGHTS, PolicyDocument: RIGHTS, Roles: RIGHTS },
  'AWS::KMS::Key': {
    Description: PEOPLE,
    EnableKeyRotation: ENCRYPTION,
    KeyPolicy: ENCRYPTION,
    KeySpec: HASHES,
    KeyUsage: HASHES,
    Tags: BILL,
  },
  'AWS::KMS::Alias': { AliasName: ENCRYPTION, TargetKeyId: ENCRYPTION },
  'AWS::Logs::LogGroup': { LogGroupName: LOGS, RetentionInDays: LOGS, KmsKeyId: ENCRYPTION, Tags: BILL },
  'AWS::Events::Rule': {
    Name: NO_EVENTS,
    Description: PEOPLE,
    EventPattern: NO_EVENTS,
    State: NO_EVENTS,
    Targets: NO_EVENTS,
    Tags: BILL,
  },
  'AWS::Logs::MetricFilter': {
    LogGroupName: NO_ALARMS,
    FilterPattern: NO_ALARMS,
    MetricTransformations: NO_ALARMS,
  },
  'AWS::CloudWatch::Dashboard': { DashboardName: PEOPLE, DashboardBody: PEOPLE, Tags: BILL },
  'AWS::CloudWatch::Alarm': Object.fromEntries(
    [
      'AlarmName',
      'AlarmDescription',
      'AlarmActions',
      'OKActions',
      'InsufficientDataActions',
      'Namespace',
      'MetricName',
      'Dimensions',
      'Statistic',
      'Period',
      'Metrics',
      'EvaluationPeriods',
      'Threshold',
      'ComparisonOperator',
      'TreatMissingData',
      'WarmUpConfiguration',
      'Tags',
    ].map((property) => [property, NO_ALARMS]),
  ),
};

/** Throws if a template has a resource type or property that the table above doesn't list. */
export function checkProperties(templates: Template[]): void {
  for (const [logicalId, { Type, Properties }] of templates.flatMap(({ Resources }) => Object.entries(Resources))) {
    const known = PROPERTIES[Type];
    if (known === undefined) throw new Error(`${logicalId}: the local run doesn't know the resource type ${Type}`);
    const unknown = Object.keys(Properties ?? {}).find((property) => !(property in known));
    if (unknown) throw new Error(`${logicalId}: the local run doesn't know the property ${unknown} of ${Type}`);
  }
}
