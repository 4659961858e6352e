import { Random } from '../../local/simulate/random.ts';
import { DEFAULT_UNTIL, simulate } from '../../local/simulate/simulate.ts';
import { type Config, directorySchema, policySchema } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { linesOf } from './agreement.ts';
import { oracleReportPeriods } from './report-periods.ts';
import { localDay, toInstant } from './time.ts';
import {
  type Arrival,
  additions,
  inOtherWords,
  type Sent,
  type Setting,
  timeOf,
  whatIsOwed,
} from './varied-stories.ts';

/**
 * Simulated organizations of about ten months for the comparison of reports, varied so that every figure has something
 * to say: events on the edges of windows, late arrivals, changed and withdrawn facts, a neglected week.
 */

export interface VariedOrganization {
  /** In the order of arrival, up to `until`. */
  arrivals: Arrival[];
  config: Config;
  until: Instant;
}

const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Australia/Sydney',
  'Asia/Kolkata',
  'America/St_Johns',
];
/** A stream of random numbers that the simulator doesn't draw from. */
const STREAM = 999;
/** Sizes of the windows that a report looks back on, in days (docs/domain.md#9-2). */
const WINDOWS = [28, 56, 60, 90, 180, 238];

/** The same seed gives the same organization. */
export function variedOrganization(seed: number): VariedOrganization {
  const random = new Random(seed, STREAM);
  const until = DEFAULT_UNTIL + random.int(-120, 310) * DAY_MS + random.int(0, 23) * HOUR_MS;
  const weeks = random.int(41, 52);
  const simulated = simulate({ referrals: 60, weeks, thin: 0.06, faults: 0.02, seed, until });
  const start = until - weeks * 7 * DAY_MS;
  const zone = random.pick(ZONES);
  const config = {
    policy: variedPolicy(simulated.policy, random, start + random.between(0.2, 0.9) * (until - start)),
    directory: variedDirectory(simulated.directory, zone),
  };
  const periods = oracleReportPeriods(config, start, until);
  const lastReport = periods.findLast(({ kind }) => kind === 'weekly')?.asOf ?? until;
  const edges = [
    ...periods.flatMap(({ from, to, asOf }) => [from, to, asOf]),
    ...WINDOWS.map((days) => lastReport - days * DAY_MS),
  ];
  const setting = { random, zone, lastReport, edges, thorough: random.chance(0.5) };
  const stories = Map.groupBy(readable(simulated.lines), ({ event }) => event.subject);
  const neglectedFrom = lastReport - random.int(1, 6) * 7 * DAY_MS;
  const arrivals = [...stories].flatMap(([subject, story]) =>
    subject.startsWith('R-') ? variedStory(neglected(story, neglectedFrom), setting) : story,
  );
  return {
    arrivals: arrivals.filter(({ arrivedAt }) => arrivedAt <= until).sort((a, b) => a.arrivedAt - b.arrivedAt),
    config,
    until,
  };
}

/** Lines that aren't JSON never reach a report of the oracle, so they are left out. */
function readable(lines: readonly string[]): Arrival[] {
  return linesOf(lines).flatMap(({ body, arrivedAt }) => {
    try {
      return [{ event: JSON.parse(body) as Sent, arrivedAt }];
    } catch {
      return [];
    }
  });
}

/** Two versions whose names sort differently by code point and by code unit; `acknowledge` for some specialties. */
function variedPolicy(policy: Config['policy'], random: Random, secondFrom: Instant): Config['policy'] {
  const days = (value: number) => ({ target: { value, unit: 'business_days' } });
  const versions = policy.versions.flatMap((first) => {
    const rules = [
      ...first.rules,
      { match: { specialty: ['cardiology', 'orthopedics', 'dermatology'] }, clocks: { acknowledge: days(5) } },
      { match: { payer: ['payer-a'], site: ['west'] }, clocks: { visit: days(15) } },
      { match: { tags: ['prior-authorization'] }, clocks: { reroute: { target: null } } },
    ];
    const stricter = { match: {}, clocks: { first_attempt: days(1) } };
    const second = {
      ...first,
      version: random.pick(['a', 'T', '\u{1F4C5}', '\uFF5E']),
      effectiveFrom: formatInstant(Math.floor(secondFrom)),
      rules: [...rules, stricter],
      pauseCaps: { awaiting_information: 4 },
      required: [{ match: { site: ['west', 'north'] }, fields: ['payer', 'tags'] }],
    };
    return [{ ...first, rules }, ...(random.chance(0.8) ? [second] : [])];
  });
  return policySchema.parse({ versions });
}

/** The organization moves to another zone; one site and one practice have no referrals. */
function variedDirectory(directory: Config['directory'], timeZone: string): Config['directory'] {
  return directorySchema.parse({
    ...directory,
    organization: { ...directory.organization, timeZone },
    sites: [
      ...directory.sites,
      { id: 'idle', name: 'Idle Clinic', timeZone: 'UTC', fallbackCoordinatorId: 'coordinator-1' },
    ],
    practices: [...directory.practices, { id: 'mute', name: 'Mute Practice', segment: 'dental', region: 'nowhere' }],
    feeds: [
      ...(directory.feeds ?? []).map((feed, index) => (index % 2 === 0 ? feed : { ...feed, eventsEveryHours: 24 })),
      { name: 'lab', expectedEveryHours: 24, eventsEveryHours: 48 },
    ],
  });
}

/** The same event at another time. It arrives as much later. */
function moved(arrival: Arrival, time: Instant): Arrival {
  const arrivedAt = arrival.arrivedAt + time - timeOf(arrival);
  return { arrivedAt, event: { ...arrival.event, time: formatInstant(time) } };
}

/** Nobody sees to a referral for twelve days if it was received in the seven days from an instant on. */
function neglected(story: Arrival[], from: Instant): Arrival[] {
  const receivedAt = Math.min(...story.map(timeOf));
  if (receivedAt < from || receivedAt >= from + 7 * DAY_MS) return story;
  return story.map((one) => (one.event.type === 'referral.received' ? one : moved(one, timeOf(one) + 12 * DAY_MS)));
}

function variedStory(story: Arrival[], setting: Setting): Arrival[] {
  const { random } = setting;
  const told = setting.thorough ? [...story, ...whatIsOwed(story)] : [...story];
  if (random.chance(0.4)) told.push(...additions(story, setting));
  told.sort((a, b) => timeOf(a) - timeOf(b));
  const shifted = told
    .map((one, index) => (random.chance(0.1) ? onAnEdge(one, told[index - 1], told[index + 1], setting) : one))
    .map((one) => (one.event.type === 'referral.received' ? withOrder(one, setting) : one))
    .map((one) => (random.chance(0.06) ? inOtherWords(one, random) : one))
    .map((one) => ({ ...one, arrivedAt: arrivalOf(one, setting) }));
  const again = shifted.filter(() => random.chance(0.03));
  const delay = () => random.pick([0, MINUTE_MS, 7 * DAY_MS]);
  return [...shifted, ...again.map((one) => ({ ...one, arrivedAt: one.arrivedAt + delay() }))];
}

/** Some messages come days or months late, some minutes before the time they state. */
function arrivalOf(arrival: Arrival, { random, lastReport }: Setting): Instant {
  if (random.chance(0.02) && timeOf(arrival) > lastReport - 60 * DAY_MS) return timeOf(arrival) - 9 * MINUTE_MS;
  return random.chance(0.04) ? arrival.arrivedAt + random.int(0, 90) * DAY_MS : arrival.arrivedAt;
}

/** Moves an event to an edge within four days, or to the millisecond before it, but not past its neighbours. */
function onAnEdge(one: Arrival, before: Arrival | undefined, after: Arrival | undefined, setting: Setting): Arrival {
  const earliest = Math.max(timeOf(one) - 4 * DAY_MS, before ? timeOf(before) + 1 : Number.NEGATIVE_INFINITY);
  const latest = Math.min(timeOf(one) + 4 * DAY_MS, after ? timeOf(after) : Number.POSITIVE_INFINITY);
  const near = setting.edges.filter((edge) => edge > earliest && edge < latest);
  return near.length === 0 ? one : moved(one, setting.random.pick(near) + setting.random.pick([0, 0, -1]));
}

/** When the visit was ordered: as a date, as an instant of any offset, or where a year begins or its orders end. */
function withOrder(receipt: Arrival, { random, zone }: Setting): Arrival {
  if (!random.chance(0.4)) return receipt;
  const { orderedAt, ...data } = receipt.event.data;
  const date = formatInstant(timeOf(receipt) - random.int(0, 12) * DAY_MS).slice(0, 10);
  const year = Number(date.slice(0, 4));
  const edge = random.pick([Date.UTC(year, 0, 1), Date.UTC(year, 10, 1)]);
  const order = random.pick([
    {},
    { orderedAt: date },
    { orderedAt: `${date}T${random.pick(['00:00:00-05:00', '23:30:00+09:00', '12:00:00Z'])}` },
    { orderedAt: formatInstant(toInstant(zone, localDay('UTC', edge), 0) - random.pick([0, 1])) },
  ]);
  return { ...receipt, event: { ...receipt.event, data: { ...data, ...order } } };
}
