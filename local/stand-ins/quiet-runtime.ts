import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SESClient } from '@aws-sdk/client-ses';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { silentLog } from '../../shared/platform/logger.ts';
import { silentMetrics } from '../../shared/platform/metrics.ts';
import { localReferralHash } from '../../shared/platform/referral-hash.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';

interface Clients {
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  ses: SESClient;
}

/** What a function runs on here: given clients and time, no waiting, no metrics, and no log unless one is given. */
export function quietRuntime(
  { dynamodb, sqs, ses }: Clients,
  { time, log = silentLog }: Pick<Runtime, 'time'> & Partial<Pick<Runtime, 'log'>>,
): Runtime {
  return {
    ...{ time, log, metrics: silentMetrics },
    backoff: async () => {},
    sleep: async () => {},
    dynamodb: () => dynamodb,
    sqs: () => sqs,
    ses: () => ses,
    referralHash: () => localReferralHash,
  };
}
