import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Alert, ReferralState } from '../../contracts/state.ts';
import { isOpen } from '../referral/stage.ts';

/**
 * For how many days a referral stays in its owners' lists after its last alert was resolved, or its visit fell through. A
 * digest says what has happened since the last one that was sent. A day with nothing to say sends none, so that may be two
 * weeks ago for somebody who works one day a week.
 */
export const LISTED_DAYS = 16;

/**
 * Until when a referral stays in its owners' lists. Infinity while an alert is open: somebody owes something, however
 * old it is. Null: nothing was ever to be said of it.
 */
export function listedUntil(alerts: readonly Alert[], state: ReferralState): Instant | null {
  const saidSince = [...alerts.map(({ resolvedAt }) => resolvedAt ?? Infinity), visitToRebook(state) ?? []].flat();
  return saidSince.length === 0 ? null : Math.max(...saidSince) + LISTED_DAYS * DAY_MS;
}

/**
 * When the visit of an open referral fell through that has neither another one booked nor been seen: its coordinator has
 * to know, also if no clock says so. Null: there is nothing to rebook.
 */
export function visitToRebook(state: ReferralState): Instant | null {
  return isOpen(state) && state.seenAt === null && state.stage !== 'scheduled' ? state.visitLostAt : null;
}
