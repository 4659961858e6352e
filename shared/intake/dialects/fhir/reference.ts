/** What the text of a reference names. */
export interface Named {
  /** Null: it doesn't say, as `urn:uuid:...`. */
  type: string | null;
  id: string;
}

const TYPE_AND_ID = /(?:^|\/)([A-Z][A-Za-z]{2,63})\/([^/?#]+)(?:\/_history\/[^/?#]+)?$/;
const URN = /^urn:(?:uuid|oid):(.+)$/;
const BY_IDENTIFIER = /(?:^|\/)([A-Z][A-Za-z]{2,63})\?identifier=([^&]+)$/;

/** Reads a reference that is absolute, relative, versioned, `urn:uuid:` or an id alone. Null: it is none of these. */
export function parseReference(text: string): Named | null {
  const [, type, id] = TYPE_AND_ID.exec(text) ?? [];
  if (type && id) return { type, id };
  const [, urn] = URN.exec(text) ?? [];
  if (urn) return { type: null, id: urn };
  return /[/?#:\s]/.test(text) || text === '' ? null : { type: null, id: text };
}

/** Reads a conditional reference such as `ServiceRequest?identifier=system|value`. Null: it isn't one. */
export function parseConditionalReference(text: string): { type: string; system: string; value: string } | null {
  const [, type, query] = BY_IDENTIFIER.exec(text) ?? [];
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
  return name.charAt(0).toUpperCase() + name.slice(1);
}
