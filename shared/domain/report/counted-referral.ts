import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Clock, ReferralState } from '../../contracts/state.ts';
import type { Outcome } from '../../contracts/vocabulary.ts';
import { outcomeOf } from '../referral/clocks.ts';
import { isOpen } from '../referral/stage.ts';
import { type ReportPeriod, windowOf } from './periods.ts';

/** A clock as figures see it. */
export interface CountedClock extends Clock {
  outcome: Outcome;
  /** The period in which it fell due (see `windowOf`); null: in none of them. */
  window: number | null;
}

/** A referral as figures see it: looked at once, counted in each of its scopes. */
export interface CountedReferral extends Omit<ReferralState, 'clocks'> {
  receivedAt: Instant;
  clocks: CountedClock[];
  isVoided: boolean;
  isOpen: boolean;
  /** Nobody can be found who coordinates it. */
  isUnassigned: boolean;
}

/** What a report counts of a referral; null of one that was never received. */
export function countedReferral(
  state: ReferralState,
  period: ReportPeriod,
  isUnassigned: boolean,
): CountedReferral | null {
  const { receivedAt } = state;
  if (receivedAt === null) return null;
  const isVoided = state.stage === 'voided';
  const facts = { voided: isVoided, endReason: state.endReason, seenAt: state.seenAt, noteAt: state.noteAt };
  return {
    ...state,
    receivedAt,
    isVoided,
    isOpen: isOpen(state),
    isUnassigned,
    clocks: state.clocks.map((clock) => ({
      ...clock,
      outcome: outcomeOf(clock, facts, period.asOf),
      window: windowOf(period, clock.dueAt),
    })),
  };
}

/** Days of 24 hours back from `asOf`: start inclusive, end exclusive. */
export function isWithinDays(instant: Instant, asOf: Instant, from: number, to = 0): boolean {
  return instant >= asOf - from * DAY_MS && instant < asOf - to * DAY_MS;
}

/** Adds one to a name's count. */
export function countUp(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Counts by name, sorted by name. */
export function toCounts(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
