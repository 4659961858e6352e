import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Alert } from '../../contracts/state.ts';

/**
 * For how many days a referral stays in its owners' lists after its last alert was resolved. A digest says what was
 * resolved since the one before, and looks no further back than this.
 */
export const LISTED_DAYS = 8;

/**
 * Until when a referral stays in its owners' lists. Infinity while an alert is open: somebody owes something, however
 * old it is. Null: there never was an alert.
 */
export function listedUntil(alerts: readonly Alert[]): Instant | null {
  if (alerts.length === 0) return null;
  return Math.max(
    ...alerts.map(({ resolvedAt }) => (resolvedAt === null ? Infinity : resolvedAt + LISTED_DAYS * DAY_MS)),
  );
}
