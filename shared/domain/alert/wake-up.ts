import type { Config } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { ownersOf } from '../referral/owners.ts';
import { closedSince } from '../referral/retention.ts';
import { holdingAt, isRunning } from './detect.ts';
import { visitToRebook } from './listed.ts';
import { liveFrom } from './live-from.ts';
import { isForUrgentMail, isUrgentAt, urgentChanges } from './urgent.ts';
import { watchChanges } from './watches.ts';

/**
 * When a referral is due for which no instant lies ahead although it is open: never by itself, but it stays in the due
 * index, where detection finds it after a new configuration. The last millisecond that four digits of a year can name.
 */
export const ONLY_IF_CONFIG_CHANGES: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * For how long after its end a referral with an open alert stays in the due index. After that a new configuration no
 * longer moves what is owed, and the referral can be removed once its time has come. Its owners still see the alert.
 */
const OWED_AFTER_END_MS = 365 * DAY_MS;

/**
 * The next instant after `now` at which detection may find a referral's alerts changed, or has to take it off its owners'
 * lists, without anything new having arrived; `ONLY_IF_CONFIG_CHANGES` if there is none and the referral is open. Null:
 * never, it may leave the due index. Earlier than needed is harmless, later would lose a breach.
 * @param listed until when it is in its owners' lists, as `listedUntil` gives it
 */
export function nextWake(
  state: ReferralState,
  config: Config,
  now: Instant,
  listed: Instant | null = null,
): Instant | null {
  const change = nextChange(state, config, now);
  if (change !== null) return change;
  const closed = state.facts === 0 ? (state.lastEventAt ?? now) : closedSince(state);
  if (closed === null) return ONLY_IF_CONFIG_CHANGES;
  if (listed === null) return null;
  const last = listed === Number.POSITIVE_INFINITY ? closed + OWED_AFTER_END_MS : listed;
  return last > now ? last : null;
}

/** The first instant after `now` at which detection finds something else than before it. Null: there is none. */
function nextChange(state: ReferralState, config: Config, now: Instant): Instant | null {
  const ahead = new Set(changesOf(state, config).filter((instant) => instant > now));
  const before = JSON.stringify(foundAt(state, config, now));
  const sorted = [...ahead].sort((a, b) => a - b);
  return sorted.find((instant) => JSON.stringify(foundAt(state, config, instant)) !== before) ?? null;
}

/** What detection finds at an instant: the alerts that hold, and which of them are urgent and not snoozed. */
function foundAt(state: ReferralState, config: Config, instant: Instant): unknown {
  const holding = holdingAt(state, config, instant);
  const urgent = instant < liveFrom(config) ? [] : holding.filter((alert) => isForUrgentMail(alert, state));
  return [
    holding,
    urgent.map(({ dueAt }) => isUrgentAt(dueAt, state, config, instant)),
    urgent.length > 0 && state.marks.map(({ until }) => until !== null && until <= instant),
  ];
}

/** The instants at which a referral's alerts may change by themselves: between two of them nothing does. */
function changesOf(state: ReferralState, config: Config): Instant[] {
  if (state.stage === 'voided' || state.facts === 0) return [];
  const ofClocks = state.clocks.filter(isRunning).flatMap(({ warnAt, netDueAt, escalateAt }) => [
    warnAt,
    // A breach holds after its due, so a millisecond later is the first instant to look.
    netDueAt + 1,
    escalateAt === null ? null : escalateAt + 1,
  ]);
  return [
    ...ofClocks.filter((instant) => instant !== null),
    ...state.pauses.flat(),
    ...watchChanges(state, config),
    ...state.active.map(({ startsAt }) => startsAt),
    ...urgentChangesOf(state, config),
  ];
}

/** The instants at which an urgent mail may become due, whether or not its alert is open then. */
function urgentChangesOf(state: ReferralState, config: Config): Instant[] {
  const clocks = state.clocks.filter((clock) => isRunning(clock) && isForUrgentMail(clock, state));
  if (clocks.length === 0) return [];
  const snoozes = state.marks.flatMap(({ until }) => until ?? []);
  return [...clocks.flatMap(({ netDueAt }) => urgentChanges(netDueAt, state, config)), ...snoozes, liveFrom(config)];
}

/**
 * Whether detection would write the same alerts for both states at `now`. If so, and nothing was due, a change of state
 * needs no run of its own.
 */
export function sameAlerts(before: ReferralState, after: ReferralState, config: Config, now: Instant): boolean {
  return alertsSeen(before, config, now) === alertsSeen(after, config, now);
}

/** All that detection writes about a state: what holds or fell through and, if anything did, its marks and owners and what is urgent. */
function alertsSeen(state: ReferralState, config: Config, now: Instant): string {
  const holding = holdingAt(state, config, now);
  const lost = visitToRebook(state);
  if (holding.length === 0 && lost === null) return '';
  return JSON.stringify([holding, lost, state.marks, ownersOf(state, config.directory), state.priority, state.site]);
}
