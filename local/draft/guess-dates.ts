import { isoDate } from '../../shared/contracts/date-format.ts';
import { CANDIDATES, candidatesLike, type Order } from './date-candidates.ts';

/** The formats in which all dates of a file seem to be written. */
export interface GuessedDates {
  /** Without ISO 8601, which needs no format. */
  formats: string[];
  /** Whether day and month could as well stand the other way round. */
  isAmbiguous: boolean;
}

/** What exports write for "no date". */
const NO_DATE =
  /^(0{8}|0000-00-00.*|(18|19)00-?01-?01.*|0?1\/0?1\/(18|19)00.*|9999-?12-?31.*|12\/31\/9999.*|31\/12\/9999.*)$/;
export const isNoDate = (text: string): boolean => NO_DATE.test(text);

/** Digits alone are numbers oftener than dates. */
const isInYears = (year: number): boolean => year >= 1900 && year < 2101;
const isDate = (text: string): boolean =>
  candidatesLike(text).some(({ read }) => isInYears(read(text)?.local.year ?? 0));
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
  const readers = new Map(texts.map((text) => [text, readersOf(text, order)]));
  const formats: string[] = [];
  let left = texts;
  while (left.length > 0) {
    const counts = new Map<string, number>();
    for (const format of left.flatMap((text) => readers.get(text) ?? [])) {
      counts.set(format, (counts.get(format) ?? 0) + 1);
    }
    const most = Math.max(0, ...counts.values());
    const best = CANDIDATES.find(({ format }) => most > 0 && counts.get(format) === most);
    if (!best) break;
    formats.push(best.format);
    left = left.filter((text) => !readers.get(text)?.includes(best.format));
  }
  return { formats, unread: left.length };
}

/** The formats that read a text with day and month in one order. */
function readersOf(text: string, order: Order): string[] {
  const like = candidatesLike(text).filter((each) => each.order === null || each.order === order);
  return like.flatMap(({ format, read }) => (read(text) === null ? [] : [format]));
}
