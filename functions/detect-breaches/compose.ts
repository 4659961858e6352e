import { z } from 'zod';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoOperationsStore } from '../../shared/store/dynamo-operations-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { createHandler } from './handler.ts';

export const environment = z.object({
  REFERRAL_TABLE: z.string().min(1),
  OPERATIONS_TABLE: z.string().min(1),
  DUE_SHARDS: z.coerce.number().int().positive(),
});

export function compose(env: z.output<typeof environment>, runtime: Runtime) {
  const dynamodb = runtime.dynamodb();
  return createHandler({
    ...runtime,
    shards: env.DUE_SHARDS,
    referrals: new DynamoReferralStore(dynamodb, { table: env.REFERRAL_TABLE, shards: env.DUE_SHARDS }),
    operations: new DynamoOperationsStore(dynamodb, { table: env.OPERATIONS_TABLE }),
  });
}
