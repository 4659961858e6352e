import { z } from 'zod';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { sesMailer } from '../../shared/mail/ses-mailer.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoOperationsStore } from '../../shared/store/dynamo-operations-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { sqsDeadLetters } from './dead-letters.ts';
import { createHandler } from './handler.ts';

export const environment = z.object({
  REFERRAL_TABLE: z.string().min(1),
  OPERATIONS_TABLE: z.string().min(1),
  CONFIGURATION_SET: z.string().min(1),
  /** Separated by spaces. */
  DEAD_LETTER_QUEUE_URLS: z
    .string()
    .transform((urls) => urls.split(' '))
    .pipe(z.array(z.url()).min(1)),
});

/**
 * Five times the function's timeout; the queue's visibility timeout is six times. A sender that has held a lease this
 * long is dead, the Send event of what it sent has arrived, and the message that comes back finds the lease expired.
 */
const LEASE_MS = 5 * MINUTE_MS;

export function compose(env: z.output<typeof environment>, runtime: Runtime) {
  const dynamodb = runtime.dynamodb();
  return createHandler({
    ...runtime,
    referrals: new DynamoReferralStore(dynamodb, { table: env.REFERRAL_TABLE, shards: 1 }),
    operations: new DynamoOperationsStore(dynamodb, { table: env.OPERATIONS_TABLE }),
    deadLetters: sqsDeadLetters(runtime.sqs(), env.DEAD_LETTER_QUEUE_URLS),
    mailer: sesMailer(runtime.ses(), { configurationSet: env.CONFIGURATION_SET, ...runtime }),
    leaseMs: LEASE_MS,
  });
}
