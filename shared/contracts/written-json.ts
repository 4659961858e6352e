import { isDeeperThan, MAX_DEPTH } from './depth.ts';

/** Deeper than anything that is taken in, with all that may stand around it: what lies below is refused for that. */
const MOST_LEVELS = 2 * MAX_DEPTH;

/** A parsed value as JSON, however deep it is: JSON itself can't be written deeper than the stack is. */
export function writtenJson(value: unknown): string {
  return JSON.stringify(writable(value));
}

/** A parsed value, cut where it is deeper than anything that is taken in, so that it can be written as JSON. */
export function writable(value: unknown): unknown {
  return isDeeperThan(MOST_LEVELS, value) ? cut(value, MOST_LEVELS) : value;
}

function cut(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return null;
  if (Array.isArray(value)) return value.map((each) => cut(each, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, levels - 1)]));
}
