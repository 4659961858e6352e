import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { OperationsContent, OperationsRow, OperationsSectionContent } from '../../contracts/mail.ts';
import { localDate } from '../../domain/time/local-date.ts';
import { toSectionView } from '../digest/section-view.ts';
import { formatDate, formatElapsed, formatMoment, plural } from '../format-time.ts';
import type { EntryView, SectionView } from '../mail-view.ts';
import { clip, nameOf } from '../names.ts';
import type { Troubles } from './operations-halves.ts';
import {
  HINT,
  LOST_WORK,
  MAIL_NAME,
  QUEUE_NAME,
  QUEUE_RUNBOOK,
  REFUSAL_MEANING,
  WHY_NOT,
  WHY_NOT_STATE,
} from './operations-wording.ts';

/** Feeds, and sites, in one mail: beyond this many, further ones tell nobody anything new. */
const MOST_NAMED = 50;

/** A section for each kind of trouble that there is, in reading order. */
export function sectionsOf(
  { refused, deadLetters, sections, quietFeeds, endingHolidays, undelivered, moreUndelivered }: Troubles,
  content: OperationsContent,
  config: Config,
): SectionView[] {
  const feeds = quietFeeds.slice(0, MOST_NAMED);
  const sites = endingHolidays.slice(0, MOST_NAMED);
  return [
    section('Refused input', sumOf(refused), HINT.refused, refused.map(refusedEntry)),
    section('Dead letters', sumOf(deadLetters), HINT.deadLetters, deadLetters.map(deadLetterEntry)),
    ...sections.map((own) => referralsSection(own, content, config)),
    section(
      'Feeds gone quiet',
      quietFeeds.length,
      HINT.quietFeeds,
      feeds.map((feed) => feedEntry(feed, content)),
      quietFeeds.length - feeds.length,
    ),
    section(
      'Holidays that run out',
      endingHolidays.length,
      HINT.endingHolidays,
      sites.map((site) => holidaysEntry(site, content, config)),
      endingHolidays.length - sites.length,
    ),
    section(
      'Mail that did not arrive',
      undelivered.length + moreUndelivered,
      HINT.undelivered,
      undelivered.map((mail) => undeliveredEntry(mail, config)),
      moreUndelivered,
    ),
  ].filter(({ count }) => count > 0);
}

const sumOf = (counts: readonly { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0);

function section(title: string, count: number, hint: string, entries: EntryView[], more = 0): SectionView {
  return { title, count, hint, rows: [], entries, more: more > 0 ? `and ${more} more, not listed here` : null };
}

/** Of an orphan its last event is all that is known: with it its sender finds the referral. */
function referralsSection(own: OperationsSectionContent, content: OperationsContent, config: Config): SectionView {
  const view = toSectionView(own, content, config);
  const rows = view.rows.map((row, index) => {
    const lastEvent = own.rows[index]?.lastEvent ?? null;
    return lastEvent === null ? row : { ...row, details: lastEventText(lastEvent, content) };
  });
  return { ...view, rows };
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
