// Oracle, part 7: weeks, months and quarters of the organization's time zone (docs/domain.md#9-1). Naive on purpose.

import { DAY, localDay, toInstant } from './time.ts';

export type Kind = 'weekly' | 'monthly' | 'quarterly';
export type Span = { from: number; to: number }; // [from, to)
export type Period = Span & { kind: Kind; name: string; asOf: number };

const KINDS: Kind[] = ['weekly', 'monthly', 'quarterly'];
const SIX_O_CLOCK = 6 * 60;

// As everywhere in the oracle a local date is a day number: days since 1970-01-01, which was a Thursday.
const dayOf = (year: number, month: number, date: number): number => Date.UTC(year, month, date) / DAY;
const yearOf = (day: number): number => new Date(day * DAY).getUTCFullYear();
const monthOf = (day: number): number => new Date(day * DAY).getUTCMonth();
const dateOf = (day: number): number => new Date(day * DAY).getUTCDate();
const mondayOf = (day: number): number => day - ((day + 3) % 7);

/** Is the day the first of a week, month or quarter? */
function begins(kind: Kind, day: number): boolean {
  if (kind === 'weekly') return mondayOf(day) === day;
  return dateOf(day) === 1 && (kind === 'monthly' || monthOf(day) % 3 === 0);
}

/** The first day of the period `n` before (or after) the one that begins with `day`. */
function stepped(kind: Kind, day: number, n: number): number {
  if (kind === 'weekly') return day + 7 * n;
  return dayOf(yearOf(day), monthOf(day) + n * (kind === 'monthly' ? 1 : 3), 1);
}

function nameOf(kind: Kind, firstDay: number): string {
  // ISO 8601: a week belongs to the year of its Thursday
  const day = kind === 'weekly' ? firstDay + 3 : firstDay;
  const year = yearOf(day);
  if (kind === 'monthly') return `${year}-${String(monthOf(day) + 1).padStart(2, '0')}`;
  if (kind === 'quarterly') return `${year}-Q${monthOf(day) / 3 + 1}`;
  return `${year}-W${String(Math.floor((day - dayOf(year, 0, 1)) / 7) + 1).padStart(2, '0')}`;
}

function firstDayOf(kind: Kind, name: string): number {
  const year = Number(name.slice(0, 4));
  if (kind === 'weekly') return mondayOf(dayOf(year, 0, 4)) + 7 * (Number(name.slice(6)) - 1); // 4 January is in week 1
  if (kind === 'monthly') return dayOf(year, Number(name.slice(5)) - 1, 1);
  return dayOf(year, 3 * (Number(name.slice(6)) - 1), 1);
}

function spanFrom(kind: Kind, firstDay: number, zone: string): Span {
  return { from: toInstant(zone, firstDay, 0), to: toInstant(zone, stepped(kind, firstDay, 1), 0) };
}

export const spanOf = (kind: Kind, name: string, zone: string): Span => spanFrom(kind, firstDayOf(kind, name), zone);

/** The `count` periods before, oldest first. */
export function spansBefore(kind: Kind, name: string, zone: string, count: number): Span[] {
  const firstDay = firstDayOf(kind, name);
  return Array.from({ length: count }, (_, i) => spanFrom(kind, stepped(kind, firstDay, i - count), zone));
}

/** Every period that is reported on after the first arrival and up to `until`, in the order of the reports. */
export function oracleReportPeriods(config: { directory: any }, firstArrival: number, until: number): Period[] {
  const zone: string = config.directory.organization.timeZone;
  const periods: Period[] = [];
  for (let day = localDay(zone, firstArrival); day <= localDay(zone, until); day++) {
    const asOf = toInstant(zone, day, SIX_O_CLOCK);
    if (asOf <= firstArrival || asOf > until) continue;
    for (const kind of KINDS.filter((k) => begins(k, day))) {
      const ended = stepped(kind, day, -1);
      periods.push({ kind, name: nameOf(kind, ended), ...spanFrom(kind, ended, zone), asOf });
    }
  }
  return periods;
}

/** The calendar year of an instant: 1 January, 1 November and the next 1 January. */
export function yearAround(zone: string, instant: number): { start: number; november: number; next: number } {
  const year = yearOf(localDay(zone, instant));
  const midnight = (y: number, month: number) => toInstant(zone, dayOf(y, month, 1), 0);
  return { start: midnight(year, 0), november: midnight(year, 10), next: midnight(year + 1, 0) };
}
