import type { Instant } from '../../contracts/instant.ts';
import type { Alert, ReferralState } from '../../contracts/state.ts';

/**
 * Whether an alert's due would give the date of a visit away, because a visit or its absence started it
 * (docs/domain.md#8-10). News on a referral that has ended may be a visit.
 */
export function isCoarse(
  { kind, instance }: Pick<Alert, 'kind' | 'instance'>,
  state: ReferralState,
  asOf: Instant,
): boolean {
  switch (kind) {
    case 'note':
    case 'rebook':
    case 'attendance_unknown':
    case 'news_after_end':
      return true;
    case 'referrer_update':
      return state.clocks.some((clock) => clock.kind === kind && clock.instance === instance && clock.afterNoShow);
    case 'silence':
      // A visit or a no-show of no known appointment has no start, and yet what came last may be the day of it.
      return (
        state.seenAt !== null || state.visitLostAt !== null || startsOf(state).some((startsAt) => startsAt <= asOf)
      );
    case 'acceptance':
    case 'first_attempt':
    case 'reached':
    case 'scheduled':
    case 'visit':
    case 'reroute':
    case 'acknowledge':
    case 'unassigned':
    case 'orphan':
    case 'incomplete':
    case 'booked_late':
    case 'callback':
      return false;
  }
}

/** Every start that an appointment of a referral had, as far as it is known. */
function startsOf({ active, noShows, completed, over }: ReferralState): Instant[] {
  return [...active.map(({ startsAt }) => startsAt), ...noShows, ...completed, ...over];
}
