import type { Directory } from '../../contracts/config.ts';
import { HOUR_MS } from '../../contracts/duration.ts';
import { type EventAbout, isAbout, type LoopEvent } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import { calendarOf, type SiteCalendar } from '../time/calendar.ts';
import { localMidnight } from '../time/local-date.ts';
import type { Undoing } from './appointments.ts';
import { effectiveEvents } from './event-order.ts';
import { latestFields } from './fields.ts';
import { type Undone, undo } from './undone.ts';

/** Which events of a log a fold looks at, each list in the fold's order. */
export interface Facts {
  /** All that are in force: distinct, not retracted, and saying something new. */
  effective: LoopEvent[];
  /** Those by which a sender's object only says again what it said before, each with what it says again. They count nowhere. */
  restated: ReadonlyMap<LoopEvent, LoopEvent>;
  /** Those except what people said about alerts: by them a referral isn't silent. */
  heard: LoopEvent[];
  /** What the fold walks: neither another referral's notes nor no-shows and cancellations that a visit undid. */
  facts: EventAbout<'referral'>[];
  /** Notes dated before the referral: they belong to another one. */
  notesBefore: LoopEvent<'note.received'>[];
  /** What visits undid, and for the walk which visits did. */
  undone: Undone[];
  undoing: Undoing;
  /** The site's calendar: "the site of the day", where days of the whole life are counted. */
  calendar: SiteCalendar;
}

/** How long before its referral a note may be dated: a visit of the same day, clocks that differ. */
const NOTE_AHEAD_MS = 24 * HOUR_MS;

/** Sorts out what of a log counts. @param log every accepted event of a referral, in any order */
export function factsOf(log: readonly LoopEvent[], directory: Directory): Facts {
  const { effective, restated } = effectiveEvents(log);
  const heard = effective.filter((event) => !isAbout(event, 'alert'));
  const all = heard.filter((event) => isAbout(event, 'referral'));
  const { site = null, orderedAt = null } = latestFields(all);
  const calendar = calendarOf(directory, site);
  const earliestNote = earliestNoteAt(all, orderedAt, directory.organization.timeZone);
  const isBefore = (event: EventAbout<'referral'>): event is LoopEvent<'note.received'> =>
    event.type === 'note.received' && earliestNote !== null && event.time < earliestNote;
  const { left, undone, undoing } = undo(
    all.filter((event) => !isBefore(event)),
    calendar,
  );
  return { effective, restated, heard, facts: left, notesBefore: all.filter(isBefore), undone, undoing, calendar };
}

/** The earliest instant of a note on this referral: 24 hours before its receipt or its order. Null: not received yet. */
function earliestNoteAt(
  all: readonly EventAbout<'referral'>[],
  orderedAt: string | null,
  timeZone: string,
): Instant | null {
  const received = all.find(({ type }) => type === 'referral.received');
  if (!received) return null;
  return Math.min(received.time, orderedAt ? instantOf(orderedAt, timeZone) : received.time) - NOTE_AHEAD_MS;
}

/** An instant, or the midnight that begins a date. */
function instantOf(text: string, timeZone: string): Instant {
  return parseInstant(text) ?? localMidnight(text, timeZone);
}
