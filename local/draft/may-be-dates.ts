import type { Column } from './profile.ts';
import { words } from './roles.ts';

/** What stands in dates beside digits and signs. */
const DATE_WORDS = new Set(
  [
    'january february march april may june july august september october november december',
    'jan feb mar apr jun jul aug sep sept oct nov dec',
    'monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun',
    'st nd rd th of the at am pm a p t z h utc gmt est edt cst cdt mst mdt pst pdt et ct mt pt',
  ].flatMap((line) => line.split(' ')),
);
const NAMED = /\b(date|dt|dttm|datetime|timestamp|since)\b/;
const CELLS_TRIED = 200;
const SHARE = 0.9;

/** Whether a text is like a date that no format of the draft reads: `24th of March 2026`, `Tue 24.3.2026 10h15`. */
function isLikeDate(text: string): boolean {
  const inWords = text.toLowerCase().match(/[a-z\u00c0-\u024f]+/g) ?? [];
  const numbers = text.match(/\d+/g) ?? [];
  if (text.length > 40 || numbers.length < 2 || !inWords.every((word) => DATE_WORDS.has(word))) return false;
  const isMonthNamed = inWords.some((word) => MONTH.test(word));
  const [first = '', second = '', third = ''] = numbers;
  const isDay = (digits: string): boolean => digits.length <= 2;
  if (isMonthNamed) return [first, second].some(isDay);
  const isYear = (digits: string): boolean => digits.length === 4 || digits.length === 2;
  return (
    (isDay(first) && isDay(second) && isYear(third)) ||
    (first.length === 4 && isDay(second) && isDay(third) && third !== '')
  );
}
const MONTH = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/;

/**
 * Whether a column may hold dates though the draft reads none of its cells: they are like dates, or its name says so and
 * each has a number.
 */
export function mayBeDates({ name, cells, isDate }: Pick<Column, 'name' | 'cells' | 'isDate'>): boolean {
  if (isDate || cells.length === 0) return false;
  const tried = cells.slice(0, CELLS_TRIED);
  const isLike = NAMED.test(words(name)) ? (cell: string) => /\d/.test(cell) : isLikeDate;
  return tried.filter(isLike).length >= tried.length * SHARE;
}
