import { allows, type Right, readStatement, type Statement } from './policy.ts';

/** A statement of a resource's own policy: it says whom it is about. */
export interface ResourceStatement extends Statement {
  principals: string[];
}

/** Reads a statement of a resource's policy; see `readStatement`. */
export function readResourceStatement({ Principal, ...statement }: Record<string, unknown>): ResourceStatement {
  const named = typeof Principal === 'string' ? { AWS: Principal } : (Principal as Record<string, string | string[]>);
  return { ...readStatement(statement), principals: Object.values(named).flat() };
}

/**
 * Whether a resource's policy alone allows a right to somebody of another account: to the principal itself, or to its
 * account, which then has to allow it, too.
 */
export function allowsForeigner(statements: readonly ResourceStatement[], principal: string, right: Right): boolean {
  const account = `${principal.split(':').slice(0, 5).join(':')}:root`;
  const names = [principal, account, '*'];
  return allows(
    statements.filter(({ principals }) => principals.some((name) => names.includes(name))),
    right,
  );
}
