import { isDeeperThan, MAX_DEPTH } from '../contracts/depth.ts';
import { MINUTE_MS } from '../contracts/duration.ts';
import {
  EVENT_DATA,
  EVENT_TYPES,
  type EventType,
  eventEnvelope,
  type LoopEvent,
  OWN_WORDS,
} from '../contracts/event.ts';
import { formatInstant, type Instant, isInYears, parseInstant } from '../contracts/instant.ts';
import { didYouMean } from '../contracts/nearest.ts';
import type { Refusal } from '../contracts/refusal.ts';
import type { RefusalReason } from '../contracts/vocabulary.ts';
import { sentAs } from '../domain/referral/content.ts';
import { complaint } from './complaint.ts';
import { faultOfJson } from './json-fault.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
/** An item of the log holds 400 KB. */
const MAX_EVENT_BYTES = 350_000;
/** For a type that is near to none of them. */
const BEGINNINGS = `those begin with ${[...new Set(EVENT_TYPES.map((type) => type.split('.')[0]))].join(', ')}`;
/** How far ahead of its arrival an event may be dated: two systems' clocks differ. */
const MAX_AHEAD_MS = 10 * MINUTE_MS;

/** An event as intake accepts it. */
export interface AcceptedEvent {
  event: LoopEvent;
  /** How its data was sent. */
  sent: string;
  /** Fields in which another word stands for a missing one or one of the sender's own: `referral.closed.reason`. */
  unmapped: string[];
}

export type ReadMessage = AcceptedEvent | { refusal: Refusal };

type Json = Record<string, unknown>;

/**
 * Reads one message body as a CloudEvent in structured mode.
 * @param arrival when SQS received it; in a replay the event's `recordedtime`, else `time` (null: take it from the event)
 */
export function readCloudEvent(body: string, arrival: Instant | null): ReadMessage {
  const read = readObject(body);
  return 'refusal' in read ? read : readEvent(read.raw, arrival);
}

/** The JSON object of a body, if it isn't too large or too deep for what comes after. */
function readObject(body: string): { raw: Json } | { refusal: Refusal } {
  if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES) return refused('too_large', 'over 1 MiB');
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refused('malformed', faultOfJson(body));
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refused('malformed', 'not a JSON object');
  const raw = json as Json;
  if (!('specversion' in raw)) return refused('malformed', 'specversion: missing, so not a CloudEvent');
  // First: a message has room for half a million levels, too many for anything that walks it by calling itself.
  const tooDeep = Object.keys(raw).find((key) => isDeeperThan(MAX_DEPTH - 1, raw[key]));
  if (tooDeep !== undefined) return deep(tooDeep);
  return isTooLarge(raw) ? tooLarge() : { raw };
}

/** Reads a CloudEvent that is parsed and neither too large nor too deep. @param arrival as in `readCloudEvent` */
export function readEvent(raw: Json, arrival: Instant | null): ReadMessage {
  const envelope = eventEnvelope.safeParse(raw);
  if (!envelope.success) return refused('invalid', complaint(envelope.error.issues, raw));
  const { type } = envelope.data;
  if (!isKnown(type)) {
    return refused(
      'unknown_type',
      `type: not one of the contract${didYouMean(type, EVENT_TYPES) || `; ${BEGINNINGS}`}`,
    );
  }
  const sent = sentData(raw);
  if ('fault' in sent) return refused('invalid', sent.fault);
  if (isDeeperThan(MAX_DEPTH - 1, sent.data)) return deep('data');
  if (isTooLarge(sent.data)) return tooLarge();
  const data = EVENT_DATA[type].safeParse(sent.data);
  if (!data.success) return refused('invalid', complaint(data.error.issues, sent.data, ['data']));

  const time = instantOf(envelope.data.time);
  const recordedAt = envelope.data.recordedtime == null ? null : instantOf(envelope.data.recordedtime);
  if (isAhead(time, arrival ?? recordedAt ?? time)) {
    return refused('time_in_future', 'time: more than 10 minutes after arrival');
  }
  const { id, source, subject, entity } = envelope.data;
  return {
    // The schema that parsed `data` is the one for `type`; the compiler can't see that they belong together.
    event: { id, source, type, subject, time, recordedAt, entity: entity ?? null, data: data.data } as LoopEvent,
    sent: sentAs(sent.data, data.data),
    unmapped: replacedWords(type, sent.data as Json, data.data),
  };
}

/** Whether an event is dated too far ahead of its arrival. */
export const isAhead = (time: Instant, arrival: Instant): boolean => time > arrival + MAX_AHEAD_MS;

const isKnown = (type: string): type is EventType => Object.hasOwn(EVENT_DATA, type);

/** Measured without white space: that isn't stored. */
const isTooLarge = (value: unknown): boolean => Buffer.byteLength(JSON.stringify(value)) > MAX_EVENT_BYTES;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** `data` as it was sent, or what `data_base64` holds; none is an empty object. */
function sentData({ data, data_base64: encoded }: Json): { data: unknown } | { fault: string } {
  if (encoded == null) return { data: data ?? {} };
  if (data != null) return { fault: 'data_base64: expected either data or data_base64' };
  if (typeof encoded !== 'string' || !BASE64.test(encoded)) return { fault: 'data_base64: expected base64' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'));
    return { data: JSON.parse(text) ?? {} };
  } catch {
    return { fault: 'data_base64: expected JSON in UTF-8' };
  }
}

function replacedWords(type: EventType, sent: Json, kept: Json): string[] {
  const fields = OWN_WORDS[type] ?? [];
  return fields.filter((field) => sent[field] !== kept[field]).map((field) => `${type}.${field}`);
}

/** When an event of a replayed file arrives: `recordedtime`, else `time`. Null if neither can be read. */
export function replayArrival(body: string): Instant | null {
  try {
    const { recordedtime, time } = JSON.parse(body);
    const text = typeof recordedtime === 'string' ? recordedtime : time;
    const at = typeof text === 'string' ? parseInstant(text) : null;
    return at !== null && isInYears(formatInstant(at)) ? at : null;
  } catch {
    return null;
  }
}

function instantOf(normalised: string): Instant {
  return Date.parse(normalised);
}

/** @param attribute the one that is too deep; an unknown one is the sender's own word, and not shown */
function deep(attribute: string): { refusal: Refusal } {
  const where = attribute === 'data' ? 'data' : 'an attribute';
  return refused('invalid', `${where}: expected at most ${MAX_DEPTH} levels of lists and objects`);
}

const tooLarge = () => refused('too_large', 'one event of over 350 KB');

function refused(reason: RefusalReason, detail: string): { refusal: Refusal } {
  return { refusal: { reason, detail, dialect: 'cloudevents' } };
}
