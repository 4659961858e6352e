import { Temporal } from 'temporal-polyfill';
import type { Config } from '../../shared/contracts/config.ts';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { WEEKDAYS } from '../../shared/contracts/vocabulary.ts';
import type { CloudEvent } from '../simulate/chronicle.ts';
import { simulate } from '../simulate/simulate.ts';

export const EVENTS = 200;
/** Between now and the digest the configuration has to be pushed: nothing is owed for what was before. */
const AHEAD = HOUR_MS / 4;
const DIGEST_HOUR = 7;

export interface RehearsalData {
  config: Config;
  /** Each with an identity of its own, and kept in a log; in the order of arrival. */
  events: CloudEvent[];
  /** When every recipient's digest is due: a full hour, within 75 minutes. */
  digestAt: Instant;
}

/**
 * An organisation that lies, and whose recipients all live, where it is about to be 07:00, every day a working day, and
 * the first 200 events of its last eight weeks: all that came after is missing, so that clocks are breached as of now.
 */
export function rehearsalData(now: Instant, seed: number): RehearsalData {
  const digestAt = Math.ceil((now + AHEAD) / HOUR_MS) * HOUR_MS;
  const simulation = simulate({ referrals: 80, weeks: 8, seed, until: now });
  const timeZone = zoneWhereItIs(DIGEST_HOUR, digestAt);
  const people = simulation.directory.people.map((person) => ({ ...person, timeZone, workdays: [...WEEKDAYS] }));
  const organization = { ...simulation.directory.organization, timeZone };
  const config = { policy: simulation.policy, directory: { ...simulation.directory, organization, people } };
  // Of a heartbeat only the last is kept, and a repeated event is one.
  const kept = simulation.events.filter(({ type }) => type !== 'feed.heartbeat');
  const events = [...new Map(kept.map((event) => [identityOf(event), event])).values()].slice(0, EVENTS);
  if (events.length < EVENTS) throw new Error(`the simulation made ${events.length} events, expected ${EVENTS}`);
  return { config, events, digestAt };
}

/** What makes an event one and the same. */
export const identityOf = ({ source, id }: { source: string; id: string }): string => `${source} ${id}`;

/** A time zone of whole hours in which an instant is at an hour of the day. */
export function zoneWhereItIs(hour: number, instant: Instant): string {
  const utcHour = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('UTC').hour;
  const east = ((hour - utcHour + 12 + 24) % 24) - 12;
  // In these names the sign is the other way round.
  return east === 0 ? 'Etc/GMT' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}
