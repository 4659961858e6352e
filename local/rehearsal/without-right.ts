import type { Aws } from './aws.ts';
import { rewriteRole } from './role-policies.ts';

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
  let taken = 0;
  await rewriteRole(aws, { stage, purpose }, (statement) => {
    const actions = [statement.Action].flat();
    const left = actions.filter((name) => name !== action);
    taken += actions.length - left.length;
    return left.length === 0 ? [] : [{ ...statement, Action: left }];
  });
  if (taken === 0) throw new Error(`${purpose}: its role doesn't name ${action}`);
}
