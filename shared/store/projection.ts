import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../contracts/config.ts';
import { MINUTE_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';
import type { ReferralState } from '../contracts/state.ts';
import { nextWake, sameAlerts } from '../domain/alert/wake-up.ts';
import { identityOf } from '../domain/referral/event-order.ts';
import { foldReferral } from '../domain/referral/fold.ts';
import type { Backoff } from '../platform/backoff.ts';
import { settleEach } from '../platform/concurrency.ts';
import { computing, LastingError, lastingOrThrow } from '../platform/lasting-error.ts';
import { NOT_LISTED } from './alert-record.ts';
import { retryOnConflict, type Written } from './conditional-write.ts';
import { foldLog, lastArrival } from './fold-log.ts';
import type { LoggedEvent, ReferralStore, StoredReferral } from './referral-store.ts';
import { foldWith, type Refused, replaced, type Sorted, sortIncoming, type Taken } from './sort-incoming.ts';
import { OversizedItemError } from './table.ts';

/** By how much the `now` of workers at once differs at most. A wake-up so near may be that of another, who saw something. */
const WORKERS_DIFFER_MS = 2 * MINUTE_MS;

export interface Projected {
  added: number;
  duplicates: number;
  refused: Refused[];
  /** All that is in the log, new or repeated. */
  taken: Taken[];
  /** What is not in the log, and why: it could not be put, or with it the log can't be folded (LastingError). */
  failed: { logged: LoggedEvent; error: unknown }[];
  /** Why its projection isn't what the log says, and won't be at the next try either. Null: it is. */
  aside: LastingError | null;
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
 * projection are found. If the projection is already what the log says, nothing is written. A new event with which the log
 * can't be folded stays out of it: it would hold up all that come after.
 *
 * If what is stored can't be read or folded without the new events, or the projection can't be stored, they are put into
 * the log all the same, sorted by it if it can be read: `aside` then says why.
 *
 * The projection is written on condition of the version that was read before the log's new events were put. A worker
 * that loses that race reads again, and finds the winner's events in the log.
 * @param incoming new or repeated events of this referral; none: only bring the projection up to date
 * @throws ConflictError after too many lost races; nothing is lost, the events may be in the log already
 */
export async function project(referralId: string, incoming: readonly LoggedEvent[], deps: Deps): Promise<Projected> {
  const added = new Set<string>();
  const projected = await orLasting(() => foldIn(referralId, incoming, added, deps));
  return projected instanceof LastingError ? keep(referralId, incoming, added, projected, deps) : projected;
}

/**
 * Puts events, and the projection.
 * @param added gets the identity of each event that is put
 * @throws LastingError if what is stored can't be read or folded; in this attempt nothing was put
 */
function foldIn(
  referralId: string,
  incoming: readonly LoggedEvent[],
  added: Set<string>,
  { store, config, version, now, backoff }: Deps,
): Promise<Projected> {
  return retryOnConflict('a projection', backoff, async () => {
    const { stored, log } = await store.loadLog(referralId);
    const retired = isRetired(stored, log);
    const { fresh, replacing, ...sorted } = sortIncoming(incoming, log, retired);
    if (retired) return projected(added.size, sorted, { refused: new Map(), failed: new Map() });
    const folded = foldWith(referralId, log, { replacing, fresh }, config);
    const { done, ...inPlace } = await replaceEach(folded.replacing, store);
    // Somebody else has replaced one of these meanwhile.
    if (inPlace.conflicts) return 'conflict';
    const puts = await appendEach(folded.foldable, store);
    for (const { event } of puts.written) added.add(identityOf(event));
    // Somebody put an event with the same identity meanwhile: what it says has to be read.
    if (puts.conflicts) return 'conflict';
    const became = {
      refused: new Map([...inPlace.refused, ...puts.refused]),
      failed: new Map([...folded.unfoldable, ...inPlace.failed, ...puts.failed]),
    };
    const whole = [...replaced(log, done), ...puts.written];
    if (whole.length === 0) return projected(added.size, sorted, became);
    const isWhole = puts.written.length === folded.foldable.length && done.size === folded.replacing.size;
    // What was put stays in the log, whether or not the projection can be put, too.
    const saved = await orLasting(async () => {
      const state = isWhole ? folded.state : foldLog(referralId, whole, config);
      const next = projection(stored, state, lastArrival(whole), { config, version, now: now() });
      return next === null ? 'written' : store.save(next, stored?.version ?? null);
    });
    if (saved === 'conflict') return 'conflict';
    return projected(added.size, sorted, became, saved instanceof LastingError ? saved : null);
  });
}

/**
 * Puts events into a log that can't be folded, or not even be read: they count as soon as it can. If the log can be folded
 * as it is, only what it can be folded with takes the place of another.
 */
function keep(
  referralId: string,
  incoming: readonly LoggedEvent[],
  added: Set<string>,
  aside: LastingError,
  { store, config, backoff }: Pick<Deps, 'store' | 'config' | 'backoff'>,
): Promise<Projected> {
  return retryOnConflict('a log', backoff, async () => {
    const read = await orLasting(() => store.inspect(referralId));
    const isRead = !(read instanceof LastingError);
    const { found, log } = isRead ? read : { found: null, log: [] };
    const retired = found !== null && (found.stored === null ? found.isRetired : isRetired(found.stored, log));
    const { fresh, replacing, ...sorted } = sortIncoming(incoming, log, retired);
    const folded = await orLasting(async () => foldWith(referralId, log, { replacing, fresh: [] }, config));
    const { good, bad } =
      folded instanceof LastingError
        ? { good: replacing, bad: [] }
        : { good: folded.replacing, bad: folded.unfoldable };
    const inPlace = await replaceEach(good, store);
    if (inPlace.conflicts) return 'conflict';
    const puts = await appendEach(fresh, store);
    for (const { event } of puts.written) added.add(identityOf(event));
    // If the log can't be read, nobody can tell whether what is there says the same.
    if (puts.conflicts && isRead) return 'conflict';
    const became = {
      refused: new Map([...inPlace.refused, ...puts.refused]),
      failed: new Map([...bad, ...inPlace.failed, ...puts.failed]),
    };
    return projected(added.size, sorted, became, aside);
  });
}

/** What work gives, or the LastingError with which it fails. */
async function orLasting<T>(work: () => Promise<T>): Promise<T | LastingError> {
  try {
    return await work();
  } catch (error) {
    return lastingOrThrow(error);
  }
}

/** What has become of what came: of a repetition the same as of what it repeats. */
function projected(
  added: number,
  { taken, refused }: Pick<Sorted, 'taken' | 'refused'>,
  became: Pick<Puts, 'refused' | 'failed'>,
  aside: LastingError | null = null,
): Projected {
  const out: Projected = { added, duplicates: 0, refused: [...refused], taken: [], failed: [], aside };
  for (const each of taken) {
    const { incoming: logged, kept } = each;
    const reason = became.refused.get(kept);
    if (reason !== undefined) out.refused.push({ logged, reason });
    else if (became.failed.has(kept)) out.failed.push({ logged, error: became.failed.get(kept) });
    else out.taken.push(each);
  }
  return { ...out, duplicates: out.taken.length - added };
}

/** What became of events that were put into a log, each by itself. */
interface Puts {
  written: LoggedEvent[];
  /** Somebody else has put one of them. */
  conflicts: boolean;
  /** What no item can hold: it would come back until it is given up. */
  refused: Map<LoggedEvent, Refused['reason']>;
  failed: Map<LoggedEvent, unknown>;
}

const noPuts = (): Puts => ({ written: [], conflicts: false, refused: new Map(), failed: new Map() });

async function appendEach(fresh: readonly LoggedEvent[], store: Pick<ReferralStore, 'append'>): Promise<Puts> {
  const puts = noPuts();
  const results = await settleEach(fresh, fresh.length, (logged) => store.append(logged));
  for (const [index, logged] of fresh.entries()) note(puts, logged, results[index]);
  return puts;
}

/** Puts events in the place of others. @returns also which were put, by what they replaced */
async function replaceEach(
  replacing: ReadonlyMap<LoggedEvent, LoggedEvent>,
  store: Pick<ReferralStore, 'replace'>,
): Promise<Puts & { done: Map<LoggedEvent, LoggedEvent> }> {
  const puts = noPuts();
  const results = await settleEach(replacing, replacing.size, ([read, next]) => store.replace(next, read));
  for (const [index, next] of [...replacing.values()].entries()) note(puts, next, results[index]);
  const done = new Map([...replacing].filter(([, next]) => puts.written.includes(next)));
  return { ...puts, done };
}

/** Notes what became of one event. */
function note(puts: Puts, logged: LoggedEvent, result: PromiseSettledResult<Written> | undefined): void {
  if (result?.status === 'rejected') {
    // Intake has checked all but how DynamoDB counts an item's size.
    if (result.reason instanceof OversizedItemError) puts.refused.set(logged, 'too_large');
    else puts.failed.set(logged, result.reason);
  } else if (result?.value === 'written') puts.written.push(logged);
  else puts.conflicts = true;
}

/**
 * Whether a referral takes no more events. It still does if an event reached it just before it was retired, or if its
 * projection still waits for such an event: writing the projection takes the retirement back.
 */
function isRetired(stored: StoredReferral | null, log: readonly LoggedEvent[]): boolean {
  return stored?.retiredAt !== undefined && log.length <= stored.state.logged;
}

/** Under which configuration, and when, a referral is looked at. */
type Moment = Pick<Deps, 'config' | 'version'> & { now: Instant };

/** What to store. Null: it is stored already. */
function projection(
  stored: StoredReferral | null,
  state: ReferralState,
  arrivedAt: Instant,
  { config, version, now }: Moment,
): StoredReferral | null {
  const before = stored?.state ?? foldReferral(state.referralId, [], config);
  if (stored !== null && stored.config === version && isStored(state, stored)) return null;
  return {
    state,
    // Found when they were found: new facts change no alert before detection has looked at them.
    alerts: stored?.alerts ?? null,
    listed: stored?.listed ?? NOT_LISTED,
    config: version,
    version: (stored?.version ?? 0) + 1,
    arrivedAt,
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
  try {
    if (!computing(() => sameAlerts(before, after, config, now))) return now;
    // Closed since, and nothing lies ahead: detection knows when its owners' lists can let it go.
    const next = computing(() => nextWake(after, config, now)) ?? (stored?.listed.owned ? now : null);
    return known !== null && known <= now + WORKERS_DIFFER_MS ? Math.min(known, next ?? known) : next;
  } catch (error) {
    // Detection meets it too, and sets the referral aside: its events are kept all the same.
    if (error instanceof LastingError) return now;
    throw error;
  }
}
