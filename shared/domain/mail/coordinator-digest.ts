import type { Config } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import {
  COORDINATOR_SECTIONS,
  type CoordinatorDigestContent,
  type CoordinatorSection,
  type SectionContent,
} from '../../contracts/mail.ts';
import { DEFAULT_CAP, fairLimit, MOST_ROWS } from './caps.ts';
import type { DigestInput, ReferralAlert } from './digest-input.ts';
import {
  byDue,
  byPriority,
  draftRows,
  type InSection,
  type RowContext,
  type RowDraft,
  toSection,
} from './digest-rows.ts';
import { policyVersions } from './policy-versions.ts';
import { type Recipient, toMailRecipient } from './recipients.ts';
import { countResolvedSince, countSnoozed, hasExpiredSnooze, shownAlerts } from './shown-alerts.ts';
import { endOfLocalDay, isFirstOfWeek } from './working-days.ts';

export interface CoordinatorDigestInput extends DigestInput {
  /** Escalated alerts of the sites whose `escalateTo` is the recipient. */
  escalated?: readonly ReferralAlert[];
}

/** A coordinator's working day, most urgent first. Null: there is nothing to say today. */
export function coordinatorDigest(input: CoordinatorDigestInput): CoordinatorDigestContent | null {
  const { recipient, period, asOf, since, alerts, config, escalated = [], cap = DEFAULT_CAP } = input;
  const endOfDay = endOfDayAt(asOf, recipient, config);
  const own = shownAlerts(alerts, asOf).flatMap((shown) => {
    const section = sectionOf(shown, asOf, since, endOfDay);
    return section === null ? [] : [{ ...shown, section }];
  });
  const listed = [...own, ...escalatedByOthers(escalated, own, asOf)];
  const allClear = listed.length === 0;
  if (allClear && !isFirstOfWeek(recipient, period)) return null;
  const drafts = draftRows(listed, COORDINATOR_SECTIONS);
  const showInitials = config.directory.organization.identifiers === 'initials';
  return {
    kind: 'coordinator_digest',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    since,
    policyVersions: policyVersions(listed, config, asOf),
    referrals: drafts.length,
    sections: toSections(drafts, cap, { config, asOf, showInitials }),
    resolvedSince: countResolvedSince(alerts, since, asOf),
    snoozed: countSnoozed(alerts, asOf),
    allClear,
  };
}

/**
 * The section of one alert; null if it needs no mention today because it is at risk and not due before tomorrow.
 *
 * - Missed or cancelled: a rebook clock's alert that began since the previous digest. By the default policy it begins
 *   with the no-show or the cancellation itself, and one that we heard of late is still news to the coordinator.
 * - Due today includes what is due at the midnight that ends the day, as calendar days are, in the recipient's or in
 *   the site's time zone: by tomorrow's digest both are breached.
 * - Silent and incomplete referrals are breached from their first day, so they are new once and then still open. The
 *   same holds for unassigned referrals and orphans. These belong to operations, and come here only if somebody has
 *   taken them over since.
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

/** When the current day ends for a site's referrals: at the later of the recipient's and the site's midnight. */
function endOfDayAt(asOf: Instant, { timeZone }: Recipient, { directory }: Config): (site: string | null) => Instant {
  const own = endOfLocalDay(asOf, timeZone);
  const bySite = new Map(directory.sites.map((site) => [site.id, Math.max(own, endOfLocalDay(asOf, site.timeZone))]));
  return (site) => bySite.get(site ?? '') ?? own;
}

/** The escalated alerts of others. The recipient's own stay in their sections: no referral is listed twice. */
function escalatedByOthers(
  escalated: readonly ReferralAlert[],
  own: readonly InSection<CoordinatorSection>[],
  asOf: Instant,
): InSection<CoordinatorSection>[] {
  const listed = new Set(own.map(({ alert }) => alert.referralId));
  return shownAlerts(escalated, asOf)
    .filter(({ alert }) => alert.level === 'escalated' && !listed.has(alert.referralId))
    .map((shown) => ({ ...shown, section: 'escalated' }));
}

function toSections(
  drafts: readonly RowDraft<CoordinatorSection>[],
  cap: number,
  context: RowContext,
): SectionContent<CoordinatorSection>[] {
  const lists = COORDINATOR_SECTIONS.map((section) => ({
    section,
    drafts: drafts.filter((draft) => draft.section === section).sort((a, b) => orderIn(section)(a.lead, b.lead)),
  })).filter((list) => list.drafts.length > 0);
  const limit = fairLimit(
    lists.map((list) => list.drafts.length),
    cap,
    MOST_ROWS,
  );
  return lists.map((list) => toSection(list.section, list.drafts, limit, cap, context));
}

/** What is new or due today goes by priority; the rest by how long it has been due. */
function orderIn(section: CoordinatorSection): typeof byDue {
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
