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
  const fields = Object.entries(value).filter(([key, field]) => !isLeftOut(key, field));
  return Object.fromEntries(fields.map(([key, field]) => [key, pruned(field, levels - 1)]));
}

/** `data` of an attachment, a signature or a Binary is text; elsewhere it is a list or an object. */
const isLeftOut = (key: string, field: unknown): boolean =>
  WORDS.has(key) || (key === 'data' && typeof field === 'string');

/** Of a resource that is refused only the fields that would have been read, without narrative. */
export function readFieldsOf(resource: Json): Json {
  const { resourceType } = resource;
  if (typeof resourceType !== 'string' || !isReadKind(resourceType)) return { resourceType };
  const read = new Set(['resourceType', ...Object.keys(RESOURCES[resourceType].shape)]);
  const kept = withoutNarrative(Object.fromEntries(Object.entries(resource).filter(([key]) => read.has(key))));
  return isJson(kept) ? kept : {};
}
