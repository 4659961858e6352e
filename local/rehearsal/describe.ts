import type { Answer, Aws } from './aws.ts';

/** A resource of a stack, as CloudFormation lists it. */
export interface Deployed {
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  /** As in the template, with intrinsic functions. */
  properties: Record<string, unknown>;
}

/** What a description needs in addition to the resource. */
export interface Describing {
  aws: Aws;
  /** The physical id of `{Ref: logicalId}`; throws on anything else. */
  idOf(reference: unknown): string;
}

type Describe = (resource: Deployed, context: Describing) => Promise<Answer>;

const json = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/**
 * How to ask a service for a resource of each type. Answers have CloudFormation's names of the properties. A type that
 * isn't listed can't be verified, which fails the rehearsal.
 */
export const DESCRIBE: Record<string, Describe> = {
  'AWS::DynamoDB::GlobalTable': async ({ physicalId: TableName }, { aws }) => {
    const { Table } = await aws.call('dynamodb', 'DescribeTable', { TableName });
    const backups = await aws.call('dynamodb', 'DescribeContinuousBackups', { TableName });
    const ttl = await aws.call('dynamodb', 'DescribeTimeToLive', { TableName });
    const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    const { TimeToLiveStatus, AttributeName } = ttl.TimeToLiveDescription;
    return {
      ...Table,
      BillingMode: Table.BillingModeSummary?.BillingMode,
      SSESpecification: Table.SSEDescription && {
        SSEEnabled: Table.SSEDescription.Status === 'ENABLED',
        SSEType: Table.SSEDescription.SSEType,
      },
      // There is one replica, in the region that was asked.
      Replicas: [
        {
          Region: Table.TableArn.split(':')[3],
          DeletionProtectionEnabled: Table.DeletionProtectionEnabled,
          GlobalSecondaryIndexes: Table.GlobalSecondaryIndexes,
          SSESpecification: { KMSMasterKeyId: Table.SSEDescription?.KMSMasterKeyArn },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: recovery === 'ENABLED' },
        },
      ],
      TimeToLiveSpecification: { AttributeName, Enabled: TimeToLiveStatus === 'ENABLED' },
    };
  },
  'AWS::SQS::Queue': async ({ physicalId: QueueUrl }, { aws }) => {
    const { Attributes } = await aws.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    const QueueName = lastPart(Attributes.QueueArn);
    return { ...Attributes, QueueName, RedrivePolicy: json(Attributes.RedrivePolicy) };
  },
  'AWS::SQS::QueuePolicy': async ({ properties: { Queues } }, { aws, idOf }) => {
    const QueueUrl = idOf((Queues as unknown[])[0]);
    const { Attributes } = await aws.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] });
    return { Queues: [QueueUrl], PolicyDocument: json(Attributes?.Policy) };
  },
  'AWS::Lambda::Function': ({ physicalId: FunctionName }, { aws }) =>
    aws.call('lambda', 'GetFunctionConfiguration', { FunctionName }),
  'AWS::Lambda::EventSourceMapping': ({ physicalId: UUID }, { aws }) =>
    aws
      .call('lambda', 'GetEventSourceMapping', { UUID })
      .then((answer) => ({ ...answer, FunctionName: answer.FunctionArn })),
  'AWS::Lambda::EventInvokeConfig': async ({ properties }, { aws, idOf }) => {
    const name = { FunctionName: idOf(properties.FunctionName), Qualifier: properties.Qualifier };
    return { ...(await aws.call('lambda', 'GetFunctionEventInvokeConfig', name)), ...name };
  },
  'AWS::Lambda::Permission': async ({ properties: { FunctionName } }, { aws, idOf }) => ({
    Policy: json((await aws.call('lambda', 'GetPolicy', { FunctionName: idOf(FunctionName) })).Policy),
  }),
  'AWS::Scheduler::Schedule': ({ physicalId: Name }, { aws }) => aws.call('scheduler', 'GetSchedule', { Name }),
  'AWS::SES::ConfigurationSet': async ({ physicalId }, { aws }) => {
    const answer = await aws.call('sesv2', 'GetConfigurationSet', { ConfigurationSetName: physicalId });
    return { ...answer, Name: answer.ConfigurationSetName };
  },
  'AWS::SES::ConfigurationSetEventDestination': async ({ properties: { ConfigurationSetName } }, { aws, idOf }) => {
    const name = { ConfigurationSetName: idOf(ConfigurationSetName) };
    const { EventDestinations } = await aws.call('sesv2', 'GetConfigurationSetEventDestinations', name);
    const [{ Enabled, MatchingEventTypes, SnsDestination }] = EventDestinations;
    const types = (MatchingEventTypes as string[]).map((type) => type.toLowerCase());
    const topic = { TopicARN: SnsDestination?.TopicArn };
    return { ...name, EventDestination: { Enabled, MatchingEventTypes: types, SnsDestination: topic } };
  },
  'AWS::SES::EmailIdentity': async ({ physicalId: EmailIdentity }, { aws }) => {
    const answer = await aws.call('sesv2', 'GetEmailIdentity', { EmailIdentity });
    return {
      ...answer,
      EmailIdentity,
      ConfigurationSetAttributes: { ConfigurationSetName: answer.ConfigurationSetName },
      FeedbackAttributes: { EmailForwardingEnabled: answer.FeedbackForwardingStatus },
    };
  },
  'AWS::SNS::Topic': async ({ physicalId: TopicArn }, { aws }) => {
    const { Attributes } = await aws.call('sns', 'GetTopicAttributes', { TopicArn });
    return { ...Attributes, TopicName: lastPart(TopicArn) };
  },
  'AWS::SNS::TopicPolicy': async ({ properties: { Topics } }, { aws, idOf }) => {
    const TopicArn = idOf((Topics as unknown[])[0]);
    const { Attributes } = await aws.call('sns', 'GetTopicAttributes', { TopicArn });
    return { Topics: [TopicArn], PolicyDocument: json(Attributes.Policy) };
  },
  'AWS::SNS::Subscription': async ({ physicalId, properties }, { aws, idOf }) => {
    const TopicArn = idOf(properties.TopicArn);
    const { Subscriptions } = await aws.call('sns', 'ListSubscriptionsByTopic', { TopicArn });
    const { Attributes } = await aws.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn: physicalId });
    const listed = Subscriptions.find(({ SubscriptionArn }: Answer) => SubscriptionArn === physicalId) ?? {};
    return { ...listed, RedrivePolicy: json(Attributes.RedrivePolicy) };
  },
  'AWS::IAM::Role': async ({ physicalId: RoleName }, { aws }) => (await aws.call('iam', 'GetRole', { RoleName })).Role,
  'AWS::IAM::Policy': async ({ properties: { Roles, PolicyName } }, { aws, idOf }) => {
    const RoleName = idOf((Roles as unknown[])[0]);
    return { ...(await aws.call('iam', 'GetRolePolicy', { RoleName, PolicyName })), Roles: [RoleName] };
  },
  'AWS::KMS::Key': async ({ physicalId: KeyId }, { aws }) => {
    const { KeyMetadata } = await aws.call('kms', 'DescribeKey', { KeyId });
    const { Policy } = await aws.call('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' });
    // A key that only makes hashes can't be rotated.
    const isRotated = KeyMetadata.KeyUsage === 'ENCRYPT_DECRYPT';
    const rotation = isRotated ? await aws.call('kms', 'GetKeyRotationStatus', { KeyId }) : {};
    return { ...KeyMetadata, KeyPolicy: json(Policy), EnableKeyRotation: rotation.KeyRotationEnabled };
  },
  'AWS::KMS::Alias': async ({ physicalId }, { aws }) => {
    const { Aliases } = await aws.call('kms', 'ListAliases');
    return Aliases.find(({ AliasName }: Answer) => AliasName === physicalId) ?? {};
  },
  'AWS::Logs::LogGroup': async ({ physicalId }, { aws }) => {
    const { logGroups } = await aws.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: physicalId });
    const group = logGroups.find(({ logGroupName }: Answer) => logGroupName === physicalId) ?? {};
    return { LogGroupName: group.logGroupName, RetentionInDays: group.retentionInDays, KmsKeyId: group.kmsKeyId };
  },
  'AWS::Events::Rule': async ({ physicalId: Name }, { aws }) => {
    const rule = await aws.call('events', 'DescribeRule', { Name });
    const { Targets } = await aws.call('events', 'ListTargetsByRule', { Rule: Name });
    return { ...rule, EventPattern: json(rule.EventPattern), Targets };
  },
  'AWS::CloudWatch::Alarm': async ({ physicalId }, { aws }) => {
    const { MetricAlarms } = await aws.call('cloudwatch', 'DescribeAlarms', { AlarmNames: [physicalId] });
    return MetricAlarms[0] ?? {};
  },
  'AWS::CloudWatch::Dashboard': ({ physicalId: DashboardName }, { aws }) =>
    aws.call('cloudwatch', 'GetDashboard', { DashboardName }),
  'AWS::Logs::MetricFilter': async ({ properties: { LogGroupName }, physicalId }, { aws, idOf }) => {
    const logGroupName = idOf(LogGroupName);
    const { metricFilters } = await aws.call('logs', 'DescribeMetricFilters', { logGroupName });
    const filter = metricFilters.find(({ filterName }: Answer) => filterName === physicalId) ?? {};
    const { metricTransformations = [], filterPattern } = filter;
    return {
      LogGroupName: filter.logGroupName,
      FilterPattern: filterPattern,
      MetricTransformations: metricTransformations.map(({ metricName, metricNamespace, metricValue }: Answer) => ({
        MetricName: metricName,
        MetricNamespace: metricNamespace,
        MetricValue: metricValue,
      })),
    };
  },
};
