import type { Share } from '../../contracts/report.ts';
import { type Cell, cell } from '../blocks.ts';
import { formatCount } from '../lists.ts';

/** Figures as a reader sees them: whole percents, or counts below ten members, as each would be 10 points or more. */

/** A share of this many members or more is printed as a percentage. */
export const FEWEST_FOR_PERCENT = 10;
/** Figures of practices and segments with fewer people than this are left out. */
export const FEWEST_PEOPLE = 11;

const HOURS_IN_DAY = 24;
const MOST_HOURS = 48;

/** A whole percent; `0%` and `100%` only if the rate is exactly that. */
export function percent(rate: number): string {
  const whole = Math.round(rate * 100);
  if (whole === 0 && rate > 0) return '<1%';
  if (whole === 100 && rate < 1) return '>99%';
  return `${whole}%`;
}

/** `32 of 45`; `none` if the whole is empty. */
export function countOf({ n, d }: Share): string {
  return d === 0 ? 'none' : `${formatCount(n)} of ${formatCount(d)}`;
}

/** `71%`, or `7 of 9` below ten members. */
export function shortShare(share: Share): string {
  return share.d < FEWEST_FOR_PERCENT ? countOf(share) : percent(share.n / share.d);
}

/** `71% (32 of 45)`, or `7 of 9` below ten members. */
export function shareText(share: Share): string {
  return share.d < FEWEST_FOR_PERCENT ? countOf(share) : `${shortShare(share)} (${countOf(share)})`;
}

export function shareCell(share: Share): Cell {
  return share.d < FEWEST_FOR_PERCENT ? cell(countOf(share)) : cell(shortShare(share), countOf(share));
}

/** A count with its share of a whole, if the whole is large enough for a percentage. */
export function countCell(n: number, d: number): Cell {
  return cell(formatCount(n), d < FEWEST_FOR_PERCENT ? null : percent(n / d));
}

/** `190 (16%)`; without the percentage if the whole is too small for one. */
export function countText(n: number, d: number): string {
  return d < FEWEST_FOR_PERCENT ? formatCount(n) : `${formatCount(n)} (${percent(n / d)})`;
}

/** `31 hours`; `5.2 days` from two days on; `12 days` from ten days on. */
export function duration(hours: number): string {
  if (hours < MOST_HOURS) return hours < 1 ? 'under 1 hour' : unit(String(Math.round(hours)), 'hour');
  const days = hours / HOURS_IN_DAY;
  return unit(days < 10 ? String(Math.round(days * 10) / 10) : formatCount(Math.round(days)), 'day');
}

const unit = (amount: string, word: string): string => `${amount} ${word}${amount === '1' ? '' : 's'}`;

/** Names with their counts, greatest first, among equals by name; zeros are left out. */
export function mostFirst(counts: Readonly<Record<string, number | undefined>>): [string, number][] {
  return Object.entries(counts)
    .flatMap(([name, count = 0]): [string, number][] => (count > 0 ? [[name, count]] : []))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
