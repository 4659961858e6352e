import { type Dialects, dialectsSchema } from '../../../../../shared/contracts/dialects.ts';
import { EVENT_DATA } from '../../../../../shared/contracts/event.ts';
import { formatInstant } from '../../../../../shared/contracts/instant.ts';
import { translateFhir } from '../../../../../shared/intake/dialects/fhir/translate-fhir.ts';
import type { Context, Fact, Translated } from '../../../../../shared/intake/dialects/member.ts';

/** Resources as tests need them, all invented, and what they come to. */

export type Resource = Record<string, unknown>;

export const UPDATED = '2026-03-04T15:00:00Z';
export const AUTHORED = '2026-03-02T09:30:00-06:00';
export const LOINC_CONSULT = { coding: [{ system: 'http://loinc.org', code: '11488-4' }] };

export const order = (fields: Resource = {}): Resource => ({
  resourceType: 'ServiceRequest',
  id: 'r1',
  meta: { versionId: '7', lastUpdated: UPDATED },
  status: 'active',
  intent: 'order',
  authoredOn: AUTHORED,
  subject: { reference: 'Patient/p1' },
  ...fields,
});

export const about = (resourceType: string, fields: Resource = {}): Resource => ({
  resourceType,
  id: 'x1',
  meta: { lastUpdated: UPDATED },
  basedOn: [{ reference: 'ServiceRequest/r1' }],
  ...fields,
});
export const task = (fields: Resource = {}): Resource => about('Task', { status: 'accepted', ...fields });
export const appointment = (fields: Resource = {}): Resource =>
  about('Appointment', { status: 'booked', start: '2026-03-20T14:00:00Z', end: '2026-03-20T14:30:00Z', ...fields });
export const encounter = (fields: Resource = {}): Resource => about('Encounter', { status: 'finished', ...fields });
export const report = (fields: Resource = {}): Resource =>
  about('DiagnosticReport', { status: 'final', code: LOINC_CONSULT, ...fields });
export const call = (fields: Resource = {}): Resource =>
  about('Communication', { status: 'completed', recipient: [{ reference: 'Patient/p1' }], ...fields });
export const note = ({ related = [{ reference: 'ServiceRequest/r1' }], ...fields }: Resource = {}): Resource => ({
  resourceType: 'DocumentReference',
  id: 'd1',
  meta: { lastUpdated: UPDATED },
  status: 'current',
  type: LOINC_CONSULT,
  context: { related },
  ...fields,
});

/** @param resources in entries; one with an `entry` of its own is the entry */
export const bundle = (resources: Resource[], fields: Resource = {}): Resource => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((each) => ('resourceType' in each ? { resource: each } : each)),
  ...fields,
});

export function contextOf(
  defaults: Resource = {},
  rest: Partial<Context['origin']> & { senders?: unknown[] } = {},
): Context {
  const { senders = [], ...origin } = rest;
  const dialects: Dialects = dialectsSchema.parse({ defaults, senders });
  return {
    dialects,
    timeZone: 'America/Chicago',
    origin: { dialect: null, sender: null, file: null, position: 1, exportedAt: null, arrivedAt: 0, ...origin },
  };
}

export const translate = (body: unknown, context: Context = contextOf()): Translated[] =>
  translateFhir(typeof body === 'string' ? body : JSON.stringify(body), context);

export type OfOutcome<O extends Translated['outcome']> = Extract<Translated, { outcome: O }>;

/** The one member that a body comes to. */
export function only(body: unknown, context?: Context): Translated {
  const [member, ...more] = translate(body, context);
  if (!member || more.length > 0) throw new Error(`expected one member, found ${more.length + (member ? 1 : 0)}`);
  return member;
}

/** The one member, which has to be translated, with facts that the contract takes. */
export function translated(body: unknown, context?: Context): OfOutcome<'translated'> {
  const member = only(body, context);
  if (member.outcome !== 'translated') throw new Error(`expected translated: ${JSON.stringify(member)}`);
  for (const fact of member.facts) EVENT_DATA[fact.type].parse(fact.data);
  return member;
}

/** Types and times of facts, in order. */
export const typesAndTimes = (facts: readonly Fact[]): string[][] =>
  facts.map(({ type, time }) => [type, formatInstant(time)]);
export const typesOf = (body: unknown, defaults?: Resource): string[] =>
  translated(body, contextOf(defaults)).facts.map(({ type }) => type);

/** Why a body says nothing. */
export function whyNothing(body: unknown, defaults?: Resource): string {
  const member = only(body, contextOf(defaults));
  return member.outcome === 'passed_over' ? member.why : JSON.stringify(member);
}

/** What is wrong with a body. */
export function fault(body: unknown, defaults?: Resource): string {
  const member = only(body, contextOf(defaults));
  return member.outcome === 'refused' ? `${member.reason}: ${member.detail}` : JSON.stringify(member);
}
