import { Temporal } from 'temporal-polyfill';
import type { Config } from '../../shared/contracts/config.ts';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { WEEKDAYS } from '../../shared/contracts/vocabulary.ts';
import type { CloudEvent } from '../simulate/chronicle.ts';
import { simulate } from '../simulate/simulate.ts';

export const EVENTS = 200;
/** Time to push the configuration before the digests are due: no digest is sent for a time before it. */
const AHEAD = HOUR_MS / 4;
const DIGEST_HOUR = 7;

export interface RehearsalData {
  config: Config;
  /** In order of arrival. Each has its own identity and is kept in a log. */
  events: CloudEvent[];
  /** When the digests of all recipients are due: a full hour, within 75 minutes. */
  digestAt: Instant;
}

/**
 * An organization in a time zone in which it is about to be 07:00, with all recipients in the same zone, working every
 * day, without holidays, and there, and the first 200 events of its last eight weeks. Later events are missing, so that clocks are breached by
 * now.
 */
export function rehearsalData(now: Instant, seed: number): RehearsalData {
  const digestAt = Math.ceil((now + AHEAD) / HOUR_MS) * HOUR_MS;
  const simulation = simulate({ referrals: 80, weeks: 8, seed, until: now });
  const timeZone = zoneWhereItIs(DIGEST_HOUR, digestAt);
  const people = simulation.directory.people.map(({ digestAt: _, holidaysOf: __, away: ___, ...person }) => ({
    ...person,
    timeZone,
    workdays: [...WEEKDAYS],
  }));
  const { liveFrom: _, ...rest } = simulation.directory.organization;
  const organization = { ...rest, timeZone };
  const config = { policy: simulation.policy, directory: { ...simulation.directory, organization, people } };
  // Left out: heartbeats, of which only the last is kept, and repeated events.
  const kept = simulation.events.filter(({ type }) => type !== 'feed.heartbeat');
  const events = [...new Map(kept.map((event) => [identityOf(event), event])).values()].slice(0, EVENTS);
  if (events.length < EVENTS) throw new Error(`the simulation made ${events.length} events, expected ${EVENTS}`);
  return { config, events, digestAt };
}

/** Source and id, which identify an event. */
export const identityOf = ({ source, id }: { source: string; id: string }): string => `${source} ${id}`;

/** A time zone, whole hours from UTC, in which it is a given hour at an instant. */
export function zoneWhereItIs(hour: number, instant: Instant): string {
  const utcHour = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('UTC').hour;
  const east = ((hour - utcHour + 12 + 24) % 24) - 12;
  // The sign is inverted in these names.
  return east === 0 ? 'Etc/GMT' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}
