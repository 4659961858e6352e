import type { Directory, Elapsed, Hours, Match, Policy, PolicyVersion, Target } from './config.ts';
import type { Findings, Report } from './config-findings.ts';
import { type ConfigFile, type Path, spanOf } from './config-problem.ts';
import { isInYears, parseInstant } from './instant.ts';

/**
 * What nobody means: two years and more for one promise. A problem is only what takes so long to work out that every fold
 * would wait for it: days and business hours, which are looked through one by one. Of the rest a warning is given, so that
 * a stage can push what it has. The schemas allow more, because they read what is stored.
 */
const MOST_TARGET: Record<Target['unit'], number> = {
  hours: 10_000,
  business_hours: 4_000,
  business_days: 500,
  calendar_days: 730,
};
const MOST_DAYS = 730;
/** Business days of silence, days of a snooze or since an attempt. */
const YEAR_OF_DAYS = 366;
const MOST_LEAD_HOURS = 200;
const MOST_ATTEMPTS = 100;
const MOST_FEED_HOURS = 10_000;
const MOST_SPANS = 24;
/** A holiday on every day of ten years. */
const MOST_HOLIDAYS = 3_660;
/** A target in business hours is looked for week by week: this many weeks take some 30 ms for one clock. */
const MOST_WEEKS = 520;

/** Checks that the figures of a policy are such as somebody could mean. */
export function checkPolicyLimits({ versions }: Policy, findings: Findings): void {
  for (const [index, version] of versions.entries()) {
    const path = ['versions', index];
    checkStart(version.effectiveFrom, 'policy.json', [...path, 'effectiveFrom'], findings);
    checkClockLimits(version, path, findings);
    checkDayLimits(version, path, findings);
  }
}

function checkClockLimits(
  { rules, attendanceUnknownAfter, urgentLead }: PolicyVersion,
  path: Path,
  findings: Findings,
) {
  for (const [position, { clocks }] of rules.entries()) {
    for (const [kind, clock] of Object.entries(clocks)) {
      const at = [...path, 'rules', position, 'clocks', kind];
      if (clock.target) atMostTarget(clock.target, [...at, 'target'], findings.problem);
      if (clock.warnBefore) atMostTarget(clock.warnBefore, [...at, 'warnBefore'], findings.warning);
      if (clock.escalateAfter) atMostTarget(clock.escalateAfter, [...at, 'escalateAfter'], findings.warning);
    }
  }
  atMostTarget(attendanceUnknownAfter, [...path, 'attendanceUnknownAfter'], findings.problem);
  const isSlow = urgentLead.value > MOST_TARGET.business_hours;
  atMost(urgentLead.value, MOST_LEAD_HOURS, [...path, 'urgentLead', 'value'], findings[isSlow ? 'problem' : 'warning']);
}

function checkDayLimits(
  { silence, pauseCaps, snoozeCapDays, attempts }: PolicyVersion,
  path: Path,
  findings: Findings,
) {
  for (const [priority, days] of Object.entries(silence))
    atMost(days, YEAR_OF_DAYS, [...path, 'silence', priority], findings.problem);
  for (const [reason, days] of Object.entries(pauseCaps))
    atMost(days, MOST_DAYS, [...path, 'pauseCaps', reason], findings.warning);
  atMost(snoozeCapDays, YEAR_OF_DAYS, [...path, 'snoozeCapDays'], findings.warning);
  for (const [field, value] of Object.entries(attempts)) {
    const most = field === 'quietDays' ? YEAR_OF_DAYS : MOST_ATTEMPTS;
    atMost(value, most, [...path, 'attempts', field], findings.warning);
  }
}

/** Checks lists and figures of a directory likewise. */
export function checkDirectoryLimits({ organization, sites, people, feeds = [] }: Directory, findings: Findings): void {
  if (organization.liveFrom !== undefined) {
    checkStart(organization.liveFrom, 'directory.json', ['organization', 'liveFrom'], findings);
  }
  for (const [index, { holidays = [], hours = {} }] of sites.entries()) {
    checkHolidays(holidays, ['sites', index, 'holidays'], findings);
    checkSpans(hours, ['sites', index, 'hours'], findings);
  }
  for (const [index, { away = [] }] of people.entries()) {
    for (const [position, { from }] of away.entries()) {
      // It may end in 9999: an absence without an end that is known.
      if (isLate(from)) findings.warning('directory.json', ['people', index, 'away', position, 'from'], from, LATE);
    }
  }
  for (const [index, feed] of feeds.entries()) checkFeed(feed, ['feeds', index], findings);
}

type Feed = NonNullable<Directory['feeds']>[number];

function checkFeed(feed: Feed, path: Path, { warning }: Findings): void {
  for (const field of ['expectedEveryHours', 'eventsEveryHours'] as const) {
    const value = feed[field];
    if (value === undefined || value <= MOST_FEED_HOURS) continue;
    warning('directory.json', [...path, field], value, `expected at most ${MOST_FEED_HOURS} hours`);
  }
}

function checkSpans(hours: Hours, path: Path, { problem }: Findings): void {
  for (const [day, spans] of Object.entries(hours)) {
    if (spans.length <= MOST_SPANS) continue;
    problem('directory.json', [...path, day], spans.length, `expected at most ${MOST_SPANS} spans a day`);
  }
}

function checkHolidays(holidays: readonly string[], path: Path, findings: Findings): void {
  if (holidays.length > MOST_HOLIDAYS) {
    findings.problem('directory.json', path, holidays.length, `expected at most ${MOST_HOLIDAYS} dates`);
  }
  const first = new Map<string, number>();
  for (const [index, date] of holidays.entries()) {
    const earlier = first.get(date);
    if (earlier !== undefined) {
      findings.warning('directory.json', [...path, index], date, `is listed twice: holidays[${earlier}] has it too`);
    } else first.set(date, index);
    if (!isInYears(date)) {
      findings.warning('directory.json', [...path, index], date, 'expected a year from 2000 to 2100');
    }
  }
}

/** A target in business hours at a site that is hardly ever open: every fold would look through decades for its due. */
export function checkReachable({ versions }: Policy, { sites }: Directory, { problem }: Findings): void {
  const open = new Map(sites.flatMap(({ id, hours }) => (hours ? [[id, weeklyHours(hours)] as const] : [])));
  const leastOfAll = leastOpen(open.keys(), open);
  for (const [index, version] of versions.entries()) {
    for (const { path, match, value } of inBusinessHours(version)) {
      const least = match.site === undefined ? leastOfAll : leastOpen(match.site, open);
      if (least === null || value <= least.weekly * MOST_WEEKS) continue;
      const message = `would take over ten years at ${least.id}, which is open ${least.weekly.toFixed(1)} hours a week`;
      problem('policy.json', ['versions', index, ...path], value, message);
    }
  }
}

/** The targets in business hours, with the match of their rule. */
function inBusinessHours({ rules }: PolicyVersion): { path: Path; match: Match; value: number }[] {
  return rules.flatMap(({ match, clocks }, position) =>
    Object.entries(clocks).flatMap(([kind, { target }]) => {
      const path = ['rules', position, 'clocks', kind, 'target', 'value'];
      return target?.unit === 'business_hours' ? [{ path, match, value: target.value }] : [];
    }),
  );
}

/** @param ids the sites whose referrals a rule may match. Null: none of them has hours of its own */
function leastOpen(ids: Iterable<string>, open: ReadonlyMap<string, number>): { id: string; weekly: number } | null {
  let least: { id: string; weekly: number } | null = null;
  for (const id of ids) {
    const weekly = open.get(id);
    if (weekly !== undefined && (least === null || weekly < least.weekly)) least = { id, weekly };
  }
  return least;
}

function weeklyHours(hours: Hours): number {
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const spans = Object.values(hours).flatMap((day) =>
    typeof day[0] === 'string' ? [day as [string, string]] : (day as [string, string][]),
  );
  return spans.reduce((sum, [opens, closes]) => sum + minutes(closes) - minutes(opens), 0) / 60;
}

function atMostTarget({ value, unit }: Target | Elapsed, path: Path, report: Report): void {
  const most = MOST_TARGET[unit];
  if (value > most)
    report('policy.json', [...path, 'value'], value, `expected at most ${spanOf({ value: most, unit })}`);
}

function atMost(value: number, most: number, path: Path, report: Report): void {
  if (value > most) report('policy.json', path, value, `expected a number of at most ${most}`);
}

const LATE = 'expected a year up to 2100: nobody will see it begin';
/** Years beyond 9999 begin with a sign. */
const isLate = (normalised: string): boolean => normalised >= '2101' || normalised.startsWith('+');

/** An instant from which something counts. One long ago says that it always did; one that can't be read back is none. */
function checkStart(value: string, file: ConfigFile, path: Path, { problem, warning }: Findings): void {
  if (parseInstant(value) === null) problem(file, path, value, 'expected a year from 0000 to 9999 in UTC');
  else if (isLate(value)) warning(file, path, value, LATE);
}
