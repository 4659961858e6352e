import { describe, expect, it } from 'vitest';
import { exampleEvent } from '../../../local/docs/event-notes.ts';
import { definitionOf, eventJsonSchema, type JsonSchema } from '../../../local/docs/schemas.ts';
import { EVENT_TYPES, type EventType, loopEvent, OWN_WORDS } from '../../../shared/contracts/event.ts';
import { readCloudEvent } from '../../../shared/intake/cloudevents.ts';

/** Limits hold for every field of every type, also for those that will be added: the fields come from the schema. */

type Kind = 'text' | 'instant' | 'date' | 'words';
type Field = { type: EventType; path: string[]; kind: Kind };

const events = eventJsonSchema();

function fieldsOf(schema: JsonSchema, path: string[]): { path: string[]; kind: Kind }[] {
  const options = schema.anyOf as JsonSchema[] | undefined;
  if (options) {
    // A field that is text or one of some words is found once.
    return options
      .flatMap((option) => fieldsOf(option, path))
      .filter(({ kind }) => kind !== 'words' || options.length === 1);
  }
  if (schema.enum) return [{ path, kind: 'words' }];
  if (schema.format === 'date-time') return [{ path, kind: 'instant' }];
  if (schema.format === 'date') return [{ path, kind: 'date' }];
  if (schema.type === 'string') return [{ path, kind: 'text' }];
  if (schema.type === 'array') return fieldsOf(schema.items as JsonSchema, [...path, '0']);
  const properties = Object.entries(schema.properties ?? {}) as [string, JsonSchema][];
  return properties.flatMap(([name, property]) => fieldsOf(property, [...path, name]));
}

const FIELDS: Field[] = EVENT_TYPES.flatMap((type) => {
  const { specversion: _, type: __, ...properties } = definitionOf(type, events).properties ?? {};
  return fieldsOf({ properties }, []).map((field) => ({ type, ...field }));
});
const ofKind = (...kinds: Kind[]) => FIELDS.filter(({ kind }) => kinds.includes(kind));
/** A remark is free text: it is stored and nothing else. */
const isRemark = ({ path }: Field) => path.at(-1) === 'note';

/** The example of a type with another value in a field. */
function withValue({ type, path }: Field, value: unknown): object {
  const event = structuredClone({ data: {}, ...exampleEvent(type) }) as Record<string, unknown>;
  // Of an entity or an id a retraction names one.
  if (path.at(-1) === 'entity' && path.length > 1) event.data = { source: 's' };
  let at = event;
  path.slice(0, -1).forEach((name, index) => {
    at[name] ??= path[index + 1] === '0' ? [] : { id: 'x' };
    at = at[name] as Record<string, unknown>;
  });
  at[path.at(-1) as string] = value;
  return event;
}

/** Late enough that no time is in the future. */
const ARRIVAL = Date.parse('2101-01-01T00:00:00Z');
const read = (field: Field, value: unknown) => readCloudEvent(JSON.stringify(withValue(field, value)), ARRIVAL);
const named = (fields: Field[]) => fields.map((field) => [`${field.path.join('.')} of ${field.type}`, field] as const);
const refusedFor = (field: Field) => ({
  refusal: { reason: 'invalid', detail: expect.stringMatching(new RegExp(`^${field.path.join('\\.')}: expected `)) },
});

it('Every type has a field of every limit', () => {
  expect(ofKind('text').length).toBeGreaterThan(100);
  expect(ofKind('instant').length).toBeGreaterThan(60);
  expect(ofKind('date').length).toBe(4);
});

describe('An id, name or word', () => {
  it.each(named(ofKind('text').filter((field) => !isRemark(field))))('may have 256 bytes: %s', (_, field) => {
    const isSubject = field.path[0] === 'subject';
    const right = isSubject ? '\u{1F600}'.repeat(64) : 'ä'.repeat(128);
    expect(read(field, right)).toHaveProperty('event');
    expect(read(field, `${right}x`)).toMatchObject(refusedFor(field));
    expect(read(field, 'x\ud83d')).toMatchObject(refusedFor(field));
  });

  it.each(named(ofKind('text').filter(isRemark)))('is no remark: %s', (_, field) => {
    expect(read(field, 'x'.repeat(10_000))).toHaveProperty('event');
  });
});

describe('A time', () => {
  it.each(named(ofKind('instant')))('lies in the years 2000 to 2100: %s', (_, field) => {
    expect(read(field, '2000-01-01T00:00:00Z')).toHaveProperty('event');
    expect(read(field, '1999-12-31T23:59:59.9999Z')).toMatchObject(refusedFor(field));
    expect(read(field, '2000-01-01T00:00:00+00:01')).toMatchObject(refusedFor(field));
    expect(read(field, '2100-12-31T23:59:59.999Z')).toHaveProperty('event');
    expect(read(field, '2100-12-31T23:00:00-01:00')).toMatchObject(refusedFor(field));
    expect(read(field, '9999-12-31T23:59:59-23:00')).toMatchObject(refusedFor(field));
  });

  it.each(named(ofKind('date')))('may be a date in these years: %s', (_, field) => {
    expect(read(field, '2000-01-01')).toHaveProperty('event');
    expect(read(field, '2100-12-31')).toHaveProperty('event');
    for (const wrong of ['1999-12-31', '2101-01-01', '9999-12-31', '0001-01-01']) {
      expect(read(field, wrong)).toMatchObject(refusedFor(field));
    }
  });
});

describe('A word of the sender’s own', () => {
  const isOwn = ({ type, path }: Field) => path[0] === 'data' && (OWN_WORDS[type] ?? []).includes(path[1] as string);

  it('is taken in four fields', () => {
    expect(FIELDS.filter(isOwn).map(({ type, path }) => `${type}.${path[1]}`)).toEqual([
      'referral.declined.reason',
      'contact.attempted.channel',
      'contact.attempted.outcome',
      'referral.closed.reason',
    ]);
  });

  it.each(named(FIELDS.filter(isOwn)))('is replaced and told, whatever it is but text: %s', (_, field) => {
    expect(read(field, 'moved away')).toMatchObject({ unmapped: [`${field.type}.${field.path[1]}`] });
    for (const wrong of [5, true, [], {}, ['moved']])
      expect(read(field, wrong)).toMatchObject({ refusal: { reason: 'invalid' } });
  });

  it.each(named(ofKind('words')))('is invalid elsewhere: %s', (_, field) => {
    expect(read(field, 'moved away')).toMatchObject(refusedFor(field));
  });
});

describe('What was stored before there were limits', () => {
  const stored = {
    id: 'i'.repeat(300),
    source: 's',
    type: 'appointment.scheduled',
    subject: 'R',
    time: 253402300799000,
    recordedAt: null,
    entity: null,
    data: { appointmentId: 'a'.repeat(300), startsAt: '9999-12-31T23:59:59.000Z' },
  };

  it('is still read', () => {
    expect(loopEvent.parse(stored)).toEqual(stored);
  });

  it('is not read if it was never right', () => {
    expect(loopEvent.safeParse({ ...stored, data: { ...stored.data, startsAt: 'soon' } }).success).toBe(false);
    expect(loopEvent.safeParse({ ...stored, id: '' }).success).toBe(false);
  });
});
