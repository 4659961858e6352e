import type { Directory } from '../contracts/config.ts';
import { HOUR_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';
import { byCodePoint } from './code-point.ts';

/** When a feed was heard; null: never. */
export interface FeedTimes {
  /** When its last heartbeat was sent. */
  heartbeatAt: Instant | null;
  /** When its last event arrived, heartbeats aside. */
  lastEventAt: Instant | null;
  /** The types of the events that ever came from it. Absent: none is known. */
  types?: readonly string[];
}

/** A feed that the directory names, and how it stands. */
export interface FeedStanding {
  name: string;
  lastHeardAt: Instant | null;
  lastEventAt: Instant | null;
  /** What hasn't come for longer than the directory expects: anything, or events; null: it isn't quiet. */
  quiet: { lacks: 'anything' | 'events'; expectedEveryHours: number } | null;
  /** The types of the events that ever came from it, sorted. */
  types: string[];
}

/**
 * The feeds of "data quality" (docs/domain.md#figure-data-quality), in the directory's order.
 * @param heard by name; what was never heard may be absent
 * @param since a feed that was never heard has been quiet since then; null: for ever
 */
export function feedStandings(
  { feeds = [] }: Directory,
  heard: ReadonlyMap<string, FeedTimes>,
  asOf: Instant,
  since: Instant | null = null,
): FeedStanding[] {
  const isOlder = (at: Instant | null, hours: number): boolean =>
    asOf - (at ?? since ?? Number.NEGATIVE_INFINITY) > hours * HOUR_MS;
  return feeds.map(({ name, expectedEveryHours, eventsEveryHours }) => {
    const { heartbeatAt = null, lastEventAt = null, types = [] } = heard.get(name) ?? {};
    const lastHeardAt = heartbeatAt === null ? lastEventAt : Math.max(heartbeatAt, lastEventAt ?? heartbeatAt);
    const standing = { name, lastHeardAt, lastEventAt, types: types.toSorted(byCodePoint) };
    if (isOlder(lastHeardAt, expectedEveryHours)) {
      return { ...standing, quiet: { lacks: 'anything', expectedEveryHours } };
    }
    if (eventsEveryHours !== undefined && isOlder(lastEventAt, eventsEveryHours)) {
      return { ...standing, quiet: { lacks: 'events', expectedEveryHours: eventsEveryHours } };
    }
    return { ...standing, quiet: null };
  });
}
