import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type {
  OperationsContent,
  OperationsRow,
  OperationsSection,
  UnmappedContent,
  UnmatchedContent,
} from '../../contracts/mail.ts';
import { isOfPractice } from '../../domain/mail/directory-ids.ts';
import { localDate } from '../../domain/time/local-date.ts';
import { type Block, type EntryView, entries, muted, type RowView, rows, type Section, section } from '../blocks.ts';
import { toRowView } from '../digest/row-view.ts';
import { moreOf } from '../digest/section-view.ts';
import { SECTION_HINT, SECTION_TITLE } from '../digest/wording.ts';
import { formatDate, formatElapsed, formatMoment, plural } from '../format-time.ts';
import { clip, nameOf } from '../names.ts';
import type { Troubles } from './operations-halves.ts';
import {
  HINT,
  LOST_WORK,
  MAIL_NAME,
  QUEUE_NAME,
  QUEUE_RUNBOOK,
  REFUSAL_MEANING,
  UNLISTED_PRACTICE,
  WHY_NOT,
  WHY_NOT_STATE,
} from './operations-wording.ts';

/** Feeds, and sites, in one mail: beyond this many, further ones tell nobody anything new. */
const MOST_NAMED = 50;

/**
 * A section for each kind of trouble that there is, in reading order.
 * @param explained titles of sections of which the mail has said before what mends them
 */
export function sectionsOf(
  troubles: Troubles,
  content: OperationsContent,
  config: Config,
  explained: ReadonlySet<string> = new Set(),
): Section[] {
  const { refused, unmatched, unmapped, deadLetters, setAside = [], sections } = troubles;
  const { quietFeeds, endingHolidays, undelivered, moreUndelivered } = troubles;
  const asides = setAside.slice(0, MOST_NAMED);
  const feeds = quietFeeds.slice(0, MOST_NAMED);
  const sites = endingHolidays.slice(0, MOST_NAMED);
  const listOf = (title: string, hint: string | undefined, list: Block[], count: number, more = 0): Section =>
    section(title, [...(hint && !explained.has(title) ? [muted(hint)] : []), ...list, ...moreOf(more)], count);
  return [
    listOf('Refused input', HINT.refused, entries(refused.map(refusedEntry)), sumOf(refused)),
    listOf(
      'Unmatched',
      HINT.unmatched,
      entries((unmatched?.senders ?? []).map(unmatchedEntry)),
      unmatched?.count ?? 0,
      unmatched?.more,
    ),
    listOf('Dead letters', HINT.deadLetters, entries(deadLetters.map(deadLetterEntry)), sumOf(deadLetters)),
    listOf(
      'Referrals set aside',
      HINT.setAside,
      entries(asides.map((aside) => setAsideEntry(aside, content))),
      setAside.length,
      setAside.length - asides.length,
    ),
    ...sections.map(({ section, rows: own, more }) =>
      listOf(
        SECTION_TITLE[section],
        SECTION_HINT[section]?.hint,
        rows(own.map((row) => rowView(row, section, content, config))),
        own.length + more,
        more,
      ),
    ),
    listOf(
      'Feeds gone quiet',
      HINT.quietFeeds,
      entries(feeds.map((feed) => feedEntry(feed, content))),
      quietFeeds.length,
      quietFeeds.length - feeds.length,
    ),
    listOf(
      'No entry in dialects.json',
      HINT.unmapped,
      entries((unmapped?.codes ?? []).map(unmappedEntry)),
      (unmapped?.codes.length ?? 0) + (unmapped?.more ?? 0),
      unmapped?.more,
    ),
    listOf(
      'Holidays that run out',
      HINT.endingHolidays,
      entries(sites.map((site) => holidaysEntry(site, content, config))),
      endingHolidays.length,
      endingHolidays.length - sites.length,
    ),
    listOf(
      'Mail that did not arrive',
      HINT.undelivered,
      entries(undelivered.map((mail) => undeliveredEntry(mail, config))),
      undelivered.length + moreUndelivered,
      moreUndelivered,
    ),
  ].filter(({ count }) => count !== 0);
}

const sumOf = (counts: readonly { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0);

/** Of an orphan its last event is all that is known: with it its sender finds the referral. */
function rowView(row: OperationsRow, section: OperationsSection, content: OperationsContent, config: Config): RowView {
  const view = toRowView(row, section, content, config);
  return row.lastEvent === null ? view : { ...view, details: lastEventText(row.lastEvent, content) };
}

function lastEventText(
  { type, source, at }: NonNullable<OperationsRow['lastEvent']>,
  { recipient }: OperationsContent,
): string {
  const what = [
    type === null ? 'Last event' : `Last event ${clip(type)}`,
    source === null ? '' : `from ${clip(source)}`,
  ];
  return `${what.filter((part) => part !== '').join(' ')}, ${formatMoment(at, recipient.timeZone)}`;
}

function refusedEntry({ reason, count }: OperationsContent['refused'][number]): EntryView {
  return { name: reason, state: plural(count, 'message'), isOver: false, details: REFUSAL_MEANING[reason] };
}

function unmatchedEntry({ sender, count, kinds }: UnmatchedContent['senders'][number]): EntryView {
  const details = `Mostly ${kinds.map(clip).join(', ')}.`;
  return { name: clip(sender), state: plural(count, 'message'), isOver: false, details };
}

function unmappedEntry({ field, value, count }: UnmappedContent['codes'][number]): EntryView {
  const details = isOfPractice(field) ? `${clip(field)}: ${UNLISTED_PRACTICE}` : clip(field);
  return { name: `"${clip(value)}"`, state: plural(count, 'event'), isOver: false, details };
}

function deadLetterEntry({ queue, count, before }: OperationsContent['deadLetters'][number]): EntryView {
  const added = before > 0 && count > before ? `, ${count - before} of them new` : '';
  const details = [LOST_WORK[queue], QUEUE_RUNBOOK[queue]].filter((text) => text !== undefined);
  return {
    name: QUEUE_NAME[queue] ?? clip(queue),
    state: `${plural(count, 'message')}${added}`,
    isOver: true,
    details: details.length === 0 ? null : details.join(' '),
  };
}

function setAsideEntry(
  { referralId, since }: NonNullable<OperationsContent['setAside']>[number],
  { recipient }: OperationsContent,
): EntryView {
  return {
    name: clip(referralId),
    state: `since ${formatMoment(since, recipient.timeZone)}`,
    isOver: true,
    details: null,
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
  { siteId, last }: OperationsContent['endingHolidays'][number],
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
