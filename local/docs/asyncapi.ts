import { EVENT_TYPES } from '../../shared/contracts/event.ts';
import { EVENT_NOTES } from './event-notes.ts';
import { definitionOf, type JsonSchema } from './schemas.ts';

const MESSAGES = 'referralEvents';

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
        payload: {
          schemaFormat: 'application/schema+json;version=draft-2020-12',
          schema: { $ref: `schemas/event.schema.json#/$defs/${type}` },
        },
      },
    ] as const;
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Loopwatch',
      version: '1.0.0',
      description: 'Referral status events in. docs/events.md tells the same to people.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      [MESSAGES]: {
        address: 'loopwatch-{stage}-referral-events',
        description: 'An SQS standard queue; one event is the body of one message, of 1 MiB at most.',
        parameters: { stage: { description: 'The stage that was deployed, such as dev.' } },
        messages: Object.fromEntries(messages),
      },
    },
    operations: {
      ingest: {
        action: 'receive',
        channel: { $ref: `#/channels/${MESSAGES}` },
        summary: 'Takes events into the log of their referral; what it refuses is kept in the quarantine.',
      },
    },
  };
}
