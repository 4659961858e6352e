import { dateFormat, isoDate, type ReadDate } from '../../shared/contracts/date-format.ts';

/** The formats in which all dates of a file seem to be written. */
export interface GuessedDates {
  /** Without ISO 8601, which needs no format. */
  formats: string[];
  /** Whether day and month could as well stand the other way round. */
  isAmbiguous: boolean;
}

type Order = 'month' | 'day';
interface Candidate {
  format: string;
  /** Null: it can be read in one way only. */
  order: Order | null;
  read: ReadDate;
}

const DAYS: readonly [string, Order | null][] = [
  ['MM/dd/yyyy', 'month'],
  ['M/d/yyyy', 'month'],
  ['dd/MM/yyyy', 'day'],
  ['d/M/yyyy', 'day'],
  ['MM-dd-yyyy', 'month'],
  ['dd-MM-yyyy', 'day'],
  ['dd.MM.yyyy', null],
  ['d.M.yyyy', null],
  ['yyyy/MM/dd', null],
  ['dd-MMM-yyyy', null],
  ['d-MMM-yyyy', null],
  ['dd MMM yyyy', null],
  ['d MMM yyyy', null],
  ['MM/dd/yy', 'month'],
  ['M/d/yy', 'month'],
  ['dd/MM/yy', 'day'],
  ['d/M/yy', 'day'],
];
const TIMES = ['', ' HH:mm', ' H:mm', ' HH:mm:ss', ' H:mm:ss', ' hh:mm a', ' h:mm a', ' hh:mm:ss a', ' h:mm:ss a'];
const CANDIDATES: readonly Candidate[] = [
  ...DAYS.flatMap(([day, order]) => TIMES.map((time) => ({ format: day + time, order }))),
  ...['yyyyMMdd', 'yyyyMMddHHmm', 'yyyyMMddHHmmss'].map((format) => ({ format, order: null })),
].map((candidate) => ({ ...candidate, read: dateFormat(candidate.format) ?? (() => null) }));

/** What exports write for "no date". */
const NO_DATE =
  /^(0{8}|0000-00-00.*|(18|19)00-?01-?01.*|0?1\/0?1\/(18|19)00.*|9999-?12-?31.*|12\/31\/9999.*|31\/12\/9999.*)$/;
export const isNoDate = (text: string): boolean => NO_DATE.test(text);

/** Digits alone are numbers oftener than dates. */
const isInYears = (year: number): boolean => year >= 1900 && year < 2101;
const isDate = (text: string): boolean => CANDIDATES.some(({ read }) => isInYears(read(text)?.local.year ?? 0));
const reads = (text: string): boolean => isoDate(text) !== null || isDate(text);
const SHARE = 0.9;

/** Whether nearly all of some cells are dates. @param cells without empty ones */
export function areDates(cells: readonly string[]): boolean {
  const said = cells.filter((text) => !isNoDate(text));
  return said.length > 0 && said.filter(reads).length >= said.length * SHARE;
}

/** The fewest formats that read all dates of a file: day and month stand in one order throughout. */
export function guessDates(cells: readonly string[]): GuessedDates {
  const texts = [...new Set(cells)].filter((text) => !isNoDate(text) && isoDate(text) === null);
  const [month, day] = (['month', 'day'] as const).map((order) => formatsIn(order, texts));
  if (!month || !day) return { formats: [], isAmbiguous: false };
  const better = day.unread < month.unread ? day : month;
  const isAmbiguous = day.unread === month.unread && better.formats.some((format) => orderOf(format) !== null);
  return { formats: better.formats, isAmbiguous };
}

const orderOf = (format: string): Order | null => CANDIDATES.find((each) => each.format === format)?.order ?? null;

function formatsIn(order: Order, texts: readonly string[]): { formats: string[]; unread: number } {
  const usable = CANDIDATES.filter((each) => each.order === null || each.order === order);
  const formats: string[] = [];
  let left = texts;
  while (left.length > 0) {
    const counts = usable.map(({ read }) => left.filter((text) => read(text) !== null).length);
    const most = Math.max(...counts);
    const best = usable[counts.indexOf(most)];
    if (most === 0 || !best) break;
    formats.push(best.format);
    left = left.filter((text) => best.read(text) === null);
  }
  return { formats, unread: left.length };
}
