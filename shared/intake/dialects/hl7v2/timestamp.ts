import { Temporal } from 'temporal-polyfill';
import type { Sender } from '../sender.ts';
import { isSentinel } from '../zoned-time.ts';

/** A time as a message says it. */
export interface Timestamp {
  /** What it leaves out is as early as can be: 2026 is its first midnight. */
  local: Temporal.PlainDateTime;
  /** Such as `-05:00`. Null: it says none. */
  offset: string | null;
  /** The day, as `2026-03-02`, if it says no time of day. */
  day: string | null;
}

/** yyyy[MM[dd[HH[mm[ss[.S...]]]]]][+/-zzzz] */
const WRITTEN = /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d*))?)?)?)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const NOTHING = /^0*$/;
const MOST_OFFSET_HOURS = 18;

/** Reads a time of HL7 v2 (TS, DTM) of any precision. Null: it isn't one, or there is no such day or hour. */
export function readTimestamp(text: string): Timestamp | null {
  const [, year, month = '1', day = '1', hour, minute = '0', second = '0', fraction = '', zone] =
    WRITTEN.exec(text) ?? [];
  if (year === undefined) return null;
  const offset = zone === undefined ? null : offsetOf(zone);
  if (offset === undefined) return null;
  const millisecond = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const parts = { year: Number(year), month: Number(month), day: Number(day), hour: Number(hour ?? 0) };
  const time = { minute: Number(minute), second: Number(second), millisecond };
  try {
    const local = Temporal.PlainDateTime.from({ ...parts, ...time }, { overflow: 'reject' });
    return { local, offset, day: hour === undefined ? local.toPlainDate().toString() : null };
  } catch {
    return null;
  }
}

/** Undefined: no place on earth has it. */
function offsetOf(zone: string): string | undefined {
  if (zone.toUpperCase() === 'Z') return '+00:00';
  const [sign, hours, minutes] = [zone.slice(0, 1), zone.slice(1, 3), zone.slice(-2)];
  return Number(hours) <= MOST_OFFSET_HOURS && Number(minutes) < 60 ? `${sign}${hours}:${minutes}` : undefined;
}

const DAY = /^(\d{4})(\d\d)(\d\d)/;

/** Whether a text says that there is no time: nothing, zeros, or one of the sender's words for it. */
export function isNoTime(text: string, sender: Sender): boolean {
  if (NOTHING.test(text) || isSentinel(text, sender)) return true;
  // The sender's words are those of its other exports: 1900-01-01 is 19000101 here.
  const [, year, month, day] = DAY.exec(text) ?? [];
  return year !== undefined && isSentinel(`${year}-${month}-${day}`, sender);
}
