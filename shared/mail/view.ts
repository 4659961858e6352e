import type { Config } from '../contracts/config.ts';
import {
  COORDINATOR_SECTIONS,
  type DigestContent,
  type DigestSection,
  LIAISON_SECTIONS,
  type LiaisonDigestContent,
  type SectionContent,
} from '../contracts/mail.ts';
import type { Priority } from '../contracts/vocabulary.ts';
import { formatDate, formatDay, formatMoment, formatTime, plural } from './format-time.ts';
import { clip, nameOf, oneLine } from './names.ts';
import { type RowView, toRowView } from './row-view.ts';
import { PRIORITY_NAME, reasonFor, SECTION_HINT, SECTION_SHORT, SECTION_TITLE, subjectOf, titleOf } from './wording.ts';

/** Practices that the first sentence of a liaison's mail names. */
const MOST_NAMED = 3;
const HURRIED = ['stat', 'asap', 'urgent'] as const satisfies readonly Priority[];

/** Everything that a mail says, as text: HTML and plain text are two layouts of this one view. */
export interface MailView {
  subject: string;
  title: string;
  date: string;
  /** For whom, and as of when. */
  byline: string;
  /** What an inbox shows beside the subject: how much there is of what. */
  preview: string;
  /** The first sentence. */
  lead: string;
  /** How many referrals each section has; empty where the first sentence says it all. */
  counts: CountView[];
  notes: string[];
  blocks: BlockView[];
  /** What was left out after the last block. */
  more: string | null;
  footer: string[];
}

/** `13 to do today`, of which `1 STAT`, `2 URGENT`. */
export interface CountView {
  count: number;
  label: string;
  /** What of it can't wait. */
  priorities: { text: string; tone: Priority }[];
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

/** Content and today's directory to text. Names come from the directory, since frozen content has ids only. */
export function toView(content: DigestContent, config: Config): MailView {
  const { recipient, asOf } = content;
  const lead = leadOf(content, config);
  const counts = countsOf(content);
  return {
    subject: subjectOf(content),
    title: titleOf(content),
    date: formatDate(asOf, recipient.timeZone),
    byline: `For ${clip(recipient.name)}, as of ${formatTime(asOf, recipient.timeZone)}`,
    preview: previewOf(counts, lead),
    lead,
    counts,
    notes: notesOf(content),
    blocks: blocksOf(content, config),
    more:
      content.kind === 'liaison_digest' && content.morePractices > 0
        ? `${plural(content.morePractices, 'more practice')}, not listed here.`
        : null,
    footer: footerOf(content, config),
  };
}

function leadOf(content: DigestContent, config: Config): string {
  switch (content.kind) {
    case 'coordinator_digest':
      if (content.allClear) return 'All clear: nothing is left to do today.';
      return `${plural(content.referrals, 'referral')} to act on.`;
    case 'liaison_digest':
      return content.allClear ? 'All clear: no practice is waiting for news.' : practicesLead(content, config);
    case 'urgent_alert': {
      const verb = content.referrals === 1 ? 'is' : 'are';
      return `${plural(content.referrals, 'urgent referral')} ${verb} past a deadline and can't wait for the next digest.`;
    }
  }
}

/** How much at how many practices, and where a liaison with little time would call first. */
function practicesLead({ practices, morePractices, referrals }: LiaisonDigestContent, config: Config): string {
  const at = plural(practices.length + morePractices, 'practice');
  if (referrals === 0) return `Feedback to answer at ${at}.`;
  const total = `${plural(referrals, 'referral')} at ${at}`;
  if (practices.length === 1) return `${total}.`;
  const most = practices
    .map(({ practiceId, sections }) => ({ practiceId, count: referralsIn(sections) }))
    .filter(({ count }) => count > 0)
    .slice(0, MOST_NAMED);
  const others = referrals - most.reduce((sum, { count }) => sum + count, 0);
  const parts = most.map(({ practiceId, count }) => `${count} at ${nameOf(config.directory.practices, practiceId)}`);
  return `${total}: ${[...parts, ...(others > 0 ? [`${others} at others`] : [])].join(', ')}.`;
}

const referralsIn = (sections: readonly SectionContent<DigestSection>[]): number =>
  sections.reduce((sum, { rows, more }) => sum + rows.length + more, 0);

/** Referrals by section, those beyond the caps included. */
function countsOf(content: DigestContent): CountView[] {
  switch (content.kind) {
    case 'coordinator_digest':
      return sectionCounts(content.sections);
    case 'liaison_digest': {
      const { practices, morePractices, referrals } = content;
      const listed = sectionCounts(practices.flatMap(({ sections }) => sections));
      const beyond = referrals - listed.reduce((sum, { count }) => sum + count, 0);
      const feedback = practices.reduce((sum, { openFeedback }) => sum + (openFeedback?.count ?? 0), 0);
      return [
        ...listed,
        { count: feedback, label: 'feedback to answer', priorities: [] },
        { count: beyond, label: `at ${plural(morePractices, 'practice')} not listed here`, priorities: [] },
      ].filter(({ count }) => count > 0);
    }
    case 'urgent_alert':
      return [];
  }
}

function sectionCounts(sections: readonly SectionContent<DigestSection>[]): CountView[] {
  const inOrder: readonly DigestSection[] = [...COORDINATOR_SECTIONS, ...LIAISON_SECTIONS];
  return inOrder.flatMap((section) => {
    const parts = sections.filter((part) => part.section === section);
    const count = referralsIn(parts);
    return count === 0 ? [] : [{ count, label: SECTION_SHORT[section], priorities: prioritiesOf(parts) }];
  });
}

/** How much of a section is more than routine; nothing where it isn't listed in full, since that would be too few. */
function prioritiesOf(parts: readonly SectionContent<DigestSection>[]): CountView['priorities'] {
  if (parts.some(({ more }) => more > 0)) return [];
  const rows = parts.flatMap((part) => part.rows);
  return HURRIED.flatMap((tone) => {
    const count = rows.filter(({ priority }) => priority === tone).length;
    return count === 0 ? [] : [{ text: `${count} ${PRIORITY_NAME[tone]}`, tone }];
  });
}

function previewOf(counts: readonly CountView[], lead: string): string {
  if (counts.length === 0) return lead;
  const texts = counts.map(({ count, label, priorities }) => {
    const hurried = priorities.map(({ text }) => text).join(', ');
    return `${count} ${label}${hurried === '' ? '' : ` (${hurried})`}`;
  });
  return `${texts.join(', ')}.`;
}

function notesOf(content: DigestContent): string[] {
  if (content.kind === 'urgent_alert') return [];
  const snoozed = content.snoozed === 0 ? [] : [`${plural(content.snoozed, 'snoozed alert')}, not listed here.`];
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
    const referrals = referralsIn(sections);
    return {
      heading: nameOf(config.directory.practices, practiceId),
      notes: [
        ...(feedback ? [feedback] : []),
        referrals === 0 ? contact : `${plural(referrals, 'referral')}. ${contact}`,
      ],
      sections: sections.map((section) => toSectionView(section, content, config)),
    };
  });
}

function toSectionView(section: SectionContent<DigestSection>, content: DigestContent, config: Config): SectionView {
  return {
    title: SECTION_TITLE[section.section],
    count: section.rows.length + section.more,
    hint: SECTION_HINT[section.section]?.hint ?? null,
    rows: section.rows.map((row) => toRowView(row, section.section, content, config)),
    more: section.more > 0 ? `and ${section.more} more, not listed here` : null,
  };
}

function footerOf(content: DigestContent, config: Config): string[] {
  const { recipient, asOf, policyVersions } = content;
  const { name, identifiers, operationsMailbox } = config.directory.organization;
  const withInitials = content.kind !== 'liaison_digest' && identifiers === 'initials';
  return [
    reasonFor(content, oneLine(name)),
    `As of ${formatMoment(asOf, recipient.timeZone)}; times are in ${recipient.timeZone}. ` +
      `Policy ${policyVersions.map(oneLine).join(', ')}.`,
    `Questions about this mail, or something wrong in it? Answer it, or write to ${operationsMailbox}.`,
    withInitials
      ? 'Patients appear by referral id and initials only: no names, birth dates, record numbers, diagnoses or visit dates.'
      : 'Patients appear by referral id only: no names, initials, birth dates, record numbers, diagnoses or visit dates.',
  ];
}
