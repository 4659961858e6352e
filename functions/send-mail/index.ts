import { dynamodbClient, sesClient, sqsClient } from '../../shared/platform/clients.ts';
import { kmsReferralHash } from '../../shared/platform/kms-referral-hash.ts';
import { lambdaRuntime, readEnv } from '../../shared/platform/runtime.ts';
import { compose, environment } from './compose.ts';

export const handler = compose(readEnv(environment, process.env), {
  ...lambdaRuntime('send-mail'),
  referralHash: kmsReferralHash,
  dynamodb: dynamodbClient,
  sqs: sqsClient,
  ses: sesClient,
});
