import { writtenJson } from '../../../contracts/written-json.ts';
import { isJson } from './elements.ts';

/** A value at the top of a body, or the text of what isn't JSON. */
type Read = { json: unknown } | { unreadable: string };

/** The values at the top of a body: of an array its elements, of NDJSON its lines, else itself. */
export function readBody(body: string): Read[] {
  return messagesIn(body).map(({ read }) => read);
}

/** A message of a file. */
export interface FhirMessage {
  text: string;
  /** Its number in the file, from 1: the line of NDJSON, the element of an array. */
  position: number;
}

/**
 * Splits a file into single messages: lines of NDJSON, elements of an array at the top. A Bundle stays whole, as its
 * resources name each other. What isn't JSON stays as it is, to be refused where it is read.
 */
export function splitFhir(text: string): FhirMessage[] {
  return messagesIn(text).map(({ read, position, sent }) => ({
    position,
    text: sent ?? ('json' in read ? writtenJson(read.json) : ''),
  }));
}

interface Found {
  read: Read;
  position: number;
  /** As it stands in the text; absent of an array's element. */
  sent?: string;
}

/** Half a million faults would take a quarter of a minute, and a message holds no more members than this. */
const MOST_FAULTS = 5000;
const BEGINS_JSON = /^[{[]/;

function messagesIn(text: string): Found[] {
  const body = text.replace(/^\uFEFF/, '').trim();
  const whole = parsed(body);
  if ('json' in whole) {
    const { json } = whole;
    return Array.isArray(json)
      ? json.map((each, index) => found(each, index + 1))
      : [{ read: whole, position: 1, sent: body }];
  }
  let faults = 0;
  const lines = body.split(/\r?\n/).flatMap((line, index): Found[] => {
    const sent = line.trim();
    if (sent === '') return [];
    const read: Read = BEGINS_JSON.test(sent) && faults < MOST_FAULTS ? parsed(sent) : { unreadable: sent };
    if ('unreadable' in read) faults += 1;
    return [{ read, position: index + 1, sent }];
  });
  // JSON with a fault, written over many lines, is one message and not as many as it has lines.
  return lines.some(({ read }) => 'json' in read && isJson(read.json) && 'resourceType' in read.json)
    ? lines
    : [{ read: whole, position: 1, sent: body }];
}

const found = (json: unknown, position: number): Found => ({ read: { json }, position });

function parsed(text: string): Read {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { unreadable: text };
  }
}
