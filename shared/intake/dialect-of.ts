import { DIALECTS, type Dialect } from '../contracts/vocabulary.ts';
import { parsedJson } from './parsed-json.ts';

/**
 * Which dialect a body is in: what its message says, else what its first bytes show. CSV is never guessed.
 * @param body without envelopes @param said the attribute `dialect`; a word that is none says nothing
 * @returns null: nothing that is known
 */
export function dialectOf(body: string, said: string | undefined): Dialect | null {
  const word = said?.trim().toLowerCase();
  const named = DIALECTS.find((dialect) => dialect === word);
  if (named) return named;
  if (/^(?:MSH|FHS|BHS)/.test(body)) return 'hl7v2';
  return dialectOfObjects(body);
}

/** By the first object with a mark that a body is, or has in a list or on a line of its own. Null: there is none. */
function dialectOfObjects(body: string): Dialect | null {
  const whole = parsedJson(body);
  if (whole === undefined) return dialectOfLines(body);
  for (const each of Array.isArray(whole) ? whole : [whole]) {
    const dialect = markOf(each);
    if (dialect !== null) return dialect;
  }
  return null;
}

/** Half a million faults would take a quarter of a minute, and a body holds no more members than this. */
const MOST_LINES = 5000;
const MAYBE_MARKED = /^\s*\{.*"(?:specversion|resourceType)"/;

function dialectOfLines(body: string): Dialect | null {
  const lines = body.split(/[\r\n]+/).filter((line) => MAYBE_MARKED.test(line));
  for (const line of lines.slice(0, MOST_LINES)) {
    const dialect = markOf(parsedJson(line));
    if (dialect !== null) return dialect;
  }
  return null;
}

function markOf(json: unknown): Dialect | null {
  if (typeof json !== 'object' || json === null) return null;
  if ('specversion' in json) return 'cloudevents';
  return 'resourceType' in json ? 'fhir' : null;
}
