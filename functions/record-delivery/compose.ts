import type * as z from 'zod';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoMailStore } from '../../shared/store/dynamo-mail-store.ts';
import { Table } from '../../shared/store/table.ts';
import { tablesEnvironment } from '../../shared/store/tables-environment.ts';
import { createHandler } from './handler.ts';

export const environment = tablesEnvironment.pick({ OPERATIONS_TABLE: true });

export function compose(
  env: z.output<typeof environment>,
  runtime: Pick<Runtime, 'time' | 'backoff' | 'log' | 'dynamodb'>,
) {
  return createHandler({
    ...runtime,
    mails: new DynamoMailStore(new Table(runtime.dynamodb(), env.OPERATIONS_TABLE)),
  });
}
