import { z } from 'zod';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoOperationsStore } from '../../shared/store/dynamo-operations-store.ts';
import { createHandler } from './handler.ts';

export const environment = z.object({ OPERATIONS_TABLE: z.string().min(1) });

export function compose(env: z.output<typeof environment>, runtime: Runtime) {
  return createHandler({
    ...runtime,
    operations: new DynamoOperationsStore(runtime.dynamodb(), { table: env.OPERATIONS_TABLE }),
  });
}
