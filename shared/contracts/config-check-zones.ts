import type { Report } from './config-findings.ts';
import type { ConfigFile, Path } from './config-problem.ts';
import { nearest } from './nearest.ts';
import { isTimeZone } from './time-zone.ts';

/** Regions that people mean by an abbreviation or by the first word of a long name. */
const REGIONS: Record<string, string> = {
  AKST: 'America/Anchorage',
  ALASKAN: 'America/Anchorage',
  AST: 'America/Puerto_Rico',
  ATLANTIC: 'America/Halifax',
  BST: 'Europe/London',
  CENTRAL: 'America/Chicago',
  CST: 'America/Chicago',
  EASTERN: 'America/New_York',
  EST: 'America/New_York',
  GMT: 'Europe/London',
  GREENWICH: 'Europe/London',
  HAWAIIAN: 'Pacific/Honolulu',
  HST: 'Pacific/Honolulu',
  IST: 'Asia/Kolkata',
  MOUNTAIN: 'America/Denver',
  MST: 'America/Denver',
  PACIFIC: 'America/Los_Angeles',
  PST: 'America/Los_Angeles',
};
const EXAMPLE = 'America/New_York';
/** How much of a city may be misspelled: there are four hundred, and some are short. */
const WRONG_SHARE = 0.2;
const MOST_REMEMBERED = 100;
/** No file has a zone deeper than that. */
const DEEPEST = 8;
/** Zones that exist and never change: `EST`, `GMT`, `Etc/GMT+5`, `+05:00`. `HST` is left out: Hawaii never does. */
const FIXED = /^(EST|MST|(Etc\/)?(GMT[+-]?\d*|Greenwich)|[+-]\d{2}(:?\d{2})?)$/i;

/** Arizona keeps mountain time all year. */
const MOUNTAIN = /^MST$/i;

/**
 * Reports each `timeZone` in a file that exists but knows no daylight saving time: nearly everywhere every deadline and
 * digest would be an hour off for half of the year. UTC is taken: whoever writes it means it.
 */
export function checkZones(file: ConfigFile, input: unknown, report: Report, path: Path = []): void {
  if (typeof input !== 'object' || input === null || path.length > DEEPEST) return;
  for (const [key, value] of Object.entries(input)) {
    const here = [...path, Array.isArray(input) ? Number(key) : key];
    if (key !== 'timeZone' || typeof value !== 'string') checkZones(file, value, report, here);
    else if (FIXED.test(value) && isTimeZone(value)) report(file, here, value, () => fixedZone(value));
  }
}

/** What is wrong with a time zone, in words. Null: nothing. */
export function complaintOfZone(zone: string): string | null {
  if (!isTimeZone(zone)) return `no such time zone; expected a region${regionLike(zone)}`;
  return FIXED.test(zone) ? fixedZone(zone) : null;
}

function fixedZone(zone: string): string {
  const meant = MOUNTAIN.test(zone)
    ? 'expected America/Phoenix if it keeps none, else America/Denver'
    : `expected a region${regionLike(zone)}, or UTC`;
  return `never has daylight saving time; ${meant}`;
}

/** ` such as America/Chicago`: the region that somebody probably meant, or an example of one. */
const regionLike = remembered((zone: string): string => {
  const cityOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const known = Intl.supportedValuesOf('timeZone');
  const city = nearest(cityOf(zone), known.map(cityOf), WRONG_SHARE);
  const region = known.find((each) => cityOf(each) === city);
  return ` such as ${named(zone.toUpperCase()) ?? region ?? EXAMPLE}`;
});

/** Remembers the latest answers: a zone mostly stands at everybody of a place, and each time is compared with all cities. */
function remembered(find: (zone: string) => string): (zone: string) => string {
  const known = new Map<string, string>();
  return (zone) => {
    const found = known.get(zone) ?? find(zone);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(zone, found);
    return found;
  };
}

/** `EST`, `EDT`, `ET`, `US Eastern`, `Eastern Standard Time`. */
function named(upper: string): string | undefined {
  const [, word = '', zone] = /^(?:US[ /])?(([A-Z]{1,2}?)[SD]?T|[A-Z]+)\b/.exec(upper) ?? [];
  return REGIONS[word] ?? REGIONS[`${zone}ST`];
}
