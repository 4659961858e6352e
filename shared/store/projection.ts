import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../contracts/config.ts';
import { MINUTE_MS } from '../contracts/duration.ts';
import type { EventType } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { ReferralState } from '../contracts/state.ts';
import { nextWake, sameAlerts } from '../domain/alert/wake-up.ts';
import { sameContent } from '../domain/referral/content.ts';
import { identityOf } from '../domain/referral/event-order.ts';
import { foldReferral } from '../domain/referral/fold.ts';
import type { Backoff } from '../platform/backoff.ts';
import { NOT_LISTED } from './alert-record.ts';
import { retryOnConflict } from './conditional-write.ts';
import { foldLog, lastArrival } from './fold-log.ts';
import type { LoggedEvent, ReferralStore, StoredReferral } from './referral-store.ts';

/** Most events of one referral, with retractions and alert events; more are refused. */
const MAX_EVENTS = 2_000;
/** Room for what ends a referral, opens it again or takes a fact back: without it the referral would stay wrong. */
const MAX_WITH_LAST_WORDS = 2_100;
const LAST_WORDS: readonly EventType[] = [
  'referral.closed',
  'referral.cancelled',
  'referral.voided',
  'referral.reopened',
  'event.retracted',
];

/** `unmatched`: its referral was closed so long ago that it is being removed. */
export type Refused = { logged: LoggedEvent; reason: 'id_reused' | 'limit' | 'unmatched' };

/** By how much the `now` of workers at once differs at most. A wake-up so near may be that of another, who saw something. */
const WORKERS_DIFFER_MS = 2 * MINUTE_MS;

/** An event that is in the log now, and what the log has of it: the first to arrive. */
export interface Taken {
  incoming: LoggedEvent;
  kept: LoggedEvent;
}

export interface Projected {
  added: number;
  duplicates: number;
  refused: Refused[];
  /** All that wasn't refused, new or repeated. */
  taken: Taken[];
}

interface Deps {
  store: ReferralStore;
  config: Config;
  /** The configuration's version. */
  version: string;
  /** Asked once a referral was read: detection may have been there while it was waited for. */
  now: () => Instant;
  /** Waits before the next attempt. */
  backoff: Backoff;
}

/**
 * Takes events into a referral's log and brings its projection up to date: one read, one write for each new event, and
 * one for the projection. The whole log is always folded, so that events of a worker that died between log and
 * projection are found. If the projection is already what the log says, nothing is written.
 *
 * The projection is written on condition of the version that was read before the log's new events were put. A worker
 * that loses that race reads again, and finds the winner's events in the log.
 * @param incoming new or repeated events of this referral; none: only bring the projection up to date
 * @throws ConflictError after too many lost races; nothing is lost, the events may be in the log already
 */
export function project(
  referralId: string,
  incoming: readonly LoggedEvent[],
  { store, config, version, now, backoff }: Deps,
): Promise<Projected> {
  const added = new Set<string>();
  const projected = (taken: Taken[], refused: Refused[]): Projected => ({
    added: added.size,
    duplicates: incoming.length - added.size - refused.length,
    refused,
    taken,
  });
  return retryOnConflict('a projection', backoff, async () => {
    const { stored, log } = await store.loadLog(referralId);
    const retired = isRetired(stored, log);
    const sorted = sortIncoming(incoming, log, retired);
    if (retired) return projected(sorted.taken, sorted.refused);
    const puts = await Promise.all(sorted.fresh.map((logged) => store.append(logged)));
    sorted.fresh.forEach((logged, index) => {
      if (puts[index] === 'written') added.add(identityOf(logged.event));
    });
    // Somebody put an event with the same identity meanwhile: what it says has to be read.
    if (puts.includes('conflict')) return 'conflict';
    const next = projection(referralId, stored, [...log, ...sorted.fresh], { config, version, now: now() });
    const written = next === null ? 'written' : await store.save(next, stored?.version ?? null);
    return written === 'conflict' ? 'conflict' : projected(sorted.taken, sorted.refused);
  });
}

/**
 * Whether a referral takes no more events. It still does if an event reached it just before it was retired, or if its
 * projection still waits for such an event: writing the projection takes the retirement back.
 */
function isRetired(stored: StoredReferral | null, log: readonly LoggedEvent[]): boolean {
  return stored?.retiredAt !== undefined && log.length <= stored.state.logged;
}

/** Which of the incoming events are new, and which can't be taken; the first of an identity to arrive stays. */
function sortIncoming(
  incoming: readonly LoggedEvent[],
  log: readonly LoggedEvent[],
  retired: boolean,
): { fresh: LoggedEvent[]; taken: Taken[]; refused: Refused[] } {
  const known = new Map(log.map((logged) => [identityOf(logged.event), logged]));
  const fresh: LoggedEvent[] = [];
  const taken: Taken[] = [];
  const refused: Refused[] = [];
  for (const logged of incoming) {
    const identity = identityOf(logged.event);
    const kept = known.get(identity);
    const reason = kept ? refusalOfRepeated(logged, kept) : refusalOfNew(logged, known.size, retired);
    if (reason !== null) {
      refused.push({ logged, reason });
      continue;
    }
    taken.push({ incoming: logged, kept: kept ?? logged });
    if (kept) continue;
    known.set(identity, logged);
    fresh.push(logged);
  }
  return { fresh, taken, refused };
}

function refusalOfRepeated(logged: LoggedEvent, kept: LoggedEvent): Refused['reason'] | null {
  return sameContent(kept, logged) ? null : 'id_reused';
}

function refusalOfNew({ event }: LoggedEvent, known: number, retired: boolean): Refused['reason'] | null {
  if (retired) return 'unmatched';
  return known >= (LAST_WORDS.includes(event.type) ? MAX_WITH_LAST_WORDS : MAX_EVENTS) ? 'limit' : null;
}

/** Under which configuration, and when, a referral is looked at. */
type Moment = Pick<Deps, 'config' | 'version'> & { now: Instant };

/** What to store. Null: it is stored already. */
function projection(
  referralId: string,
  stored: StoredReferral | null,
  log: readonly LoggedEvent[],
  { config, version, now }: Moment,
): StoredReferral | null {
  const before = stored?.state ?? foldReferral(referralId, [], config);
  const state = foldLog(referralId, log, config);
  if (stored !== null && stored.config === version && isStored(state, stored)) return null;
  return {
    state,
    // Found when they were found: new facts change no alert before detection has looked at them.
    alerts: stored?.alerts ?? null,
    listed: stored?.listed ?? NOT_LISTED,
    config: version,
    version: (stored?.version ?? 0) + 1,
    arrivedAt: lastArrival(log),
    wakeAt: wakeFor(stored, before, state, { config, version, now }),
  };
}

/** Whether a state is what is stored, in whatever order its keys were written. */
function isStored(state: ReferralState, stored: StoredReferral): boolean {
  // Through JSON, as the stored one went: it drops keys that are undefined.
  return isDeepStrictEqual(stored.state, JSON.parse(JSON.stringify(state)));
}

/**
 * Due at once if detection would write other alerts than it has, or was due already; else at the next instant at which it
 * may. A wake-up that is very near stays if it is earlier: another worker may have set it, for what it saw.
 */
function wakeFor(
  stored: StoredReferral | null,
  before: ReferralState,
  after: ReferralState,
  { config, version, now }: Moment,
): Instant | null {
  const known = stored?.wakeAt ?? null;
  if (known !== null && known <= now) return known;
  // Under another configuration people and calendars may be others, whatever the facts changed.
  if (stored !== null && stored.config !== version) return now;
  if (!sameAlerts(before, after, config, now)) return now;
  // Closed since, and nothing lies ahead: detection knows when its owners' lists can let it go.
  const next = nextWake(after, config, now) ?? (stored?.listed.owned ? now : null);
  return known !== null && known <= now + WORKERS_DIFFER_MS ? Math.min(known, next ?? known) : next;
}
