import type { Config } from '../../contracts/config.ts';
import {
  COORDINATOR_SECTIONS,
  type DigestSection,
  LIAISON_SECTIONS,
  OPERATIONS_SECTIONS,
  type SectionContent,
} from '../../contracts/mail.ts';
import type { Priority } from '../../contracts/vocabulary.ts';
import { type Block, type CountView, muted, rows, type Section, section } from '../blocks.ts';
import { insteadOf } from '../byline.ts';
import { formatMoment } from '../format-time.ts';
import { oneLine } from '../names.ts';
import { type RowContent, toRowView } from './row-view.ts';
import { PRIORITY_NAME, SECTION_HINT, SECTION_SHORT, SECTION_TITLE } from './wording.ts';

/** What mails with rows have in common: their sections, the counts on top, the footer. */

const HURRIED = ['stat', 'asap', 'urgent'] as const satisfies readonly Priority[];

/** A section of referrals as text. */
export function toSectionView(content: SectionContent<DigestSection>, mail: RowContent, config: Config): Section {
  const hint = SECTION_HINT[content.section]?.hint;
  return section(
    SECTION_TITLE[content.section],
    [
      ...(hint === undefined ? [] : [muted(hint)]),
      ...rows(content.rows.map((row) => toRowView(row, content.section, mail, config))),
      ...moreOf(content.more),
    ],
    content.rows.length + content.more,
  );
}

/** What a list leaves out. */
export const moreOf = (more: number): Block[] => (more > 0 ? [muted(`and ${more} more, not listed here`)] : []);

/** Referrals in these sections, including those beyond the caps. */
export const referralsIn = (sections: readonly SectionContent<DigestSection>[]): number =>
  sections.reduce((sum, { rows, more }) => sum + rows.length + more, 0);

/** The counts of sections, in the order in which they are read. */
export function sectionCounts(sections: readonly SectionContent<DigestSection>[]): CountView[] {
  const inOrder: readonly DigestSection[] = [...COORDINATOR_SECTIONS, ...LIAISON_SECTIONS, ...OPERATIONS_SECTIONS];
  return inOrder.flatMap((section) => {
    const same = sections.filter((each) => each.section === section);
    const count = referralsIn(same);
    return count === 0 ? [] : [{ count, label: SECTION_SHORT[section], priorities: prioritiesOf(same) }];
  });
}

/** How many referrals are more than routine. Empty if others than routine ones may be cut: the counts would be too low. */
function prioritiesOf(sections: readonly SectionContent<DigestSection>[]): CountView['priorities'] {
  if (sections.some(({ section, more }) => more > 0 && !cutsRoutineOnly(section))) return [];
  const rows = sections.flatMap((section) => section.rows);
  return HURRIED.flatMap((tone) => {
    const count = rows.filter(({ priority }) => priority === tone).length;
    return count === 0 ? [] : [{ text: `${count} ${PRIORITY_NAME[tone]}`, tone }];
  });
}

const cutsRoutineOnly = (section: DigestSection): boolean =>
  !(OPERATIONS_SECTIONS as readonly DigestSection[]).includes(section);

/** The counts as a sentence, for the inbox. */
export function previewOf(counts: readonly CountView[], lead: string): string {
  if (counts.length === 0) return lead;
  const texts = counts.map(({ count, label, priorities }) => {
    const hurried = priorities.map(({ text }) => text).join(', ');
    return `${count} ${label}${hurried === '' ? '' : ` (${hurried})`}`;
  });
  return `${texts.join(', ')}.`;
}

/** The lines at the end: why the mail comes, its as-of and policy, whom to ask, what it leaves out about patients. */
export function footerOf(content: RowContent, config: Config, reason: string): string[] {
  const { recipient, asOf, policyVersions } = content;
  const { identifiers } = config.directory.organization;
  const forCoordinator = content.kind === 'coordinator_digest' || content.kind === 'urgent_alert';
  const names = forCoordinator && identifiers === 'initials' ? 'names' : 'names, initials';
  return [
    ...insteadOf(content),
    reason,
    `As of ${formatMoment(asOf, recipient.timeZone)} (${recipient.timeZone}), policy ${policyVersions.map(oneLine).join(', ')}.`,
    // Who reads the operations mailbox has nobody else to ask.
    ...(content.kind === 'operations' ? [] : ['Questions, or something wrong? Reply to this mail.']),
    `It has no patient ${names}, birth dates, record numbers, diagnoses or visit dates.`,
  ];
}
