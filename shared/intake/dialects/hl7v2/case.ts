import type { EventType } from '../../../contracts/event.ts';
import { formatInstant, type Instant, isInYears } from '../../../contracts/instant.ts';
import { type Coding, shownCode } from '../coding.ts';
import { Crosswalks } from '../crosswalk.ts';
import type { Fact, Keys } from '../member.ts';
import type { Sender } from '../sender.ts';
import { place, type Zones } from '../zoned-time.ts';
import type { Part, Repetition } from './message.ts';
import { readPath } from './path.ts';
import { isNoTime, readTimestamp, type Timestamp } from './timestamp.ts';

/** Why a member can't be translated; it is refused with this. Shows paths and words of the standard alone. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** A time of a message. */
export interface Moment {
  at: Instant;
  /** As sent. */
  text: string;
}

/** A date of a message, which may have a time of day. */
export interface SaidDate {
  /** RFC 3339, or a day as `2026-03-02` if it says no time of day. */
  value: string;
  /** As sent. */
  text: string;
}

/** What a mapping makes of a case. */
export type Outcome = { facts: Fact[]; keys: Keys } | { passedOver: string };

/** An event to be, without what every event of a case has. */
interface Draft {
  entity: string;
  /** Absent: when the message was written. */
  time?: Instant;
  data?: Record<string, unknown>;
  /** What `time` and `data` are made of, by field, as sent. */
  values?: Readonly<Record<string, string>>;
  /** Which code made it, such as `SCH-25 Booked`. Absent: the kind of message alone. */
  by?: string;
}

const EXPECTED_TIME = 'expected a time such as 20260131093000-0500';
const WRITTEN_AT = 'MSH-7';

/** One message, or one order of it, and what is needed to read it. */
export class Case {
  /** Such as `SIU^S12`. */
  readonly kind: string;
  readonly part: Part;
  readonly sender: Sender;
  readonly crosswalks: Crosswalks;
  readonly missing = new Set<string>();
  /** Where times stand that lie in no year of this system, by how events say them. */
  readonly oddTimes: Record<string, string> = {};
  readonly #zones: Zones;
  #writtenAt: Instant | null | undefined;

  /** @param ofOrganization its time zone */
  constructor(kind: string, part: Part, sender: Sender, ofOrganization: string) {
    this.kind = kind;
    this.part = part;
    this.sender = sender;
    this.crosswalks = new Crosswalks(sender);
    const ofMessage = readTimestamp(part.read(WRITTEN_AT))?.offset ?? null;
    this.#zones = { sender, ofMessage, ofOrganization };
  }

  /** The code at a path, for comparing: in capitals. */
  code(path: string): string {
    return this.part.read(path).toUpperCase();
  }

  /** Whether the message says that it follows IHE's 360X. */
  get is360x(): boolean {
    return this.part
      .repetitions('MSH-21')
      .some((profile) => [1, 2, 3].some((component) => profile.read(component).toUpperCase() === '360X'));
  }

  /** When the message was written. Null: it doesn't say. */
  get writtenAt(): Instant | null {
    if (this.#writtenAt === undefined) this.#writtenAt = this.moment(WRITTEN_AT)?.at ?? null;
    return this.#writtenAt;
  }

  /** The same where the time of an event is needed. */
  get now(): Instant {
    const { writtenAt } = this;
    if (writtenAt === null) throw new RefusedError(`${WRITTEN_AT}: ${EXPECTED_TIME}`);
    return writtenAt;
  }

  /** The time at a path. Null: there is none. */
  moment(path: string): Moment | null {
    return this.momentOf(this.part.read(path), path);
  }

  /** @param path where the text stands */
  momentOf(text: string, path: string): Moment | null {
    const written = this.#written(text, path);
    if (!written) return null;
    const at = this.#place(written);
    this.#noteOdd(formatInstant(at), path);
    return { at, text };
  }

  /** The date at a path; a day alone stays one. Null: there is none. */
  date(path: string): SaidDate | null {
    const text = this.part.read(path);
    const written = this.#written(text, path);
    if (!written) return null;
    const value = written.day ?? formatInstant(this.#place(written));
    this.#noteOdd(value, path);
    return { value, text };
  }

  #noteOdd(value: string, path: string): void {
    if (!isInYears(value)) this.oddTimes[value] ??= path;
  }

  #written(text: string, path: string): Timestamp | null {
    if (isNoTime(text, this.sender)) return null;
    const written = readTimestamp(text);
    if (!written) throw new RefusedError(`${path}: ${EXPECTED_TIME}`);
    return written;
  }

  #place({ local, offset }: Timestamp): Instant {
    const { at, isGuessed } = place(local, offset, this.#zones);
    const isNoted = this.crosswalks.unmapped.some(({ field }) => field === 'timeZone');
    if (isGuessed && !isNoted) {
      this.crosswalks.note('timeZone', this.#zones.ofMessage ?? this.#zones.ofOrganization);
    }
    return at;
  }

  /** Nothing that was observed is dated after the message that says so. */
  observed({ at }: Pick<Moment, 'at'>): Instant {
    return Math.min(at, this.writtenAt ?? at);
  }

  /**
   * The codes at a path: those of a coded element, else its text; one component if the path names it.
   * @param systems those that a code without a system can be of
   */
  codings(path: string, systems: readonly string[] = []): Coding[] {
    const { component } = readPath(path);
    if (component !== null) return codesOf(this.part.read(path), '', systems);
    const filled = this.part.repetitions(path).find((each) => textOf(each) !== '');
    return filled ? codingsOf(filled, systems) : [];
  }

  /** The code at a path for a person to see. Of words in place of one only that there are some: they may be of a patient. */
  shownCode(path: string): string {
    const filled = this.part.repetitions(path).find((each) => textOf(each) !== '');
    if (!filled) return 'empty';
    const [coding] = [...codesOf(filled.read(1), filled.read(3), []), ...codesOf(filled.read(4), filled.read(6), [])];
    return coding ? shownCode(coding) : 'without a code';
  }

  /** An event. */
  fact(type: EventType, { entity, time, data = {}, values = {}, by }: Draft): Fact {
    return {
      type,
      time: time ?? this.now,
      entity,
      data,
      values: Object.entries(values).flatMap(([field, text]) => (text === '' ? [] : [`${field}=${text}`])),
      row: by === undefined ? this.kind : `${this.kind}, ${by}`,
    };
  }

  /** Takes back what an entity of this sender has said. */
  retraction(entity: string, by?: string): Fact {
    const data = { source: this.sender.name, entity };
    return this.fact('event.retracted', { entity, data, ...(by === undefined ? {} : { by }) });
  }
}

const textOf = (field: Repetition): string => field.read(1) || field.read(2) || field.read(4);

/** The codes of a coded element (CE, CWE): the first, the alternate one; without a code its text is one. */
export function codingsOf(field: Repetition, systems: readonly string[] = []): Coding[] {
  const codes = [...codesOf(field.read(1), field.read(3), systems), ...codesOf(field.read(4), field.read(6), systems)];
  return codes.length > 0 ? codes : codesOf(field.read(2), '', systems);
}

function codesOf(code: string, system: string, systems: readonly string[]): Coding[] {
  if (code === '') return [];
  if (system === '') return systems.length === 0 ? [{ code }] : systems.map((each) => ({ code, system: each }));
  return [{ code, system }];
}

const SHOWN = /^[A-Za-z0-9_-]{1,20}$/;
/** A code for a person to see; nothing that may be more than a code. */
export function shown(code: string): string {
  if (code === '') return 'empty';
  return SHOWN.test(code) ? code : '?';
}
