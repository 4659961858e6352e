import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';

/** A date on which a site is closed, and what its calendar calls it. */
export interface Holiday {
  date: string;
  name: string;
}

/** An event that makes no holiday: it takes only part of a day. */
export interface LeftOut extends Holiday {
  why: string;
}

export interface CalendarOptions {
  /** First and last date that are looked at. */
  from: string;
  until: string;
  /** IANA time zone of the site. An event in UTC lies on the dates that it has there; others on those that they name. */
  timeZone: string;
  /** Only events with this text in their title, description or categories, in capital or small letters. */
  only?: string;
}

/** An event that recurs more often than this is no holiday, and might never end. */
const MOST_OCCURRENCES = 50_000;

/**
 * The days that the events of an iCalendar file (RFC 5545) take, recurring ones too, a line for each date in order. What
 * is cancelled takes none.
 * @throws Error in words if the text is no calendar, or an event of it can't be read
 */
export function holidaysIn(text: string, options: CalendarOptions): { holidays: Holiday[]; leftOut: LeftOut[] } {
  const found = eventsIn(text)
    .filter((event) => isWanted(event, options))
    .flatMap((event) => daysOf(event, options));
  const isHoliday = (day: Holiday | LeftOut): day is Holiday => !('why' in day);
  const leftOut = found.filter((day): day is LeftOut => !isHoliday(day));
  const first = new Map(
    found
      .filter(isHoliday)
      .toReversed()
      .map((day) => [day.date, day]),
  );
  return { holidays: byDate([...first.values()]), leftOut: byDate(leftOut) };
}

/** The days of an event that are looked at; those that it takes only a part of are left out. */
function daysOf(event: ICAL.Event, options: CalendarOptions): (Holiday | LeftOut)[] {
  try {
    checkDates(event);
    return [...occurrencesOf(event, options)].flatMap(({ startDate, endDate, item }) => {
      const [first, last] = datesOf(startDate, endDate, options.timeZone);
      const name = oneLine(item.summary);
      const dates = within(first, last ?? first, options);
      return dates.map((date) => (last === null ? { date, name, why: 'only part of a day' } : { date, name }));
    });
  } catch (error) {
    throw new Error(`the event "${oneLine(event.summary)}" can't be read: ${messageOf(error)}`);
  }
}

/** The events of all calendars in a file; changed occurrences belong to the event that recurs. */
function eventsIn(text: string): ICAL.Event[] {
  if (text.trim() === '') throw new Error('is empty');
  let parsed: unknown[];
  try {
    parsed = ICAL.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`is no iCalendar file: ${messageOf(error)}`);
  }
  const calendars = Array.isArray(parsed[0]) ? (parsed as unknown[][]) : [parsed];
  const components = calendars.flatMap((calendar) => new ICAL.Component(calendar).getAllSubcomponents('vevent'));
  if (components.length === 0) throw new Error('is an iCalendar file without events');
  const events = components.map((each) => new ICAL.Event(each));
  const recurring = new Set(events.filter((event) => !event.isRecurrenceException()).map(({ uid }) => uid));
  return events.filter((event) => !event.isRecurrenceException() || !recurring.has(event.uid));
}

function isWanted({ component, summary, description }: ICAL.Event, { only }: CalendarOptions): boolean {
  if (isCancelled(component)) return false;
  const categories = component.getAllProperties('categories').flatMap((property) => property.getValues());
  const said = [summary, description, ...categories].join('\n').toLowerCase();
  return only === undefined || said.includes(only.toLowerCase());
}

const isCancelled = (component: ICAL.Component): boolean =>
  String(component.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED';

/** The library takes 30 February for 2 March. @throws RangeError for a date that doesn't exist */
function checkDates({ component }: ICAL.Event): void {
  for (const name of ['dtstart', 'dtend']) {
    const [, , , written] = component.getFirstProperty(name)?.toJSON() ?? [];
    if (typeof written === 'string') Temporal.PlainDate.from(written.slice(0, 10));
  }
}

interface Occurrence {
  startDate: ICAL.Time;
  endDate: ICAL.Time;
  item: ICAL.Event;
}

/** Each time that an event takes place, up to the last date that is looked at. */
function* occurrencesOf(event: ICAL.Event, { until }: CalendarOptions): Generator<Occurrence> {
  if (!event.isRecurring()) {
    yield { startDate: event.startDate, endDate: event.endDate, item: event };
    return;
  }
  const times = event.iterator();
  for (let count = 0; count < MOST_OCCURRENCES; count += 1) {
    const next = times.next();
    // A changed occurrence may have been moved back by some days.
    if (!next || wallDate(next).subtract({ days: 31 }).toString() > until) return;
    const occurrence = event.getOccurrenceDetails(next);
    if (!isCancelled(occurrence.item.component)) yield occurrence;
  }
  throw new Error('it recurs too often for a holiday');
}

/** The first and the last date of an occurrence. The last is null if it takes only part of its days. */
function datesOf(
  start: ICAL.Time,
  end: ICAL.Time,
  timeZone: string,
): [first: Temporal.PlainDate, last: Temporal.PlainDate | null] {
  const [from, to] = [wallTime(start, timeZone), wallTime(end, timeZone)];
  const first = from.toPlainDate();
  // Some calendars say 23:59 for the end of a day.
  const ending = to.hour === 23 && to.minute === 59 ? to.add({ minutes: 1 }).with({ second: 0 }) : to;
  const isWhole = [from, ending].every(({ hour, minute, second }) => hour === 0 && minute === 0 && second === 0);
  const last = ending.toPlainDate().subtract({ days: 1 });
  if (start.isDate) return [first, Temporal.PlainDate.compare(last, first) < 0 ? first : last];
  return [first, isWhole && Temporal.PlainDate.compare(last, first) >= 0 ? last : null];
}

/** What a clock shows: where the event is entered, or for an event in UTC at the site. */
function wallTime(time: ICAL.Time, timeZone: string): Temporal.PlainDateTime {
  const { year, month, day, hour, minute, second } = time;
  const shown = Temporal.PlainDateTime.from({ year, month, day, hour, minute, second }, { overflow: 'reject' });
  const isUtc = !time.isDate && time.zone?.tzid === 'UTC';
  return isUtc ? shown.toZonedDateTime('UTC').withTimeZone(timeZone).toPlainDateTime() : shown;
}

const wallDate = ({ year, month, day }: ICAL.Time): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });

/** The dates from one to another, both included, that are looked at. */
function within(first: Temporal.PlainDate, last: Temporal.PlainDate, { from, until }: CalendarOptions): string[] {
  const dates: string[] = [];
  const end = last.toString() < until ? last.toString() : until;
  const begin = first.toString() < from ? Temporal.PlainDate.from(from) : first;
  for (let date = begin; date.toString() <= end; date = date.add({ days: 1 })) dates.push(date.toString());
  return dates;
}

const byDate = <T extends Holiday>(days: readonly T[]): T[] => days.toSorted((a, b) => (a.date < b.date ? -1 : 1));
/** A title as one line that a terminal doesn't obey. */
const oneLine = (text: string | null): string => (text ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim() || 'without a title';
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
