import type { Template } from '../../infra/templates.ts';
import { type TableSpec, tableSpec } from '../cost/model.ts';

/** The resource type of our tables: docs/adr/0020-global-tables.md. */
export const TABLE_TYPE = 'AWS::DynamoDB::GlobalTable';

/** The keys and indexes of every table in the templates. */
export function tableSpecs(templates: readonly Template[]): TableSpec[] {
  return templates
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === TABLE_TYPE)
    .map(({ Properties }) => tableSpec(Properties as Parameters<typeof tableSpec>[0]));
}
