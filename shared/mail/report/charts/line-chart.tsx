import type { ClockFigures, Share } from '../../../contracts/report.ts';
import { CHART } from '../../templates/style.ts';
import { FEWEST_FOR_PERCENT } from '../format-figure.ts';
import { CHART_HEIGHT, CHART_WIDTH } from '../trend.ts';

interface Props {
  /** Oldest first, the period's own last. */
  trend: readonly Share[];
  /** The usual level, and where chance alone puts the period's own share. */
  centre: ClockFigures['centre'];
  limits: ClockFigures['limits'];
  /** The share at the bottom; at the top is 1. */
  floor: number;
}

/** Room for the mark of the last period. */
const MARGIN = 7;

interface Point {
  x: number;
  y: number;
  /** Enough members for a percentage. */
  isFirm: boolean;
  isLast: boolean;
}

/**
 * A clock's attainment over 9 periods, without any text: what it says stands beside it. A period without clocks is a gap, one
 * with few is a ring that no line leads to.
 */
export function LineChart({ trend, centre, limits, floor }: Props) {
  const points = trend.map((share, index) => toPoint(share, index, trend.length, floor));
  const level = centre === null ? null : heightOf(centre, floor);
  const now = CHART_WIDTH - MARGIN;
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it becomes a picture, whose words are in the mail
    <svg xmlns="http://www.w3.org/2000/svg" width={CHART_WIDTH} height={CHART_HEIGHT}>
      {level === null ? null : (
        <line
          x1={MARGIN}
          x2={CHART_WIDTH - MARGIN}
          y1={level}
          y2={level}
          stroke={CHART.average}
          strokeWidth={1}
          strokeDasharray="3 3"
        />
      )}
      {limits === null ? null : (
        <line
          x1={now}
          x2={now}
          y1={heightOf(limits[0], floor)}
          y2={heightOf(limits[1], floor)}
          stroke={CHART.average}
          strokeWidth={4}
        />
      )}
      <path d={pathOf(points)} fill="none" stroke={CHART.line} strokeWidth={2} strokeLinejoin="round" />
      {points.map((point) => (point === null ? null : <Mark point={point} key={point.x} />))}
    </svg>
  );
}

function Mark({ point: { x, y, isFirm, isLast } }: { point: Point }) {
  const colour = isLast ? CHART.now : CHART.line;
  const radius = isLast ? 5 : 2.5;
  if (isFirm) return <circle cx={x} cy={y} r={radius} fill={colour} />;
  return <circle cx={x} cy={y} r={radius} fill="none" stroke={colour} strokeWidth={1.5} />;
}

function toPoint(share: Share, index: number, count: number, floor: number): Point | null {
  if (share.d === 0) return null;
  const x = rounded(MARGIN + (index * (CHART_WIDTH - 2 * MARGIN)) / (count - 1));
  return {
    x,
    y: heightOf(share.n / share.d, floor),
    isFirm: share.d >= FEWEST_FOR_PERCENT,
    isLast: index === count - 1,
  };
}

function heightOf(rate: number, floor: number): number {
  return rounded(CHART_HEIGHT - MARGIN - ((rate - floor) / (1 - floor)) * (CHART_HEIGHT - 2 * MARGIN));
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Lines between neighbours that both are firm. */
function pathOf(points: readonly (Point | null)[]): string {
  return points
    .map((point, index) => {
      const previous = points[index - 1];
      if (!point?.isFirm) return '';
      return `${previous?.isFirm ? 'L' : 'M'}${point.x} ${point.y}`;
    })
    .join('');
}
