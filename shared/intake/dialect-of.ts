import { DIALECTS, type Dialect } from '../contracts/vocabulary.ts';

/**
 * Which dialect a body is in: what its message says, else what its first bytes show. CSV is never guessed.
 * @param body without envelopes @param said the attribute `dialect`
 * @returns null: nothing that is known
 */
export function dialectOf(body: string, said: string | undefined): Dialect | null {
  if (said !== undefined) return DIALECTS.find((dialect) => dialect === said.trim().toLowerCase()) ?? null;
  if (/^(?:MSH|FHS|BHS)/.test(body)) return 'hl7v2';
  const first = firstObject(body);
  if (first === null) return null;
  if ('specversion' in first) return 'cloudevents';
  return 'resourceType' in first ? 'fhir' : null;
}

/** The object that a body of JSON is or begins with, in a list or on a line of its own. Null: there is none. */
function firstObject(body: string): object | null {
  const whole = parsed(body);
  const json = whole === undefined ? parsed(body.slice(0, body.search(/[\r\n]|$/))) : whole;
  const first = Array.isArray(json) ? json[0] : json;
  return typeof first === 'object' && first !== null ? first : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
