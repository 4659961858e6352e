import type { Instant } from '../../contracts/instant.ts';
import type { Clock, ReferralState } from '../../contracts/state.ts';
import type { Outcome } from '../../contracts/vocabulary.ts';
import { outcomeOf } from '../referral/clocks.ts';
import { isOpen } from '../referral/stage.ts';
import { periodsBack, type ReportPeriod } from './periods.ts';

/** A clock with what the figures need to know about it. */
export interface CountedClock extends Clock {
  outcome: Outcome;
  /** How many periods before the report's own it fell due (see `periodsBack`); null if in none of them. */
  dueBack: number | null;
}

/** A referral with what the figures need to know about it: worked out once, counted in each of its scopes. */
export interface CountedReferral extends Omit<ReferralState, 'clocks'> {
  receivedAt: Instant;
  clocks: CountedClock[];
  isVoided: boolean;
  isOpen: boolean;
  /** No coordinator can be found for it. */
  isUnassigned: boolean;
}

/** Prepares a referral for counting; null if it was never received. */
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
      dueBack: periodsBack(period, clock.dueAt),
    })),
  };
}

/** Whether a clock is past its due and what it promises is still owed. */
export function isOverdue({ outcome, stoppedAt, endedAt }: CountedClock): boolean {
  return outcome === 'missed' && stoppedAt === null && endedAt === null;
}
