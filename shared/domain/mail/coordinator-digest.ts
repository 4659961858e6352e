import type { Config } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import {
  COORDINATOR_SECTIONS,
  type CoordinatorDigestContent,
  type CoordinatorSection,
  type SectionContent,
} from '../../contracts/mail.ts';
import {
  byDue,
  byPriority,
  countResolvedSince,
  countSnoozed,
  DEFAULT_CAP,
  type DigestInput,
  draftRows,
  endOfLocalDay,
  fairLimit,
  hasExpiredSnooze,
  type InSection,
  isFirstWorkingDay,
  MOST_ROWS,
  policyVersions,
  type ReferralAlert,
  type RowDraft,
  shownAlerts,
  toRecipient,
  toSection,
} from './digest-rows.ts';
import type { Recipient } from './schedule.ts';

export interface CoordinatorDigestInput extends DigestInput {
  /** Alerts of the sites whose `escalateTo` the recipient is. */
  escalated?: readonly ReferralAlert[];
}

/** A coordinator's working day, most urgent first. Null: there is nothing to say today. */
export function coordinatorDigest(input: CoordinatorDigestInput): CoordinatorDigestContent | null {
  const { recipient, period, asOf, since, alerts: items, config, escalated = [], cap = DEFAULT_CAP } = input;
  const endOfDay = endOfDayAt(asOf, recipient, config);
  const own = shownAlerts(items, asOf).flatMap((item) => {
    const section = sectionOf(item, asOf, since, endOfDay);
    return section === null ? [] : [{ item, section }];
  });
  const placed = [...own, ...placeEscalated(escalated, own, asOf)];
  const allClear = placed.length === 0;
  if (allClear && !isFirstWorkingDay(asOf, recipient)) return null;
  const groups = draftRows(placed, COORDINATOR_SECTIONS);
  const showInitials = config.directory.organization.identifiers === 'initials';
  return {
    kind: 'coordinator_digest',
    recipient: toRecipient(recipient),
    period,
    asOf,
    since,
    policyVersions: policyVersions(
      placed.map(({ item }) => item),
      config,
      asOf,
    ),
    referrals: groups.length,
    sections: toSections(groups, cap, { config, asOf, showInitials }),
    resolvedSince: countResolvedSince(items, since, asOf),
    snoozed: countSnoozed(items, asOf),
    allClear,
  };
}

/**
 * The section of one alert, null where it needs no mention today: at risk and not due before tomorrow.
 *
 * - Missed or cancelled: a rebook clock's alert that began since the last digest. By the default policy it begins with
 *   the no-show or the cancellation itself, and one that we heard of late is still news to the coordinator.
 * - Due today includes what is due at the very midnight that ends the day, as calendar days are, in the recipient's
 *   or in the site's time zone: by tomorrow's digest both are breached.
 * - Silent and incomplete referrals are breached from their first day, so they are new once and then still open. So
 *   are unassigned ones and orphans, which are operations' and get here only where somebody took them over since.
 */
function sectionOf(
  { alert, state }: ReferralAlert,
  asOf: Instant,
  since: Instant | null,
  endOfDay: (site: string | null) => Instant,
): CoordinatorSection | null {
  const isNew = (instant: Instant | null) => instant !== null && (since === null || instant > since);
  if (hasExpiredSnooze(alert, asOf)) return 'snooze_expired';
  if (alert.kind === 'rebook' && isNew(alert.since)) return 'missed_or_cancelled';
  if (alert.kind === 'attendance_unknown') return 'attendance_unknown';
  if (alert.level === 'at_risk') return alert.dueAt <= endOfDay(state.site) ? 'due_today' : null;
  return isNew(alert.openedAt) ? 'newly_breached' : 'still_open';
}

/** When today is over for a site's referrals: at the later of the recipient's and the site's midnight. */
function endOfDayAt(asOf: Instant, { timeZone }: Recipient, { directory }: Config): (site: string | null) => Instant {
  const own = endOfLocalDay(asOf, timeZone);
  const bySite = new Map(directory.sites.map((site) => [site.id, Math.max(own, endOfLocalDay(asOf, site.timeZone))]));
  return (site) => bySite.get(site ?? '') ?? own;
}

/** What is the recipient's own stays in its own section: the same alert isn't listed twice. */
function placeEscalated(
  escalated: readonly ReferralAlert[],
  own: readonly InSection<CoordinatorSection>[],
  asOf: Instant,
): InSection<CoordinatorSection>[] {
  const listed = new Set(own.map(({ item }) => item.alert.referralId));
  return shownAlerts(escalated, asOf)
    .filter(({ alert }) => alert.level === 'escalated' && !listed.has(alert.referralId))
    .map((item) => ({ item, section: 'escalated' }));
}

function toSections(
  groups: readonly RowDraft<CoordinatorSection>[],
  cap: number,
  context: Parameters<typeof toSection>[4],
): SectionContent<CoordinatorSection>[] {
  const lists = COORDINATOR_SECTIONS.map((section) => ({
    section,
    groups: groups.filter((group) => group.section === section).sort((a, b) => compare(section)(a.lead, b.lead)),
  })).filter((list) => list.groups.length > 0);
  const limit = fairLimit(
    lists.map((list) => list.groups.length),
    cap,
    MOST_ROWS,
  );
  return lists.map((list) => toSection(list.section, list.groups, limit, cap, context));
}

/** What begins or ends today goes by priority; what is overdue, by how long it has been. */
function compare(section: CoordinatorSection): typeof byDue {
  switch (section) {
    case 'missed_or_cancelled':
    case 'due_today':
    case 'newly_breached':
      return byPriority;
    case 'escalated':
    case 'still_open':
    case 'attendance_unknown':
    case 'snooze_expired':
      return byDue;
  }
}
