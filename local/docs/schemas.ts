import * as z from 'zod';
import { stageSchema } from '../../infra/stage.ts';
import { directorySchema, policySchema } from '../../shared/contracts/config.ts';
import { dialectsSchema } from '../../shared/contracts/dialects.ts';
import { EVENT_DATA, EVENT_TYPES, type EventType, eventEnvelope } from '../../shared/contracts/event.ts';
import { exampleEvent } from './event-notes.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Converts a schema of zod to JSON Schema, as far as that is possible. `io: input`: as a sender writes it. */
function jsonSchemaOf(schema: z.core.$ZodType, strict = false): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // This limit comes from JavaScript and not from the contract.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // This format is specific to zod; the pattern says the same.
      if (jsonSchema.format === 'includes') delete jsonSchema.format;
      if (strict && jsonSchema.type === 'object') jsonSchema.additionalProperties ??= false;
    },
  });
}

/** A whole event of one type: the envelope with that type's data. */
export function eventOfType(type: EventType) {
  const data = EVENT_DATA[type];
  // Intake reads missing data as empty data.
  const sent = data.safeParse({}).success ? data.nullish() : data;
  return eventEnvelope.extend({ type: z.literal(type), data: sent });
}

/** Every event that intake accepts, with one definition for each type. */
export function eventJsonSchema(): JsonSchema {
  const definitions = EVENT_TYPES.map((type): [EventType, JsonSchema] => {
    const { $schema, ...schema } = jsonSchemaOf(eventOfType(type));
    const { description } = EVENT_DATA[type];
    return [type, { title: type, ...(description && { description }), ...schema, examples: [exampleEvent(type)] }];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Loopwatch event',
    description: 'CloudEvents 1.0 in structured mode, as one message of the queue referral-events carries it.',
    oneOf: EVENT_TYPES.map((type) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.fromEntries(definitions),
  };
}

/** The definition of one type in the schema of events. */
export function definitionOf(type: EventType, events: JsonSchema): JsonSchema {
  const definition = events.$defs?.[type];
  if (!definition) throw new Error(`the events' schema has no ${type}`);
  return definition;
}

/** The configuration files, for editors. Unknown fields are not allowed here; loopwatch only warns about most of them. */
export function configJsonSchemas(): Record<'policy' | 'directory' | 'dialects', JsonSchema> {
  return {
    policy: configSchema('policy.json', policySchema),
    directory: configSchema('directory.json', directorySchema),
    dialects: configSchema('dialects.json', dialectsSchema),
  };
}

/** A stage's file. */
export const stageJsonSchema = (): JsonSchema => jsonSchemaOf(stageSchema, true);

function configSchema(title: string, schema: z.core.$ZodType): JsonSchema {
  const { $schema, properties, ...rest } = jsonSchemaOf(schema, true);
  const named = { $schema: { type: 'string' as const, description: 'This schema, for editors.' }, ...properties };
  return { ...($schema && { $schema }), title, ...rest, properties: named };
}
