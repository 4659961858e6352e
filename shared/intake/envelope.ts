import { writtenJson } from '../contracts/written-json.ts';
import { parsedJson } from './parsed-json.ts';

/** What a body and the attributes of its message are once the envelopes of SNS and EventBridge are gone. */
export interface Unwrapped {
  body: string;
  attributes: Readonly<Record<string, string>>;
}

type Json = Record<string, unknown>;

/** A queue behind a topic behind a bus: nobody needs more. */
const MOST_ENVELOPES = 3;
/** MLLP ends a message with this; an engine that writes to a queue may leave it in. What it begins with is white space. */
const END_OF_MESSAGE = '\u001c';
/** What stands around a body; a byte order mark counts as white space. */
const AROUND = /\s/;
/** Around rows of cells: a tab or a space may be an empty cell. */
const AROUND_ROWS = /[\r\n\v\f\uFEFF]/;

/**
 * Takes SNS's and EventBridge's envelopes off a body, at most 3, and what stands around it: a byte order mark, white space
 * and MLLP's framing bytes. What SNS says in `MessageAttributes` counts where the message itself says nothing.
 */
export function unwrap(body: string, attributes: Readonly<Record<string, string>>): Unwrapped {
  let unwrapped: Unwrapped = { body, attributes };
  for (let layer = 0; layer < MOST_ENVELOPES; layer += 1) {
    const inner = insideOf({ ...unwrapped, body: bare(unwrapped.body, AROUND) });
    if (inner === null) break;
    unwrapped = inner;
  }
  const isRows = unwrapped.attributes.dialect?.trim().toLowerCase() === 'csv';
  return { ...unwrapped, body: bare(unwrapped.body, isRows ? AROUND_ROWS : AROUND) };
}

/** Whether a body is in an envelope of SNS or EventBridge. */
export const isEnvelope = (body: string): boolean => insideOf({ body: bare(body, AROUND), attributes: {} }) !== null;

function bare(text: string, around: RegExp): string {
  const isAround = (character: string): boolean => character === END_OF_MESSAGE || around.test(character);
  let [from, to] = [0, text.length];
  while (from < to && isAround(text.charAt(from))) from += 1;
  while (to > from && isAround(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** Null: it is no envelope. */
function insideOf({ body, attributes }: Unwrapped): Unwrapped | null {
  // Only an envelope needs to be parsed here.
  if (!body.startsWith('{') || !/"(?:Message|detail-type)"/.test(body)) return null;
  const json = parsed(body);
  if (json === null || 'specversion' in json || 'resourceType' in json) return null;
  if (typeof json.Type === 'string' && typeof json.Message === 'string') {
    return { body: json.Message, attributes: { ...attributesOf(json.MessageAttributes), ...attributes } };
  }
  if (!('detail-type' in json) || !('detail' in json)) return null;
  const { detail } = json;
  return { body: typeof detail === 'string' ? detail : writtenJson(detail), attributes };
}

function attributesOf(attributes: unknown): Record<string, string> {
  if (typeof attributes !== 'object' || attributes === null) return {};
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, attribute]) => {
      const value = (attribute as Json | null)?.Value;
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

function parsed(text: string): Json | null {
  const json = parsedJson(text);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Json) : null;
}
