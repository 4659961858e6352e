import type { ClockFigures, ReportFigures, Share, Signal } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { newcombe } from '../../domain/statistics/proportions.ts';

/** The clocks that a report shows: those of which some fell due in the period or in the 8 before it. */
export function clocksOf(report: Pick<ReportFigures, 'clocks'>): ClockKind[] {
  return CLOCK_KINDS.filter((kind) => trendOf(report.clocks[kind]).some(({ d }) => d > 0));
}

/** Met of all, for each of the 8 periods before, oldest first. */
export function before({ trailing, trailingAll }: ClockFigures): Share[] {
  return trailingAll.map((d, index) => ({ n: Math.round((trailing[index] ?? 0) * d), d }));
}

/** Met of all, for each of the 8 periods before, oldest first, then for the report's own. */
export function trendOf(figures: ClockFigures): Share[] {
  return [...before(figures), own(figures)];
}

/** Met of all, for the report's own period. */
export const own = ({ met, all }: ClockFigures): Share => ({ n: met, d: all });

/** Met of all, for the 8 periods before together. */
export function pooled(figures: ClockFigures): Share {
  return before(figures).reduce((total, { n, d }) => ({ n: total.n + n, d: total.d + d }), { n: 0, d: 0 });
}

/** Fewer exclusions than this are no news, however few there were before. */
const FEWEST_EXCLUDED = 5;

/** Excluded of all that fell due, in the period and in the 8 before it together. */
export function exclusions(figures: ClockFigures): { now: Share; before: Share; hasDoubled: boolean } {
  const { excluded, all, trailingExcluded } = figures;
  const now = { n: excluded, d: all + excluded };
  const earlier = { n: trailingExcluded, d: pooled(figures).d + trailingExcluded };
  return { now, before: earlier, hasDoubled: hasDoubled(now, earlier) };
}

/** Over twice the share, and by more than chance explains. With nothing to compare with nothing has doubled. */
function hasDoubled(now: Share, before: Share): boolean {
  // Cross-multiplied to be exact.
  if (now.n < FEWEST_EXCLUDED || now.n * before.d <= 2 * before.n * now.d) return false;
  const [low] = newcombe({ x: now.n, n: now.d }, { x: before.n, n: before.d }) ?? [0];
  return low > 0;
}

export type Direction = 'better' | 'worse';

const DIRECTION: Record<Signal, Direction> = {
  below: 'worse',
  above: 'better',
  shift_down: 'worse',
  shift_up: 'better',
  trend_down: 'worse',
  trend_up: 'better',
};

/** Which way a clock has changed; null if it has no signal. */
export const directionOf = ({ signal }: ClockFigures): Direction | null => (signal === null ? null : DIRECTION[signal]);

/** The name of the chart of a clock's attainment, in the store and in the mail that shows it. */
export const lineChartName = (kind: ClockKind): string => `line-${kind}`;
export const CHART_WIDTH = 144;
export const CHART_HEIGHT = 52;

/** The rate at the bottom of a report's charts. All have one scale, so that they can be compared. */
export function chartFloor(report: Pick<ReportFigures, 'clocks'>): number {
  const rates = clocksOf(report).flatMap((kind) => {
    const figures = report.clocks[kind];
    return [...trendOf(figures).flatMap(({ n, d }) => (d === 0 ? [] : n / d)), ...(figures.limits ?? [])];
  });
  return [0.75, 0.5, 0.25].find((floor) => rates.every((rate) => rate >= floor)) ?? 0;
}
