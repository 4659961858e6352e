import { z } from 'zod';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoOperationsStore } from '../../shared/store/dynamo-operations-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { createHandler, type DrawCharts } from './handler.ts';

export const environment = z.object({
  REFERRAL_TABLE: z.string().min(1),
  OPERATIONS_TABLE: z.string().min(1),
});

/** Loads the charts only when there is one to draw: most runs find no report due. */
const drawCharts: DrawCharts = async (report) => (await import('./charts/draw-charts.tsx')).drawCharts(report);

export function compose(env: z.output<typeof environment>, runtime: Runtime) {
  const dynamodb = runtime.dynamodb();
  return createHandler({
    ...runtime,
    // Reports don't read the due index, so they don't need its shards.
    referrals: new DynamoReferralStore(dynamodb, { table: env.REFERRAL_TABLE, shards: 1 }),
    operations: new DynamoOperationsStore(dynamodb, { table: env.OPERATIONS_TABLE }),
    drawCharts,
  });
}
