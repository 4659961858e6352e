import type { Config } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { ownersOf } from '../referral/owners.ts';
import { closedSince } from '../referral/retention.ts';
import { holdingAt } from './detect.ts';
import { watchesOf } from './watches.ts';

/**
 * When an open referral is due for which no instant lies ahead: never by itself, but it stays in the due index, where
 * detection finds it after a new configuration. The last millisecond that four digits of a year can name.
 */
export const ONLY_IF_CONFIG_CHANGES: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * The next instant after `now` at which detection may find a referral's alerts changed without anything new having
 * arrived; `ONLY_IF_CONFIG_CHANGES` if there is none and the referral isn't closed. Null: never, it may leave the due
 * index. Earlier than needed is harmless, later would lose a breach.
 */
export function nextWake(state: ReferralState, config: Config, now: Instant): Instant | null {
  if (state.stage === 'voided' || state.facts === 0) return null;
  // A breach holds after its due, so a millisecond later is the first instant to look.
  const after = (instant: Instant): Instant => instant + 1;
  const candidates = [
    ...state.clocks
      .filter(({ stoppedAt, endedAt }) => stoppedAt === null && endedAt === null)
      .flatMap(({ warnAt, netDueAt, escalateAt }) => [
        warnAt,
        after(netDueAt),
        escalateAt === null ? null : after(escalateAt),
      ]),
    ...state.pauses.flat(),
    ...watchesOf(state, config, now).map(({ dueAt }) => after(dueAt)),
    ...state.active.map(({ startsAt }) => startsAt),
  ];
  const ahead = candidates.filter((instant) => instant !== null).filter((instant) => instant > now);
  if (ahead.length > 0) return Math.min(...ahead);
  return closedSince(state) === null ? ONLY_IF_CONFIG_CHANGES : null;
}

/**
 * Whether detection would write the same alerts for both states at `now`. If so, and nothing was due, a change of state
 * needs no run of its own.
 */
export function sameAlerts(before: ReferralState, after: ReferralState, config: Config, now: Instant): boolean {
  return alertsSeen(before, config, now) === alertsSeen(after, config, now);
}

/** All that detection writes about a state: what holds and, if anything does, its marks and owners. */
function alertsSeen(state: ReferralState, config: Config, now: Instant): string {
  const holding = holdingAt(state, config, now);
  if (holding.length === 0) return '';
  return JSON.stringify([holding, state.marks, ownersOf(state, config.directory), state.priority]);
}
