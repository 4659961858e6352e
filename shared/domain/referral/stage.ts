import type { ReferralState } from '../../contracts/state.ts';
import type { Actor, Stage } from '../../contracts/vocabulary.ts';
import type { Timeline } from './timeline.ts';

/** The stage of a referral: the first row that holds (docs/domain.md#3-1). */
export function stageOf({ voided, received, end, first, notes, appointments, declined, saidNo }: Timeline): Stage {
  if (voided) return 'voided';
  if (received === null) return 'awaiting_referral';
  if (end !== null) return 'closed';
  if (notes.length > 0) return 'loop_closed';
  if (first.seen !== null) return 'awaiting_note';
  if (appointments.isAnyActive) return 'scheduled';
  if (saidNo) return 'to_close';
  if (appointments.lost) return 'to_rebook';
  if (declined) return 'declined';
  if (first.reached !== null) return 'to_schedule';
  return 'to_contact';
}

const ACTS_NEXT: Record<Stage, Actor> = {
  voided: 'nobody',
  awaiting_referral: 'operations',
  closed: 'nobody',
  loop_closed: 'nobody',
  awaiting_note: 'coordinator',
  scheduled: 'site',
  to_close: 'coordinator',
  to_rebook: 'coordinator',
  declined: 'liaison',
  to_schedule: 'coordinator',
  to_contact: 'coordinator',
};

/** Who has to act next at a stage. */
export function actsNext(stage: Stage): Actor {
  return ACTS_NEXT[stage];
}

/** Received, and neither voided nor closed nor its loop closed. */
export function isOpen({ receivedAt, stage }: Pick<ReferralState, 'receivedAt' | 'stage'>): boolean {
  return receivedAt !== null && stage !== 'voided' && stage !== 'closed' && stage !== 'loop_closed';
}
