import type * as z from 'zod';
import { valueAt } from '../contracts/config-problem.ts';
import { expectedWord } from '../contracts/nearest.ts';

/** Most faults that one refusal names: a list of a sender's may have a hundred thousand. */
const MOST_FAULTS = 5;

const KINDS: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

/**
 * What is wrong with a sender's input, in words: the field, what is missing or of the wrong kind, and what would be right.
 * Of what was sent it shows nothing, as any text may be about a patient; fields and words are those of the contract,
 * the one of them too that a word is nearest to.
 * @param issues what a schema of the contract found
 * @param input what the schema was given
 * @param within path of the input in what was sent
 */
export function complaint(issues: readonly z.core.$ZodIssue[], input: unknown, within: string[] = []): string {
  const faults = issues.slice(0, MOST_FAULTS).map((issue) => {
    const value = valueAt(input, issue.path);
    const found = foundInstead(issue, value);
    return `${[...within, ...issue.path].join('.')}: ${found === null ? '' : `${found}, `}${expectation(issue, value)}`;
  });
  const more = issues.length - faults.length;
  return [...new Set(faults), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Null: it is of the right kind. */
function foundInstead({ code }: z.core.$ZodIssue, value: unknown): string | null {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  const isOfKind = code === 'custom' || code === 'too_small' || (code === 'invalid_value' && typeof value === 'string');
  if (isOfKind || (code === 'invalid_union' && typeof value === 'string')) return null;
  return `found ${KINDS[Array.isArray(value) ? 'array' : typeof value] ?? typeof value}`;
}

function expectation(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.message.startsWith('expected')) return issue.message;
  switch (issue.code) {
    case 'invalid_value':
      return expectedWord(value, issue.values.map(String), listed(issue.values.map(String)));
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' ? 'expected text that is not empty' : 'expected a whole number from 1';
    default:
      return 'expected another value';
  }
}

/** `a, b or c`. */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
