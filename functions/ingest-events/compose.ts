import type * as z from 'zod';
import { namingReferrals } from '../../shared/platform/logger.ts';
import { referralHashVariable } from '../../shared/platform/referral-hash.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoAliasStore } from '../../shared/store/dynamo-alias-store.ts';
import { DynamoConfigStore } from '../../shared/store/dynamo-config-store.ts';
import { DynamoFeedStore } from '../../shared/store/dynamo-feed-store.ts';
import { DynamoPracticeStore } from '../../shared/store/dynamo-practice-store.ts';
import { DynamoQuarantineStore } from '../../shared/store/dynamo-quarantine-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { DynamoSetAsideStore } from '../../shared/store/dynamo-set-aside-store.ts';
import { DynamoUnmappedStore } from '../../shared/store/dynamo-unmapped-store.ts';
import { DynamoUnmatchedStore } from '../../shared/store/dynamo-unmatched-store.ts';
import { Table } from '../../shared/store/table.ts';
import { tablesEnvironment } from '../../shared/store/tables-environment.ts';
import { createHandler } from './handler.ts';

export const environment = tablesEnvironment.extend(referralHashVariable);

export function compose(
  env: z.output<typeof environment>,
  runtime: Pick<Runtime, 'time' | 'backoff' | 'log' | 'referralHash' | 'metrics' | 'dynamodb'>,
) {
  const dynamodb = runtime.dynamodb();
  const operations = new Table(dynamodb, env.OPERATIONS_TABLE);
  return createHandler({
    ...runtime,
    log: namingReferrals(runtime.log, runtime.referralHash(env.REFERRAL_HASH_KEY)),
    shards: env.DUE_SHARDS,
    referrals: new DynamoReferralStore(new Table(dynamodb, env.REFERRAL_TABLE), { shards: env.DUE_SHARDS }),
    configs: new DynamoConfigStore(operations),
    quarantine: new DynamoQuarantineStore(operations),
    unmapped: new DynamoUnmappedStore(operations),
    feeds: new DynamoFeedStore(operations),
    practices: new DynamoPracticeStore(operations),
    setAsides: new DynamoSetAsideStore(operations),
    aliases: new DynamoAliasStore(operations),
    unmatched: new DynamoUnmatchedStore(operations),
  });
}
