import type { Aws } from './aws.ts';
import { rewriteRole } from './role-policies.ts';

/** The purpose of a function, and an action to take from its role. */
export interface Right {
  function: string;
  action: string;
}

/**
 * Takes an action from the role of a deployed function, to see that the rehearsal fails without it.
 * Throws if the role doesn't name the action.
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
