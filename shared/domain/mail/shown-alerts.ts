import type { Instant } from '../../contracts/instant.ts';
import type { Alert } from '../../contracts/state.ts';
import type { ReferralAlert } from './digest-input.ts';

/** Which alerts a mail shows, and how many it doesn't because they are snoozed or resolved. */

/** The alerts that a mail shows: open, each once, and not snoozed at that instant. */
export function shownAlerts(alerts: readonly ReferralAlert[], asOf: Instant): ReferralAlert[] {
  return openAlerts(alerts).filter(({ alert }) => !isHidden(alert, asOf));
}

/** The open alerts, each once. */
export function openAlerts(alerts: readonly ReferralAlert[]): ReferralAlert[] {
  const open = new Map<string, ReferralAlert>();
  for (const { alert, state } of alerts) {
    if (alert.resolvedAt !== null || state.stage === 'voided') continue;
    open.set(`${alert.kind} ${alert.instance} ${alert.referralId}`, { alert, state });
  }
  return [...open.values()];
}

/**
 * Whether a mail leaves an open alert out: while it is snoozed. News on a referral that has ended asks to be looked at once:
 * who acknowledges it has (docs/domain.md#8-21).
 */
export function isHidden({ kind, snoozedUntil, acknowledgedBy }: Alert, asOf: Instant): boolean {
  return (snoozedUntil !== null && asOf < snoozedUntil) || (kind === 'news_after_end' && acknowledgedBy !== null);
}

/** Open alerts that a snooze keeps out of the mail. The mail gives their number, so that nobody forgets them. */
export function countSnoozed(alerts: readonly ReferralAlert[], asOf: Instant): number {
  return openAlerts(alerts).filter(({ alert: { snoozedUntil } }) => snoozedUntil !== null && asOf < snoozedUntil)
    .length;
}

/** Whether an instant lies in what a digest reports as news: after the last one, up to its own. */
export function isSince(instant: Instant | null, since: Instant | null, asOf: Instant): boolean {
  return instant !== null && instant <= asOf && (since === null || instant > since);
}

/**
 * Alerts that were dealt with since the last digest. An alert that was retracted or only paused was not dealt with:
 * counting it would flatter.
 */
export function resolvedSince(alerts: readonly ReferralAlert[], since: Instant | null, asOf: Instant): ReferralAlert[] {
  if (since === null) return [];
  return alerts.filter(
    ({ alert: { resolvedAt, resolution } }) =>
      isSince(resolvedAt, since, asOf) && (resolution === 'stopped' || resolution === 'ended'),
  );
}
