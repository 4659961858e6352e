import { hash } from 'node:crypto';
import type { LoopEvent } from '../../contracts/event.ts';

/** An event, and how its data was sent. */
export interface SentEvent {
  event: LoopEvent;
  /** What `sentAs` gave. Absent from what was stored before it was noted. */
  sent?: string | undefined;
}

const AS_KEPT = '=';

/**
 * How data was sent: `=` if that is how it is kept, else a digest. Data loses unknown fields, words of the sender's own
 * and offsets when it is kept, so what is kept doesn't tell whether two events were sent alike.
 */
export function sentAs(sent: unknown, kept: LoopEvent['data']): string {
  const text = canonical(sent);
  return text === canonical(kept) ? AS_KEPT : digest(text);
}

/**
 * Whether two events with the same identity say the same: type, time as an instant, and data as it was sent, whatever the
 * order of its keys. Of events stored before that was noted the kept data is compared; null and absent were the same then.
 */
export function sameContent(a: SentEvent, b: SentEvent): boolean {
  return a.event.type === b.event.type && a.event.time === b.event.time && sameData(a, b);
}

function sameData(a: SentEvent, b: SentEvent): boolean {
  if (a.sent !== undefined && b.sent !== undefined) return digestOf(a) === digestOf(b);
  return canonical(withoutNulls(a.event.data)) === canonical(withoutNulls(b.event.data));
}

/** Type and data of an event as they are kept, as one string: events with the same one say the same. */
export function whatIsSaid({ type, data }: LoopEvent): string {
  return canonical([type, data]);
}

const digestOf = ({ event, sent }: SentEvent) => (sent === AS_KEPT ? digest(canonical(event.data)) : sent);

/** 96 bits: of one identity there are few events to tell apart. */
const digest = (text: string) => hash('sha256', text, 'base64url').slice(0, 16);

/** JSON with sorted keys, so that equal values read the same. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );

/** Without fields that are null, at any depth. */
const withoutNulls = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      isRecord(inner) ? Object.fromEntries(Object.entries(inner).filter(([, field]) => field !== null)) : inner,
    ),
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
