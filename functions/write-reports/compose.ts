import type * as z from 'zod';
import { namingReferrals } from '../../shared/platform/logger.ts';
import { referralHashVariable } from '../../shared/platform/referral-hash.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoConfigStore } from '../../shared/store/dynamo-config-store.ts';
import { DynamoFeedStore } from '../../shared/store/dynamo-feed-store.ts';
import { DynamoQuarantineStore } from '../../shared/store/dynamo-quarantine-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { DynamoReportStore } from '../../shared/store/dynamo-report-store.ts';
import { DynamoSetAsideStore } from '../../shared/store/dynamo-set-aside-store.ts';
import { DynamoUnmappedStore } from '../../shared/store/dynamo-unmapped-store.ts';
import { DynamoUnmatchedStore } from '../../shared/store/dynamo-unmatched-store.ts';
import { Table } from '../../shared/store/table.ts';
import { tablesEnvironment } from '../../shared/store/tables-environment.ts';
import { createHandler, type DrawCharts } from './handler.ts';

export const environment = tablesEnvironment
  .pick({ REFERRAL_TABLE: true, OPERATIONS_TABLE: true })
  .extend(referralHashVariable);

/** Loads the charts only when there is one to draw: most runs find no report due. */
const drawCharts: DrawCharts = async (report) =>
  (await import('../../shared/mail/report/charts/draw-charts.tsx')).drawCharts(report);

export function compose(
  env: z.output<typeof environment>,
  runtime: Pick<Runtime, 'time' | 'backoff' | 'log' | 'referralHash' | 'metrics' | 'dynamodb'>,
) {
  const dynamodb = runtime.dynamodb();
  const operations = new Table(dynamodb, env.OPERATIONS_TABLE);
  return createHandler({
    ...runtime,
    log: namingReferrals(runtime.log, runtime.referralHash(env.REFERRAL_HASH_KEY)),
    referrals: new DynamoReferralStore(new Table(dynamodb, env.REFERRAL_TABLE)),
    configs: new DynamoConfigStore(operations),
    quarantine: new DynamoQuarantineStore(operations),
    feeds: new DynamoFeedStore(operations),
    reports: new DynamoReportStore(operations),
    setAsides: new DynamoSetAsideStore(operations),
    unmapped: new DynamoUnmappedStore(operations),
    unmatched: new DynamoUnmatchedStore(operations),
    drawCharts,
  });
}
