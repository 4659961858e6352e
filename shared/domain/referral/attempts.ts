import type { PolicyVersion } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';

/** How far a referral's attempts are from what the policy asks before a patient counts as unreachable. */
export function attemptsLeft(
  attempts: ReferralState['attempts'],
  policy: PolicyVersion['attempts'],
): { made: number; required: number; phoneDaysLeft: number; lettersLeft: number } {
  return {
    made: attempts.made,
    required: policy.total,
    phoneDaysLeft: Math.max(0, policy.phoneDays - attempts.phoneDays),
    lettersLeft: Math.max(0, policy.letters - attempts.letters),
  };
}

/**
 * Whether `unreachable` may be offered as a closing reason: a routine referral whose patient was never reached, with
 * every attempt made that the policy asks for, and quiet long enough since the last. Urgent, asap and stat referrals
 * are never offered it: a person decides.
 */
export function mayCloseAsUnreachable(state: ReferralState, policy: PolicyVersion['attempts'], now: Instant): boolean {
  if (state.priority !== 'routine' || state.reachedAt !== null) return false;
  // A patient who was booked has been spoken to; what ends such a referral is another reason.
  if (state.stage !== 'to_contact') return false;
  const left = attemptsLeft(state.attempts, policy);
  if (left.made < left.required || left.phoneDaysLeft > 0 || left.lettersLeft > 0) return false;
  return state.lastAttemptAt === null || now - state.lastAttemptAt >= policy.quietDays * DAY_MS;
}
