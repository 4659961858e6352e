import type { Instant } from '../../contracts/instant.ts';
import type { CoordinatorSection, DigestRow, NamedAlert } from '../../contracts/mail.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { isRunning } from '../alert/detect.ts';
import { visitToRebook } from '../alert/listed.ts';
import { liveFrom } from '../alert/live-from.ts';
import { byCodePoint } from '../code-point.ts';
import type { ReferralAlert } from './digest-input.ts';
import { byDue, isClockKind, priorityRank, type RowContext, toNamedAlert } from './digest-rows.ts';
import { isHidden, isSince } from './shown-alerts.ts';
import { isNews, isOverdue, type Memory, type Standing, stoodBreached } from './stood.ts';

/** Which referrals a coordinator's digest lists, in which section, and which of their alerts leads the row. */

/** A referral with its open alerts. */
export interface ReferralWithAlerts {
  state: ReferralState;
  /** Those that its row shows: not snoozed. */
  shown: ReferralAlert[];
  hidden: ReferralAlert[];
}

/** A referral that the digest lists. */
export interface Listing extends ReferralWithAlerts {
  section: CoordinatorSection;
  lead: NamedAlert;
}

export interface ListingContext extends RowContext {
  /** The reader's next planned instant. */
  nextAt: Instant;
  memory: Memory;
}

/**
 * Referrals with their open alerts, snoozed ones apart.
 * @param open open alerts
 * @param toRebook referrals whose visit fell through, with or without an open alert
 */
export function referralsWithAlerts(
  open: readonly ReferralAlert[],
  toRebook: readonly ReferralState[],
  asOf: Instant,
): ReferralWithAlerts[] {
  const byReferral = Map.groupBy(open, ({ state }) => state.referralId);
  const withAlerts = [...byReferral.values()].flatMap((own): ReferralWithAlerts[] => {
    const state = own[0]?.state;
    const isOut = ({ alert }: ReferralAlert): boolean => isHidden(alert, asOf);
    return state ? [{ state, shown: own.filter((each) => !isOut(each)), hidden: own.filter(isOut) }] : [];
  });
  const without = toRebook.filter(({ referralId }) => !byReferral.has(referralId));
  return [...withAlerts, ...without.map((state) => ({ state, shown: [], hidden: [] }))];
}

/** Where a referral stands in the digest and what leads its row (docs/domain.md#8-22). Null: it isn't in it. */
export function listingOf(own: ReferralWithAlerts, context: ListingContext): Listing | null {
  const { asOf, since, nextAt, memory } = context;
  const { state } = own;
  const shown = own.shown.toSorted(byLead);
  const [first] = shown;
  if (first === undefined) return toRebookListing(own, context);
  const listing = { ...own, shown };
  const lead = toNamedAlert(first, context);
  const isBreached = shown.some(({ alert }) => isOverdue(alert));
  const [due] = shown
    .filter(({ alert }) => alert.level === 'at_risk' && alert.acknowledgedBy === null && alert.dueAt < nextAt)
    .toSorted(byDue);
  if (state.priority !== 'routine' && (isBreached || due)) return { ...listing, section: 'now', lead };
  if (hasLostVisit(state, context)) return { ...listing, section: 'missed_or_cancelled', lead };
  if (due) return { ...listing, section: 'due', lead: toNamedAlert(due, context) };
  if (isBreached) {
    const section = stoodBreached(memory.get(state.referralId)) ? 'still_open' : 'newly_breached';
    return { ...listing, section, lead };
  }
  if (shown.some(({ alert }) => alert.kind === 'attendance_unknown')) {
    return { ...listing, section: 'attendance_unknown', lead };
  }
  const isSoon = shown.some(
    ({ alert }) =>
      (alert.level === 'at_risk' && isNews(alert.atRiskAt, alert, 'at_risk', context)) ||
      (since !== null && isSince(alert.snoozedUntil, since, asOf)),
  );
  return isSoon ? { ...listing, section: 'soon', lead } : null;
}

/** Breached before at risk, clocks before the other kinds, acknowledged ones last, then the earlier due. */
function byLead(a: ReferralAlert, b: ReferralAlert): number {
  const rank = ({ alert }: ReferralAlert): number =>
    (alert.level === 'at_risk' ? 4 : 0) + (isClockKind(alert.kind) ? 0 : 2) + (alert.acknowledgedBy === null ? 0 : 1);
  return rank(a) - rank(b) || byDue(a, b);
}

/** Whether a visit fell through since the reader's last digest and none is booked. */
function hasLostVisit({ visitLostAt, active, stage }: ReferralState, { since, asOf }: ListingContext): boolean {
  return isSince(visitLostAt, since, asOf) && active.length === 0 && stage !== 'scheduled';
}

/** A referral whose visit fell through while no alert says so. One whose rebooking somebody has snoozed can wait. */
function toRebookListing(own: ReferralWithAlerts, context: ListingContext): Listing | null {
  const { state, hidden } = own;
  const lostAt = visitToRebook(state);
  if (lostAt === null || lostAt < liveFrom(context.config) || !hasLostVisit(state, context)) return null;
  if (hidden.some(({ alert }) => alert.kind === 'rebook')) return null;
  const clock = state.clocks.findLast((each) => each.kind === 'rebook' && isRunning(each));
  const { instance = 1, netDueAt = null } = clock ?? {};
  const lead: NamedAlert = { kind: 'rebook', instance, level: 'at_risk', dueAt: netDueAt, coarse: true };
  return { ...own, section: 'missed_or_cancelled', lead };
}

/**
 * Somebody else's referral at a site that escalates to the reader, whose row shows the escalated alerts. Null: none is.
 * The others are hidden: should the referral become the reader's, they are remembered, and no news.
 */
export function elsewhereListing(other: ReferralWithAlerts, context: ListingContext): Listing | null {
  const isEscalated = ({ alert }: ReferralAlert): boolean => alert.level === 'escalated';
  const shown = other.shown.filter(isEscalated).sort(byDue);
  const [first] = shown;
  if (first === undefined) return null;
  const hidden = [...other.hidden, ...other.shown.filter((each) => !isEscalated(each))];
  return { ...other, shown, hidden, section: 'escalated_elsewhere', lead: toNamedAlert(first, context) };
}

/** A listed referral, as the digest remembers it. */
export function standingOf({ state, shown, hidden }: ReferralWithAlerts): Standing {
  return {
    referralId: state.referralId,
    alerts: [
      ...shown.map(({ alert }) => ({ alert, isHidden: false })),
      ...hidden.map(({ alert }) => ({ alert, isHidden: true })),
    ],
  };
}

/**
 * The order of a section's rows: stat, asap, urgent, unknown, routine; acknowledged ones last; then the earlier due, which
 * is the most days over. Others' escalations: new ones first, then by owner.
 */
export function byUrgency(section: CoordinatorSection): (a: DigestRow, b: DigestRow) => number {
  const within = (a: DigestRow, b: DigestRow): number =>
    priorityRank(a.priority) - priorityRank(b.priority) ||
    Number(a.marks.acknowledged !== null) - Number(b.marks.acknowledged !== null) ||
    byDueOrNone(a, b) ||
    byCodePoint(a.referralId, b.referralId);
  if (section !== 'escalated_elsewhere') return within;
  return (a, b) =>
    Number(b.newlyEscalated) - Number(a.newlyEscalated) ||
    Number(a.coordinatorId === null) - Number(b.coordinatorId === null) ||
    byCodePoint(a.coordinatorId ?? '', b.coordinatorId ?? '') ||
    within(a, b);
}

/** The earlier due first; a row without one last. */
function byDueOrNone(a: DigestRow, b: DigestRow): number {
  if (a.dueAt === null || b.dueAt === null) return Number(a.dueAt === null) - Number(b.dueAt === null);
  return a.dueAt - b.dueAt;
}

/** Whether a row may be cut if the section is too long: routine, not newly escalated, and nobody has marked it. */
export function mayBeCut({ priority, newlyEscalated, marks }: DigestRow): boolean {
  const isMarked = marks.acknowledged !== null || marks.snoozeOver || marks.reopened;
  return priority === 'routine' && !newlyEscalated && !isMarked;
}
