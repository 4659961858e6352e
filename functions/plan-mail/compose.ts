import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { namingReferrals } from '../../shared/platform/logger.ts';
import { mailHoldVariable } from '../../shared/platform/mail-hold.ts';
import { referralHashVariable } from '../../shared/platform/referral-hash.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoConfigStore } from '../../shared/store/dynamo-config-store.ts';
import { DynamoMailStore } from '../../shared/store/dynamo-mail-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { DynamoReportStore } from '../../shared/store/dynamo-report-store.ts';
import { DynamoSetAsideStore } from '../../shared/store/dynamo-set-aside-store.ts';
import { Table } from '../../shared/store/table.ts';
import { tablesEnvironment } from '../../shared/store/tables-environment.ts';
import { createHandler, type MailQueue } from './handler.ts';

export const environment = tablesEnvironment
  .pick({ REFERRAL_TABLE: true, OPERATIONS_TABLE: true })
  .extend({ ...referralHashVariable, ...mailHoldVariable, MAIL_QUEUE_URL: z.url() });

const ENTRIES_PER_BATCH = 10;

export function compose(
  env: z.output<typeof environment>,
  runtime: Pick<Runtime, 'log' | 'referralHash' | 'metrics' | 'dynamodb' | 'sqs'>,
) {
  const dynamodb = runtime.dynamodb();
  const operations = new Table(dynamodb, env.OPERATIONS_TABLE);
  return createHandler({
    ...runtime,
    log: namingReferrals(runtime.log, runtime.referralHash(env.REFERRAL_HASH_KEY)),
    referrals: new DynamoReferralStore(new Table(dynamodb, env.REFERRAL_TABLE)),
    configs: new DynamoConfigStore(operations),
    mails: new DynamoMailStore(operations),
    reports: new DynamoReportStore(operations),
    setAsides: new DynamoSetAsideStore(operations),
    queue: sqsMailQueue(runtime.sqs(), env.MAIL_QUEUE_URL),
    holds: env.MAIL_HOLD,
  });
}

function sqsMailQueue(client: SQSClient, url: string): MailQueue {
  return {
    async announce(mailIds) {
      for (let from = 0; from < mailIds.length; from += ENTRIES_PER_BATCH) {
        const Entries = mailIds
          .slice(from, from + ENTRIES_PER_BATCH)
          .map((mailId, index) => ({ Id: String(index), MessageBody: JSON.stringify({ mailId }) }));
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
        if (Failed.length > 0) throw new Error(`SQS didn't take ${Failed.length} mail jobs: ${Failed[0]?.Code}`);
      }
    },
  };
}
