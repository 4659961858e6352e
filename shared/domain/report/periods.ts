import type { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { REPORT_KINDS, type ReportKind } from '../../contracts/report.ts';
import { isoWeekOf, localDates, startOfDate } from '../time/local-date.ts';
import type { Span } from '../time/span.ts';

/** A week, month or quarter that a report is about. */
export interface ReportPeriod {
  kind: ReportKind;
  /** `2026-W10`, `2026-03`, `2026-Q1`. */
  name: string;
  /** Name of the period before. */
  previous: string;
  /** When the report is due: it knows what had arrived by then. */
  asOf: Instant;
  /** Its end, then its start and those of the 26 periods before, latest first: 28 instants. */
  edges: readonly Instant[];
}

/** How many periods before its own a report prints. */
export const TRAILING = 8;
/** How many periods before its own a control chart looks back. */
export const LOOKBACK = 26;
const REPORT_HOUR = 6;

/** The report's own period. */
export function spanOf({ edges }: Pick<ReportPeriod, 'edges'>): Span {
  return { from: edges[1] ?? 0, to: edges[0] ?? 0 };
}

/** How many periods before the report's own an instant lies: 0 in its own, 26 at most; null if after it or before all. */
export function periodsBack({ edges }: Pick<ReportPeriod, 'edges'>, instant: Instant): number | null {
  if (instant >= (edges[0] ?? 0) || instant < (edges.at(-1) ?? 0)) return null;
  return edges.findIndex((edge) => instant >= edge) - 1;
}

/** Whether an instant lies in `[asOf - from, asOf - to)`, both in days of 24 hours. */
export function isWithinDays(instant: Instant, asOf: Instant, from: number, to = 0): boolean {
  return instant >= asOf - from * DAY_MS && instant < asOf - to * DAY_MS;
}

/**
 * The reports that fall due in (after, until], oldest first: at 06:00 in the organization's time zone, on Monday for the
 * ISO week before, on the first day of a month or quarter for the one before.
 */
export function reportPeriods(timeZone: string, after: Instant, until: Instant): ReportPeriod[] {
  const found: ReportPeriod[] = [];
  for (const date of localDates(after, until, timeZone)) {
    const asOf = date.toZonedDateTime({ timeZone, plainTime: { hour: REPORT_HOUR } }).epochMilliseconds;
    if (asOf <= after || asOf > until) continue;
    for (const kind of REPORT_KINDS.filter((each) => startsPeriod(each, date))) {
      found.push(periodBefore(kind, date, asOf, timeZone));
    }
  }
  return found;
}

/** The kind of period that a name such as 2026-W10 stands for. @throws Error if it isn't the name of a period */
export function kindOfPeriod(name: string): ReportKind {
  if (/^\d{4}-W\d{2}$/.test(name)) return 'weekly';
  if (/^\d{4}-Q[1-4]$/.test(name)) return 'quarterly';
  if (/^\d{4}-\d{2}$/.test(name)) return 'monthly';
  throw new Error('expected a period such as 2026-W10, 2026-03 or 2026-Q1');
}

const LENGTH: Record<ReportKind, { days: number } | { months: number }> = {
  weekly: { days: 7 },
  monthly: { months: 1 },
  quarterly: { months: 3 },
};

function startsPeriod(kind: ReportKind, date: Temporal.PlainDate): boolean {
  switch (kind) {
    case 'weekly':
      return date.dayOfWeek === 1;
    case 'monthly':
      return date.day === 1;
    case 'quarterly':
      return date.day === 1 && date.month % 3 === 1;
  }
}

/** The period that ends as `end` begins. Each edge is a local midnight: if clocks change, a week isn't 168 hours long. */
function periodBefore(kind: ReportKind, end: Temporal.PlainDate, asOf: Instant, timeZone: string): ReportPeriod {
  const dates = [end];
  // Months are counted back from the first day of one, so no date is ever cut to fit a shorter month.
  for (let back = 0; back <= LOOKBACK; back += 1) dates.push((dates.at(-1) ?? end).subtract(LENGTH[kind]));
  return {
    kind,
    name: nameOf(kind, dates[1] ?? end),
    previous: nameOf(kind, dates[2] ?? end),
    asOf,
    edges: dates.map((date) => startOfDate(date, timeZone)),
  };
}

function nameOf(kind: ReportKind, start: Temporal.PlainDate): string {
  switch (kind) {
    case 'weekly':
      return isoWeekOf(start);
    case 'monthly':
      return start.toPlainYearMonth().toString();
    case 'quarterly':
      return `${start.year}-Q${Math.ceil(start.month / 3)}`;
  }
}
