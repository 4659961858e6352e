import * as z from 'zod';
import { complaintOfZone } from './config-check-zones.ts';
import { type ConfigFile, type Path, type Problem, problem, valueAt } from './config-problem.ts';
import { didYouMean } from './nearest.ts';

/**
 * One problem for each thing that a schema refused.
 * @param schema names the known fields where it allows no others
 * @param input what the schema was given
 */
export function schemaProblems(
  file: ConfigFile,
  schema: z.core.$ZodType,
  error: z.ZodError,
  input: unknown,
): Problem[] {
  const issues = error.issues.flatMap(innermost);
  const isFollowUp = ({ code, path }: z.core.$ZodIssue): boolean =>
    code === 'custom' && issues.some((other) => other.path.length > path.length && startsWith(other.path, path));
  return issues
    .filter((issue) => !isFollowUp(issue))
    .flatMap((issue) => {
      const value = valueAt(input, issue.path);
      if (issue.code !== 'unrecognized_keys') return [problem(file, issue.path, value, expectation(issue, value))];
      const known = knownFields(schema, issue.path, input) ?? [];
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return problem(file, path, valueAt(input, path), `unknown name, ${oneOf(known)}${didYouMean(key, known)}`);
      });
    });
}

const startsWith = (path: Path, start: Path): boolean => start.every((key, index) => path[index] === key);

/** Of a union without a message of its own what the option refused that fits best: the one with the deepest fault. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.message.startsWith('expected')) return [issue];
  const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(...issues.map(({ path }) => path.length));
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
    schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault;
  return isWrapped ? unwrapped(schema.unwrap()) : schema;
}

function optionOf(schema: z.core.$ZodType, input: unknown): z.core.$ZodType {
  if (!(schema instanceof z.ZodUnion)) return schema;
  const objects = schema.options.filter((option) => option instanceof z.ZodObject);
  const isNamed = ({ shape }: z.ZodObject): boolean => shape.kind?.safeParse(valueAt(input, ['kind'])).success;
  return objects.find(isNamed) ?? objects[0] ?? schema;
}

const oneOf = (values: readonly unknown[]) => `expected one of ${values.join(', ')}`;

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
      return `${oneOf(issue.values)}${didYouMean(value, issue.values.map(String))}`;
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
      return 'options' in issue && issue.options
        ? `${oneOf(issue.options)}${didYouMean(value, issue.options.map(String))}`
        : issue.message;
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
 * Fields that a schema would silently drop, mostly misspelled ones. They are found with the schema, not with its output,
 * so that they are also reported if something else is wrong. `$schema` is allowed at the top: editors read it.
 */
export function unknownFields(file: ConfigFile, schema: z.core.$ZodType, input: unknown, path: Path = []): Problem[] {
  if (typeof input !== 'object' || input === null) return [];
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.core.$ZodType> = schema.shape;
    return Object.entries(input).flatMap(([key, value]) => {
      const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (field) return unknownFields(file, field, value, [...path, key]);
      if (path.length === 0 && key === '$schema') return [];
      return [problem(file, [...path, key], value, unknownField(key, Object.keys(shape)))];
    });
  }
  if (schema instanceof z.ZodArray && Array.isArray(input)) {
    return input.flatMap((value, index) => unknownFields(file, schema.element, value, [...path, index]));
  }
  if (schema instanceof z.ZodRecord) {
    return Object.entries(input).flatMap(([key, value]) =>
      unknownFields(file, schema.valueType, value, [...path, key]),
    );
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return unknownFields(file, schema.unwrap(), input, path);
  }
  return [];
}

/** Names the field that was probably meant, else all that are known. */
function unknownField(key: string, known: readonly string[]): string {
  return `unknown field${didYouMean(key, known) || `; known are ${known.join(', ')}`}`;
}
