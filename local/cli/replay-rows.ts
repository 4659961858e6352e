import { withoutControls } from '../../shared/mail/names.ts';
import { dim, field, thousands } from './columns.ts';

/** Rows of the summary of a replay: a label, and a text that fits a terminal. */

/** All of a terminal's columns but the last, in which some of them break a full line. */
export const WIDTH = 79;
const LABEL = 12;

/** A label, and its text on as many lines as it needs. */
export const row = (label: string, text: string): string[] => field(label, withoutControls(text), WIDTH, 0, LABEL);

/** A command to copy, which must not be broken in two however long it is. */
export const command = (label: string, text: string): string => `${dim(label.padEnd(LABEL))}${withoutControls(text)}`;

/** `to contact 4`, the most frequent first. */
export function counts(by: Record<string, number>): string[] {
  const sorted = Object.entries(by).sort(([, a], [, b]) => b - a);
  return sorted.map(([name, n]) => `${name.replaceAll('_', ' ')} ${thousands(n)}`);
}

/** What is counted, then as many parts as one line holds, but one at least. */
export function fitting(counted: string, parts: readonly string[], end = ''): string {
  const text = (n: number): string =>
    `${counted}${n === 0 ? '' : `: ${parts.slice(0, n).join(', ')}`}${n < parts.length ? ', …' : ''}${end}`;
  const fits = parts.findLastIndex((_, index) => text(index + 1).length <= WIDTH - LABEL);
  return text(Math.min(parts.length, Math.max(1, fits + 1)));
}

/** All that is counted. */
export const sum = (by: Record<string, number>): number => Object.values(by).reduce((all, each) => all + each, 0);

/** Several rows under one label. */
export const block = (label: string, lines: readonly string[]): string[] =>
  lines.flatMap((line, index) => row(index === 0 ? label : '', line));

/** On one line, without what there is none of. */
export function joined(label: string, counted: readonly (readonly [n: number, what: string])[]): string[] {
  const parts = counted.flatMap(([n, what]) => (n === 0 ? [] : [`${thousands(n)} ${what}`]));
  return parts.length === 0 ? [] : row(label, cut(parts.join(', '), 1));
}

/** Text that needs so many lines at most. It loses of its middle: it begins with a place, and ends with what to do. */
export function cut(text: string, lines: number): string {
  const most = (WIDTH - LABEL) * lines - 8 * (lines - 1);
  if (text.length <= most) return text;
  const half = Math.floor((most - 3) / 2);
  const [start, end] = [text.slice(0, half), text.slice(-half)];
  return `${start.replace(/ \S*$/, '')} … ${end.replace(/^\S* /, '')}`;
}

/** A path as long as it fits a line, so that it can be copied; else its end. */
export function ended(path: string): string {
  const room = WIDTH - LABEL;
  return path.length <= room ? path : `…${path.slice(1 - room)}`;
}
