import type { ClockFigures, Report } from '../../contracts/report.ts';
import type { ClockKind } from '../../contracts/vocabulary.ts';
import { type Direction, directionOf, limitsThroughout } from '../../domain/report/control-chart.ts';
import { FEWEST_FOR_PERCENT } from './format-figure.ts';

/** A period on a clock's control chart. */
export interface ChartPoint {
  /** When it began. */
  from: string;
  met: number;
  all: number;
  /** Where chance alone puts a period of its size; null where too few fell due, or too few periods are known. */
  limits: readonly [lo: number, hi: number] | null;
  /** Whether it lies beyond its limits, or is one of those that make a shift or a trend; null: neither. */
  mark: Direction | null;
  /** Enough members for a percentage. */
  isFirm: boolean;
}

/** What a clock's control chart shows. */
export interface ChartPoints {
  /** The periods before, oldest first, then the report's own. */
  points: ChartPoint[];
  centre: number | null;
  /** The shares at the bottom and at the top. */
  low: number;
  high: number;
}

/** The name of a clock's chart, in the store and in the mail that shows it. */
export const chartName = (kind: ClockKind): string => `chart-${kind}`;

/**
 * What the chart of a clock shows; null if no period had enough for a percentage, or is alone, and of a report that was
 * stored before it had its history.
 */
export function chartPoints(kind: ClockKind, report: Pick<Report, 'clocks' | 'from'>): ChartPoints | null {
  const figures = report.clocks[kind];
  const { history, met, all, centre } = figures;
  if (history.length === 0) return null;
  const periods = [...history, { from: report.from, met, all }];
  const limited = limitsThroughout(
    { x: met, n: all },
    history.map((period) => ({ x: period.met, n: period.all })),
  );
  const points = periods.map((period, index): ChartPoint => {
    const { limits = null, beyond = null } = limited[index] ?? {};
    const isFirm = period.all >= FEWEST_FOR_PERCENT;
    return { ...period, limits, mark: beyond ?? runMark(period.from, isFirm, figures), isFirm };
  });
  if (!points.some(({ isFirm }) => isFirm)) return null;
  return { points, centre, ...scaleOf(points) };
}

const STEPS = 20;
/** Four steps of a twentieth: a smaller range would make much of little. */
const FEWEST_STEPS = 4;

/** Twentieths between which everything fits. */
function scaleOf(points: readonly ChartPoint[]): Pick<ChartPoints, 'low' | 'high'> {
  const shown = points.flatMap(({ met, all, limits }) => [...(all === 0 ? [] : [met / all]), ...(limits ?? [])]);
  const low = Math.min(STEPS - FEWEST_STEPS, Math.floor(STEPS * Math.min(...shown)));
  const high = Math.max(low + FEWEST_STEPS, Math.ceil(STEPS * Math.max(...shown)));
  return { low: low / STEPS, high: high / STEPS };
}

/** The direction of the change that a period takes part in. */
function runMark(from: string, isFirm: boolean, { signal, since }: ClockFigures): Direction | null {
  // Instants of one form have the order of their text.
  return isFirm && since !== null && from >= since ? directionOf(signal) : null;
}
