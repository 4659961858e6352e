import type { OperationsContent, OperationsSectionContent } from '../../contracts/mail.ts';

/** What the mail lists: all of it, or what of it is new, or what still stands since the last one. */
export type Troubles = Pick<
  OperationsContent,
  | 'refused'
  | 'unmatched'
  | 'unmapped'
  | 'deadLetters'
  | 'setAside'
  | 'sections'
  | 'quietFeeds'
  | 'endingHolidays'
  | 'undelivered'
  | 'moreUndelivered'
>;

export interface Halves {
  fresh: Troubles;
  known: Troubles;
}

/** What is new in the mail, and the rest. */
export function halvesOf({
  refused,
  unmatched,
  unmapped,
  deadLetters,
  setAside = [],
  sections,
  quietFeeds,
  endingHolidays,
  undelivered,
  moreUndelivered,
}: OperationsContent): Halves {
  const pick = (fresh: boolean) => ({
    deadLetters: deadLetters.filter(({ count, before }) => count > before === fresh),
    setAside: setAside.filter(({ isNew }) => isNew === fresh),
    sections: sections.map((section) => rowsOf(section, fresh)).filter((section) => lengthOf(section) > 0),
    quietFeeds: quietFeeds.filter(({ isNew }) => isNew === fresh),
    endingHolidays: endingHolidays.filter(({ isNew }) => isNew === fresh),
  });
  return {
    fresh: {
      ...{ refused, undelivered, moreUndelivered, ...pick(true) },
      ...(unmatched && { unmatched }),
      ...(unmapped && { unmapped }),
    },
    known: { refused: [], undelivered: [], moreUndelivered: 0, ...pick(false) },
  };
}

/** The new rows of a section, or the others, with how many of the same sort are beyond the cap. */
function rowsOf(section: OperationsSectionContent, fresh: boolean): OperationsSectionContent {
  const rows = section.rows.filter(({ isNew }) => isNew === fresh);
  const newBeyond = section.newReferrals - section.rows.filter(({ isNew }) => isNew).length;
  return { ...section, rows, more: fresh ? newBeyond : section.more - newBeyond };
}

const linesOf = (list: readonly unknown[] = [], more = 0): number => list.length + more;
const lengthOf = ({ rows, more }: OperationsSectionContent): number => linesOf(rows, more);

/**
 * How many lines these have, including those beyond caps. Input, codes and dead letters have one a kind, whatever their
 * number.
 */
export function thingsIn(troubles: Troubles): number {
  const {
    refused,
    unmatched,
    unmapped,
    deadLetters,
    setAside = [],
    sections,
    quietFeeds,
    endingHolidays,
    undelivered,
    moreUndelivered,
  } = troubles;
  const lists = [refused, deadLetters, setAside, quietFeeds, endingHolidays, undelivered];
  const referrals = sections.reduce((sum, section) => sum + lengthOf(section), 0);
  const input = linesOf(unmatched?.senders, unmatched?.more) + linesOf(unmapped?.codes, unmapped?.more);
  return lists.reduce((sum, { length }) => sum + length, referrals + moreUndelivered + input);
}
