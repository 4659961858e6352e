import { dynamodbClient } from '../../shared/platform/clients.ts';
import { kmsReferralHash } from '../../shared/platform/kms-referral-hash.ts';
import { lambdaRuntime, readEnv } from '../../shared/platform/runtime.ts';
import { compose, environment } from './compose.ts';

export const handler = compose(readEnv(environment, process.env), {
  ...lambdaRuntime('retire-referrals'),
  referralHash: kmsReferralHash,
  dynamodb: dynamodbClient,
});
