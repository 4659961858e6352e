import type { Directory, Policy } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { arrivals } from './arrivals.ts';
import type { CloudEvent, Times } from './chronicle.ts';
import { DEFAULT_UNTIL } from './default-until.ts';
import { faults } from './faults.ts';
import { localTime } from './local-time.ts';
import { type Circumstances, directoryOf, policyOf } from './organization.ts';
import type { Likeness } from './profile.ts';
import { profileOf } from './profiles.ts';
import { Random } from './random.ts';
import { tellStory } from './story.ts';
import { delayReferral, heartbeats, isLost, orphans, practiceTraffic, repetitions } from './traffic.ts';
import { ORGANIZATION_ZONE } from './zone.ts';

export { DEFAULT_UNTIL } from './default-until.ts';

export interface SimulationOptions {
  /** Referrals received, spread evenly over the weeks; with `thin`, those of the last 8 weeks. */
  referrals: number;
  /** Weeks of 7 x 24 hours back from `until`. */
  weeks: number;
  seed: number;
  /** What the organization is like; without it as usual. */
  like?: Likeness | undefined;
  /** The end: nothing arrives after it. */
  until?: Instant;
  /** The rate of the weeks before the last 8, as a share of the rate of the last 8. */
  thin?: number;
  /** Refused lines as a share of the events; by default a few lines. */
  faults?: number;
}

export interface Simulation {
  /** Valid events in the order of arrival, some of them repeated. */
  events: CloudEvent[];
  /** The events as NDJSON lines in the order of arrival, with the refused ones among them. */
  lines: string[];
  directory: Directory;
  policy: Policy;
  until: Instant;
}

/**
 * Simulates an organization and what its systems send. The same options always give the same bytes. Rates follow the
 * last lines of docs/domain.md#sources: scheduled 61-65%, seen 51% within 90 days, no-shows 8-23%, notes 62-81%.
 */
export function simulate(options: SimulationOptions): Simulation {
  for (const name of ['referrals', 'weeks'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) throw new Error(`${name}: expected a positive integer`);
  }
  const until = options.until ?? DEFAULT_UNTIL;
  const profile = profileOf(options.like);
  const times: Times = { from: until - options.weeks * 7 * DAY_MS, until };
  const stream = (number: number) => new Random(options.seed, number);
  const referrals = arrivals({ ...options, until, profile }, stream(0));
  const deliveries = referrals.flatMap((referral) => {
    const random = stream(1000 + referral.number);
    const story = tellStory(referral, random, profile, until);
    delayReferral(story, random);
    return story;
  });
  deliveries.push(
    ...practiceTraffic(times, profile, stream(1)),
    // Only the last heartbeat of a feed is kept, so a thin history doesn't need a thousand of them.
    ...heartbeats(
      options.thin === undefined ? times : { ...times, from: Math.max(times.from, until - 70 * DAY_MS) },
      profile,
    ),
    ...orphans(referrals.length, profile, times, stream(2)),
  );
  const arrived = deliveries.filter((delivery) => delivery.arrival <= until && !isLost(delivery, until, profile));
  const repeated = repetitions(arrived, until, stream(3)).filter((delivery) => !isLost(delivery, until, profile));
  const sent = inOrder([...arrived, ...repeated]);
  const good = sent.map(({ arrival, event }) => ({ arrival, line: JSON.stringify(event) }));
  const refused = options.faults === undefined ? profile.refused : Math.round(options.faults * sent.length);
  return {
    events: sent.map(({ event }) => event),
    lines: inOrder([...good, ...faults(sent, refused, until, stream(4))]).map(({ line }) => line),
    directory: directoryOf(until, circumstancesOf(options, times, stream(5)), profile),
    policy: policyOf(),
    until,
  };
}

/**
 * One organization in four went live with half of the period behind it, and in one of four two deputies are away. Those
 * with a thin history have it behind them and are spared, so that the demo is the same for all seeds in this; and those
 * that are like something are spared, so that they are it for all seeds.
 */
function circumstancesOf({ thin, like }: SimulationOptions, { from, until }: Times, random: Random): Circumstances {
  const goesLive = random.chance(0.25);
  const deputiesAway = random.chance(0.25);
  if (thin !== undefined || like !== undefined) return {};
  const local = localTime(ORGANIZATION_ZONE);
  const liveFrom = local.at(local.day((from + until) / 2), 0);
  return { deputiesAway, ...(goesLive ? { liveFrom } : {}) };
}

const inOrder = <T extends { arrival: Instant }>(items: T[]): T[] => items.sort((a, b) => a.arrival - b.arrival);
