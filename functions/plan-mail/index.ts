import { dynamodbClient, sqsClient } from '../../shared/platform/clients.ts';
import { kmsReferralHash } from '../../shared/platform/kms-referral-hash.ts';
import { functionMetrics } from '../../shared/platform/metrics.ts';
import { lambdaRuntime, readEnv } from '../../shared/platform/runtime.ts';
import { compose, environment } from './compose.ts';

export const handler = compose(readEnv(environment, process.env), {
  ...lambdaRuntime('plan-mail'),
  referralHash: kmsReferralHash,
  metrics: functionMetrics('plan-mail'),
  dynamodb: dynamodbClient,
  sqs: sqsClient,
});
