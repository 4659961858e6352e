import { newcombe, type Proportion } from '../statistics/proportions.ts';

/** If either side has fewer members, a difference is no reason to act. */
export const MIN_MEMBERS = 10;

/** How a period's proportion differs from that of the periods before it. */
export interface Comparison {
  /** Newcombe's 95% interval of the difference current - before; null if either has no members. */
  interval: [lo: number, hi: number] | null;
  /** The interval excludes 0 and both have at least `MIN_MEMBERS` members. */
  flagged: boolean;
}

/** Compares a period with the periods before it, pooled (docs/domain.md#9-11). */
export function comparison(current: Proportion, before: Proportion): Comparison {
  const interval = newcombe(current, before);
  const excludesZero = interval !== null && (interval[0] > 0 || interval[1] < 0);
  return { interval, flagged: excludesZero && current.n >= MIN_MEMBERS && before.n >= MIN_MEMBERS };
}
