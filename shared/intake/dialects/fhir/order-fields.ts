import { UNKNOWN } from '../../../contracts/dialects.ts';
import { formatInstant, type Instant } from '../../../contracts/instant.ts';
import { PRIORITIES } from '../../../contracts/vocabulary.ts';
import type { Coding } from '../coding.ts';
import type { Reference } from './elements.ts';
import { codingsOf, npiOf, type Party, partyNamed } from './parties.ts';
import type { Reading } from './reading.ts';
import type { ServiceRequest } from './resources.ts';
import { isDate } from './stated-time.ts';

/** The fields of a referral that an order has. */
export interface OrderFields {
  data: Record<string, unknown>;
  /** What they were made of, as sent. */
  values: string[];
  missing: string[];
}

/** Who may be a practice, a site or a payer: a patient or a relative isn't. */
const PERSONAL = ['Patient', 'RelatedPerson'];

/** Reads the fields of a referral. @param orderedAt `authoredOn` */
export function orderFields(reading: Reading, order: ServiceRequest, orderedAt: Instant | null): OrderFields {
  const values: string[] = [];
  const missing: string[] = [];
  const required = <T>(field: string, found: T | null, instead: T): T => {
    if (found === null) missing.push(`referral.received.${field}`);
    return found ?? instead;
  };
  const { fields = {} } = reading.sender;
  const [priority, specialty] = [priorityOf(reading, order), specialtyOf(reading, order)];
  const [site, practice, payer] = [siteOf(reading, order), practiceOf(reading, order), payerOf(reading, order)];
  const patient = partyNamed(reading, order.subject, 'Patient');
  values.push(order.priority ?? '', written(order.performerType), written(order.code));
  values.push(...site.values, ...practice.values, ...payer.values, patient?.id ?? '', order.authoredOn?.text ?? '');
  const data = {
    priority: required('priority', priority, 'routine'),
    specialty: required('specialty', specialty, fields.specialty ?? UNKNOWN),
    site: required('site', site.found, fields.site ?? UNKNOWN),
    practice: required('practice.id', practice.found, { id: fields.practice ?? UNKNOWN }),
    patient: { id: required('patient.id', patient?.id ?? null, fields.patient ?? UNKNOWN) },
    ...(orderedAt === null ? {} : { orderedAt: dateOf(order, orderedAt) }),
    ...(payer.found === null ? {} : { payer: payer.found }),
  };
  return { data, values, missing };
}

/** A date alone stays one. */
const dateOf = ({ authoredOn }: ServiceRequest, orderedAt: Instant): string =>
  authoredOn && isDate(authoredOn) ? authoredOn.text : formatInstant(orderedAt);

const written = (codings: readonly Coding[]): string =>
  codings.map(({ system, code }) => `${system ?? ''}|${code}`).join(' ');

/** Absent it is routine by the standard, and said to be missing; a word of the sender's own is routine, and is noted. */
function priorityOf({ crosswalks }: Reading, { priority }: ServiceRequest): string | null {
  if (priority === undefined) return null;
  const options = { field: 'referral.received.priority', words: PRIORITIES };
  return crosswalks.word('priority', [{ code: priority }], options) ?? 'routine';
}

function specialtyOf({ crosswalks }: Reading, { performerType, code }: ServiceRequest): string | null {
  const codings = performerType.length > 0 ? performerType : code;
  return crosswalks.own('specialty', codings, 'referral.received.specialty');
}

interface Found<T> {
  found: T | null;
  values: string[];
}

function siteOf(reading: Reading, { locationReference, performer }: ServiceRequest): Found<string> {
  const places = partiesOf(reading, locationReference, 'Location');
  const parties =
    places.length > 0 ? places : partiesOf(reading, performer, null).map((each) => placeOf(reading, each));
  return ownWord(reading, 'site', parties, 'referral.received.site');
}

/** Where somebody in a role works: the place, else the organization, as far as the body says. */
const placeOf = (reading: Reading, party: Party): Party =>
  partyNamed(reading, party.fields?.location[0], 'Location') ??
  partyNamed(reading, party.fields?.organization, 'Organization') ??
  party;

/** The payers of the coverages that are in the body. */
function payerOf(reading: Reading, { insurance }: ServiceRequest): Found<string> {
  const coverages = insurance.flatMap((each) => partyNamed(reading, each, 'Coverage')?.fields?.payor ?? []);
  return ownWord(reading, 'payer', partiesOf(reading, coverages, 'Organization'), 'referral.received.payer');
}

/** Of several the first that the sender's crosswalk knows, else the first. */
function ownWord(reading: Reading, name: 'site' | 'payer', parties: readonly Party[], field: string): Found<string> {
  const { crosswalks } = reading;
  const known = parties.find((party) => crosswalks.entry(name, codingsOf(party)) !== null) ?? parties[0];
  const values = parties.map(({ id, identifiers }) => [id, ...identifiers.map(({ value = '' }) => value)].join(' '));
  return { found: known ? crosswalks.own(name, codingsOf(known), field) : null, values };
}

const partiesOf = (reading: Reading, references: readonly Reference[], type: string | null): Party[] =>
  references
    .flatMap((each) => partyNamed(reading, each, type) ?? [])
    .filter((party) => party.type === null || !PERSONAL.includes(party.type));

/** Who refers: the organization of the requester, else the requester. */
function practiceOf(reading: Reading, { requester }: ServiceRequest): Found<Record<string, string>> {
  const [who] = requester ? partiesOf(reading, [requester], null) : [];
  if (!who) return { found: null, values: [] };
  const { fields } = who;
  const organization = partyNamed(reading, fields?.organization, 'Organization');
  const person =
    partyNamed(reading, fields?.practitioner, 'Practitioner') ?? (who.type === 'Organization' ? null : who);
  const practice = organization ?? who;
  const providerNpi = (person && npiOf(person)) ?? (who.type === 'Organization' ? undefined : npiOf(who));
  const entry = reading.crosswalks.entry('practice', codingsOf(practice));
  if (entry === null) reading.crosswalks.note('referral.received.practice', practice.id);
  const mapped = typeof entry === 'string' ? { id: entry, name: undefined } : entry;
  const said = {
    id: mapped?.id ?? practice.id,
    name: mapped?.name ?? practice.name,
    providerNpi,
    providerName: person?.name,
  };
  const found = Object.fromEntries(Object.entries(said).flatMap(([key, text]) => (text ? [[key, text]] : [])));
  return { found, values: [practice.id, practice.name ?? '', providerNpi ?? '', person?.name ?? ''] };
}
