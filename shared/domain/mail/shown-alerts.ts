import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Alert } from '../../contracts/state.ts';
import type { ReferralAlert } from './digest-input.ts';

/** Which alerts a mail shows, and how many it doesn't because they are snoozed or resolved. */

/** The alerts that a mail shows: open, each once, and not snoozed at that instant. */
export function shownAlerts(alerts: readonly ReferralAlert[], asOf: Instant): ReferralAlert[] {
  const shown = new Map<string, ReferralAlert>();
  for (const { alert, state } of alerts) {
    if (alert.resolvedAt !== null || state.stage === 'voided' || isSnoozed(alert, asOf)) continue;
    shown.set(`${alert.kind} ${alert.instance} ${alert.referralId}`, { alert, state });
  }
  return [...shown.values()];
}

function isSnoozed({ snoozedUntil }: Alert, asOf: Instant): boolean {
  return snoozedUntil !== null && asOf < snoozedUntil;
}

/** Open alerts that a snooze keeps out of the mail. The mail gives their number, so that nobody forgets them. */
export function countSnoozed(alerts: readonly ReferralAlert[], asOf: Instant): number {
  return alerts.filter(({ alert }) => alert.resolvedAt === null && isSnoozed(alert, asOf)).length;
}

/** Whether a snooze ended within the last day: for that day the alert is shown as such. */
export function hasExpiredSnooze({ snoozedUntil }: Alert, asOf: Instant): boolean {
  return snoozedUntil !== null && snoozedUntil <= asOf && asOf < snoozedUntil + DAY_MS;
}

/**
 * Alerts that were dealt with since the previous digest. An alert that was retracted or only paused was not dealt with:
 * counting it would flatter.
 */
export function countResolvedSince(alerts: readonly ReferralAlert[], since: Instant | null, asOf: Instant): number {
  if (since === null) return 0;
  return alerts.filter(
    ({ alert: { resolvedAt, resolution } }) =>
      resolvedAt !== null &&
      resolvedAt > since &&
      resolvedAt <= asOf &&
      (resolution === 'stopped' || resolution === 'ended'),
  ).length;
}
