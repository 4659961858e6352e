/** A statement of an identity policy; its resources are ARNs, in which `*` and `?` are wildcards. */
export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: string[];
  resources: string[];
  /** As in the document; null if it always holds. */
  condition: Record<string, unknown> | null;
}

/** An action on a resource, as IAM names both. */
export interface Right {
  action: string;
  resource: string;
  /** The partition keys that the request names: `dynamodb:LeadingKeys`. */
  leadingKeys?: readonly string[];
}

const KNOWN = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

/** Reads a statement. Throws on what `allows` could not judge: `NotAction`, `NotResource`, an effect that IAM lacks. */
export function readStatement(statement: Record<string, unknown>): Statement {
  const { Effect: effect, Action, Resource, Condition } = statement;
  const unknown = Object.keys(statement).find((name) => !KNOWN.includes(name));
  if (unknown) throw new Error(`a statement with ${unknown}: only ${KNOWN.join(', ')} are understood here`);
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`a statement's Effect is Allow or Deny, not ${effect}`);
  return {
    effect,
    actions: texts('Action', Action),
    resources: texts('Resource', Resource),
    condition: (Condition as Statement['condition']) ?? null,
  };
}

/**
 * Whether a role's statements allow a right, by IAM's rule: some statement allows it, none denies it. Conditions are
 * taken against the role, as nobody knows the request's context here: an Allow with one allows nothing, a Deny with one
 * denies. Only the keys that a request names are known: a Deny on condition of one of them denies if there is one.
 */
export function allows(statements: readonly Statement[], right: Right): boolean {
  const about = statements.filter((statement) => names(statement, right));
  if (about.some(({ effect, condition }) => effect === 'Deny' && mayHold(condition, right))) return false;
  return about.some(({ effect, condition }) => effect === 'Allow' && condition === null);
}

/** `ForAnyValue` of a request that names no key doesn't hold; nor does IAM say that it does for a key that is absent. */
function mayHold(condition: Statement['condition'], { leadingKeys }: Right): boolean {
  const [patterns, ...others] = Object.entries(condition ?? {});
  if (leadingKeys === undefined || patterns === undefined || others.length > 0) return true;
  const [operator, keys] = patterns;
  const asked = Object.entries(keys as Record<string, unknown>);
  if (operator !== 'ForAnyValue:StringLike' || asked.length !== 1) return true;
  const [[name, values] = ['', []]] = asked;
  if (name !== 'dynamodb:LeadingKeys') return true;
  return leadingKeys.some((key) => texts(name, values).some((pattern) => matches(pattern, key)));
}

/** Whether a statement is about a right, whatever it says of it. */
export function names({ actions, resources }: Pick<Statement, 'actions' | 'resources'>, right: Right): boolean {
  const action = right.action.toLowerCase();
  return (
    actions.some((pattern) => matches(pattern.toLowerCase(), action)) &&
    resources.some((pattern) => matches(pattern, right.resource))
  );
}

function matches(pattern: string, text: string): boolean {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

function texts(name: string, value: unknown): string[] {
  const list = [value].flat();
  if (list.length > 0 && list.every((item) => typeof item === 'string')) return list;
  throw new Error(`a statement's ${name}: expected text or a list of it, got ${JSON.stringify(value)}`);
}
