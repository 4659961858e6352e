import type { Dialects } from '../../contracts/dialects.ts';
import type { EventType } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Dialect, RefusalReason } from '../../contracts/vocabulary.ts';

/**
 * What a body in a dialect comes to, member by member: a message, an entry or a row. Made by a pure function of the body,
 * its attributes and the configuration; nothing here has looked at what is stored.
 */

/** Where a body comes from, as the attributes of its message say. */
export interface Origin {
  /** Null: the first bytes decide. */
  dialect: Dialect | null;
  /** The entry of `dialects.json`. Null: what matches. */
  sender: string | null;
  file: string | null;
  /** Where in its file the body begins: line or message, from 1. */
  position: number;
  /** Of an export that says so neither in a column nor in its name. */
  exportedAt: Instant | null;
  arrivedAt: Instant;
}

/** A value for which the sender's entry has no word, or that had to be guessed. */
export interface Unmapped {
  /** Event type and field, such as `referral.received.priority`. */
  field: string;
  /** As sent. */
  value: string;
}

/** An event that a member says, before it has an id and a subject. */
export interface Fact {
  type: EventType;
  time: Instant;
  /** The sender's object, such as `Appointment/77`. */
  entity: string;
  /** As the contract wants it, crosswalks applied. */
  data: Record<string, unknown>;
  /** The values that `time` and `data` were made of, as sent, before any crosswalk. */
  values: readonly string[];
  /** It is said again by every version of its object, and is one event. */
  isSaidAgain?: boolean;
  /** Which row of the mapping made it, for a person: `SIU^S12, SCH-25 Booked`. */
  row: string;
}

/** By which a member finds its referral. */
export interface Keys {
  /** The referral's own id: the subject, known or not. */
  referralId: string | null;
  /** Other names of the referral or its objects at this sender, the surest first: `Appointment/77`, `order:4711`. */
  others: readonly string[];
}

interface Said {
  /** Line, message or entry number, from 1. */
  position: number;
  /** What it is in its dialect's words: `SIU^S12`, `Appointment`, `row`. Nothing of its content. */
  kind: string;
  /** `source` of its events. */
  sender: string;
}

/** What became of a member. */
export type Member =
  | (Said & {
      outcome: 'translated';
      facts: readonly Fact[];
      keys: Keys;
      /** When its sender wrote it down. */
      recordedAt: Instant | null;
      /** What numbers the sender's messages or versions, as digits; empty: nothing does. */
      sequence: string;
      unmapped: readonly Unmapped[];
      /** Required fields that it lacked and that a default stands for. */
      missing: readonly string[];
      /** Where times stand in it that lie in no year of this system, by how its events say them. Absent: there are none. */
      oddTimes?: Readonly<Record<string, string>>;
      /** Days for which it is tried again if it finds no referral. */
      unmatchedDays: number;
      /** Whether a person has to see it if it has no key at all. */
      needsReferral: boolean;
      /** What of it may be kept, where it may have to come again as a whole (`withKept`). */
      kept?: string;
    })
  /** It means nothing here. `why`: `status draft`, `MSH-11 T`; codes only. */
  | (Said & { outcome: 'passed_over'; why: string })
  | (Said & { outcome: 'refused'; reason: RefusalReason; detail: string /** What of it may be kept. */; kept: string });

/** A feed says that it is alive. */
export interface Heartbeat {
  outcome: 'heartbeat';
  position: number;
  sender: string;
  time: Instant;
  /** Whether the zone of `time` had to be guessed. */
  isGuessed: boolean;
}

/** A CloudEvent in another form: it keeps the id, source and subject that its sender gave it. */
export interface PlainEvent {
  outcome: 'event';
  /** Line, message or entry number, from 1. */
  position: number;
  /** In structured mode, as JSON; not checked yet. */
  body: string;
}

export type Translated = Member | Heartbeat | PlainEvent;

/** What translation needs beside the body. */
export interface Context {
  dialects: Dialects;
  /** Of the organization: the last resort for times without an offset. */
  timeZone: string;
  origin: Origin;
}

/** Reads a body of one dialect: its members in order. Pure; never throws, whatever the body. */
export type Translate = (body: string, context: Context) => Translated[];
