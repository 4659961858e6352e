import type { EventType } from '../../../contracts/event.ts';
import { formatInstant, type Instant, isInYears } from '../../../contracts/instant.ts';
import type { Crosswalks } from '../crosswalk.ts';
import type { Keys } from '../member.ts';
import type { Sender } from '../sender.ts';
import type { Zones } from '../zoned-time.ts';
import { isJson, type Json } from './elements.ts';
import type { Scope } from './scope.ts';
import { placeStatedTime, type StatedTime } from './stated-time.ts';

/** A resource on its way to facts, with what it needs beside its fields. */
export interface Reading {
  raw: Json;
  id: string;
  /** Its names, under which others find its referral: `Task/5`. */
  ownKeys: readonly string[];
  contained: readonly unknown[];
  scope: Scope;
  sender: Sender;
  crosswalks: Crosswalks;
  zones: Zones;
  /** Where times stand that lie in no year of this system, by how events say them. */
  oddTimes: Record<string, string>;
  /** When this version was written down: `meta.lastUpdated`, else the Bundle's `timestamp`. Null: neither says. */
  now: Instant | null;
}

/** A fact of a resource. */
export interface Draft {
  type: EventType;
  /** Null: nothing in the resource says when. */
  time: Instant | null;
  data?: Record<string, unknown>;
  /** As sent; its status at least. */
  values: readonly string[];
  isSaidAgain?: boolean;
  /** Which row of the mapping: `Task accepted`. */
  row: string;
}

/** What a resource says. */
export type Said =
  | {
      /** The sender's object that its facts are about, such as `Appointment/77`. */
      entity: string;
      facts: readonly Draft[];
      keys: Keys;
      missing?: readonly string[];
      /** A person has to see it if it has no key. */
      needsReferral?: boolean;
    }
  | NoFacts;

/** Why it says nothing, or what is wrong. Fields and words of the standard, nothing that was sent. */
export type NoFacts = { passedOver: string } | { invalid: string };

/** When a stated time is. Null: it states none. A zone that had to be guessed is noted once for each resource. */
export function instantIn(reading: Reading, stated: StatedTime | null | undefined): Instant | null {
  const { zones, crosswalks } = reading;
  const placed = placeStatedTime(stated, zones);
  if (placed && stated) noteOdd(stated, formatInstant(placed.at), reading);
  const isNoted = crosswalks.unmapped.some(({ field }) => field === 'timeZone');
  if (placed?.isGuessed && !isNoted) crosswalks.note('timeZone', zones.ofOrganization);
  return placed?.at ?? null;
}

function noteOdd({ text }: StatedTime, value: string, { raw, oddTimes }: Reading): void {
  if (isInYears(value)) return;
  const place = placeOf(text, raw, MOST_LEVELS)?.join('.') ?? "the Bundle's timestamp";
  oddTimes[value] ??= place;
  // A date alone may stay one.
  oddTimes[text] ??= place;
}

/** `meta.lastUpdated`, and no time that is read stands deeper. */
const MOST_LEVELS = 2;

/** Where a text stands in a resource. Null: nowhere. */
function placeOf(text: string, within: Json, levels: number): string[] | null {
  for (const [name, value] of Object.entries(within)) {
    if (typeof value === 'string' && value.trim() === text.trim()) return [name];
    const inside = isJson(value) && levels > 1 ? placeOf(text, value, levels - 1) : null;
    if (inside) return [name, ...inside];
  }
  return null;
}

/** The earlier of some instants. Null: there are none. */
export function earliest(...instants: (Instant | null)[]): Instant | null {
  const known = instants.filter((each) => each !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** What was entered in error is taken back. @param row of the mapping */
export const retraction = (reading: Reading, entity: string, row: string): Draft => ({
  type: 'event.retracted',
  time: reading.now,
  data: { source: reading.sender.name, entity },
  values: ['entered-in-error'],
  row,
});
