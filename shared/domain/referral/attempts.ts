import type { PolicyVersion } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { SiteCalendar } from '../time/calendar.ts';
import type { Timeline } from './timeline.ts';

/**
 * The attempts to reach a patient that were made; a wrong number is none. Days are counted by the site's calendar.
 * @param all in the fold's order
 */
export function attemptsOf(
  all: Timeline['attempts'],
  calendar: SiteCalendar,
): Pick<ReferralState, 'attempts' | 'lastAttemptAt' | 'lastNumberWrong'> {
  const made = all.filter((event) => !hadWrongNumber(event));
  const phoned = made.filter(({ data }) => data.channel === 'phone');
  return {
    attempts: {
      made: made.length,
      phoneDays: new Set(phoned.map(({ time }) => calendar.dayOf(time))).size,
      letters: made.filter(({ data }) => data.channel === 'letter' || data.channel === 'portal').length,
      wrongNumbers: all.length - made.length,
    },
    lastAttemptAt: made.at(-1)?.time ?? null,
    lastNumberWrong: all.some(hadWrongNumber) && hadWrongNumber(all.findLast(usesNumber)),
  };
}

function hadWrongNumber(attempt: Timeline['attempts'][number] | undefined): boolean {
  return attempt?.data.outcome === 'wrong_number';
}

/** It was made on a number: by phone, or on another channel that found the number wrong. */
function usesNumber(attempt: Timeline['attempts'][number]): boolean {
  return attempt.data.channel === 'phone' || hadWrongNumber(attempt);
}

/** Attempts made, required, and still to make before the policy lets a patient count as unreachable. */
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
 * Whether `unreachable` may be offered as a closing reason. The referral is routine, its patient was never reached, every
 * attempt that the policy asks for was made, the last one is long enough ago and the number wasn't wrong. For urgent, asap and stat referrals it
 * is never offered: a person decides.
 */
export function mayCloseAsUnreachable(state: ReferralState, policy: PolicyVersion['attempts'], now: Instant): boolean {
  if (state.priority !== 'routine' || state.reachedAt !== null) return false;
  // Somebody has spoken to a patient who was booked, so such a referral ends for another reason.
  if (state.stage !== 'to_contact' || state.lastNumberWrong) return false;
  const left = attemptsLeft(state.attempts, policy);
  if (left.made < left.required || left.phoneDaysLeft > 0 || left.lettersLeft > 0) return false;
  return state.lastAttemptAt === null || now - state.lastAttemptAt >= policy.quietDays * DAY_MS;
}
