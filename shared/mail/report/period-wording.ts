import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { ReportKind } from '../../contracts/report.ts';
import { localDate } from '../../domain/time/local-date.ts';
import { formatDate } from '../format-time.ts';

const MONTH_LENGTH = 'Mar 2026'.length;
const YEAR_LENGTH = '2026'.length;

/** A period by its start: `the week of 12 Jan 2026`, `Jan 2026`, `Q1 2026`. */
export function periodOf(from: string, kind: ReportKind, config: Config): string {
  return kind === 'weekly' ? `the week of ${shortPeriod(from, kind, config)}` : shortPeriod(from, kind, config);
}

/** `12 Jan 2026`, `Jan 2026`, `Q1 2026`. */
export function shortPeriod(from: string, kind: ReportKind, { directory }: Config): string {
  const { timeZone } = directory.organization;
  const start = parseInstant(from) ?? 0;
  const day = formatDate(start, timeZone).replace(/^\S+ /, '');
  switch (kind) {
    case 'weekly':
      return day;
    case 'monthly':
      return day.slice(-MONTH_LENGTH);
    case 'quarterly': {
      const { year, month } = localDate(start, timeZone);
      return `Q${Math.ceil(month / 3)} ${year}`;
    }
  }
}

/** `5 Jan to 2 Mar 2026`: the year once if it is the same. */
export function periodsOf(first: string, last: string, kind: ReportKind, config: Config): string {
  const [from, to] = [shortPeriod(first, kind, config), shortPeriod(last, kind, config)];
  const year = to.slice(-YEAR_LENGTH);
  return `${from.endsWith(year) ? from.slice(0, -YEAR_LENGTH).trimEnd() : from} to ${to}`;
}
