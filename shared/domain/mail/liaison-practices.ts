import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import {
  LIAISON_SECTIONS,
  type LiaisonDigestContent,
  type LiaisonSection,
  type PracticeContent,
  type SectionContent,
} from '../../contracts/mail.ts';
import type { PracticeFacts } from '../../contracts/practice.ts';
import { byCodePoint } from '../code-point.ts';
import { fairLimit, MOST_ROWS } from './caps.ts';
import { byPriority, type RowContext, type RowDraft, toNamedAlert, toSection } from './digest-rows.ts';

/** From the rows of a liaison's digest to its practices, the one with the most urgent row first. */

/** Practices in one mail: a liaison calls a few a day. One with an urgent row is listed in any case. */
const MOST_PRACTICES = 40;
/** What has been due for longer is no news to anybody: it is counted. */
const OLD_AFTER_MS = 60 * DAY_MS;

type Draft = RowDraft<LiaisonSection>;

/** A practice before its rows are cut to what there is room for. */
export interface PracticeDraft {
  practiceId: string;
  /** The most urgent first. */
  rows: Draft[];
  /** Long overdue, the oldest first. */
  older: Draft[];
  facts: PracticeFacts | null;
}

/** Practices with something to report, the one with the most urgent row first. */
export function draftPractices(
  rows: readonly Draft[],
  facts: readonly PracticeFacts[],
  asOf: Instant,
): PracticeDraft[] {
  const drafts = new Map<string, PracticeDraft>();
  const draftOf = (practiceId: string): PracticeDraft => {
    const draft = drafts.get(practiceId) ?? { practiceId, rows: [], older: [], facts: null };
    drafts.set(practiceId, draft);
    return draft;
  };
  for (const row of rows.toSorted(byUrgency)) {
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

/** One that may be more than routine. */
const isUrgent = ({ lead }: Draft): boolean => lead.state.priority !== 'routine';

const byUrgency = (a: Draft, b: Draft): number => byPriority(a.lead, b.lead);

/** Whether all that a referral has here is long overdue. An urgent one is never left at a count. */
function isLongOverdue(row: Draft, asOf: Instant): boolean {
  return !isUrgent(row) && [row.lead, ...row.others].every(({ alert }) => alert.dueAt < asOf - OLD_AFTER_MS);
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

interface Context extends RowContext {
  keepsCutRows: boolean;
}

/** The practices that there is room for, and how many more there are. */
export function toPractices(
  drafts: readonly PracticeDraft[],
  cap: number,
  context: Context,
): Pick<LiaisonDigestContent, 'practices' | 'morePractices' | 'cutPractices'> {
  const urgent = drafts.filter(({ rows }) => rows.some(isUrgent)).length;
  const room = Math.max(MOST_PRACTICES, urgent);
  const shown = drafts.slice(0, room);
  const cut = drafts.slice(room);
  return {
    practices: contentsOf(shown, cap, context),
    morePractices: cut.length,
    ...(context.keepsCutRows && cut.length > 0 && { cutPractices: contentsOf(cut.map(allCut), cap, context) }),
  };
}

const allCut = (draft: PracticeDraft): PracticeDraft => ({
  ...draft,
  rows: [],
  older: [...draft.rows, ...draft.older].sort(byUrgency),
});

/**
 * A section's cap holds over all practices together, and is shared so that no practice pushes the others out. Urgent
 * rows come first and are never cut.
 */
function contentsOf(drafts: readonly PracticeDraft[], cap: number, context: Context): PracticeContent[] {
  const used = LIAISON_SECTIONS.filter((section) => drafts.some(({ rows }) => rows.some(isIn(section)))).length;
  const total = Math.min(cap, Math.floor(MOST_ROWS / Math.max(1, used)));
  const limits = LIAISON_SECTIONS.map((section) => {
    const urgent = drafts.map(({ rows }) => rows.filter(isIn(section)).filter(isUrgent).length);
    const routine = drafts.map(({ rows }, index) => rows.filter(isIn(section)).length - (urgent[index] ?? 0));
    return fairLimit(routine, cap, Math.max(0, total - urgent.reduce((sum, count) => sum + count, 0)));
  });
  return drafts.map((draft) => ({
    practiceId: draft.practiceId,
    sections: LIAISON_SECTIONS.flatMap((section, index) => sectionOf(section, draft, limits[index] ?? 1, context)),
    ...olderOf(draft, context),
    openFeedback: toOpenFeedback(draft.facts),
    lastContactAt: draft.facts?.lastContactAt ?? null,
  }));
}

const isIn =
  (section: LiaisonSection) =>
  (row: Draft): boolean =>
    row.section === section;

/** @param limit most routine rows */
function sectionOf(
  section: LiaisonSection,
  draft: PracticeDraft,
  limit: number,
  context: Context,
): SectionContent<LiaisonSection>[] {
  const rows = draft.rows.filter(isIn(section));
  const room = rows.filter(isUrgent).length + limit;
  const cut = context.keepsCutRows ? [...rows.slice(room), ...draft.older.filter(isIn(section))] : [];
  if (rows.length + cut.length === 0) return [];
  const cutRows = toSection(section, cut, cut.length, context).rows;
  return [{ ...toSection(section, rows, room, context), ...(cutRows.length > 0 && { cutRows }) }];
}

function olderOf({ older }: PracticeDraft, context: RowContext): Pick<PracticeContent, 'older'> {
  const [oldest] = older;
  if (!oldest) return {};
  const { referralId } = oldest.lead.alert;
  return { older: { count: older.length, oldest: { referralId, ...toNamedAlert(oldest.lead, context) } } };
}

function toOpenFeedback(facts: PracticeFacts | null): PracticeContent['openFeedback'] {
  if (!facts || facts.openFeedback.length === 0) return null;
  return {
    count: facts.openFeedback.length,
    oldestSince: Math.min(...facts.openFeedback.map(({ since }) => since)),
  };
}
