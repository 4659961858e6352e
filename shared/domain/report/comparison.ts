import { newcombe, type Proportion } from '../statistics/proportions.ts';

/** With fewer members on either side a difference is no reason to act. */
export const MIN_MEMBERS = 10;

/** How a week's share stands to that of the weeks before it. */
export interface Comparison {
  /** Newcombe's 95% interval of the difference week - before; null where either has no members. */
  interval: [lo: number, hi: number] | null;
  /** The interval excludes 0 and both have at least `MIN_MEMBERS` members. */
  flagged: boolean;
}

/** A week's share beside that of the weeks before, pooled (domain contract, section 9, "beside it"). */
export function comparison(week: Proportion, before: Proportion): Comparison {
  const interval = newcombe(week, before);
  const excludesZero = interval !== null && (interval[0] > 0 || interval[1] < 0);
  return { interval, flagged: excludesZero && week.n >= MIN_MEMBERS && before.n >= MIN_MEMBERS };
}
