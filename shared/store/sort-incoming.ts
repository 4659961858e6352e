import type { Config } from '../contracts/config.ts';
import type { EventType } from '../contracts/event.ts';
import type { ReferralState } from '../contracts/state.ts';
import { sameContent } from '../domain/referral/content.ts';
import { identityOf, writtenAt } from '../domain/referral/event-order.ts';
import { LastingError, lastingOrThrow } from '../platform/lasting-error.ts';
import { foldLog } from './fold-log.ts';
import type { LoggedEvent } from './referral-store.ts';

/** Which of the events that come for a referral go into its log. */

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

/** `unmatched`: its referral was closed so long ago that it is being removed. `too_large`: no item can hold it. */
export type Refused = { logged: LoggedEvent; reason: 'id_reused' | 'limit' | 'unmatched' | 'too_large' };

/** An event that is in the log now, and what the log has of it: the first to arrive, or what took its place. */
export interface Taken {
  incoming: LoggedEvent;
  kept: LoggedEvent;
}

/** The events that come for a referral: those that its log lacks, all that it takes, and what it can't take. */
export interface Sorted {
  fresh: LoggedEvent[];
  /** Of translated events: by what the log has, what takes its place. */
  replacing: Map<LoggedEvent, LoggedEvent>;
  taken: Taken[];
  refused: Refused[];
}

/**
 * Which of the incoming events are new, and which can't be taken; the first of an identity to arrive stays. Of translated
 * events with one identity the one that its sender wrote down earlier stays, and of those the one that arrived last: an id
 * is made of what was sent, so one that says something else was translated with other crosswalks, or is another version.
 */
export function sortIncoming(incoming: readonly LoggedEvent[], log: readonly LoggedEvent[], retired: boolean): Sorted {
  const known = new Map(log.map((logged) => [identityOf(logged.event), logged]));
  const fresh: LoggedEvent[] = [];
  const replacing = new Map<LoggedEvent, LoggedEvent>();
  const taken: LoggedEvent[] = [];
  const refused: Refused[] = [];
  const inLog = new Map(known);
  for (const logged of incoming) {
    const identity = identityOf(logged.event);
    const kept = known.get(identity);
    const reason = kept ? refusalOfRepeated(logged, kept) : refusalOfNew(logged, known.size, retired);
    if (reason !== null) {
      refused.push({ logged, reason });
      continue;
    }
    if (kept && isInsteadOf(logged, kept)) {
      const stored = inLog.get(identity);
      if (stored) replacing.set(stored, logged);
      else fresh.splice(fresh.indexOf(kept), 1, logged);
      known.set(identity, logged);
      taken.push(logged);
      continue;
    }
    taken.push(logged);
    if (kept) continue;
    known.set(identity, logged);
    fresh.push(logged);
  }
  // A later one of the batch may have taken the place of what was kept.
  const keptOf = (incoming: LoggedEvent): LoggedEvent => known.get(identityOf(incoming.event)) ?? incoming;
  return { fresh, replacing, taken: taken.map((incoming) => ({ incoming, kept: keptOf(incoming) })), refused };
}

function refusalOfRepeated(logged: LoggedEvent, kept: LoggedEvent): Refused['reason'] | null {
  return logged.isTranslated || sameContent(kept, logged) ? null : 'id_reused';
}

/** Whether a translated event takes the place of the one with its identity. */
function isInsteadOf(logged: LoggedEvent, kept: LoggedEvent): boolean {
  if (!logged.isTranslated) return false;
  const written = writtenAt(logged.event) - writtenAt(kept.event);
  if (written !== 0) return written < 0;
  // What was held for its referral was translated when it arrived, however late it comes here.
  return logged.arrivedAt >= kept.arrivedAt && !sameContent(kept, logged);
}

function refusalOfNew({ event }: LoggedEvent, known: number, retired: boolean): Refused['reason'] | null {
  if (retired) return 'unmatched';
  return known >= (LAST_WORDS.includes(event.type) ? MAX_WITH_LAST_WORDS : MAX_EVENTS) ? 'limit' : null;
}

/** A log folded with what comes for it. */
export interface Folded {
  state: ReferralState;
  /** The new events that can be folded with the log. */
  foldable: LoggedEvent[];
  /** The replacements with which the log can be folded, by what they replace. */
  replacing: Map<LoggedEvent, LoggedEvent>;
  /** New events and replacements with which it can't, and why. */
  unfoldable: Map<LoggedEvent, LastingError>;
}

/**
 * Folds a log with its replacements and the new events, without those with which it can't be folded.
 * @throws LastingError if the log can't be folded without them either
 */
export function foldWith(
  referralId: string,
  log: readonly LoggedEvent[],
  { replacing, fresh }: Pick<Sorted, 'replacing' | 'fresh'>,
  config: Config,
): Folded {
  const fold = (events: readonly LoggedEvent[]): ReferralState => foldLog(referralId, events, config);
  const all = replaced(log, replacing);
  const whole = orLasting(() => fold([...all, ...fresh]));
  if (!(whole instanceof LastingError)) {
    return { state: whole, foldable: [...fresh], replacing: new Map(replacing), unfoldable: new Map() };
  }
  if (fresh.length === 0 && replacing.size === 0) throw whole;
  const folded = foldReplaced(log, replacing, fold);
  const corrected = replaced(log, folded.replacing);
  for (const logged of fresh) {
    const next = orLasting(() => fold([...corrected, ...folded.foldable, logged]));
    if (next instanceof LastingError) {
      folded.unfoldable.set(logged, next);
      continue;
    }
    folded.state = next;
    folded.foldable.push(logged);
  }
  return folded;
}

/** A log with what takes the place of some of its events. */
export const replaced = (
  log: readonly LoggedEvent[],
  replacing: ReadonlyMap<LoggedEvent, LoggedEvent>,
): LoggedEvent[] => log.map((logged) => replacing.get(logged) ?? logged);

/** Folds a log with all its replacements; if it can't be, with each with which it can. */
function foldReplaced(
  log: readonly LoggedEvent[],
  replacing: ReadonlyMap<LoggedEvent, LoggedEvent>,
  fold: (events: readonly LoggedEvent[]) => ReferralState,
): Folded {
  const all = orLasting(() => fold(replaced(log, replacing)));
  if (!(all instanceof LastingError)) {
    return { state: all, foldable: [], replacing: new Map(replacing), unfoldable: new Map() };
  }
  // What is in the log was good once: it stays unless what takes its place is good, too.
  const good = new Map<LoggedEvent, LoggedEvent>();
  const unfoldable = new Map<LoggedEvent, LastingError>();
  let state = orLasting(() => fold(log));
  for (const [stored, next] of replacing) {
    const tried = orLasting(() => fold(replaced(log, new Map([...good, [stored, next]]))));
    if (tried instanceof LastingError) {
      unfoldable.set(next, tried);
      continue;
    }
    good.set(stored, next);
    state = tried;
  }
  if (state instanceof LastingError) throw state;
  return { state, foldable: [], replacing: good, unfoldable };
}

/** What work gives, or the LastingError with which it fails. */
function orLasting<T>(work: () => T): T | LastingError {
  try {
    return work();
  } catch (error) {
    return lastingOrThrow(error);
  }
}
