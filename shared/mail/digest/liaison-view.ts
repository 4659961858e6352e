import type { Config } from '../../contracts/config.ts';
import { LIAISON_SECTIONS, type LiaisonDigestContent, type PracticeContent } from '../../contracts/mail.ts';
import { priorityRank } from '../../domain/mail/digest-rows.ts';
import { type Block, briefRows, type CountView, type MailView, muted, part, type Section } from '../blocks.ts';
import { formatDay, plural } from '../format-time.ts';
import { sum } from '../lists.ts';
import { nameOf, oneLine } from '../names.ts';
import { toLiaisonRow } from './liaison-row.ts';
import { updateAskedOf } from './office-update.ts';
import { practiceChangeCounts, practiceChangesPart } from './practice-changes-view.ts';
import { stateOf } from './row-view.ts';
import { referralsIn, sectionCounts } from './section-view.ts';
import { KIND_NAME, SECTION_HINT } from './wording.ts';

/** What a digest says below its head. */
export interface DigestBody extends Pick<MailView, 'lead' | 'sections'> {
  /** How many referrals there are of what. */
  counted: CountView[];
  /** What follows the counts. */
  top: Block[];
}

/** What a liaison has to talk about with each practice, in a short block for each. */
export function liaisonBody(content: LiaisonDigestContent, config: Config): DigestBody {
  return {
    lead: leadOf(content, config),
    counted: countsOf(content),
    top: [...hintsOf(content, config), ...beyondOf(content)],
    sections: [
      // First, as it is a few lines once a week, which nobody would reach under a long list of practices.
      ...practiceChangesPart(content, config),
      ...content.practices.map((practice) => practiceSection(practice, content, config)),
    ],
  };
}

/** How many referrals at how many practices, and where to begin. */
function leadOf(content: LiaisonDigestContent, { directory }: Config): string {
  const { allClear, practices, morePractices, referrals, practiceChanges, morePracticeChanges } = content;
  if (allClear) return 'All clear: no practice is waiting for news.';
  const [first] = practices;
  if (!first) {
    const changed = practiceChanges.length + morePracticeChanges;
    if (changed === 0) return `${plural((content.unshown ?? []).length, 'referral')} can't be shown.`;
    return `No practice is waiting for news; ${changed === 1 ? '1 source has' : `${changed} sources have`} changed.`;
  }
  const at = plural(practices.length + morePractices, 'practice');
  if (referrals === 0) return `Feedback to answer at ${at}.`;
  const begin = practices.length === 1 ? '' : `, the most urgent at ${nameOf(directory.practices, first.practiceId)}`;
  return `${plural(referrals, 'referral')} at ${at}${begin}.`;
}

/** All referrals of the mail, each once, and what else there is. */
function countsOf(content: LiaisonDigestContent): CountView[] {
  const { practices, morePractices } = content;
  const listed = sectionCounts(practices.flatMap(({ sections }) => sections));
  const older = sum(practices.map((practice) => practice.older?.count ?? 0));
  const plain = (count: number, label: string): CountView => ({ count, label, priorities: [] });
  return [
    ...listed,
    plain(older, 'long overdue, not listed'),
    plain(beyondCount(content), `at ${plural(morePractices, 'practice')} not listed`),
    plain(sum(practices.map(({ openFeedback }) => openFeedback?.count ?? 0)), 'questions or complaints to answer'),
    ...practiceChangeCounts(content),
  ].filter(({ count }) => count > 0);
}

/** Referrals of a practice, whether they are listed, cut or only counted. */
const referralsOf = ({ sections, older }: PracticeContent): number => referralsIn(sections) + (older?.count ?? 0);

/** Referrals of practices beyond the cap. */
const beyondCount = ({ referrals, practices }: LiaisonDigestContent): number =>
  referrals - sum(practices.map(referralsOf));

/** What to do about the rows that don't say so themselves. */
function hintsOf(content: LiaisonDigestContent, config: Config): Block[] {
  const sections = content.practices.flatMap((practice) => practice.sections).filter(({ rows }) => rows.length > 0);
  const present = LIAISON_SECTIONS.filter((name) => sections.some(({ section }) => section === name));
  const isToldByOthers = sections.some(
    ({ section, rows }) =>
      section === 'office_not_told' && rows.some((row) => updateAskedOf(row, content, config) !== 'reader'),
  );
  const hints = [
    ...(isToldByOthers ? ['Where a coordinator is named, they tell the office; if it asks you, ask them.'] : []),
    ...present.flatMap((section) => SECTION_HINT[section]?.hint ?? []),
  ];
  return hints.length === 0 ? [] : [muted(hints.join(' '))];
}

/** Practices beyond the cap that have no referrals, but questions or complaints to answer: the counts don't tell of them. */
function beyondOf(content: LiaisonDigestContent): Block[] {
  const { morePractices } = content;
  if (morePractices === 0 || beyondCount(content) > 0) return [];
  return [muted(`${plural(morePractices, 'more practice')} with questions or complaints to answer, not listed here.`)];
}

/** A practice and what it waits for, the most urgent first. */
function practiceSection(practice: PracticeContent, content: LiaisonDigestContent, config: Config): Section {
  const { practiceId, sections, openFeedback, lastContactAt, older } = practice;
  const day = (instant: number): string => formatDay(instant, content.asOf, content.recipient.timeZone);
  const listed = sections
    .flatMap(({ section, rows }) => rows.map((row) => ({ row, section })))
    .sort((a, b) => priorityRank(a.row.priority) - priorityRank(b.row.priority));
  const more = sum(sections.map((section) => section.more));
  return part(
    nameOf(config.directory.practices, practiceId),
    [
      ...(openFeedback
        ? [muted(`Feedback to answer: ${openFeedback.count}, oldest since ${day(openFeedback.oldestSince)}.`)]
        : []),
      ...briefRows(listed.map(({ row, section }) => toLiaisonRow(row, section, content, config))),
      ...(more > 0 ? [muted(`and ${more} more, not listed here`)] : []),
      ...(older ? [muted(olderText(older, content))] : []),
    ],
    {
      count: referralsOf(practice) || null,
      aside: lastContactAt === null ? 'no check-in yet' : `last check-in ${day(lastContactAt)}`,
    },
  );
}

/** How many referrals are long overdue, and the oldest. */
function olderText({ count, oldest }: NonNullable<PracticeContent['older']>, content: LiaisonDigestContent): string {
  const which = `${oneLine(oldest.referralId)}, ${KIND_NAME[oldest.kind].toLowerCase()} ${stateOf(oldest, content)}`;
  return count === 1
    ? `Long overdue, not listed: ${which}`
    : `${count} long overdue, not listed; the oldest is ${which}`;
}
