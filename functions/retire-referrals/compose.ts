import * as z from 'zod';
import { namingReferrals } from '../../shared/platform/logger.ts';
import { referralHashVariable } from '../../shared/platform/referral-hash.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoConfigStore } from '../../shared/store/dynamo-config-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { DynamoSetAsideStore } from '../../shared/store/dynamo-set-aside-store.ts';
import { Table } from '../../shared/store/table.ts';
import { tablesEnvironment } from '../../shared/store/tables-environment.ts';
import { createHandler } from './handler.ts';

export const environment = tablesEnvironment
  .pick({ REFERRAL_TABLE: true, OPERATIONS_TABLE: true })
  .extend({ ...referralHashVariable, CLOSED_REFERRAL_MONTHS: z.coerce.number().int().positive() });

export function compose(
  env: z.output<typeof environment>,
  runtime: Pick<Runtime, 'time' | 'backoff' | 'log' | 'referralHash' | 'dynamodb'>,
) {
  const dynamodb = runtime.dynamodb();
  const operations = new Table(dynamodb, env.OPERATIONS_TABLE);
  return createHandler({
    ...runtime,
    log: namingReferrals(runtime.log, runtime.referralHash(env.REFERRAL_HASH_KEY)),
    months: env.CLOSED_REFERRAL_MONTHS,
    referrals: new DynamoReferralStore(new Table(dynamodb, env.REFERRAL_TABLE)),
    configs: new DynamoConfigStore(operations),
    setAsides: new DynamoSetAsideStore(operations),
  });
}
