import type { PolicyVersion } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { SiteCalendar } from '../time/calendar.ts';
import type { Timeline } from './timeline.ts';

/** The attempts to reach a patient that were made. Days are counted by the site's calendar. @param made in the fold's order */
export function attemptsOf(
  made: Timeline['attempts'],
  calendar: SiteCalendar,
): Pick<ReferralState, 'attempts' | 'lastAttemptAt'> {
  const phoned = made.filter(({ data }) => data.channel === 'phone');
  return {
    attempts: {
      made: made.length,
      phoneDays: new Set(phoned.map(({ time }) => calendar.dayOf(time))).size,
      letters: made.filter(({ data }) => data.channel === 'letter' || data.channel === 'portal').length,
      wrongNumbers: 0,
    },
    lastAttemptAt: made.at(-1)?.time ?? null,
  };
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
 * attempt that the policy asks for was made, and the last one is long enough ago. For urgent, asap and stat referrals it
 * is never offered: a person decides.
 */
export function mayCloseAsUnreachable(state: ReferralState, policy: PolicyVersion['attempts'], now: Instant): boolean {
  if (state.priority !== 'routine' || state.reachedAt !== null) return false;
  // Somebody has spoken to a patient who was booked, so such a referral ends for another reason.
  if (state.stage !== 'to_contact') return false;
  const left = attemptsLeft(state.attempts, policy);
  if (left.made < left.required || left.phoneDaysLeft > 0 || left.lettersLeft > 0) return false;
  return state.lastAttemptAt === null || now - state.lastAttemptAt >= policy.quietDays * DAY_MS;
}
