import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoOperationsStore } from '../../shared/store/dynamo-operations-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { createHandler, type MailQueue } from './handler.ts';

export const environment = z.object({
  REFERRAL_TABLE: z.string().min(1),
  OPERATIONS_TABLE: z.string().min(1),
  MAIL_QUEUE_URL: z.url(),
});

const ENTRIES_PER_BATCH = 10;

export function compose(env: z.output<typeof environment>, runtime: Runtime) {
  const dynamodb = runtime.dynamodb();
  return createHandler({
    ...runtime,
    // Planning reads no shard of the due index but the one of urgent alerts.
    referrals: new DynamoReferralStore(dynamodb, { table: env.REFERRAL_TABLE, shards: 1 }),
    operations: new DynamoOperationsStore(dynamodb, { table: env.OPERATIONS_TABLE }),
    queue: sqsMailQueue(runtime.sqs(), env.MAIL_QUEUE_URL),
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
