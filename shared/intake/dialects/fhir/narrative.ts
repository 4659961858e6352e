import { isJson, type Json } from './elements.ts';
import { isReadKind, RESOURCES } from './resources.ts';

/** Fields that hold what people wrote about a patient, or files. Nothing reads them. */
const WORDS = new Set([
  'text',
  'div',
  'note',
  'comment',
  'conclusion',
  'description',
  'patientInstruction',
  'payload',
  'presentedForm',
]);
/** Deeper than any resource: what lies below is left out. */
const MOST_LEVELS = 64;

/**
 * A resource or Bundle without narrative, notes, comments and the data of attachments, at any depth: what may leave a
 * sender's house, and what may be kept. Translating it gives what translating the whole gives.
 */
export const withoutNarrative = (resource: unknown): unknown => pruned(resource, MOST_LEVELS, WORDS);

function pruned(value: unknown, levels: number, leftOut: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) return value.map((each) => pruned(each, levels - 1, leftOut) ?? null);
  const fields = Object.entries(value).filter(([key, field]) => !leftOut.has(key) && !isFile(key, field));
  return Object.fromEntries(fields.map(([key, field]) => [key, pruned(field, levels - 1, leftOut)]));
}

/** `data` of an attachment, a signature or a Binary is text; elsewhere it is a list or an object. */
const isFile = (key: string, field: unknown): boolean => key === 'data' && typeof field === 'string';

/** Contained resources that are followed, and what is read of them. */
const PARTIES = ['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService', 'Coverage'];
const READ_OF_PARTY = ['id', 'name', 'identifier', 'practitioner', 'organization', 'location', 'payor'];
/** A patient too is known by an id. */
const READ_OF_OTHERS = ['id', 'identifier'];
/** Whose `display` may be the name of a patient or a relative. */
const PERSONS = ['subject', 'recipient', 'payor'];
const EXTENDED = new Set([...WORDS, 'extension', 'modifierExtension']);
const WITHOUT_NAME = new Set([...EXTENDED, 'display']);

/** Of a resource that is refused only the fields that would have been read, without narrative and patients' names. */
export function readFieldsOf(resource: Json): Json {
  const { contained, extension } = resource;
  const fields = readOf(resource);
  const list = (value: unknown) => [value].flat().filter(isJson);
  return {
    ...fields,
    ...('contained' in fields ? { contained: list(contained).map(readOf) } : {}),
    ...('extension' in fields ? { extension: list(extension).map(replacesIn) } : {}),
  };
}

function readOf(resource: Json): Json {
  const names = ['resourceType', ...readNamesOf(resource.resourceType)].filter((name) => Object.hasOwn(resource, name));
  return Object.fromEntries(
    names.map((name) => [
      name,
      name === 'contained' || name === 'extension'
        ? undefined
        : pruned(resource[name], MOST_LEVELS, PERSONS.includes(name) ? WITHOUT_NAME : EXTENDED),
    ]),
  );
}

function readNamesOf(kind: unknown): readonly string[] {
  if (typeof kind !== 'string') return [];
  if (isReadKind(kind)) return Object.keys(RESOURCES[kind].shape);
  return PARTIES.includes(kind) ? READ_OF_PARTY : READ_OF_OTHERS;
}

/** The one extension that is read holds a reference. */
const replacesIn = ({ url, valueReference }: Json): Json => ({
  url,
  valueReference: pruned(valueReference, MOST_LEVELS, WITHOUT_NAME),
});
