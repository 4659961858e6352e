import type { EventData } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ClockKind, EndReason } from '../../contracts/vocabulary.ts';
import { isExclusion } from './end-reasons.ts';

/** The end of a referral: the closing or cancelling event in force. */
export interface End {
  at: Instant;
  reason: EndReason;
  /** The closing event names evidence for its reason. */
  hasEvidence: boolean;
}

/** These clocks start after the referral's end too, and only an end for an excluded reason ends them. */
const OWED_AFTER_END: readonly ClockKind[] = ['note', 'acknowledge', 'referrer_update'];

/** When the referral's end ends a clock of that kind; null if it doesn't. */
export function endOf(kind: ClockKind, end: End | null): Instant | null {
  if (end === null || (OWED_AFTER_END.includes(kind) && !isExclusion(end.reason))) return null;
  return end.at;
}

/** Whether a clock of that kind that would start at an instant starts at all, given the referral's end. */
export function mayStart(kind: ClockKind, start: Instant, end: End | null): boolean {
  if (end === null || start <= end.at) return true;
  // Nobody waits for news of a referral that ended because it wasn't one, or because care was given elsewhere.
  if (kind === 'referrer_update' && isExclusion(end.reason)) return false;
  return OWED_AFTER_END.includes(kind);
}

/** Whether evidence, which may have any form, says anything. */
export function isEvidence(evidence: EventData<'referral.closed'>['evidence']): boolean {
  if (evidence == null || evidence === false || evidence === '') return false;
  return typeof evidence !== 'object' || Object.keys(evidence).length > 0;
}
