import type { Config } from '../../contracts/config.ts';
import type { CoordinatorDigestContent, DigestContent, DigestRow, LiaisonDigestContent } from '../../contracts/mail.ts';
import { DIGEST_AT } from '../../domain/mail/schedule.ts';
import { type Block, counts, type MailView, muted, news } from '../blocks.ts';
import { bylineOf } from '../byline.ts';
import { formatDate, formatMoment, plural } from '../format-time.ts';
import { firstOf, listed } from '../lists.ts';
import { oneLine } from '../names.ts';
import { type DigestBody, liaisonBody } from './liaison-view.ts';
import { toRowView } from './row-view.ts';
import { footerOf, previewOf, sectionCounts, toSectionView } from './section-view.ts';
import { PRIORITY_NAME, reasonFor, SECTION_SHORT, subjectOf, titleOf, toActOn } from './wording.ts';

/** Referrals that a mail names to begin with, of each kind. */
const MOST_FIRST = 10;
/** Up to so many referrals the headings of the sections say enough. */
const FEW = 10;
/** Referrals whose alerts were resolved that a mail names. */
const MOST_RESOLVED = 20;

/** What a digest says, as text. Frozen content has ids only; names come from the current directory. */
export function digestView(content: DigestContent, config: Config): MailView {
  const { recipient, asOf } = content;
  const { lead, counted, top, sections } = bodyOf(content, config);
  return {
    subject: subjectOf(content),
    title: titleOf(content),
    date: formatDate(asOf, recipient.timeZone),
    byline: bylineOf(content),
    preview: previewOf(counted, lead),
    lead,
    top: [
      ...(content.referrals > FEW ? counts(counted) : []),
      ...unshown(content),
      ...top,
      ...notesOf(content).map(muted),
    ],
    sections,
    footer: footerOf(content, config, reasonOf(content, config)),
  };
}

/** What the mail should speak of and can't: silence about it would look like nothing to do. */
function unshown({ unshown: ids = [] }: DigestContent): Block[] {
  if (ids.length === 0) return [];
  const which = firstOf(ids.map(oneLine), MOST_FIRST);
  return [
    news(
      'Not shown:',
      `${which}. Loopwatch can't read its own record here; operations has been told. Look in the system of record.`,
    ),
  ];
}

function bodyOf(content: DigestContent, config: Config): DigestBody {
  switch (content.kind) {
    case 'liaison_digest':
      return liaisonBody(content, config);
    case 'coordinator_digest':
      return {
        lead: content.allClear ? 'All clear: nothing is left to do today.' : coordinatorLead(content),
        counted: sectionCounts(content.sections),
        top: firstThings(content, config),
        sections: content.sections.map((section) => toSectionView(section, content, config)),
      };
    case 'urgent_alert':
      return {
        lead: `${plural(content.referrals + (content.unshown ?? []).length, 'urgent referral')} can't wait for the next digest.`,
        counted: [],
        top: [],
        sections: content.sections.map((section) => toSectionView(section, content, config)),
      };
  }
}

function reasonOf(content: DigestContent, { directory }: Config): string {
  const person = directory.people.find(({ id }) => id === content.recipient.id);
  return reasonFor(content, oneLine(directory.organization.name), person?.digestAt ?? DIGEST_AT);
}

function coordinatorLead(content: CoordinatorDigestContent): string {
  const count = toActOn(content);
  return count === 0 ? 'Nothing of your own is left to do today.' : `${plural(count, 'referral')} to act on.`;
}

/**
 * In a long list: what to begin with. It is ordered by priority, so what is due today stands far below what has long been
 * late.
 */
function firstThings(content: CoordinatorDigestContent, config: Config): Block[] {
  const now = content.sections.find(({ section }) => section === 'now')?.rows ?? [];
  if (now.length <= FEW) return [];
  const isDue = ({ level }: DigestRow): boolean => level === 'at_risk';
  const due = now.filter(isDue).map((row) => {
    const { id, priority, state } = toRowView(row, 'now', content, config);
    return `${id} (${[priority, state].filter((part) => part).join(', ')})`;
  });
  const changed = now.filter((row) => !isDue(row) && typeof row.state === 'string');
  const ids = changed.map(({ referralId }) => oneLine(referralId));
  return [
    ...(due.length === 0 ? [] : [news('Still in time:', `${firstOf(due, MOST_FIRST)}.`)]),
    ...(ids.length === 0 ? [] : [news('New or worse:', `${firstOf(ids, MOST_FIRST)}.`)]),
  ];
}

function notesOf(content: DigestContent): string[] {
  if (content.kind === 'urgent_alert') return [];
  const snoozed = content.snoozed === 0 ? [] : [`${plural(content.snoozed, 'snoozed alert')}, not listed here.`];
  const left = content.kind === 'coordinator_digest' ? cutNotes(content) : [];
  return [...left, ...resolvedNotes(content), ...snoozed];
}

/** What was dealt with since the last digest: how many, and of which referrals. */
function resolvedNotes(content: CoordinatorDigestContent | LiaisonDigestContent): string[] {
  const { since, hasLast, resolvedSince, recipient } = content;
  if (since === null) return [];
  const moment = formatMoment(since, recipient.timeZone);
  const resolved = resolvedSince === 0 ? 'No alerts' : plural(resolvedSince, 'alert');
  const which = content.kind === 'coordinator_digest' ? resolvedReferrals(content) : '';
  return [`${resolved} resolved since ${hasLast ? `your last digest (${moment})` : moment}${which}.`];
}

/** Of which referrals; of those that are listed for something else only how many, or they would seem to be dealt with. */
function resolvedReferrals({ resolvedReferrals, sections }: CoordinatorDigestContent): string {
  const below = new Set(sections.flatMap(({ rows }) => rows.map(({ referralId }) => referralId)));
  const gone = resolvedReferrals.filter((id) => !below.has(id)).map(oneLine);
  const left = resolvedReferrals.length - gone.length;
  const parts = [
    gone.length === 0 ? null : firstOf(gone, MOST_RESOLVED),
    left === 0 ? null : `${plural(left, 'referral')} listed below for something else`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`;
}

/** What is not listed, by section: only routine referrals that nothing has happened to. */
function cutNotes({ cut }: CoordinatorDigestContent): string[] {
  if (cut.length === 0) return [];
  const parts = cut.map(
    ({ section, priority, n }) => `${n} ${PRIORITY_NAME[priority].toLowerCase()} ${SECTION_SHORT[section]}`,
  );
  return [`Not listed, as the list is full: ${listed(parts)}.`];
}
