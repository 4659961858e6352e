import type { Share } from '../../contracts/report.ts';

/** Figures as a reader sees them: whole percents, and below ten members counts, since one person would move a percent. */

/** From how many members on a share is printed as a percentage. */
export const FEWEST_FOR_PERCENT = 10;
/** Groups of practices and segments are left out below this many people. */
export const FEWEST_IN_GROUP = 11;

const HOURS_IN_DAY = 24;
const MOST_HOURS = 48;

/** A cell of a table: what is looked for, and below it what it is made of. */
export interface Cell {
  main: string;
  sub: string | null;
}

export const cell = (main: string, sub: string | null = null): Cell => ({ main, sub });

/** `1,204`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A whole percent that is 0 or 100 only where it is exactly that. */
export function percent(rate: number): string {
  const whole = Math.round(rate * 100);
  if (whole === 0 && rate > 0) return '<1%';
  if (whole === 100 && rate < 1) return '>99%';
  return `${whole}%`;
}

/** `32 of 45`; `none` where there is nothing that it could be of. */
export function countOf({ n, d }: Share): string {
  return d === 0 ? 'none' : `${grouped(n)} of ${grouped(d)}`;
}

/** `71%`, below ten members `7 of 9`. */
export function shortShare(share: Share): string {
  return share.d < FEWEST_FOR_PERCENT ? countOf(share) : percent(share.n / share.d);
}

/** `71% (32 of 45)`, below ten members `7 of 9`. */
export function shareText(share: Share): string {
  return share.d < FEWEST_FOR_PERCENT ? countOf(share) : `${shortShare(share)} (${countOf(share)})`;
}

export function shareCell(share: Share): Cell {
  return share.d < FEWEST_FOR_PERCENT ? cell(countOf(share)) : cell(shortShare(share), countOf(share));
}

/** A count with its share of a whole, where that is large enough to have one. */
export function countCell(n: number, d: number): Cell {
  return cell(grouped(n), d < FEWEST_FOR_PERCENT ? null : percent(n / d));
}

/** `31 hours`, from two days on `5.2 days`, from ten on `12 days`. */
export function duration(hours: number): string {
  if (hours < MOST_HOURS) return hours < 1 ? 'under 1 hour' : unit(String(Math.round(hours)), 'hour');
  const days = hours / HOURS_IN_DAY;
  return unit(days < 10 ? String(Math.round(days * 10) / 10) : grouped(Math.round(days)), 'day');
}

const unit = (amount: string, word: string): string => `${amount} ${word}${amount === '1' ? '' : 's'}`;

/** `1 patient`, `1,204 patients`. */
export function counted(count: number, word: string, words = `${word}s`): string {
  return `${grouped(count)} ${count === 1 ? word : words}`;
}

/** `A`, `A and B`, `A, B and C`. */
export function listed(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** The first few of a list, and how many more there are. */
export function firstOf(items: readonly string[], most: number): string {
  const more = items.length - most;
  return more <= 0 ? listed(items) : `${items.slice(0, most).join(', ')} and ${grouped(more)} more`;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Entries that count something, most first; among equals by name. */
export function mostFirst(counts: Readonly<Record<string, number | undefined>>): [string, number][] {
  return Object.entries(counts)
    .flatMap(([name, count = 0]): [string, number][] => (count > 0 ? [[name, count]] : []))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
