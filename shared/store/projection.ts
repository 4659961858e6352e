import type { Config } from '../contracts/config.ts';
import type { Instant } from '../contracts/instant.ts';
import type { ReferralState } from '../contracts/state.ts';
import { nextWake, sameAlerts } from '../domain/alert/wake-up.ts';
import { identityOf, sameContent } from '../domain/referral/event-order.ts';
import { foldReferral } from '../domain/referral/fold.ts';
import type { LoggedEvent, ReferralStore, StoredState } from './referral-store.ts';

/** Events of one referral, retractions and alert events included; more are refused. */
export const MAX_EVENTS = 2_000;
const MAX_ATTEMPTS = 8;

/** `unmatched`: its referral was closed so long ago that it is being removed. */
export type Refused = { logged: LoggedEvent; reason: 'id_reused' | 'limit' | 'unmatched' };

export interface Projected {
  added: number;
  duplicates: number;
  refused: Refused[];
}

/** Too many others wrote to the same referral at once; the message goes back to the queue. */
export class ProjectionConflictError extends Error {
  override readonly name = 'ProjectionConflictError';
}

interface Deps {
  store: ReferralStore;
  config: Config;
  now: Instant;
  /** Waits before the next attempt. */
  backoff: (attempt: number) => Promise<void>;
}

/**
 * Takes events into a referral's log and brings its projection up to date: one read, one write for each new event, and
 * one for the projection. The whole log is folded, always, so that events of a worker that died between log and
 * projection are found; where the projection is already what the log says, nothing is written.
 *
 * The projection is written on condition of the version that was read before the log's new events were put. Whoever
 * loses that race reads again, and finds the winner's events in the log.
 * @param incoming new or repeated events of this referral; none: only bring the projection up to date
 * @throws ProjectionConflictError after too many lost races; nothing is lost, the events may be in the log already
 */
export async function project(
  referralId: string,
  incoming: readonly LoggedEvent[],
  { store, config, now, backoff }: Deps,
): Promise<Projected> {
  const added = new Set<string>();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await backoff(attempt);
    const { stored, log } = await store.loadLog(referralId);
    const sorted = sortIncoming(incoming, log);
    if (isRetired(stored, log)) {
      const late = sorted.fresh.map((logged): Refused => ({ logged, reason: 'unmatched' }));
      const refused = [...sorted.refused, ...late];
      return { added: added.size, duplicates: incoming.length - added.size - refused.length, refused };
    }
    const puts = await Promise.all(sorted.fresh.map((logged) => store.append(logged)));
    sorted.fresh.forEach((logged, index) => {
      if (puts[index] === 'written') added.add(identityOf(logged.event));
    });
    // Somebody put an event of the same identity meanwhile: what it says has to be read.
    if (puts.includes('conflict')) continue;
    const next = projection(referralId, stored, [...log, ...sorted.fresh], config, now);
    const written = next === null ? 'written' : await store.saveState(next, stored?.version ?? null);
    if (written === 'conflict') continue;
    return {
      added: added.size,
      duplicates: incoming.length - added.size - sorted.refused.length,
      refused: sorted.refused,
    };
  }
  throw new ProjectionConflictError(`a projection was written by others ${MAX_ATTEMPTS} times in a row`);
}

/**
 * Whether a referral takes no more events. One that an event reached just before it was retired, or whose projection
 * still waits for such an event, does: writing its projection takes the retirement back.
 */
function isRetired(stored: StoredState | null, log: readonly LoggedEvent[]): boolean {
  return stored?.retiredAt !== undefined && log.length <= stored.state.logged;
}

/** Which of the incoming events are new, and which can't be taken; the first of an identity to arrive stays. */
function sortIncoming(
  incoming: readonly LoggedEvent[],
  log: readonly LoggedEvent[],
): { fresh: LoggedEvent[]; refused: Refused[] } {
  const known = new Map(log.map((logged) => [identityOf(logged.event), logged]));
  const fresh: LoggedEvent[] = [];
  const refused: Refused[] = [];
  for (const logged of incoming) {
    const identity = identityOf(logged.event);
    const first = known.get(identity);
    if (first) {
      if (!sameContent(first.event, logged.event)) refused.push({ logged, reason: 'id_reused' });
    } else if (known.size >= MAX_EVENTS) {
      refused.push({ logged, reason: 'limit' });
    } else {
      known.set(identity, logged);
      fresh.push(logged);
    }
  }
  return { fresh, refused };
}

/** What to store, or null where it is stored already. */
function projection(
  referralId: string,
  stored: StoredState | null,
  log: readonly LoggedEvent[],
  config: Config,
  now: Instant,
): StoredState | null {
  const before = stored?.state ?? foldReferral(referralId, [], config);
  const state = foldReferral(
    referralId,
    log.map(({ event }) => event),
    config,
  );
  if (stored && JSON.stringify(before) === JSON.stringify(state)) return null;
  return {
    state,
    version: (stored?.version ?? 0) + 1,
    arrivedAt: log.reduce((latest, { arrivedAt }) => Math.max(latest, arrivedAt), 0),
    wakeAt: wakeFor(stored, before, state, config, now),
  };
}

/**
 * Due at once where detection would write other alerts than it has; else at the next instant at which it may. A wake-up
 * that is stored and earlier stays: one too many is harmless, and rewriting an index key costs.
 */
function wakeFor(
  stored: StoredState | null,
  before: ReferralState,
  after: ReferralState,
  config: Config,
  now: Instant,
): Instant | null {
  const wakeBefore = stored?.wakeAt ?? null;
  if (wakeBefore !== null && wakeBefore <= now) return wakeBefore;
  if (!sameAlerts(before, after, config, now)) return now;
  const next = nextWake(after, config, now);
  return wakeBefore === null || next === null ? (wakeBefore ?? next) : Math.min(wakeBefore, next);
}
