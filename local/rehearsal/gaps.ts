const RUN = 'shown by the run: the functions do their work with it';
const TAGS = 'each service has a call of its own for tags; the tests of the templates hold them';
const KEPT = 'CloudFormation keeps it from the service, it is not there to be read';

/**
 * Properties of our templates that the emulator doesn't have once the stacks are deployed, with what it answers. The
 * rehearsal fails if it has one of these after all, or if one is missing that isn't listed.
 */
export const GAPS: Record<string, Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': {
    SSESpecification: 'DescribeTable has no SSEDescription',
    Replicas: 'DescribeTable: DeletionProtectionEnabled false; DescribeContinuousBackups: DISABLED; no key',
    TimeToLiveSpecification: 'DescribeTimeToLive: TimeToLiveStatus DISABLED',
  },
  'AWS::CloudWatch::Alarm': {
    Metrics: 'deployment: "Properties.Metrics (metric math) is not supported"',
    WarmUpConfiguration: 'DescribeAlarms has no WarmUpConfiguration',
  },
  'AWS::SNS::Topic': { KmsMasterKeyId: 'GetTopicAttributes has no KmsMasterKeyId' },
  'AWS::Scheduler::Schedule': { ScheduleExpressionTimezone: 'GetSchedule: UTC, whatever the template says' },
};

/** Properties of any type that aren't asked for. */
export const NOT_ASKED_OF_ANY: Record<string, string> = { Tags: TAGS };

/** Properties that can't be read, not even at AWS. */
export const NOT_ASKED: Record<string, Record<string, string>> = {
  'AWS::Lambda::Function': { Code: RUN },
  'AWS::KMS::Key': { PendingWindowInDays: KEPT },
};
