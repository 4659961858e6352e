import { code, table } from './markdown.ts';
import type { JsonSchema } from './schemas.ts';

/** One field of a schema, described for people. */
interface Field {
  path: string;
  schema: JsonSchema;
  required: boolean;
}

/** Every field of a schema with its type, default and meaning; objects come before their fields. */
export function fieldTable(schema: JsonSchema): string {
  const rows = fieldsOf(schema, '').map((field) => [
    code(field.path),
    typeText(field.schema),
    presence(field),
    meaning(field.schema),
  ]);
  return table(['path', 'type', 'default', 'meaning'], rows);
}

/** The fields of an event's data, one line each; empty if it has none. */
export function fieldLines(schema: JsonSchema): string[] {
  return fieldsOf(schema, '').map(({ path, schema: field, required }) => {
    const about = meaning(field);
    return `${code(path)}${required ? '' : '?'} ${typeText(field)}${about && `: ${about}`}`;
  });
}

function fieldsOf(schema: JsonSchema, prefix: string): Field[] {
  const { properties = {}, required = [] } = withoutNull(schema);
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === 'boolean' || name === '$schema') return [];
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [{ path, schema: property, required: required.includes(name) }, ...within(property, path)];
  });
}

/** The schema of an object's fields, a list's members or a record's values. */
function within(schema: JsonSchema, path: string): Field[] {
  const { items, additionalProperties } = schema;
  if (typeof items === 'object' && !Array.isArray(items)) return fieldsOf(items, `${path}[]`);
  if (typeof additionalProperties !== 'object') return fieldsOf(schema, path);
  return fieldsOf(additionalProperties, `${path}.<${keysName(schema)}>`);
}

const keysName = ({ propertyNames }: JsonSchema): string =>
  typeof propertyNames === 'object' && propertyNames.enum?.includes('mon') ? 'weekday' : 'kind';

/** A schema that allows null, without the null. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const others = (schema.anyOf ?? []).filter((option) => typeof option === 'object' && option.type !== 'null');
  return others.length === 1 ? { ...(others[0] as JsonSchema), ...pick(schema) } : schema;
}

const pick = ({ description, examples }: JsonSchema) => ({
  ...(description !== undefined && { description }),
  ...(examples !== undefined && { examples }),
});

function typeText(schema: JsonSchema): string {
  const nullable = schema.anyOf?.some((option) => typeof option === 'object' && option.type === 'null') ?? false;
  const own = withoutNull(schema);
  if (own.anyOf) return own.anyOf.map((option) => typeText(option as JsonSchema)).join(' or ');
  // In events, null is as good as absent; in the configuration, only a target may be null.
  return nullable && own.type === 'object' ? `${plainType(own)} or null` : plainType(own);
}

function plainType(schema: JsonSchema): string {
  const type = Array.isArray(schema.type) ? schema.type.find((name) => name !== 'null') : schema.type;
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.format === 'date-time') return 'instant';
  if (schema.format === 'date') return 'date';
  if (schema.format === 'email') return 'e-mail address';
  switch (type) {
    case 'array':
      if (schema.prefixItems) return 'pair of HH:MM';
      return typeof schema.items === 'object' ? `list of ${listed(schema.items as JsonSchema)}` : 'list';
    case 'integer':
      return wholeNumber(schema);
    case 'number':
      return 'number above 0';
    case 'boolean':
      return 'true or false';
    case 'object':
      return typeof schema.additionalProperties === 'object' ? recordType(schema) : 'object';
    case 'string':
      return 'text';
    case undefined:
      return 'anything';
    default:
      throw new Error(`the documents know no words for ${JSON.stringify(schema)}`);
  }
}

function wholeNumber({ minimum = 0, exclusiveMinimum, maximum }: JsonSchema): string {
  const least = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : minimum;
  return maximum === undefined ? `whole number, from ${least}` : `whole number, ${least} to ${maximum}`;
}

function listed(items: JsonSchema): string {
  if (items.type === 'object') return 'objects';
  return items.prefixItems ? 'pairs of HH:MM' : typeText(items);
}

function recordType({ propertyNames, additionalProperties }: JsonSchema): string {
  const keys = typeof propertyNames === 'object' ? (propertyNames.enum ?? []) : [];
  const value = typeof additionalProperties === 'object' ? ` of ${listed(additionalProperties)}` : '';
  return `object${value} by ${keys.map((key) => code(String(key))).join(', ')}`;
}

function presence({ schema, required }: Field): string {
  if (required) return 'required';
  const { default: preset } = schema;
  if (preset === undefined || JSON.stringify(preset) === '{}') return '';
  return code(typeof preset === 'string' ? preset : JSON.stringify(preset));
}

function meaning(schema: JsonSchema): string {
  const { description = '', examples = [] } = withoutNull(schema);
  const example = examples[0] === undefined ? '' : `Example: ${code(exampleText(examples[0]))}`;
  return [description, example].filter((part) => part !== '').join(' ');
}

const exampleText = (example: unknown) => (typeof example === 'string' ? example : JSON.stringify(example));
