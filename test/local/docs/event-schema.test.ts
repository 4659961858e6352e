import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { exampleEvent } from '../../../local/docs/event-notes.ts';
import { configJsonSchemas, eventJsonSchema, type JsonSchema } from '../../../local/docs/schemas.ts';
import { defaultPolicy, PACKS } from '../../../local/packs/packs.ts';
import { directoryOf } from '../../../local/simulate/organization.ts';
import { DEFAULT_UNTIL, simulate } from '../../../local/simulate/simulate.ts';
import { EVENT_TYPES } from '../../../shared/contracts/event.ts';
import { readCloudEvent } from '../../../shared/intake/cloudevents.ts';

// Read from the published JSON, as a sender's validator does.
const published = (schema: JsonSchema) => z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
const event = published(eventJsonSchema());
const config = configJsonSchemas();

const bySchema = (sent: unknown) => event.safeParse(sent).success;
const byIntake = (sent: unknown) => 'event' in readCloudEvent(JSON.stringify(sent), null);

type Json = Record<string, unknown>;
const WRONG = [undefined, null, '', 0, -1, true, 'x', '2026-02-30T10:00:00Z', [], {}, ['x'], { id: 'x' }];

/** Copies of an event, each with one of its fields, at any depth, replaced by a wrong value. */
function* broken(whole: Json, at: Json = whole): Generator<Json> {
  for (const key of Object.keys(at)) {
    const right = at[key];
    for (const wrong of WRONG) {
      at[key] = wrong;
      yield JSON.parse(JSON.stringify(whole));
    }
    at[key] = right;
    if (typeof right === 'object' && right !== null && !Array.isArray(right)) yield* broken(whole, right as Json);
  }
}

describe('the published schema of events', () => {
  it.each(EVENT_TYPES)('accepts the example of %s, as intake does', (type) => {
    expect(bySchema(exampleEvent(type))).toBe(true);
    expect(byIntake(exampleEvent(type))).toBe(true);
  });

  it('accepts every event that the simulator sends', () => {
    const { events } = simulate({ referrals: 300, weeks: 20, seed: 5 });
    expect(new Set(events.map(({ type }) => type)).size).toBe(EVENT_TYPES.length);
    expect(events.filter((sent) => !bySchema(sent))).toEqual([]);
  });

  it.each(EVENT_TYPES)('refuses for %s exactly what intake refuses, field by field', (type) => {
    const all = [...broken(structuredClone(exampleEvent(type)) as Json)];
    const refused = all.filter((sent) => !byIntake(sent));
    expect(refused.length).toBeGreaterThan(20);
    expect(all.filter((sent) => bySchema(sent) !== byIntake(sent))).toEqual([]);
  });

  it.each([
    ['an unknown type', { type: 'referral.pondered' }, false],
    ['a subject of 128 characters', { subject: 'R'.repeat(128) }, true],
    ['a subject of 129 characters', { subject: 'R'.repeat(129) }, false],
    ['an attribute nobody knows', { traceparent: '00-x' }, true],
    ['a time without an offset', { time: '2026-03-02T10:00:00' }, false],
    [
      'a retraction of an id and an entity',
      { type: 'event.retracted', data: { source: 's', id: '1', entity: 'A/1' } },
      false,
    ],
    ['a retraction of an entity', { type: 'event.retracted', data: { source: 's', id: null, entity: 'A/1' } }, true],
    ['a retraction of nothing', { type: 'event.retracted', data: { source: 's' } }, false],
  ])('agrees with intake on %s', (_, over, taken) => {
    const sent = { ...exampleEvent('referral.accepted'), ...over };
    expect(byIntake(sent)).toBe(taken);
    expect(bySchema(sent)).toBe(taken);
  });
});

describe('the published schemas of the configuration', () => {
  const policy = published(config.policy);
  const directory = published(config.directory);

  it('accept every pack and the simulated organization', () => {
    for (const pack of [defaultPolicy(), ...Object.values(PACKS).map((make) => make())]) {
      expect(policy.safeParse(pack).error?.issues).toBeUndefined();
    }
    expect(directory.safeParse(directoryOf(DEFAULT_UNTIL)).error?.issues).toBeUndefined();
  });

  it('let a file name its schema, and report a field that nothing reads', () => {
    const named = { $schema: './policy.schema.json', ...defaultPolicy() };
    expect(policy.safeParse(named).success).toBe(true);
    expect(policy.safeParse({ ...named, version: 'misplaced' }).success).toBe(false);
  });
});
