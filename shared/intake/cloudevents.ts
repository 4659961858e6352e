import { MINUTE_MS } from '../contracts/duration.ts';
import { EVENT_DATA, type EventType, eventEnvelope, type LoopEvent } from '../contracts/event.ts';
import { type Instant, parseInstant } from '../contracts/instant.ts';
import type { Refusal } from '../contracts/refusal.ts';
import type { RefusalReason } from '../contracts/vocabulary.ts';

export const MAX_MESSAGE_BYTES = 1024 * 1024;
/** How far ahead of its arrival an event may be dated: two systems' clocks differ. */
const MAX_AHEAD_MS = 10 * MINUTE_MS;

export type ReadMessage = { event: LoopEvent } | { refusal: Refusal };

/**
 * Reads one message body as a CloudEvent in structured mode.
 * @param arrival when SQS received it; in a replay the event's `recordedtime`, else `time` (null: take it from the event)
 */
export function readCloudEvent(body: string, arrival: Instant | null): ReadMessage {
  if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES) return refused('too_large', 'over 1 MiB');
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refused('malformed', 'not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refused('malformed', 'not a JSON object');
  const raw = json as Record<string, unknown>;
  if (!('specversion' in raw)) return refused('malformed', 'specversion: missing, so not a CloudEvent');

  const envelope = eventEnvelope.safeParse(raw);
  if (!envelope.success) return refused('invalid', complaint(envelope.error.issues, []));
  const { type } = envelope.data;
  if (!Object.hasOwn(EVENT_DATA, type)) return refused('unknown_type', 'type: not one of the contract');
  const data = EVENT_DATA[type as EventType].safeParse(envelope.data.data ?? {});
  if (!data.success) return refused('invalid', complaint(data.error.issues, ['data']));

  const time = instantOf(envelope.data.time);
  const recordedAt = envelope.data.recordedtime == null ? null : instantOf(envelope.data.recordedtime);
  if (time > (arrival ?? recordedAt ?? time) + MAX_AHEAD_MS) {
    return refused('time_in_future', 'time: more than 10 minutes after arrival');
  }
  const { id, source, subject, entity } = envelope.data;
  // The schema that parsed `data` is the one for `type`; the compiler can't see that they belong together.
  return {
    event: { id, source, type, subject, time, recordedAt, entity: entity ?? null, data: data.data } as LoopEvent,
  };
}

/** When an event of a replayed file arrives: `recordedtime`, else `time`. Null if neither can be read. */
export function replayArrival(body: string): Instant | null {
  try {
    const { recordedtime, time } = JSON.parse(body);
    const text = typeof recordedtime === 'string' ? recordedtime : time;
    return typeof text === 'string' ? parseInstant(text) : null;
  } catch {
    return null;
  }
}

function instantOf(normalised: string): Instant {
  return Date.parse(normalised);
}

function complaint(issues: readonly { path: PropertyKey[]; message: string }[], within: PropertyKey[]): string {
  return issues
    .map(({ path, message }) => {
      const missing = message.endsWith('received undefined');
      return `${[...within, ...path].join('.')}: ${missing ? 'missing' : message}`;
    })
    .join('; ');
}

function refused(reason: RefusalReason, detail: string): { refusal: Refusal } {
  return { refusal: { reason, detail, dialect: 'cloudevents' } };
}
