import * as z from 'zod';
import type { Coding } from '../coding.ts';
import {
  type Identifier,
  identifier,
  isJson,
  type Json,
  label,
  listOf,
  optional,
  type Reference,
  reference,
} from './elements.ts';
import type { Reading } from './reading.ts';
import { resourceKey, resourceType } from './reference.ts';

/** Organizations, people and places of an order, followed within the body. */

const humanName = z.object({ family: label, given: listOf(label), prefix: listOf(label) });
const party = z.object({
  name: z.unknown().optional(),
  identifier: listOf(identifier),
  practitioner: optional(reference),
  organization: optional(reference),
  location: listOf(reference),
  payor: listOf(reference),
});
type PartyFields = z.output<typeof party>;

/** An organization, a person or a place. */
export interface Party {
  /** Null: it doesn't say. */
  type: string | null;
  /** Its id as sent, or its identifier for want of one. */
  id: string;
  name: string | undefined;
  identifiers: readonly Identifier[];
  /** What it says itself, if the body has it. */
  fields: PartyFields | null;
}

/** Whom a reference names. Null: nobody that can be read. @param type what it names unless it says */
export function partyNamed(reading: Reading, named: Reference | undefined, type: string | null = null): Party | null {
  if (!named) return null;
  const target = reading.scope.find(named, reading.contained, type);
  const fields = target?.resource ? partyIn(target.resource) : null;
  const identifiers = [...(named.identifier ? [named.identifier] : []), ...(fields?.identifier ?? [])];
  const byIdentifier = identifiers.find((each) => each.value)?.value;
  // The id of a contained resource means nothing elsewhere: `#1` is another one in every order.
  const id = target?.isContained ? (byIdentifier ?? target.id) : (target?.id ?? byIdentifier);
  if (!id) return null;
  const said = target?.type ?? (named.type ? resourceType(named.type) : type);
  return { type: said, id, name: nameOf(fields?.name) ?? named.display, identifiers, fields };
}

function partyIn(resource: Json): PartyFields | null {
  const read = party.safeParse(resource);
  return read.success ? read.data : null;
}

/** The name of an organization or a place, or of a person. */
function nameOf(name: unknown): string | undefined {
  if (typeof name === 'string') return label.parse(name);
  const [first] = [name].flat();
  const read = humanName.safeParse(isJson(first) ? first : {});
  if (!read.success) return undefined;
  const { prefix, given, family } = read.data;
  return label.parse([...prefix, ...given, family].filter((each) => each).join(' '));
}

/** How a crosswalk may name a party: by its id, `Type/id`, or an identifier with its system. */
export function codingsOf({ type, id, identifiers }: Party): Coding[] {
  return [
    { code: id },
    ...(type ? [{ code: resourceKey(type, id) }] : []),
    ...identifiers.flatMap(({ system, value }) => (value ? [{ system, code: value }] : [])),
  ];
}

const NPI = 'http://hl7.org/fhir/sid/us-npi';
/** The National Provider Identifier of a person. */
export const npiOf = ({ identifiers }: Party): string | undefined =>
  identifiers.find(({ system }) => system === NPI || system === 'urn:oid:2.16.840.1.113883.4.6')?.value;
