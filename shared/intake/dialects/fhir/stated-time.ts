import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../contracts/instant.ts';
import type { Sender } from '../sender.ts';
import { isSentinel, place, type Zones } from '../zoned-time.ts';

/** A FHIR date, dateTime or instant as a resource states it. */
export interface StatedTime {
  /** As sent. */
  text: string;
  local: Temporal.PlainDateTime;
  /** Null: it says none. */
  offset: string | null;
}

const DATE = /^\d{4}(-\d{2}){0,2}$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}:\d{2})(?::(\d{2}))?(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
const LENGTH_OF_DATE = 10;
/** How systems write that there is no date, with or without a time. */
const ZEROS = /^0000-?00-?00(?:[Tt]?[0:.]*(?:[Zz]|[+-][0:]+)?)?$/;

/**
 * Reads a date, dateTime or instant. Seconds and offset may be missing; digits beyond milliseconds are cut off.
 * @returns undefined: it isn't one. Null: a year or a month alone, which names no day, or nothing but zeros.
 */
export function parseStatedTime(sent: string): StatedTime | null | undefined {
  const text = sent.trim();
  if ((DATE.test(text) && text.length < LENGTH_OF_DATE) || ZEROS.test(text)) return null;
  const [, date, minutes = '00:00', seconds = '00', fraction = '', offset] = DATE_TIME.exec(text) ?? [];
  if (!date) return undefined;
  try {
    const local = Temporal.PlainDateTime.from(`${date}T${minutes}:${seconds}${fraction.slice(0, 4)}`);
    return { text, local, offset: offset?.toUpperCase() === 'Z' ? '+00:00' : (offset ?? null) };
  } catch {
    return undefined;
  }
}

/** Whether it is a date alone. */
export const isDate = ({ text }: StatedTime): boolean => text.length === LENGTH_OF_DATE;

/** Whether a text is how its sender writes that there is no date, with or without a time. */
export const meansNone = (text: string, sender: Sender): boolean =>
  isSentinel(text, sender) || isSentinel(text.trim().slice(0, LENGTH_OF_DATE), sender);

/** When a stated time is. Null: none is stated, or one that means none. `isGuessed`: its zone had to be guessed. */
export function placeStatedTime(
  stated: StatedTime | null | undefined,
  zones: Zones,
): { at: Instant; isGuessed: boolean } | null {
  if (!stated) return null;
  const { text, local, offset } = stated;
  if (meansNone(text, zones.sender)) return null;
  return place(local, offset, zones);
}
