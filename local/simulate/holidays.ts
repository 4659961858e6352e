import { Temporal } from 'temporal-polyfill';

/** Days on which every office of the simulated organization is closed, and nobody there works. */

/** The holidays of a year as dates, in order. */
export function holidaysOf(year: number): string[] {
  return [
    `${year}-01-01`,
    nth('last', 1, year, 5),
    `${year}-07-04`,
    nth(1, 1, year, 9),
    nth(4, 4, year, 11),
    `${year}-12-25`,
  ];
}

const known = new Map<number, Set<string>>();

/** @param day days since 1970-01-01 */
export function isHoliday(day: number): boolean {
  const date = EPOCH.add({ days: day });
  const holidays = known.get(date.year) ?? new Set(holidaysOf(date.year));
  known.set(date.year, holidays);
  return holidays.has(date.toString());
}

const EPOCH = Temporal.PlainDate.from('1970-01-01');

/** The n-th, or last, Monday (1) to Sunday (7) of a month. */
function nth(n: number | 'last', weekday: number, year: number, month: number): string {
  const first = Temporal.PlainDate.from({ year, month, day: 1 });
  const days = ((weekday - first.dayOfWeek + 7) % 7) + 7 * (n === 'last' ? 4 : n - 1);
  const date = first.add({ days });
  return (date.month === month ? date : date.subtract({ days: 7 })).toString();
}
