import { dateFormat, type ReadDate } from '../../shared/contracts/date-format.ts';

export type Order = 'month' | 'day';

/** A format that the draft tries. */
export interface Candidate {
  format: string;
  /** Null: it can be read in one way only. */
  order: Order | null;
  read: ReadDate;
}

/** Of two that read as much the first is taken. */
const DAYS: readonly [string, Order | null][] = [
  ['MM/dd/yyyy', 'month'],
  ['M/d/yyyy', 'month'],
  ['dd/MM/yyyy', 'day'],
  ['d/M/yyyy', 'day'],
  ['MM-dd-yyyy', 'month'],
  ['M-d-yyyy', 'month'],
  ['dd-MM-yyyy', 'day'],
  ['d-M-yyyy', 'day'],
  ['dd.MM.yyyy', null],
  ['d.M.yyyy', null],
  ['yyyy/MM/dd', null],
  ['yyyy/M/d', null],
  ['yyyy.MM.dd', null],
  ...['dd-MMM-yyyy', 'd-MMM-yyyy', 'dd MMM yyyy', 'd MMM yyyy', 'dd/MMM/yyyy', 'd/MMM/yyyy'].map(named),
  ...['MMM dd, yyyy', 'MMM d, yyyy', 'MMM dd yyyy', 'MMM d yyyy', 'MMM-dd-yyyy', 'MMM-d-yyyy'].map(named),
  ...['dd-MMM-yy', 'd-MMM-yy', 'dd MMM yy', 'd MMM yy', 'dd/MMM/yy', 'd/MMM/yy', 'MMM dd, yy', 'MMM d, yy'].map(named),
  ...['ddMMMyyyy', 'ddMMMyy', 'yyyy-MMM-dd', 'yyyy MMM dd', 'yyyy MMM d'].map(named),
  ...['MMMM dd, yyyy', 'MMMM d, yyyy', 'MMMM d yyyy', 'dd MMMM yyyy', 'd MMMM yyyy', 'd-MMMM-yyyy'].map(named),
  ['MM/dd/yy', 'month'],
  ['M/d/yy', 'month'],
  ['dd/MM/yy', 'day'],
  ['d/M/yy', 'day'],
  ['MM-dd-yy', 'month'],
  ['M-d-yy', 'month'],
  ['dd-MM-yy', 'day'],
  ['d-M-yy', 'day'],
  ['dd.MM.yy', null],
  ['d.M.yy', null],
];
const CLOCKS = [
  'HH:mm',
  'H:mm',
  'HH:mm:ss',
  'H:mm:ss',
  'hh:mm a',
  'h:mm a',
  'hh:mm:ss a',
  'h:mm:ss a',
  'hh:mma',
  'h:mma',
];
const TIMES = ['', ...[' ', ', '].flatMap((between) => CLOCKS.map((clock) => between + clock))];
export const CANDIDATES: readonly Candidate[] = [
  ...DAYS.flatMap(([day, order]) => TIMES.map((time) => ({ format: day + time, order }))),
  ...['yyyyMMdd', 'yyyyMMddHHmm', 'yyyyMMddHHmmss', 'yyyyMMdd HH:mm', 'yyyyMMdd HH:mm:ss'].map((format) => ({
    ...{ format, order: null },
  })),
].map((candidate) => ({ ...candidate, read: dateFormat(candidate.format) ?? (() => null) }));

function named(format: string): [string, null] {
  return [format, null];
}

/** What is neither letter nor digit in a text, and whether it has a name of a month or an AM: a format and its dates agree. */
const marksOf = (text: string): string =>
  text
    .replace(/\d+/g, '')
    .replace(/ ?[ap]\.?(?:m\.?)?$/i, '^')
    .replace(/[a-z]{3,}/gi, '@');

/** A date as a format writes it: the year as 1, a month's name as Mar. */
const EXAMPLE = /y+|MMMM?|MM?|d+|H+|h+|m+|s+/g;
const exampleOf = (format: string): string =>
  format.replace(EXAMPLE, (letters) => (/^MMM/.test(letters) ? 'Mar' : '1'));

/** Candidates by their marks: most cells are like none of them. */
const BY_MARKS = Map.groupBy(CANDIDATES, ({ format }) => marksOf(exampleOf(format)));
const NONE: readonly Candidate[] = [];

/** The candidates that a text may be written in: no other reads it. */
export const candidatesLike = (text: string): readonly Candidate[] => BY_MARKS.get(marksOf(text)) ?? NONE;
