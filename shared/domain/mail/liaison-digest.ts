import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import {
  LIAISON_SECTIONS,
  type LiaisonDigestContent,
  type LiaisonSection,
  type PracticeChangeContent,
  type PracticeContent,
} from '../../contracts/mail.ts';
import type { PracticeFacts } from '../../contracts/practice.ts';
import { byCodePoint } from '../code-point.ts';
import { mayCloseAsUnreachable } from '../referral/attempts.ts';
import { DEFAULT_CAP, fairLimit, MOST_ROWS } from './caps.ts';
import type { DigestInput, ReferralAlert } from './digest-input.ts';
import { byDue, draftRows, type RowContext, type RowDraft, toNamedAlert, toSection } from './digest-rows.ts';
import { policyOf, policyVersions } from './policy-versions.ts';
import { toMailRecipient } from './recipients.ts';
import { countResolvedSince, countSnoozed, shownAlerts } from './shown-alerts.ts';
import { isUrgent, urgencyRank } from './urgency.ts';
import { isFirstOfWeek } from './working-days.ts';

/** Practices in one mail: a liaison calls a few a day. One with an urgent row is listed in any case. */
const MOST_PRACTICES = 40;
/** What has been due for longer is no news to anybody: it is counted. */
const OLD_AFTER_MS = 60 * DAY_MS;

export interface LiaisonDigestInput extends DigestInput {
  /** What is known of the liaison's practices besides their referrals. */
  practices: readonly PracticeFacts[];
  /** Once a week: the liaison's practices whose referrals have changed, and how many more there are. */
  practiceChanges?: PracticeChangeContent[];
  morePracticeChanges?: number;
}

/** A practice before its rows are cut to what there is room for. */
interface PracticeDraft {
  practiceId: string;
  /** The most urgent first. */
  rows: RowDraft<LiaisonSection>[];
  /** Long overdue, the oldest first. */
  older: RowDraft<LiaisonSection>[];
  facts: PracticeFacts | null;
}

/** What to talk about with each referring practice. Null: there is nothing to say today. */
export function liaisonDigest(input: LiaisonDigestInput): LiaisonDigestContent | null {
  const {
    recipient,
    period,
    asOf,
    since,
    alerts,
    config,
    cap = DEFAULT_CAP,
    practiceChanges = [],
    morePracticeChanges = 0,
  } = input;
  const listed = shownAlerts(alerts, asOf).flatMap((shown) => {
    const section = sectionOf(shown, input);
    return section === null ? [] : [{ ...shown, section }];
  });
  const rows = draftRows(listed, LIAISON_SECTIONS);
  const practices = draftPractices(rows, input.practices, asOf);
  const allClear = practices.length === 0 && practiceChanges.length === 0;
  if (allClear && !isFirstOfWeek(recipient, period)) return null;
  const urgent = practices.filter((practice) => practice.rows.some(isUrgentRow)).length;
  const shown = practices.slice(0, Math.max(MOST_PRACTICES, urgent));
  return {
    kind: 'liaison_digest',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    since,
    policyVersions: policyVersions(listed, config, asOf),
    referrals: rows.length,
    practices: toPractices(shown, cap, { config, asOf, showInitials: false }),
    morePractices: practices.length - shown.length,
    practiceChanges,
    morePracticeChanges,
    resolvedSince: countResolvedSince(alerts, since, asOf),
    snoozed: countSnoozed(alerts, asOf),
    allClear,
  };
}

/**
 * The section of one alert; null if it is not the liaison's. An office that waits for news and a declined referral are
 * the liaison's own work, so they show while still at risk. Late notes and waits are others' work, which the liaison
 * has to be able to explain, so they show once the promise is broken.
 */
function sectionOf({ alert, state }: ReferralAlert, { config, asOf }: LiaisonDigestInput): LiaisonSection | null {
  const late = alert.level !== 'at_risk';
  switch (alert.kind) {
    case 'referrer_update':
      return 'office_not_told';
    case 'reroute':
      return 'declined_not_rerouted';
    case 'note':
      return late ? 'late_notes' : null;
    case 'reached':
    case 'scheduled':
    case 'visit':
      if (mayCloseAsUnreachable(state, policyOf(state, config, asOf).attempts, asOf)) return 'unreachable';
      return late && alert.kind !== 'reached' ? 'long_waits' : null;
    case 'acceptance':
    case 'first_attempt':
    case 'rebook':
    case 'acknowledge':
    case 'attendance_unknown':
    case 'silence':
    case 'unassigned':
    case 'orphan':
    case 'incomplete':
    case 'booked_late':
    case 'callback':
    case 'news_after_end':
      return null;
  }
}

/** Practices with something to report, the one with the most urgent row first. */
function draftPractices(
  rows: readonly RowDraft<LiaisonSection>[],
  facts: readonly PracticeFacts[],
  asOf: Instant,
): PracticeDraft[] {
  const drafts = new Map<string, PracticeDraft>();
  const draftOf = (practiceId: string): PracticeDraft => {
    const draft = drafts.get(practiceId) ?? { practiceId, rows: [], older: [], facts: null };
    drafts.set(practiceId, draft);
    return draft;
  };
  for (const row of [...rows].sort(byUrgency)) {
    // What was received has a practice, and nothing else has an alert of these kinds.
    if (row.lead.state.practiceId === null) continue;
    const draft = draftOf(row.lead.state.practiceId);
    (isLongOverdue(row, asOf) ? draft.older : draft.rows).push(row);
  }
  for (const fact of facts) {
    if (fact.openFeedback.length > 0 || drafts.has(fact.practiceId)) draftOf(fact.practiceId).facts = fact;
  }
  return [...drafts.values()].sort(byMostUrgentRow);
}

const isUrgentRow = ({ lead }: RowDraft<LiaisonSection>): boolean => isUrgent(lead.state.priority);

/** Stat first, then asap, urgent, unknown, routine; then the earlier due. */
function byUrgency({ lead: a }: RowDraft<LiaisonSection>, { lead: b }: RowDraft<LiaisonSection>): number {
  return urgencyRank(a.state.priority) - urgencyRank(b.state.priority) || byDue(a, b);
}

/** Whether all that a referral has here is long overdue. An urgent one is never left at a count. */
function isLongOverdue(row: RowDraft<LiaisonSection>, asOf: Instant): boolean {
  return !isUrgentRow(row) && [row.lead, ...row.others].every(({ alert }) => alert.dueAt < asOf - OLD_AFTER_MS);
}

/** By the most urgent row. Practices without one come last: those with feedback to answer, then the long overdue. */
function byMostUrgentRow(a: PracticeDraft, b: PracticeDraft): number {
  const [rowA, rowB] = [a.rows[0] ?? a.older[0], b.rows[0] ?? b.older[0]];
  return (
    placeOf(a) - placeOf(b) || (rowA && rowB ? byUrgency(rowA, rowB) : 0) || byCodePoint(a.practiceId, b.practiceId)
  );
}

function placeOf({ rows, facts }: PracticeDraft): number {
  if (rows.length > 0) return 0;
  return facts !== null && facts.openFeedback.length > 0 ? 1 : 2;
}

/**
 * A section's cap holds over all practices together, and is shared so that no practice pushes the others out. Urgent
 * rows come first and are never cut.
 */
function toPractices(drafts: readonly PracticeDraft[], cap: number, context: RowContext): PracticeContent[] {
  const used = LIAISON_SECTIONS.filter((section) =>
    drafts.some(({ rows }) => rows.some((row) => row.section === section)),
  );
  const total = Math.min(cap, Math.floor(MOST_ROWS / Math.max(1, used.length)));
  const plans = used.map((section) => {
    const lists = drafts.map(({ rows }) => rows.filter((row) => row.section === section));
    const urgent = lists.map((rows) => rows.filter(isUrgentRow).length);
    const routine = lists.map((rows, index) => rows.length - (urgent[index] ?? 0));
    const limit = fairLimit(routine, cap, Math.max(0, total - sum(urgent)));
    const shown = urgent.map((count, index) => count + Math.min(routine[index] ?? 0, limit));
    // What the rows leave of the cap is room to name a referral's other alerts.
    return { section, lists, shown, spare: Math.max(0, total - sum(shown)) };
  });
  return drafts.map((draft, index) => ({
    practiceId: draft.practiceId,
    sections: plans.flatMap((plan) => {
      const rows = plan.lists[index] ?? [];
      const shown = plan.shown[index] ?? 0;
      if (rows.length === 0) return [];
      const content = toSection(plan.section, rows, shown, shown + plan.spare, context);
      plan.spare -= sum(content.rows.map((row) => row.also.length));
      return [content];
    }),
    ...olderOf(draft),
    openFeedback: toOpenFeedback(draft.facts),
    lastContactAt: draft.facts?.lastContactAt ?? null,
  }));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function olderOf({ older }: PracticeDraft): Pick<PracticeContent, 'older'> {
  const [oldest] = older;
  if (!oldest) return {};
  return {
    older: {
      count: older.length,
      oldest: { referralId: oldest.lead.alert.referralId, ...toNamedAlert(oldest.lead) },
    },
  };
}

function toOpenFeedback(facts: PracticeFacts | null): PracticeContent['openFeedback'] {
  if (!facts || facts.openFeedback.length === 0) return null;
  return {
    count: facts.openFeedback.length,
    oldestSince: Math.min(...facts.openFeedback.map(({ since }) => since)),
  };
}
