import type { EventType } from '../../shared/contracts/event.ts';
import { FILL_IN } from '../../shared/contracts/fill-in.ts';
import { mayBeDates } from './may-be-dates.ts';
import { type Column, MOST_CODES } from './profile.ts';
import { isPrivate, words } from './roles.ts';

/** A field that a referral should have, and what is so without it. */
interface Wanted {
  field: string;
  what: string;
  otherwise: string;
  /** Whether a column may have it by its values. */
  fits: (column: Column) => boolean;
}

/** Few values, and some of them more than once. */
const isCoded = ({ counts, cells }: Column): boolean => counts.size <= MOST_CODES && counts.size < cells.length;
const WANTED: readonly Wanted[] = [
  {
    ...{ field: 'priority', what: 'the priority', fits: isCoded },
    otherwise: 'each referral counts as routine, the urgent ones too',
  },
  {
    ...{ field: 'specialty', what: 'the specialty', fits: isCoded },
    otherwise: 'each referral counts as of an unknown one, which no rule or route by specialty fits',
  },
  {
    ...{ field: 'site', what: 'the site', fits: isCoded },
    otherwise: 'each referral counts as of an unknown one, which has no coordinator',
  },
  {
    ...{ field: 'practice.id', what: 'the practice that refers', fits: () => true },
    otherwise: 'no liaison hears of any referral',
  },
  {
    ...{ field: 'patient.id', what: "the patient's id", fits: () => true },
    otherwise: 'figures that count patients count all as one',
  },
];

/** Names of people, and what is known to be about something else. */
const NAMES = /\bname$/;

/**
 * What a referral lacks, as no column was found for it, with the columns that the draft doesn't read and that may have it.
 * @param unread what the mapping reads none of
 */
export function missingColumns(
  unread: readonly Column[],
  isRead: (type: EventType, field: string) => boolean,
): string[] {
  const texts = textsIn(unread);
  return WANTED.filter(({ field }) => !isRead('referral.received', field)).map(
    ({ field, what, otherwise, fits }) =>
      `No column was found for ${what}, so ${otherwise}. ${candidates(texts.filter(fits), `data of referral.received, as "${field}"`)}`,
  );
}

/** Of when a referral came in: columns of dates, also of dates that the draft can't read. */
export function missingReceived(unread: readonly Column[]): string {
  const dates = unread.filter((column) => !isPrivate(column) && (column.isDate || mayBeDates(column)));
  return `referral.received: no column says when a referral came in; put its name in place of "${FILL_IN}: received". ${candidates(dates)}`;
}

/** Of how far a referral has come: without such a column no row says that anything has ended. */
export function missingStatus(unread: readonly Column[]): string {
  const texts = textsIn(unread).filter(isCoded);
  return `No column of statuses was found, so nothing says that a patient was seen or missed a visit, or that a referral was closed. ${candidates(texts, 'when of an emit')}`;
}

/** Columns that are neither dates nor about people. */
const textsIn = (columns: readonly Column[]): Column[] =>
  columns.filter(
    (column) => !isPrivate(column) && !NAMES.test(words(column.name)) && !column.isDate && !mayBeDates(column),
  );

/** Columns whose dates no format of the draft reads. */
export function unreadDates(columns: readonly Column[]): string[] {
  const names = columns.filter((column) => !isPrivate(column) && mayBeDates(column)).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `${names.join(', ')} may be dates, in a form that the draft doesn't know, so it takes none from there. Add their format to dates, as in "dates": ["dd-MMM-yy"] (docs/integrations/csv.md has the letters), and name the columns where they belong.`,
  ];
}

function candidates(columns: readonly Column[], place = ''): string {
  if (columns.length === 0) return "None of the columns that it doesn't read looks like it.";
  const names = columns.map(({ name }) => name).join(', ');
  return `Columns that it doesn't read, of which one may be it: ${names}.${place === '' ? '' : ` Name it in ${place}.`}`;
}
