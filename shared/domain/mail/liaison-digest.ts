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
import {
  byDue,
  countResolvedSince,
  countSnoozed,
  DEFAULT_CAP,
  type DigestInput,
  draftRows,
  fairLimit,
  isFirstWorkingDay,
  MOST_ROWS,
  policyOf,
  policyVersions,
  type ReferralAlert,
  type RowContext,
  type RowDraft,
  shownAlerts,
  toRecipient,
  toSection,
} from './digest-rows.ts';

/** Practices in one mail: a liaison calls a few a day, and each has its own heading. */
const MOST_PRACTICES = 40;

export interface LiaisonDigestInput extends DigestInput {
  /** What is known of the liaison's practices beside their referrals. */
  practices: readonly PracticeFacts[];
  /** Once a week: the liaison's practices whose referrals have changed, and how many more there are. */
  practiceChanges?: PracticeChangeContent[];
  morePracticeChanges?: number;
}

interface Entry {
  practiceId: string;
  groups: RowDraft<LiaisonSection>[];
  facts: PracticeFacts | null;
}

/** What to talk about with each referring practice. Null: there is nothing to say today. */
export function liaisonDigest(input: LiaisonDigestInput): LiaisonDigestContent | null {
  const {
    recipient,
    period,
    asOf,
    since,
    alerts: items,
    config,
    cap = DEFAULT_CAP,
    practiceChanges = [],
    morePracticeChanges = 0,
  } = input;
  const placed = shownAlerts(items, asOf).flatMap((item) => {
    const section = sectionOf(item, input);
    return section === null ? [] : [{ item, section }];
  });
  const groups = draftRows(placed, LIAISON_SECTIONS);
  const entries = toEntries(groups, input.practices);
  const allClear = entries.length === 0 && practiceChanges.length === 0;
  if (allClear && !isFirstWorkingDay(asOf, recipient)) return null;
  const shown = entries.slice(0, MOST_PRACTICES);
  return {
    kind: 'liaison_digest',
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
    practices: toPractices(shown, cap, { config, asOf, showInitials: false }),
    morePractices: entries.length - shown.length,
    practiceChanges,
    morePracticeChanges,
    resolvedSince: countResolvedSince(items, since, asOf),
    snoozed: countSnoozed(items, asOf),
    allClear,
  };
}

/**
 * The section of one alert, null where it is not the liaison's. An office that waits for news and a declined referral
 * are the liaison's own work and show while they are at risk; late notes and waits are others' work, which the
 * liaison has to be able to explain, and show when the promise is broken.
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
      return null;
  }
}

/** Practices with something to report: those with most first, then those with the oldest. */
function toEntries(groups: readonly RowDraft<LiaisonSection>[], facts: readonly PracticeFacts[]): Entry[] {
  const entries = new Map<string, Entry>();
  const entryOf = (practiceId: string): Entry => {
    const entry = entries.get(practiceId) ?? { practiceId, groups: [], facts: null };
    entries.set(practiceId, entry);
    return entry;
  };
  for (const group of groups) {
    if (group.lead.state.practiceId !== null) entryOf(group.lead.state.practiceId).groups.push(group);
  }
  for (const fact of facts) {
    if (fact.openFeedback.length > 0 || entries.has(fact.practiceId)) entryOf(fact.practiceId).facts = fact;
  }
  const weight = (entry: Entry) => entry.groups.length + (entry.facts?.openFeedback.length ?? 0);
  const oldest = (entry: Entry) => entry.groups.reduce((min, { lead }) => Math.min(min, lead.alert.dueAt), Infinity);
  return [...entries.values()].sort(
    (a, b) => weight(b) - weight(a) || Math.sign(oldest(a) - oldest(b)) || byCodePoint(a.practiceId, b.practiceId),
  );
}

/** A section's cap holds over all practices together, shared so that none pushes the others out. */
function toPractices(entries: readonly Entry[], cap: number, context: RowContext): PracticeContent[] {
  const used = LIAISON_SECTIONS.filter((s) => entries.some(({ groups }) => groups.some((g) => g.section === s)));
  const total = Math.min(cap, Math.floor(MOST_ROWS / Math.max(1, used.length)));
  const listOf = (entry: Entry, section: LiaisonSection) =>
    entry.groups.filter((group) => group.section === section).sort((a, b) => byDue(a.lead, b.lead));
  const plans = used.map((section) => {
    const sizes = entries.map((entry) => listOf(entry, section).length);
    const limit = fairLimit(sizes, cap, total);
    // Room to name a referral's other alerts is what the rows leave of the cap.
    const rows = sizes.reduce((sum, size) => sum + Math.min(size, limit), 0);
    return { section, limit, spare: Math.max(0, total - rows) };
  });
  return entries.map((entry) => ({
    practiceId: entry.practiceId,
    sections: plans.flatMap((plan) => {
      const groups = listOf(entry, plan.section);
      if (groups.length === 0) return [];
      const shown = Math.min(groups.length, plan.limit);
      const content = toSection(plan.section, groups, plan.limit, shown + plan.spare, context);
      plan.spare -= content.rows.reduce((sum, row) => sum + row.also.length, 0);
      return [content];
    }),
    openFeedback: toOpenFeedback(entry.facts),
    lastContactAt: entry.facts?.lastContactAt ?? null,
  }));
}

function toOpenFeedback(facts: PracticeFacts | null): PracticeContent['openFeedback'] {
  if (!facts || facts.openFeedback.length === 0) return null;
  return {
    count: facts.openFeedback.length,
    oldestSince: Math.min(...facts.openFeedback.map(({ since }) => since)),
  };
}
