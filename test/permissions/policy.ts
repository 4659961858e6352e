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
  /** What is known of the request besides, by condition key; of several values, all. */
  context?: Record<string, string | readonly string[]>;
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
 * Whether a role's statements allow a right, by IAM's rule: some statement allows it, none denies it. A condition on a key
 * that the right's context lacks, or with an operator that isn't known here, is taken against the role: an Allow with one
 * allows nothing, a Deny with one denies.
 */
export function allows(statements: readonly Statement[], right: Right): boolean {
  const about = statements.filter((statement) => names(statement, right));
  if (about.some(({ effect, condition }) => effect === 'Deny' && holds(condition, right.context) !== false))
    return false;
  return about.some(({ effect, condition }) => effect === 'Allow' && holds(condition, right.context) === true);
}

const OPERATORS: Record<string, (pattern: string, value: string) => boolean> = {
  StringEquals: (pattern, value) => pattern === value,
  StringLike: matches,
  ArnEquals: matches,
  ArnLike: matches,
  'ForAllValues:StringLike': matches,
  'ForAnyValue:StringLike': matches,
  Bool: (pattern, value) => pattern === value,
};

/** Whether a condition holds: every key of every operator matches one of its patterns. Null if it can't be known here. */
export function holds(condition: Statement['condition'], context: Right['context'] = {}): boolean | null {
  const results = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys as Record<string, unknown>).map(([key, patterns]) => {
      const compare = OPERATORS[operator];
      const value = context[key];
      if (!compare || value === undefined) return null;
      const isMet = (one: string): boolean => texts(key, patterns).some((pattern) => compare(pattern, one));
      const all = typeof value === 'string' ? [value] : value;
      return operator.startsWith('ForAllValues') ? all.every(isMet) : all.some(isMet);
    }),
  );
  if (results.includes(false)) return false;
  return results.includes(null) ? null : true;
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
