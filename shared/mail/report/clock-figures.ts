import type { ClockFigures, ReportFigures, Share } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { newcombe } from '../../domain/statistics/proportions.ts';

/** The clocks that a report shows: those of which some fell due in the period or in the 8 before it. */
export function clocksOf({ clocks }: Pick<ReportFigures, 'clocks'>): ClockKind[] {
  return CLOCK_KINDS.filter((kind) => clocks[kind].all > 0 || clocks[kind].trailingAll.some((all) => all > 0));
}

/** Met of all, for the report's own period. */
export const own = ({ met, all }: ClockFigures): Share => ({ n: met, d: all });

/** Fewer exclusions than this are no news, however few there were before. */
const FEWEST_EXCLUDED = 5;

/** Excluded of all that fell due, in the period and in the 8 before it together. */
export function exclusions(figures: ClockFigures): { now: Share; before: Share; hasDoubled: boolean } {
  const { excluded, all, trailingAll, trailingExcluded } = figures;
  const now = { n: excluded, d: all + excluded };
  const earlier = { n: trailingExcluded, d: trailingAll.reduce((sum, each) => sum + each, trailingExcluded) };
  return { now, before: earlier, hasDoubled: hasDoubled(now, earlier) };
}

/** Over twice the share, and by more than chance explains. With nothing to compare with nothing has doubled. */
function hasDoubled(now: Share, before: Share): boolean {
  // Cross-multiplied to be exact.
  if (now.n < FEWEST_EXCLUDED || now.n * before.d <= 2 * before.n * now.d) return false;
  const [low] = newcombe({ x: now.n, n: now.d }, { x: before.n, n: before.d }) ?? [0];
  return low > 0;
}
