import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

/** An IANA time zone that exists. */
export const timeZone = z.string().refine(isTimeZone, {
  message: 'expected an IANA time zone such as America/New_York',
});

/** Names that were asked for before and exist: it takes a formatter to find out, and a directory says few of them often. */
const existing = new Set<string>();

/**
 * Whether this is the name of a time zone, in capital or small letters: one by which times are shown, and dues computed.
 * Intl alone also takes old abbreviations such as `CST`, which differ from place to place and which Temporal refuses.
 */
export function isTimeZone(zone: string): boolean {
  if (existing.has(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    new Temporal.ZonedDateTime(0n, zone);
  } catch {
    return false;
  }
  existing.add(zone);
  return true;
}
