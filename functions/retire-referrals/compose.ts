import { z } from 'zod';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { createHandler } from './handler.ts';

export const environment = z.object({
  REFERRAL_TABLE: z.string().min(1),
  DUE_SHARDS: z.coerce.number().int().positive(),
  CLOSED_REFERRAL_MONTHS: z.coerce.number().int().positive(),
});

export function compose(env: z.output<typeof environment>, runtime: Runtime) {
  return createHandler({
    ...runtime,
    shards: env.DUE_SHARDS,
    months: env.CLOSED_REFERRAL_MONTHS,
    referrals: new DynamoReferralStore(runtime.dynamodb(), { table: env.REFERRAL_TABLE, shards: env.DUE_SHARDS }),
  });
}
