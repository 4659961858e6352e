import { physicalName } from '../../infra/settings.ts';
import type { Answer, Aws } from './aws.ts';

/** A function's purpose and the action that is taken from its role. */
export interface Right {
  function: string;
  action: string;
}

/**
 * Takes an action from a deployed function's role, to see that the rehearsal fails without it.
 * Throws where the role doesn't name it.
 */
export async function takeRight(aws: Aws, stage: string, { function: purpose, action }: Right): Promise<void> {
  const FunctionName = physicalName(stage, purpose);
  const { Role } = await aws.call('lambda', 'GetFunctionConfiguration', { FunctionName });
  const RoleName = Role.slice(Role.lastIndexOf('/') + 1);
  const { PolicyNames } = await aws.call('iam', 'ListRolePolicies', { RoleName });
  let taken = 0;
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument } = await aws.call('iam', 'GetRolePolicy', { RoleName, PolicyName });
    const Statement = (PolicyDocument.Statement as Answer[]).flatMap((statement) => {
      const actions = [statement.Action].flat();
      const left = actions.filter((name) => name !== action);
      taken += actions.length - left.length;
      return left.length === 0 ? [] : [{ ...statement, Action: left }];
    });
    const document = JSON.stringify({ ...PolicyDocument, Statement });
    await aws.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: document });
  }
  if (taken === 0) throw new Error(`${FunctionName}: its role doesn't name ${action}`);
}
