import * as z from 'zod';
import { complaintOfZone } from './config-check-zones.ts';
import type { Report } from './config-findings.ts';
import { type ConfigFile, type Path, pathText, valueAt } from './config-problem.ts';
import { didYouMean, expectedWord } from './nearest.ts';

/**
 * Reads a file of a configuration with its schema, and reports each thing that it refuses.
 * @returns undefined if it refuses any
 */
export function readWithSchema<S extends z.ZodType>(
  file: ConfigFile,
  schema: S,
  input: unknown,
  report: Report,
): z.output<S> | undefined {
  let read: z.ZodSafeParseResult<z.output<S>>;
  try {
    read = schema.safeParse(input);
  } catch (error) {
    // Of so many faults the schema can't make one list.
    if (!(error instanceof RangeError)) throw error;
    report(file, [], undefined, 'has too many faults to list them');
    return undefined;
  }
  if (!read.success) reportIssues(file, schema, read.error, input, report);
  return read.data;
}

function reportIssues(
  file: ConfigFile,
  schema: z.core.$ZodType,
  error: z.ZodError,
  input: unknown,
  report: Report,
): void {
  const issues = error.issues.flatMap(innermost);
  const above = new Set(issues.flatMap(({ path }) => path.map((_, length) => pathText(path.slice(0, length)))));
  for (const issue of issues) {
    // It follows from what is wrong further down.
    if (issue.code === 'custom' && above.has(pathText(issue.path))) continue;
    const value = valueAt(input, issue.path);
    if (issue.code !== 'unrecognized_keys') {
      report(file, issue.path, value, () => expectation(issue, value));
      continue;
    }
    const known = knownFields(schema, issue.path, input) ?? [];
    for (const key of issue.keys) {
      const path = [...issue.path, key];
      report(file, path, valueAt(input, path), () => `unknown name; ${oneOf(known, key)}`);
    }
  }
}

/** Of a union without a message of its own what the option refused that fits best: the one with the deepest fault. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.message.startsWith('expected')) return [issue];
  const depth = (issues: readonly z.core.$ZodIssue[]): number =>
    issues.reduce((deepest, { path }) => Math.max(deepest, path.length), 0);
  const [best] = issue.errors.filter((issues) => issues.length > 0).sort((a, b) => depth(b) - depth(a));
  return best === undefined
    ? [issue]
    : best.flatMap((each) => innermost({ ...each, path: [...issue.path, ...each.path] }));
}

/** The fields that a schema has at a path; of a union those of the option that `kind` names. Null: it has none there. */
function knownFields(schema: z.core.$ZodType, [key, ...rest]: Path, input: unknown): string[] | null {
  const here = optionOf(unwrapped(schema), input);
  if (key === undefined) return namesOf(here);
  const field = fieldOf(here, String(key));
  return field ? knownFields(field, rest, valueAt(input, [key])) : null;
}

function namesOf(schema: z.core.$ZodType): string[] | null {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum
    ? schema.keyType.options.map(String)
    : null;
}

function fieldOf(schema: z.core.$ZodType, key: string): z.core.$ZodType | null {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodObject ? (schema.shape[key] ?? null) : null;
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault;
  return isWrapped ? unwrapped(schema.unwrap()) : schema;
}

function optionOf(schema: z.core.$ZodType, input: unknown): z.core.$ZodType {
  if (!(schema instanceof z.ZodUnion)) return schema;
  const objects = schema.options.filter((option) => option instanceof z.ZodObject);
  const isNamed = ({ shape }: z.ZodObject): boolean => shape.kind?.safeParse(valueAt(input, ['kind'])).success;
  return objects.find(isNamed) ?? objects[0] ?? schema;
}

const oneOf = (words: readonly string[], word: unknown) => expectedWord(word, words, `one of ${words.join(', ')}`);

const TYPE_NAMES: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a pair such as ["08:00", "17:00"]',
};

function expectation(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_value':
      return oneOf(issue.values.map(String), value);
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return atLeast(issue);
    case 'too_big':
      return atMost(issue);
    case 'invalid_format':
      return format(issue);
    case 'invalid_key':
      return 'expected a name that is not empty';
    case 'invalid_union':
      return 'options' in issue && issue.options ? oneOf(issue.options.map(String), value) : issue.message;
    default:
      return (issue.path.at(-1) === 'timeZone' && typeof value === 'string' && complaintOfZone(value)) || issue.message;
  }
}

function atLeast({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'string') return 'expected text that is not empty';
  if (origin === 'array') return `expected at least ${count(Number(minimum))}`;
  return `expected a number ${inclusive ? 'of at least' : 'above'} ${minimum}`;
}

function atMost({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): string {
  if (origin === 'array') return `expected at most ${count(Number(maximum))}`;
  return `expected a number ${inclusive ? 'of at most' : 'below'} ${maximum}`;
}

function format(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.format === 'email') return 'expected an e-mail address';
  if (issue.format === 'includes' && 'includes' in issue) return `expected text with ${issue.includes} in it`;
  return issue.message;
}

const count = (entries: number) => (entries === 1 ? 'one entry' : `${entries} entries`);

/**
 * Reports fields that a schema would silently drop, mostly misspelled ones. They are found with the schema, not with its
 * output, so that they are also reported if something else is wrong. `$schema` is allowed at the top: editors read it.
 */
export function checkFields(
  file: ConfigFile,
  schema: z.core.$ZodType,
  input: unknown,
  report: Report,
  path: Path = [],
): void {
  if (typeof input !== 'object' || input === null) return;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    // A list is refused as a whole.
    if (!Array.isArray(input)) checkNames(file, inner, input, report, path);
  } else if (inner instanceof z.ZodArray && Array.isArray(input)) {
    for (const [index, value] of input.entries()) checkFields(file, inner.element, value, report, [...path, index]);
  } else if (inner instanceof z.ZodRecord) {
    for (const [key, value] of Object.entries(input)) {
      checkFields(file, inner.valueType, value, report, [...path, key]);
    }
  }
}

function checkNames(file: ConfigFile, { shape }: z.ZodObject, input: object, report: Report, path: Path): void {
  const known = Object.keys(shape);
  for (const [key, value] of Object.entries(input)) {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (field) checkFields(file, field, value, report, [...path, key]);
    else if (path.length > 0 || key !== '$schema') {
      report(file, [...path, key], value, () => unknownField(key, known));
    }
  }
}

/** Names the field that was probably meant, else all that are known. */
function unknownField(key: string, known: readonly string[]): string {
  return `unknown field${didYouMean(key, known) || `; known are ${known.join(', ')}`}`;
}
