import { physicalName } from '../../infra/settings.ts';
import type { Answer, Aws } from './aws.ts';

/** A statement of a policy: actions, resources, conditions and effect. */
export type Statement = Answer & { Action: string | string[] };

/** Rewrites the statements in the role of a deployed function. An empty list removes a statement. */
export async function rewriteRole(
  aws: Aws,
  { stage, purpose }: { stage: string; purpose: string },
  rewrite: (statement: Statement) => Statement[],
): Promise<void> {
  const FunctionName = physicalName(stage, purpose);
  const { Role } = await aws.call('lambda', 'GetFunctionConfiguration', { FunctionName });
  const RoleName = Role.slice(Role.lastIndexOf('/') + 1);
  const { PolicyNames } = await aws.call('iam', 'ListRolePolicies', { RoleName });
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument } = await aws.call('iam', 'GetRolePolicy', { RoleName, PolicyName });
    const rewritten = { ...PolicyDocument, Statement: PolicyDocument.Statement.flatMap(rewrite) };
    await aws.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: JSON.stringify(rewritten) });
  }
}
