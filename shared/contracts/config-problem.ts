import * as z from 'zod';
import { CLOCK_KINDS, WEEKDAYS } from './vocabulary.ts';

export type ConfigFile = 'policy.json' | 'directory.json' | 'dialects.json';
export type Path = readonly PropertyKey[];

/** Something in the configuration that a person has to look at. */
export interface Problem {
  file: ConfigFile;
  /** Where it is, such as `versions[0].rules[2].clocks.note.target.unit`; empty for the whole file. */
  path: string;
  /** The value there; undefined if there is none. */
  value: unknown;
  /** What would be right. */
  message: string;
}

/** Takes one finding of a check. */
export type Report = (file: ConfigFile, path: Path, value: unknown, message: string) => void;
export interface Findings {
  problem: Report;
  warning: Report;
}

/** One line for a terminal or a log: file, path, value and what would be right. */
export function problemText({ file, path, value, message }: Problem): string {
  if (path === '' && value === undefined) return `${file}: ${message}`;
  const shown = value === undefined ? 'missing' : shorten(JSON.stringify(value));
  return `${file}${path && ` ${path}`}: ${shown} - ${message}`;
}

const SHOWN_CHARACTERS = 80;
const shorten = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 3)}...` : text);

export function problem(file: ConfigFile, path: Path, value: unknown, message: string): Problem {
  return { file, path: pathText(path), value, message };
}

const LISTED = 12;
/** The known names, if they are few enough to read. */
export const listed = (names: readonly string[]): string =>
  names.length > 0 && names.length <= LISTED ? ` such as ${names.join(', ')}` : '';

function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text ? `${text}.${name}` : name;
  }, '');
}

/**
 * One problem for each thing that a schema refused.
 * @param input what the schema was given
 * @param schema names the known fields where it allows no others; without it, those of clocks and weekdays
 */
export function schemaProblems(
  file: ConfigFile,
  error: z.ZodError,
  input: unknown,
  schema?: z.core.$ZodType,
): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [problem(file, issue.path, valueAt(input, issue.path), expectation(issue))];
    }
    const known =
      (schema && knownFields(schema, issue.path, input)) ?? (issue.path.at(-1) === 'clocks' ? CLOCK_KINDS : WEEKDAYS);
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return problem(file, path, valueAt(input, path), `unknown name, ${oneOf(known)}`);
    });
  });
}

/** The fields that a schema has at a path; of a union those of the option that `kind` names. Null: it has none there. */
function knownFields(schema: z.core.$ZodType, [key, ...rest]: Path, input: unknown): string[] | null {
  const here = optionOf(unwrapped(schema), input);
  if (key === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : null;
  const field = fieldOf(here, String(key));
  return field ? knownFields(field, rest, valueAt(input, [key])) : null;
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

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return atLeast(issue);
    case 'too_big':
      return atMost(issue);
    case 'invalid_format':
      return format(issue);
    default:
      return issue.message;
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

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/**
 * Whether an unknown field stands where fields choose referrals: ignored there, a misspelt one would choose all of them.
 */
export const isInSelector = ({ path }: Pick<Problem, 'path'>): boolean =>
  /\.(match|scope|routes\[\d+\])\.[^.]+$/.test(path);

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
      const ignored = isInSelector({ path: pathText([...path, key]) }) ? '' : ', ignored';
      const message = `unknown field${ignored}; known are ${Object.keys(shape).join(', ')}`;
      return [problem(file, [...path, key], value, message)];
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
