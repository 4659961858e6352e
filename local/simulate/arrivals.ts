import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Priority } from '../../shared/contracts/vocabulary.ts';
import type { Referral } from './chronicle.ts';
import { isHoliday } from './holidays.ts';
import { localTime, weekday } from './local-time.ts';
import { SPECIALTIES, type Specialty, UNKNOWN_SITE } from './organization.ts';
import { STORIES, UNKNOWN_PRACTICE } from './practices.ts';
import type { Profile, SitePlan } from './profile.ts';
import type { Random } from './random.ts';
import { ORGANIZATION_ZONE } from './zone.ts';

const WEEK = 7 * DAY_MS;
/** The latest weeks, which `thin` leaves at the full rate. */
const RECENT_WEEKS = 8;
/** The largest share of a week's referrals that practices with a story send, so that a small simulation stays mixed. */
const STORY_SHARE = 0.3;

export interface ArrivalOptions {
  referrals: number;
  weeks: number;
  until: Instant;
  thin?: number;
  profile: Profile;
}

/** The referrals of the last `weeks` before `until`, in order of receipt. */
export function arrivals(options: ArrivalOptions, random: Random): Referral[] {
  const quotas = weeklyQuotas(options);
  const from = options.until - options.weeks * WEEK;
  const special = storyArrivals(options, random);
  const received: { receivedAt: Instant; practiceId: string }[] = [];
  for (const [week, quota] of quotas.entries()) {
    const start = from + week * WEEK;
    const end = start + WEEK;
    const due = special.filter(({ receivedAt }) => receivedAt >= start && receivedAt < end);
    const thinned = options.thin !== undefined && options.weeks - week > RECENT_WEEKS;
    const kept = thinned ? due : due.slice(0, Math.ceil(quota * STORY_SHARE));
    received.push(...kept);
    for (let rest = quota - kept.length; rest > 0; rest -= 1) {
      received.push({
        receivedAt: arrivalIn(start, end, ORGANIZATION_ZONE, random),
        practiceId: steadyPractice(options.profile, random),
      });
    }
  }
  return received
    .map((each) => describe(each, options, random))
    .sort((a, b) => a.receivedAt - b.receivedAt)
    .map(number);
}

/** The number of referrals of each week, oldest first. It is constant, or with `thin` lower before the last 8 weeks. */
export function weeklyQuotas({ referrals, weeks, thin }: Omit<ArrivalOptions, 'profile'>): number[] {
  const weight = (week: number) => (thin === undefined || weeks - week <= RECENT_WEEKS ? 1 : thin);
  const full = thin === undefined ? weeks : Math.min(weeks, RECENT_WEEKS);
  let asked = 0;
  let given = 0;
  return Array.from({ length: weeks }, (_, week) => {
    // Counted backward from the newest week, so that the recent weeks add up to the number asked for.
    asked += (weight(weeks - 1 - week) * referrals) / full;
    const quota = Math.round(asked) - given;
    given += quota;
    return quota;
  }).reverse();
}

/** When the practices with a story send. The weekly report has to find their weeks of silence. */
function storyArrivals({ weeks, until, profile }: ArrivalOptions, random: Random) {
  const from = until - weeks * WEEK;
  const spread = (practiceId: string, count: number, start: Instant, end: Instant) =>
    start >= from && end > start && profile.practices.some(({ id }) => id === practiceId)
      ? Array.from({ length: count }, () => ({
          receivedAt: arrivalIn(start, end, ORGANIZATION_ZONE, random),
          practiceId,
        }))
      : [];
  const since = (days: number) => Math.max(from, until - days * DAY_MS);
  const monday = mondayBefore(until);
  return [
    // 36 in half a year, then one every four weeks.
    ...spread(STORIES.declining, 36, since(64 + 180), until - 64 * DAY_MS),
    ...spread(STORIES.declining, 1, until - 50 * DAY_MS, until - 37 * DAY_MS),
    ...spread(STORIES.declining, 1, until - 24 * DAY_MS, until - 10 * DAY_MS),
    ...spread(STORIES.inactive, 9, since(68 + 60), until - 68 * DAY_MS),
    ...spread(STORIES.reactivated, 9, since(75 + 60), until - 75 * DAY_MS),
    ...spread(STORIES.reactivated, 1, monday - 5 * DAY_MS, monday - 3 * DAY_MS),
    ...spread(STORIES.fresh, 3, monday - 7 * DAY_MS, monday),
  ].sort((a, b) => a.receivedAt - b.receivedAt);
}

/** The last Monday, 00:00 in the organization's time zone, at or before `until`. */
function mondayBefore(until: Instant): Instant {
  const local = localTime(ORGANIZATION_ZONE);
  const today = local.day(until);
  return local.at(today - ((weekday(today) + 6) % 7), 0);
}

const BY_WEEKDAY = [0.04, 1, 0.96, 0.9, 0.87, 0.78, 0.07];

/** An instant in [start, end), mostly in office hours, most in the middle of the morning. */
function arrivalIn(start: Instant, end: Instant, zone: string, random: Random): Instant {
  const local = localTime(zone);
  const first = local.day(start);
  const last = local.day(end - 1);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const day = random.int(first, last);
    if (!random.chance(BY_WEEKDAY[isHoliday(day) ? 0 : weekday(day)] ?? 0)) continue;
    const office = 8 * 60 + ((random.next() + random.next()) / 2) * 9.5 * 60 - 30;
    const instant = local.at(day, Math.floor(random.chance(0.94) ? office : random.between(0, 1440)));
    const seconds = random.int(0, 59) * 1000;
    if (instant + seconds >= start && instant + seconds < end) return instant + seconds;
  }
  return start + Math.floor(random.next() * (end - start));
}

/** Chooses a practice: a few send many referrals, most send few. */
function steadyPractice({ practices, ways }: Profile, random: Random): string {
  if (random.chance(0.004 * ways.lapses)) return UNKNOWN_PRACTICE;
  const steady = practices.filter(({ id }) => !Object.values<string>(STORIES).includes(id));
  return random.weighted(Object.fromEntries(steady.map(({ id }, index) => [id, 1 / (3 + index)])));
}

function describe(
  { receivedAt, practiceId }: { receivedAt: Instant; practiceId: string },
  { until, profile: { sites, ways, priorities } }: ArrivalOptions,
  random: Random,
): Omit<Referral, 'id' | 'number'> {
  const shares = Object.fromEntries(sites.map(({ id, share }) => [id, share]));
  const siteId = random.weighted(shares);
  const site: SitePlan = random.chance(0.005 * ways.lapses)
    ? UNKNOWN_SITE
    : (sites.find(({ id }) => id === siteId) as SitePlan);
  const specialties = Object.entries(SPECIALTIES).map(([id, { share }]) => [id, share]);
  return {
    // So far in the organization's local time; now at the same local time of the site.
    receivedAt: Math.min(until - 1000, receivedAt + zoneShift(site.zone, receivedAt)),
    practiceId,
    site,
    specialty: random.weighted(Object.fromEntries(specialties) as Record<Specialty, number>),
    priority: random.weighted<Priority>(priorities),
  };
}

/** How much later the same local time is in `zone`, in milliseconds. */
function zoneShift(zone: string, instant: Instant): number {
  const home = localTime(ORGANIZATION_ZONE);
  return localTime(zone).at(home.day(instant), home.minute(instant)) - home.at(home.day(instant), home.minute(instant));
}

function number(referral: Omit<Referral, 'id' | 'number'>, index: number): Referral {
  return { ...referral, number: index + 1, id: `R-${String(index + 1).padStart(6, '0')}` };
}
