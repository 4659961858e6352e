import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../shared/contracts/instant.ts';
import { localDate } from '../../shared/domain/time/local-date.ts';
import { readDirectory } from './config.ts';
import { withHolidays } from './edit-holidays.ts';
import { type CalendarOptions, type Holiday, holidaysIn, type LeftOut } from './holidays-in-calendar.ts';
import type { Print } from './print.ts';

export interface HolidaysOptions {
  site: string;
  config: string;
  from?: string;
  until?: string;
  only?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** What the command prints. */
interface Outcome {
  file: string;
  site: string;
  from: string;
  until: string;
  added: Holiday[];
  leftOut: LeftOut[];
  /** How many days of the calendar were in the list already. */
  known: number;
  dryRun: boolean;
}

/**
 * `loopwatch config holidays FILE --site S`: adds the days of an iCalendar file to a site's holidays in `directory.json`
 * and prints what it added, a line each, or as one JSON object. Without dates it looks at this calendar year and the next.
 * Throws, and changes nothing, if either file can't be read or the directory doesn't have the site.
 */
export async function addHolidays(
  file: string,
  options: HolidaysOptions,
  { now, print }: { now: Instant; print: Print },
): Promise<void> {
  const path = join(options.config, 'directory.json');
  const { text, sites } = await readDirectory(options.config);
  const index = sites.findIndex(({ id }) => id === options.site);
  const site = sites[index];
  if (!site) {
    const known = sites.map(({ id }) => id).join(', ');
    throw new Error(`${path}: no site ${options.site}; expected one of ${known}`);
  }
  const { year } = localDate(now, site.timeZone);
  const range = { from: options.from ?? `${year}-01-01`, until: options.until ?? `${year + 1}-12-31` };
  const { timeZone } = site;
  const found = calendarDays(file, await readText(file), { ...range, timeZone, ...only(options) });
  const known = new Set(site.holidays ?? []);
  const added = found.holidays.filter(({ date }) => !known.has(date));
  if (added.length > 0 && !options.dryRun) {
    const all = [...new Set([...known, ...added.map(({ date }) => date)])].toSorted();
    await writeFile(path, withHolidays(text, index, all));
  }
  const outcome: Outcome = {
    ...{ file: path, site: site.id, ...range, added, leftOut: found.leftOut, dryRun: options.dryRun ?? false },
    known: found.holidays.length - added.length,
  };
  if (options.json) print(JSON.stringify(outcome));
  else for (const line of linesOf(outcome)) print(line);
}

const only = ({ only: text }: HolidaysOptions) => (text === undefined ? {} : { only: text });

function calendarDays(file: string, text: string, options: CalendarOptions) {
  try {
    return holidaysIn(text, options);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Error(`${file}: ${missing ? 'no such file' : `can't be read: ${(error as Error).message}`}`);
  }
}

function linesOf({ file, site, from, until, added, known, leftOut, dryRun }: Outcome): string[] {
  const verb = dryRun ? 'would be added' : 'added';
  const holidays = (count: number) => `${count === 0 ? 'no' : count} ${count === 1 ? 'holiday' : 'holidays'}`;
  return [
    ...added.map(({ date, name }) => `${dryRun ? 'would add' : 'added'}  ${dayText(date)}  ${name}`),
    ...leftOut.map(({ date, name, why }) => `left out  ${dayText(date)}  ${name}: ${why}`),
    `${file}: ${holidays(added.length)} from ${from} to ${until} ${verb} to ${site}, ${known} known already`,
  ];
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayText = (date: string): string => `${date} ${DAYS[Temporal.PlainDate.from(date).dayOfWeek - 1]}`;
