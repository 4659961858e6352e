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
export const withoutNarrative = (resource: unknown): unknown => pruned(resource, MOST_LEVELS);

function pruned(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) return value.map((each) => pruned(each, levels - 1) ?? null);
  const fields = Object.entries(value).filter(([key, field]) => !WORDS.has(key) && !isFile(key, field));
  return Object.fromEntries(fields.map(([key, field]) => [key, pruned(field, levels - 1)]));
}

/** `data` of an attachment, a signature or a Binary is text; elsewhere it is a list or an object. */
const isFile = (key: string, field: unknown): boolean => key === 'data' && typeof field === 'string';

/** Contained resources that are followed, and what is read of them. */
const PARTIES = ['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService', 'Coverage'];
const READ_OF_PARTY = ['id', 'name', 'identifier', 'practitioner', 'organization', 'location', 'payor'];
/** A patient too is known by an id. */
const READ_OF_OTHERS = ['id', 'identifier'];
/** What is read within a field, whatever its type. */
const READ_INSIDE = new Set([
  ...[
    'reference',
    'type',
    'identifier',
    'system',
    'value',
    'coding',
    'code',
    'start',
    'end',
    'versionId',
    'lastUpdated',
  ],
  ...['related', 'encounter'],
]);
const READ_OF_NAME = new Set(['prefix', 'given', 'family']);
/** Who refers: the names of a practice and of whoever works there. */
const SHOWN = ['requester', 'practitioner', 'organization'];
const WITH_NAME = new Set([...READ_INSIDE, 'display']);
const PERSONAL = /(?:^|\/)(?:Patient|RelatedPerson)(?:\/|$)/i;

/**
 * Of a resource that is refused only what would have been read: no narrative, no names of patients, and none of what codes
 * and references show to people.
 */
export function readFieldsOf(resource: Json): Json {
  const { contained, extension } = resource;
  const fields = readOf(resource, contained);
  const list = (value: unknown) => [value].flat().filter(isJson);
  return {
    ...fields,
    ...('contained' in fields ? { contained: list(contained).map((each) => readOf(each, contained)) } : {}),
    ...('extension' in fields ? { extension: list(extension).map(replacesIn) } : {}),
  };
}

/** @param contained what `#1` may name */
function readOf(resource: Json, contained: unknown): Json {
  const names = ['resourceType', ...readNamesOf(resource.resourceType)].filter((name) => Object.hasOwn(resource, name));
  return Object.fromEntries(names.map((name) => [name, readIn(name, resource[name], contained)]));
}

function readIn(name: string, field: unknown, contained: unknown): unknown {
  if (name === 'contained' || name === 'extension') return undefined;
  if (name === 'name') return only(field, MOST_LEVELS, READ_OF_NAME);
  const isShown = SHOWN.includes(name) && isJson(field) && !isPersonal(field, contained);
  return only(field, MOST_LEVELS, isShown ? WITH_NAME : READ_INSIDE);
}

/** Whether a reference names a patient or a relative, or may do so. */
function isPersonal({ reference, type }: Json, contained: unknown): boolean {
  if ([reference, type].some((text) => typeof text === 'string' && PERSONAL.test(text))) return true;
  if (typeof reference !== 'string') return false;
  if (!reference.startsWith('#')) return reference.startsWith('urn:');
  const target = [contained].flat().find((each) => isJson(each) && `#${each.id}` === reference);
  return isJson(target) && PERSONAL.test(String(target.resourceType));
}

/** A value with nothing but some fields, at any depth. */
function only(value: unknown, levels: number, names: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) return value.map((each) => only(each, levels - 1, names) ?? null);
  const fields = Object.entries(value).filter(([key]) => names.has(key));
  return Object.fromEntries(fields.map(([key, field]) => [key, only(field, levels - 1, names)]));
}

function readNamesOf(kind: unknown): readonly string[] {
  if (typeof kind !== 'string') return [];
  if (isReadKind(kind)) return Object.keys(RESOURCES[kind].shape);
  return PARTIES.includes(kind) ? READ_OF_PARTY : READ_OF_OTHERS;
}

/** The one extension that is read holds a reference. */
const replacesIn = ({ url, valueReference }: Json): Json => ({
  url,
  valueReference: only(valueReference, MOST_LEVELS, READ_INSIDE),
});

/**
 * The same of the resources in a body that nobody could take apart, at whatever place. What isn't a resource is only
 * without narrative.
 */
export function keptOfBody(body: unknown): unknown {
  return keptInside(body, MOST_LEVELS);
}

function keptInside(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) return value.map((each) => keptInside(each, levels - 1) ?? null);
  const json = value as Json;
  if ('resourceType' in json && json.resourceType !== 'Bundle') return readFieldsOf(json);
  const fields = Object.entries(json).filter(([key, field]) => !WORDS.has(key) && !isFile(key, field));
  return Object.fromEntries(fields.map(([key, field]) => [key, keptInside(field, levels - 1)]));
}
