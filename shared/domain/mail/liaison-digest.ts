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
import { byDue, draftRows, type RowContext, type RowDraft, toSection } from './digest-rows.ts';
import { policyOf, policyVersions } from './policy-versions.ts';
import { toMailRecipient } from './recipients.ts';
import { countSnoozed, resolvedSince, shownAlerts } from './shown-alerts.ts';
import { isFirstOfWeek } from './working-days.ts';

/** Practices in one mail: a liaison calls a few a day, and each has its own heading. */
const MOST_PRACTICES = 40;

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
  rows: RowDraft<LiaisonSection>[];
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
  const practices = draftPractices(rows, input.practices);
  const allClear = practices.length === 0 && practiceChanges.length === 0;
  if (allClear && !isFirstOfWeek(recipient, period)) return null;
  const shown = practices.slice(0, MOST_PRACTICES);
  return {
    kind: 'liaison_digest',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    since,
    policyVersions: policyVersions(listed, config, asOf),
    referrals: rows.length,
    practices: toPractices(shown, cap, { config, asOf, since, showInitials: false }),
    morePractices: practices.length - shown.length,
    practiceChanges,
    morePracticeChanges,
    resolvedSince: resolvedSince(alerts, since, asOf).length,
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

/** Practices with something to report: those with most first, then those with the oldest. */
function draftPractices(rows: readonly RowDraft<LiaisonSection>[], facts: readonly PracticeFacts[]): PracticeDraft[] {
  const drafts = new Map<string, PracticeDraft>();
  const draftOf = (practiceId: string): PracticeDraft => {
    const draft = drafts.get(practiceId) ?? { practiceId, rows: [], facts: null };
    drafts.set(practiceId, draft);
    return draft;
  };
  for (const row of rows) {
    if (row.lead.state.practiceId !== null) draftOf(row.lead.state.practiceId).rows.push(row);
  }
  for (const fact of facts) {
    if (fact.openFeedback.length > 0 || drafts.has(fact.practiceId)) draftOf(fact.practiceId).facts = fact;
  }
  const weight = (draft: PracticeDraft) => draft.rows.length + (draft.facts?.openFeedback.length ?? 0);
  const oldest = (draft: PracticeDraft) =>
    draft.rows.reduce((min, { lead }) => Math.min(min, lead.alert.dueAt), Infinity);
  return [...drafts.values()].sort(
    (a, b) => weight(b) - weight(a) || Math.sign(oldest(a) - oldest(b)) || byCodePoint(a.practiceId, b.practiceId),
  );
}

/** A section's cap holds over all practices together, and is shared so that no practice pushes the others out. */
function toPractices(drafts: readonly PracticeDraft[], cap: number, context: RowContext): PracticeContent[] {
  const used = LIAISON_SECTIONS.filter((section) =>
    drafts.some(({ rows }) => rows.some((row) => row.section === section)),
  );
  const total = Math.min(cap, Math.floor(MOST_ROWS / Math.max(1, used.length)));
  const rowsIn = (draft: PracticeDraft, section: LiaisonSection) =>
    draft.rows.filter((row) => row.section === section).sort((a, b) => byDue(a.lead, b.lead));
  const plans = used.map((section) => {
    const sizes = drafts.map((draft) => rowsIn(draft, section).length);
    return { section, limit: fairLimit(sizes, cap, total) };
  });
  return drafts.map((draft) => ({
    practiceId: draft.practiceId,
    sections: plans.flatMap((plan) => {
      const rows = rowsIn(draft, plan.section);
      if (rows.length === 0) return [];
      return [toSection(plan.section, rows, plan.limit, context)];
    }),
    openFeedback: toOpenFeedback(draft.facts),
    lastContactAt: draft.facts?.lastContactAt ?? null,
  }));
}

function toOpenFeedback(facts: PracticeFacts | null): PracticeContent['openFeedback'] {
  if (!facts || facts.openFeedback.length === 0) return null;
  return {
    count: facts.openFeedback.length,
    oldestSince: Math.min(...facts.openFeedback.map(({ since }) => since)),
  };
}
