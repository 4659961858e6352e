import type { ClockFigures, ReportFigures, Share } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';

/** The clocks that a report has anything to say of: some fell due in the period or in the 8 before it. */
export function clocksOf(report: Pick<ReportFigures, 'clocks'>): ClockKind[] {
  return CLOCK_KINDS.filter((kind) => trendOf(report.clocks[kind]).some(({ d }) => d > 0));
}

/** Met of all for the 8 periods before, oldest first. */
export function before({ trailing, trailingAll }: ClockFigures): Share[] {
  return trailingAll.map((d, index) => ({ n: Math.round((trailing[index] ?? 0) * d), d }));
}

/** Met of all for the 8 periods before, oldest first, and the report's own. */
export function trendOf(figures: ClockFigures): Share[] {
  return [...before(figures), own(figures)];
}

export const own = ({ met, all }: ClockFigures): Share => ({ n: met, d: all });

/** The 8 periods before as one. */
export function pooled(figures: ClockFigures): Share {
  return before(figures).reduce((total, { n, d }) => ({ n: total.n + n, d: total.d + d }), { n: 0, d: 0 });
}

/** Excluded of all that fell due: in the period, and in the 8 before it. */
export function exclusions(figures: ClockFigures): { now: Share; before: Share; hasDoubled: boolean } {
  const { excluded, all, trailingExcluded } = figures;
  const now = { n: excluded, d: all + excluded };
  const earlier = { n: trailingExcluded, d: pooled(figures).d + trailingExcluded };
  // Cross-multiplied: exact, and nothing to compare with is no doubling.
  const hasDoubled = earlier.d > 0 && now.n * earlier.d > 2 * earlier.n * now.d;
  return { now, before: earlier, hasDoubled };
}

export type Direction = 'better' | 'worse';

/** Which way a flagged clock has changed; null where nothing is flagged. */
export function directionOf({ flagged, interval }: ClockFigures): Direction | null {
  if (!flagged || interval === null) return null;
  return interval[0] > 0 ? 'better' : 'worse';
}

/** Name of the chart of a clock's attainment: in the store, and in the mail that shows it. */
export const lineChartName = (kind: ClockKind): string => `line-${kind}`;
export const CHART_WIDTH = 144;
export const CHART_HEIGHT = 52;

/** Where the charts of a report begin to rise: one scale for all, so that they can be compared. */
export function chartFloor(report: Pick<ReportFigures, 'clocks'>): number {
  const rates = clocksOf(report)
    .flatMap((kind) => trendOf(report.clocks[kind]))
    .flatMap(({ n, d }) => (d === 0 ? [] : n / d));
  return [0.75, 0.5, 0.25].find((floor) => rates.every((rate) => rate >= floor)) ?? 0;
}
