import type { Config } from '../../contracts/config.ts';
import { HOUR_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Alert, ReferralState } from '../../contracts/state.ts';
import type { AlertKind, Priority } from '../../contracts/vocabulary.ts';
import { versionAt } from '../referral/policy.ts';
import { calendarOf, type SiteCalendar } from '../time/calendar.ts';
import { isOpenAt, openIntervals, openMsBetween } from '../time/opening.ts';
import { liveFrom } from './live-from.ts';

/** Promises on the way to the visit: while one of them is late, the patient waits for somebody. */
const URGENT_KINDS: readonly AlertKind[] = ['acceptance', 'first_attempt', 'reached', 'rebook'];
const URGENT_PRIORITIES: readonly (Priority | null)[] = ['stat', 'asap', 'urgent'];

/** Whether an alert can't wait for tomorrow's digest: on the way to the visit of a stat, asap or urgent referral. */
export function isForUrgentMail({ kind }: Pick<Alert, 'kind'>, { priority }: ReferralState): boolean {
  return URGENT_PRIORITIES.includes(priority) && URGENT_KINDS.includes(kind);
}

/**
 * Whether an urgent mail has to report an alert at a run: it is urgent, and nobody has seen to it. A snoozed one has to be
 * reported once its snooze has ended, one that was acknowledged at risk once it is breached.
 */
export function needsUrgentMail(alert: Alert, state: ReferralState, config: Config, run: Instant): boolean {
  if (run < liveFrom(config) || alert.resolvedAt !== null || !isForUrgentMail(alert, state)) return false;
  return !isSeenTo(alert, run) && isUrgentAt(alert.dueAt, state, config, run);
}

/** Whether somebody has said that they work on an alert, or that it can wait. */
export function isSeenTo({ acknowledgedBy, snoozedUntil }: Alert, at: Instant): boolean {
  return acknowledgedBy !== null || (snoozedUntil ?? at) > at;
}

/**
 * Whether an open alert is urgent by its net due: so little opening time is left that it is now or never, and somebody is
 * there; or it is past due.
 */
export function isUrgentAt(dueAt: Instant, state: ReferralState, config: Config, run: Instant): boolean {
  if (run > dueAt) return true;
  const { calendar, leadMs } = leadOf(state, config);
  return isOpenAt(run, calendar) && openMsBetween(run, dueAt, calendar) <= leadMs;
}

/**
 * The instants up to a net due, the due included, at which an alert may become urgent: where the lead begins, and every
 * opening after that.
 */
export function urgentChanges(dueAt: Instant, state: ReferralState, config: Config): Instant[] {
  const { calendar, leadMs } = leadOf(state, config);
  const begins = leadBeginsAt(dueAt, leadMs, calendar);
  return [...openIntervals(begins, calendar, dueAt + 1)].map(([opens]) => opens);
}

function leadOf(state: ReferralState, { policy, directory }: Config): { calendar: SiteCalendar; leadMs: number } {
  const { urgentLead } = versionAt(policy, state.receivedAt ?? 0);
  return { calendar: calendarOf(directory, state.site), leadMs: urgentLead.value * HOUR_MS };
}

/** The instant from which on no more opening time than the lead is left before a due. */
function leadBeginsAt(dueAt: Instant, leadMs: number, calendar: SiteCalendar): Instant {
  let left = leadMs;
  // A clock change at the end of a day may push a span into the next one.
  for (let day = calendar.dayOf(dueAt); ; day -= 1) {
    for (const { opens, closes } of calendar.spans(day).toReversed()) {
      const open = Math.min(closes, dueAt) - opens;
      if (open >= left) return Math.min(closes, dueAt) - left;
      left -= Math.max(0, open);
    }
  }
}
