import type { Config } from '../contracts/config.ts';
import type { DigestContent, DigestRow, DigestSection, NamedAlert, SectionContent } from '../contracts/mail.ts';
import type { Priority } from '../contracts/vocabulary.ts';
import { nextStep } from '../domain/next-step.ts';
import { formatDate, formatDay, formatDue, formatElapsed, formatMoment, formatTime, plural } from './format-time.ts';
import {
  fieldName,
  KIND_NAME,
  PRIORITY_NAME,
  reasonFor,
  SECTION_HINT,
  SECTION_SHORT,
  SECTION_SHORT_MANY,
  SECTION_TITLE,
  subjectOf,
  titleOf,
} from './wording.ts';

/** Everything that a mail says, as text: HTML and plain text are two layouts of this one view. */
export interface MailView {
  subject: string;
  title: string;
  date: string;
  /** For whom, and as of when. */
  byline: string;
  /** One line that says how much there is, also shown as the inbox preview. */
  summary: string;
  /** Where to begin; null where there is no choice. */
  lead: string | null;
  notes: string[];
  blocks: BlockView[];
  /** What was left out after the last block. */
  more: string | null;
  footer: string[];
}

export interface BlockView {
  /** The practice, in a liaison's mail. */
  heading: string | null;
  notes: string[];
  sections: SectionView[];
}

export interface SectionView {
  title: string;
  count: number;
  hint: string | null;
  rows: RowView[];
  more: string | null;
}

export interface RowView {
  priority: string;
  tone: Priority;
  id: string;
  url: string | null;
  initials: string | null;
  /** `2 days over`, or `due today, 17:00` where it is not over yet. */
  state: string;
  isOver: boolean;
  /** What to do next; null where the section says it for all. */
  action: string | null;
  details: string;
  remarks: string[];
}

const LONGEST_NAME = 60;
const URGENCY: readonly Priority[] = ['stat', 'asap', 'urgent', 'routine'];

/** Content and today's directory to text. Names come from the directory, since frozen content has ids only. */
export function toView(content: DigestContent, config: Config): MailView {
  const { recipient, asOf } = content;
  return {
    subject: subjectOf(content),
    title: titleOf(content),
    date: formatDate(asOf, recipient.timeZone),
    byline: `For ${oneLine(recipient.name)}, as of ${formatTime(asOf, recipient.timeZone)}`,
    summary: summaryOf(content),
    lead: leadOf(content),
    notes: notesOf(content),
    blocks: blocksOf(content, config),
    more:
      content.kind === 'liaison_digest' && content.morePractices > 0
        ? `${plural(content.morePractices, 'more practice')} not listed here.`
        : null,
    footer: footerOf(content, config),
  };
}

function summaryOf(content: DigestContent): string {
  switch (content.kind) {
    case 'coordinator_digest':
      return content.allClear ? 'All clear: nothing is left to do today.' : countsOf(content.sections);
    case 'liaison_digest':
      if (content.allClear) return 'All clear: no practice is waiting for news.';
      return countsOf(content.practices.flatMap(({ sections }) => sections));
    case 'urgent_alert':
      return `${plural(content.referrals, 'urgent referral')} past a deadline on the way to the visit.`;
  }
}

/** `Start with R-1: STAT, 9 days over.` Of what is listed the most urgent by priority, and of that the oldest. */
function leadOf(content: DigestContent): string | null {
  if (content.kind === 'liaison_digest') return null;
  const rows = content.sections.flatMap((section) => section.rows);
  const rank = ({ priority }: DigestRow): number => (priority === null ? URGENCY.length : URGENCY.indexOf(priority));
  const [first, ...others] = rows.toSorted((a, b) => rank(a) - rank(b) || a.dueAt - b.dueAt);
  if (!first || others.length === 0) return null;
  const priority = first.priority === null ? [] : [PRIORITY_NAME[first.priority]];
  return `Start with ${oneLine(first.referralId)}: ${[...priority, stateOf(first, content)].filter(Boolean).join(', ')}.`;
}

/** `2 missed or cancelled, 3 to do today`: referrals by section, those beyond the caps included. */
function countsOf(sections: readonly SectionContent<DigestSection>[]): string {
  const counts = new Map<DigestSection, number>();
  for (const { section, rows, more } of sections) {
    counts.set(section, (counts.get(section) ?? 0) + rows.length + more);
  }
  if (counts.size === 0) return 'Feedback to answer.';
  const shorts = [...counts].map(
    ([section, count]) => `${count} ${(count === 1 ? null : SECTION_SHORT_MANY[section]) ?? SECTION_SHORT[section]}`,
  );
  return `${shorts.join(', ')}.`;
}

function notesOf(content: DigestContent): string[] {
  if (content.kind === 'urgent_alert') return [];
  const snoozed = content.snoozed === 0 ? [] : [`${plural(content.snoozed, 'alert')} hidden by a snooze.`];
  if (content.since === null) return snoozed;
  const since = formatMoment(content.since, content.recipient.timeZone);
  const resolved = content.resolvedSince === 0 ? 'No alerts' : plural(content.resolvedSince, 'alert');
  return [`${resolved} resolved since your last digest (${since}).`, ...snoozed];
}

function blocksOf(content: DigestContent, config: Config): BlockView[] {
  if (content.kind !== 'liaison_digest') {
    return [{ heading: null, notes: [], sections: content.sections.map((s) => toSectionView(s, content, config)) }];
  }
  const { asOf, recipient } = content;
  return content.practices.map(({ practiceId, sections, openFeedback, lastContactAt }) => {
    const contact =
      lastContactAt === null
        ? 'No check-in on record.'
        : `Last check-in ${formatDay(lastContactAt, asOf, recipient.timeZone)}.`;
    const feedback = openFeedback
      ? `Feedback still open: ${openFeedback.count}, oldest since ${formatDay(openFeedback.oldestSince, asOf, recipient.timeZone)}.`
      : null;
    return {
      heading: nameOf(config.directory.practices, practiceId),
      notes: feedback ? [feedback, contact] : [contact],
      sections: sections.map((section) => toSectionView(section, content, config)),
    };
  });
}

function toSectionView(section: SectionContent<DigestSection>, content: DigestContent, config: Config): SectionView {
  const hint = SECTION_HINT[section.section] ?? null;
  return {
    title: SECTION_TITLE[section.section],
    count: section.rows.length + section.more,
    hint,
    rows: section.rows.map((row) => toRowView(row, hint === null, content, config)),
    more: section.more > 0 ? `and ${section.more} more, not listed here` : null,
  };
}

function toRowView(row: DigestRow, withAction: boolean, content: DigestContent, config: Config): RowView {
  const { organization, sites, people } = config.directory;
  const isOver = row.dueAt < content.asOf;
  const forCoordinator = content.kind !== 'liaison_digest';
  const details = [
    KIND_NAME[row.kind],
    isOver ? dueOf(row, content) : null,
    forCoordinator ? attemptsOf(row) : null,
    row.coordinatorId === null ? null : nameOf(people, row.coordinatorId),
    row.specialty === null ? null : clip(row.specialty.replaceAll('_', ' ')),
    row.site === null ? null : nameOf(sites, row.site),
  ];
  return {
    priority: row.priority === null ? 'No priority' : PRIORITY_NAME[row.priority],
    tone: row.priority ?? 'routine',
    id: oneLine(row.referralId),
    url: organization.referralUrl?.replaceAll('{referralId}', encodeURIComponent(row.referralId)) ?? null,
    initials: forCoordinator && organization.identifiers === 'initials' && row.initials ? clip(row.initials) : null,
    state: [stateOf(row, content), row.level === 'escalated' ? 'escalated' : ''].filter(Boolean).join(', '),
    isOver,
    action: withAction ? nextStep(row.kind, row.stage, row.priority) : null,
    details: details.filter((detail) => detail !== null).join(' · '),
    remarks: remarksOf(row, content),
  };
}

/** When it was or is due. Of an appointment whose outcome is unknown the due time would give the visit's date away. */
function dueOf({ kind, dueAt }: NamedAlert, { asOf, recipient }: DigestContent): string | null {
  if (kind === 'attendance_unknown') return null;
  // These two are found the moment the referral arrives: they have no time to be done by.
  if (kind === 'incomplete' || kind === 'unassigned') return `since ${formatDay(dueAt, asOf, recipient.timeZone)}`;
  return `due ${formatDue(dueAt, asOf, recipient.timeZone)}`;
}

/** `attempts 2 of 3`, `attempts 7, required 3`; once all are made, what the policy still asks for before the patient counts as unreachable. */
function attemptsOf({ stage, attempts }: DigestRow): string {
  const { made, required, phoneDaysLeft, lettersLeft } = attempts;
  const count = made > required ? `attempts ${made}, required ${required}` : `attempts ${made} of ${required}`;
  if (stage !== 'to_contact' || made < required) return count;
  const missing = [
    phoneDaysLeft > 0 ? plural(phoneDaysLeft, 'more phone day') : null,
    lettersLeft > 0 ? plural(lettersLeft, 'letter or portal message') : null,
  ].filter((text) => text !== null);
  return missing.length > 0 ? `${count}, ${missing.join(' and ')} missing` : count;
}

function remarksOf(row: DigestRow, content: DigestContent): string[] {
  const also = row.also.map((alert) => `${KIND_NAME[alert.kind].toLowerCase()} ${stateOf(alert, content)}`.trim());
  if (row.alsoMore > 0) also.push(`${row.alsoMore} more`);
  const marks = [row.acknowledged ? 'Acknowledged' : null, row.snoozeExpired ? 'Snooze expired' : null].filter(
    (mark) => mark !== null,
  );
  return [
    ...(row.missing.length > 0 ? [`Missing: ${row.missing.map(fieldName).join(', ')}.`] : []),
    ...(also.length > 0 ? [`Also: ${also.join('; ')}.`] : []),
    ...(row.mayCloseAsUnreachable && content.kind !== 'liaison_digest'
      ? ['All attempts made: may be closed as unreachable.']
      : []),
    ...(marks.length > 0 ? [`${marks.join('. ')}.`] : []),
  ];
}

/** How long it is over, or when it is due. */
function stateOf(alert: NamedAlert, content: DigestContent): string {
  if (alert.dueAt < content.asOf) return `${formatElapsed(alert.dueAt, content.asOf)} over`;
  return dueOf(alert, content) ?? '';
}

function footerOf(content: DigestContent, config: Config): string[] {
  const { recipient, asOf, policyVersions } = content;
  const { name, identifiers } = config.directory.organization;
  const withInitials = content.kind !== 'liaison_digest' && identifiers === 'initials';
  return [
    reasonFor(content, oneLine(name)),
    `As of ${formatMoment(asOf, recipient.timeZone)}; times are in ${recipient.timeZone}. ` +
      `Policy ${policyVersions.map(oneLine).join(', ')}.`,
    withInitials
      ? 'Patients appear by referral id and initials only: no names, birth dates, record numbers, diagnoses or visit dates.'
      : 'Patients appear by referral id only: no names, initials, birth dates, record numbers, diagnoses or visit dates.',
  ];
}

function nameOf(list: readonly { id: string; name: string }[], id: string): string {
  return clip(list.find((entry) => entry.id === id)?.name ?? id);
}

/** Names come from other systems: they must not break a line or fill the mail. */
function clip(text: string): string {
  const characters = [...oneLine(text)];
  return characters.length <= LONGEST_NAME ? characters.join('') : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
