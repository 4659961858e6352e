import * as z from 'zod';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { Table } from '../../shared/store/table.ts';
import { tablesEnvironment } from '../../shared/store/tables-environment.ts';
import { createHandler } from './handler.ts';

export const environment = tablesEnvironment
  .pick({ REFERRAL_TABLE: true, DUE_SHARDS: true })
  .extend({ CLOSED_REFERRAL_MONTHS: z.coerce.number().int().positive() });

export function compose(
  env: z.output<typeof environment>,
  runtime: Pick<Runtime, 'time' | 'backoff' | 'log' | 'metrics' | 'dynamodb'>,
) {
  const referrals = new Table(runtime.dynamodb(), env.REFERRAL_TABLE);
  return createHandler({
    ...runtime,
    shards: env.DUE_SHARDS,
    months: env.CLOSED_REFERRAL_MONTHS,
    referrals: new DynamoReferralStore(referrals, { shards: env.DUE_SHARDS }),
  });
}
