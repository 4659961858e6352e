import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { OperationsContent } from '../../contracts/mail.ts';
import { localDate } from '../../domain/time/local-date.ts';
import {
  type CountView,
  counts,
  type EntryView,
  entries,
  type MailView,
  muted,
  type Section,
  section,
} from '../blocks.ts';
import { bylineOf } from '../byline.ts';
import { footerOf, moreOf, previewOf, sectionCounts, toSectionView } from '../digest/section-view.ts';
import { formatDate, formatElapsed, formatMoment, plural } from '../format-time.ts';
import { clip, nameOf, oneLine } from '../names.ts';
import {
  HINT,
  LOST_WORK,
  MAIL_NAME,
  QUEUE_NAME,
  REFUSAL_MEANING,
  WHY_NOT,
  WHY_NOT_STATE,
} from './operations-wording.ts';

/** Feeds, and sites, in one mail: beyond this many, further ones tell nobody anything new. */
const MOST_NAMED = 50;

/** What the operations mail says, as text. Names come from the current directory. */
export function operationsView(content: OperationsContent, config: Config): MailView {
  const { recipient, asOf } = content;
  const lead = leadOf(content);
  const counted = countsOf(content);
  return {
    subject: `Loopwatch operations: ${thingsIn(content)} to look at`,
    title: 'Loopwatch operations',
    date: formatDate(asOf, recipient.timeZone),
    byline: bylineOf(content),
    preview: previewOf(counted, lead),
    lead,
    top: [...counts(counted), ...notesOf(content).map(muted)],
    sections: sectionsOf(content, config),
    footer: footerOf(content, config, reasonFor(oneLine(config.directory.organization.name))),
  };
}

/** Lines of the mail, including those beyond caps. Input and dead letters have one line a kind, whatever their number. */
function thingsIn({
  referrals,
  refused,
  deadLetters,
  quietFeeds,
  endingHolidays = [],
  undelivered,
  moreUndelivered,
}: OperationsContent): number {
  const lists = [refused, deadLetters, quietFeeds, endingHolidays, undelivered];
  return lists.reduce((sum, { length }) => sum + length, referrals + moreUndelivered);
}

/** What kinds of trouble there are, in words. */
function leadOf(content: OperationsContent): string {
  const { refused, deadLetters, sections, quietFeeds, endingHolidays = [], undelivered } = content;
  const has = (name: string) => sections.some(({ section }) => section === name);
  const parts = [
    refused.length > 0 ? 'refused input' : null,
    deadLetters.length > 0 ? 'dead letters' : null,
    has('orphans') ? 'events without a referral' : null,
    has('unassigned') ? "referrals that are nobody's" : null,
    quietFeeds.length === 1 ? 'a feed gone quiet' : null,
    quietFeeds.length > 1 ? 'feeds gone quiet' : null,
    endingHolidays.length > 0 ? 'holidays that run out' : null,
    undelivered.length > 0 ? 'mail that did not arrive' : null,
  ].filter((part) => part !== null);
  const [last = '', ...others] = parts.reverse();
  return `To look at: ${others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`}.`;
}

function countsOf({
  refused,
  deadLetters,
  sections,
  quietFeeds,
  endingHolidays = [],
  undelivered,
  moreUndelivered,
}: OperationsContent): CountView[] {
  const countOf = (count: number, one: string, many: string): CountView => ({
    count,
    label: count === 1 ? one : many,
    priorities: [],
  });
  return [
    countOf(sumOf(refused), 'message refused', 'messages refused'),
    countOf(sumOf(deadLetters), 'dead letter', 'dead letters'),
    ...sectionCounts(sections),
    countOf(quietFeeds.length, 'feed gone quiet', 'feeds gone quiet'),
    countOf(endingHolidays.length, 'site whose holidays run out', 'sites whose holidays run out'),
    countOf(
      undelivered.length + moreUndelivered,
      'recipient whose mail did not arrive',
      'recipients whose mail did not arrive',
    ),
  ].filter(({ count }) => count > 0);
}

const sumOf = (counts: readonly { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0);

function notesOf({ since, recipient }: OperationsContent): string[] {
  if (since === null) return [];
  return [`Refused input and lost mail are those since the last look (${formatMoment(since, recipient.timeZone)}).`];
}

function sectionsOf(content: OperationsContent, config: Config): Section[] {
  const { refused, deadLetters, sections, quietFeeds, endingHolidays = [], undelivered, moreUndelivered } = content;
  const feeds = quietFeeds.slice(0, MOST_NAMED);
  return [
    listOf('Refused input', sumOf(refused), HINT.refused, refused.map(refusedEntry)),
    listOf('Dead letters', sumOf(deadLetters), HINT.deadLetters, deadLetters.map(deadLetterEntry)),
    ...sections.map((own) => toSectionView(own, content, config)),
    listOf(
      'Feeds gone quiet',
      quietFeeds.length,
      HINT.quietFeeds,
      feeds.map((feed) => feedEntry(feed, content)),
      quietFeeds.length - feeds.length,
    ),
    listOf(
      'Holidays that run out',
      endingHolidays.length,
      HINT.endingHolidays,
      endingHolidays.slice(0, MOST_NAMED).map((site) => holidaysEntry(site, content, config)),
      endingHolidays.length - MOST_NAMED,
    ),
    listOf(
      'Mail that did not arrive',
      undelivered.length + moreUndelivered,
      HINT.undelivered,
      undelivered.map((mail) => undeliveredEntry(mail, config)),
      moreUndelivered,
    ),
  ].filter(({ count }) => count !== 0);
}

function listOf(title: string, count: number, hint: string, list: EntryView[], more = 0): Section {
  return section(title, [muted(hint), ...entries(list), ...moreOf(more)], count);
}

function refusedEntry({ reason, count }: OperationsContent['refused'][number]): EntryView {
  return { name: reason, state: plural(count, 'message'), isOver: false, details: REFUSAL_MEANING[reason] };
}

function deadLetterEntry({ queue, count }: OperationsContent['deadLetters'][number]): EntryView {
  return {
    name: QUEUE_NAME[queue] ?? clip(queue),
    state: plural(count, 'message'),
    isOver: true,
    details: LOST_WORK[queue] ?? null,
  };
}

function feedEntry(
  { name, lastHeardAt, lastEventAt, lacks, expectedEveryHours }: OperationsContent['quietFeeds'][number],
  { asOf, recipient }: OperationsContent,
): EntryView {
  const expected = `expected every ${expectedEveryHours === 1 ? 'hour' : `${expectedEveryHours} hours`}`;
  const said = (what: string, at: number | null): string =>
    at === null ? `No ${what} yet` : `Last ${what} ${formatMoment(at, recipient.timeZone)}`;
  const entry = { name: clip(name), isOver: true };
  if (lacks === 'events') {
    const state = lastEventAt === null ? 'no event yet' : `no event for ${formatElapsed(lastEventAt, asOf)}`;
    const heartbeats = lastHeardAt === lastEventAt ? '' : ' Its heartbeats come.';
    return { ...entry, state, details: `${said('event', lastEventAt)}, ${expected}.${heartbeats}` };
  }
  const state = lastHeardAt === null ? 'never heard' : `silent for ${formatElapsed(lastHeardAt, asOf)}`;
  return { ...entry, state, details: `${said('heartbeat or event', lastHeardAt)}, ${expected}.` };
}

function holidaysEntry(
  { siteId, last }: NonNullable<OperationsContent['endingHolidays']>[number],
  { asOf, recipient }: OperationsContent,
  { directory }: Config,
): EntryView {
  const day = formatDate(parseInstant(`${last}T12:00:00Z`) ?? asOf, 'UTC');
  const isOver = last < localDate(asOf, recipient.timeZone).toString();
  return { name: nameOf(directory.sites, siteId), state: `last one ${day}`, isOver, details: null };
}

function undeliveredEntry(
  { personId, kind, why, count }: OperationsContent['undelivered'][number],
  { directory }: Config,
): EntryView {
  const people = [...directory.people, { id: 'operations', name: 'Operations' }];
  return {
    name: nameOf(people, personId),
    state: `${plural(count, MAIL_NAME[kind])} ${WHY_NOT_STATE[why]}`,
    isOver: false,
    details: WHY_NOT[why],
  };
}

function reasonFor(organization: string): string {
  return (
    `This is the daily operations mail of Loopwatch at ${organization}. You get it because the directory names this address as its operations mailbox. ` +
    'It comes at 07:00 on every day on which there is something to look at; where Loopwatch itself fails, alarms tell.'
  );
}
