import { EVENT_TYPES } from '../../shared/contracts/event.ts';
import { DIALECTS, type Dialect } from '../../shared/contracts/vocabulary.ts';
import { EVENT_NOTES } from './event-notes.ts';
import { definitionOf, type JsonSchema } from './schemas.ts';

const MESSAGES = 'referralEvents';

/** Attributes of a message, as docs/integrations.md explains them. */
const HEADERS = {
  type: 'object',
  properties: {
    dialect: { type: 'string', enum: DIALECTS, description: 'Without it the first bytes decide; never CSV.' },
    sender: { type: 'string', description: 'The entry of dialects.json; without it the first that matches.' },
    file: { type: 'string', description: 'Where the body comes from; kept with what is refused.' },
    position: { type: 'string', pattern: '^[0-9]+$', description: 'Line or message in the file, from 1.' },
    exportedAt: { type: 'string', format: 'date-time', description: 'When an export was made that does not say so.' },
  },
};

/** What a body is in another dialect. */
const BODIES: Record<Exclude<Dialect, 'cloudevents'>, { contentType: string; summary: string }> = {
  fhir: {
    contentType: 'application/fhir+json',
    summary:
      'FHIR R4: a resource, a Bundle, a list of them, or one a line. docs/integrations/fhir.md says what each becomes.',
  },
  hl7v2: {
    contentType: 'application/hl7-v2',
    summary:
      'HL7 v2.3 to 2.8: one message or several, with or without FHS and BHS. docs/integrations/hl7v2.md says what each becomes.',
  },
  csv: {
    contentType: 'text/csv',
    summary: "CSV: a header row, and rows. docs/integrations/csv.md says how a sender's mapping makes events of them.",
  },
};

/** The queue and its messages as AsyncAPI 3.0. Payloads refer to the JSON Schema of the events. */
export function asyncApi(events: JsonSchema): object {
  const messages = EVENT_TYPES.map((type) => {
    const { description } = definitionOf(type, events);
    return [
      type,
      {
        name: type,
        title: type,
        ...(description && { summary: description }),
        description: `Sent by: ${EVENT_NOTES[type].sender}.`,
        contentType: 'application/cloudevents+json',
        headers: { $ref: '#/components/schemas/headers' },
        payload: {
          schemaFormat: 'application/schema+json;version=draft-2020-12',
          schema: { $ref: `schemas/event.schema.json#/$defs/${type}` },
        },
      },
    ] as const;
  });
  const bodies = Object.entries(BODIES).map(([dialect, { contentType, summary }]) => {
    const headers = { $ref: `#/components/schemas/${dialect === 'csv' ? 'csvHeaders' : 'headers'}` };
    return [
      dialect,
      { name: dialect, title: dialect, summary, contentType, headers, payload: { type: 'string' } },
    ] as const;
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Loopwatch',
      version: '1.0.0',
      description: 'Referral status events in. docs/events.md and docs/integrations.md tell the same to people.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      [MESSAGES]: {
        address: 'loopwatch-{stage}-referral-events',
        description:
          'An SQS standard queue. The body of a message, of 1 MiB at most, is an event, a list of events, or what another dialect has.',
        parameters: { stage: { description: 'The stage that was deployed, such as dev.' } },
        messages: Object.fromEntries([...messages, ...bodies]),
      },
    },
    components: { schemas: { headers: HEADERS, csvHeaders: { ...HEADERS, required: ['dialect', 'sender'] } } },
    operations: {
      ingest: {
        action: 'receive',
        channel: { $ref: `#/channels/${MESSAGES}` },
        summary: 'Takes events into the log of their referral; what it refuses is kept in the quarantine.',
      },
    },
  };
}
