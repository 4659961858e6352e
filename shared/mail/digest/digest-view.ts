import type { Config } from '../../contracts/config.ts';
import type { CoordinatorDigestContent, DigestContent, LiaisonDigestContent } from '../../contracts/mail.ts';
import { DIGEST_AT } from '../../domain/mail/schedule.ts';
import { type CountView, counts, type MailView, muted, part, type Section } from '../blocks.ts';
import { bylineOf } from '../byline.ts';
import { formatDate, formatDay, formatMoment, plural } from '../format-time.ts';
import { nameOf, oneLine } from '../names.ts';
import { firstOf, listed } from '../report/format-figure.ts';
import { practiceChangeCounts, practiceChangesPart } from './practice-changes-view.ts';
import { footerOf, previewOf, referralsIn, sectionCounts, toSectionView } from './section-view.ts';
import { PRIORITY_NAME, reasonFor, SECTION_SHORT, subjectOf, titleOf, toActOn } from './wording.ts';

/** Referrals whose alerts were resolved that a mail names. */
const MOST_RESOLVED = 20;
/** Practices that the first sentence of a liaison's mail names. */
const MOST_NAMED = 3;

/** What a digest says, as text. Frozen content has ids only; names come from the current directory. */
export function digestView(content: DigestContent, config: Config): MailView {
  const { recipient, asOf } = content;
  const lead = leadOf(content, config);
  const counted = countsOf(content);
  return {
    subject: subjectOf(content),
    title: titleOf(content),
    date: formatDate(asOf, recipient.timeZone),
    byline: bylineOf(content),
    preview: previewOf(counted, lead),
    lead,
    top: [...counts(counted), ...notesOf(content).map(muted)],
    sections: sectionsOf(content, config),
    footer: footerOf(content, config, reasonOf(content, config)),
  };
}

function reasonOf(content: DigestContent, { directory }: Config): string {
  const person = directory.people.find(({ id }) => id === content.recipient.id);
  return reasonFor(content, oneLine(directory.organization.name), person?.digestAt ?? DIGEST_AT);
}

function leadOf(content: DigestContent, config: Config): string {
  switch (content.kind) {
    case 'coordinator_digest':
      if (content.allClear) return 'All clear: nothing is left to do today.';
      return coordinatorLead(content);
    case 'liaison_digest':
      return content.allClear ? 'All clear: no practice is waiting for news.' : practicesLead(content, config);
    case 'urgent_alert':
      return `${plural(content.referrals, 'urgent referral')} can't wait for the next digest.`;
  }
}

function coordinatorLead(content: CoordinatorDigestContent): string {
  const count = toActOn(content);
  return count === 0 ? 'Nothing of your own is left to do today.' : `${plural(count, 'referral')} to act on.`;
}

/** How many referrals at how many practices, and at which of them most: a liaison with little time calls there first. */
function practicesLead(content: LiaisonDigestContent, config: Config): string {
  const { practices, morePractices, referrals, practiceChanges, morePracticeChanges } = content;
  if (practices.length === 0) {
    const changed = practiceChanges.length + morePracticeChanges;
    return `No practice is waiting for news; ${changed === 1 ? '1 source has' : `${changed} sources have`} changed.`;
  }
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

/** Referrals by section, including those beyond the caps. */
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
        ...practiceChangeCounts(content),
      ].filter(({ count }) => count > 0);
    }
    case 'urgent_alert':
      return [];
  }
}

function notesOf(content: DigestContent): string[] {
  if (content.kind === 'urgent_alert') return [];
  const snoozed = content.snoozed === 0 ? [] : [`${plural(content.snoozed, 'snoozed alert')}, not listed here.`];
  const left = content.kind === 'coordinator_digest' ? cutNotes(content) : practiceNotes(content);
  return [...left, ...resolvedNotes(content), ...snoozed];
}

const practiceNotes = ({ morePractices }: LiaisonDigestContent): string[] =>
  morePractices === 0 ? [] : [`${plural(morePractices, 'more practice')}, not listed here.`];

/** What was dealt with since the last digest: how many, and of which referrals. */
function resolvedNotes(content: CoordinatorDigestContent | LiaisonDigestContent): string[] {
  const { since, resolvedSince, recipient } = content;
  if (since === null) return [];
  const moment = formatMoment(since, recipient.timeZone);
  const isFirst = content.kind === 'coordinator_digest' && !content.hasLast;
  const resolved = resolvedSince === 0 ? 'No alerts' : plural(resolvedSince, 'alert');
  const ids = content.kind === 'coordinator_digest' ? content.resolvedReferrals.map(oneLine) : [];
  const which = ids.length === 0 ? '' : `: ${firstOf(ids, MOST_RESOLVED)}`;
  return [`${resolved} resolved since ${isFirst ? moment : `your last digest (${moment})`}${which}.`];
}

/** What is not listed, by section: only routine referrals that nothing has happened to. */
function cutNotes({ cut }: CoordinatorDigestContent): string[] {
  if (cut.length === 0) return [];
  const parts = cut.map(
    ({ section, priority, n }) => `${n} ${PRIORITY_NAME[priority].toLowerCase()} ${SECTION_SHORT[section]}`,
  );
  return [`Not listed, as the list is full: ${listed(parts)}.`];
}

function sectionsOf(content: DigestContent, config: Config): Section[] {
  if (content.kind !== 'liaison_digest') {
    return content.sections.map((section) => toSectionView(section, content, config));
  }
  // First, as it is a few lines once a week, which nobody would reach under a long list of practices.
  return [
    ...practiceChangesPart(content, config),
    ...content.practices.flatMap((practice) => practiceSections(practice, content, config)),
  ];
}

/** A practice and what it waits for. */
function practiceSections(
  { practiceId, sections, openFeedback, lastContactAt }: LiaisonDigestContent['practices'][number],
  content: LiaisonDigestContent,
  config: Config,
): Section[] {
  const day = (instant: number): string => formatDay(instant, content.asOf, content.recipient.timeZone);
  const contact = lastContactAt === null ? 'No check-in on record.' : `Last check-in ${day(lastContactAt)}.`;
  const referrals = referralsIn(sections);
  return [
    part(nameOf(config.directory.practices, practiceId), [
      ...(openFeedback
        ? [muted(`Feedback still open: ${openFeedback.count}, oldest since ${day(openFeedback.oldestSince)}.`)]
        : []),
      muted(referrals === 0 ? contact : `${plural(referrals, 'referral')}. ${contact}`),
    ]),
    ...sections.map((section) => toSectionView(section, content, config)),
  ];
}
