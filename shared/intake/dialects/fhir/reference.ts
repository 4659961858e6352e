/** What the text of a reference names. */
export interface Named {
  /** Null: it doesn't say, as `urn:uuid:...`. */
  type: string | null;
  id: string;
}

const TYPE_AND_ID = /(?:^|\/)([A-Za-z]{3,64})\/([^/?#]+)(?:\/_history\/[^/?#]+)?$/;
const URN = /^urn:(?:uuid|oid):(.+)$/;
const BY_IDENTIFIER = /(?:^|\/)([A-Za-z]{3,64})\?identifier=([^&]+)$/;
/** What a reference that is read may name. `servicerequest/1` is no reference of FHIR, but nothing else can be meant. */
const TYPES: ReadonlyMap<string, string> = new Map(
  [
    ...['Appointment', 'Communication', 'Coverage', 'DiagnosticReport', 'DocumentReference', 'Encounter', 'Location'],
    ...['Organization', 'Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'ServiceRequest', 'Task'],
  ].map((type) => [type.toLowerCase(), type]),
);

/** A type's own spelling, in whatever case it is written. Null: it begins with a small letter and is none of those. */
function typeNamed(text: string): string | null {
  return TYPES.get(text.toLowerCase()) ?? (/^[A-Z]/.test(text) ? text : null);
}

/** Reads a reference that is absolute, relative, versioned, `urn:uuid:` or an id alone. Null: it is none of these. */
export function parseReference(text: string): Named | null {
  const [, named = '', id] = TYPE_AND_ID.exec(text) ?? [];
  const type = typeNamed(named);
  if (type && id) return { type, id };
  const [, urn] = URN.exec(text) ?? [];
  if (urn) return { type: null, id: urn };
  return /[/?#:\s]/.test(text) || text === '' ? null : { type: null, id: text };
}

/** Reads a conditional reference such as `ServiceRequest?identifier=system|value`. Null: it isn't one. */
export function parseConditionalReference(text: string): { type: string; system: string; value: string } | null {
  const [, named = '', query] = BY_IDENTIFIER.exec(text) ?? [];
  const type = typeNamed(named);
  if (!type || !query) return null;
  const token = decoded(query);
  const bar = token.indexOf('|');
  return { type, system: bar < 0 ? '' : token.slice(0, bar), value: token.slice(bar + 1) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The id that a `fullUrl` gives to a resource without one. Null: it has none. */
export function idInUrl(fullUrl: string): string | null {
  const named = parseReference(fullUrl);
  return named?.id ?? (/([^/]+)$/.exec(fullUrl)?.[1] || null);
}

/** The name of a resource under which a referral is looked up: `Task/5`. */
export const resourceKey = (type: string, id: string): string => `${type}/${id}`;

/** The name of a resource by one of its identifiers, written as FHIR writes it: `ServiceRequest?identifier=system|value`. */
export const identifierKey = (type: string, system: string | undefined, value: string): string =>
  `${type}?identifier=${system ?? ''}|${value}`;

/** `serviceRequest`, as some senders write `Reference.type`, or a canonical URL, is `ServiceRequest`. */
export function resourceType(text: string): string {
  const name = text.slice(text.lastIndexOf('/') + 1);
  return typeNamed(name) ?? name.charAt(0).toUpperCase() + name.slice(1);
}
