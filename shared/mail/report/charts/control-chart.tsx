import { CHART, CHART_HEIGHT, CHART_WIDTH } from '../../templates/style.ts';
import type { ChartPoint, ChartPoints } from '../chart-points.ts';

/** Room for the ring around the last period. */
const MARGIN = 13;
/** With fewer periods they would stand far apart. */
const FEWEST_STEPS = 8;
const DOT = 5;
const RING = 10;
const COLOUR = { better: CHART.better, worse: CHART.worse };

interface Place extends ChartPoint {
  x: number;
  /** Null: nothing fell due. */
  y: number | null;
  /** Of its limits, upper then lower. */
  range: readonly [top: number, bottom: number] | null;
}

/**
 * A control chart without any text: what it says stands beside it. Periods are grey dots between their limits, a triangle
 * up in blue if they are better than chance explains, one down in orange if worse, and hollow if few fell due. The last one
 * has a ring.
 */
export function ControlChart({ chart }: { chart: ChartPoints }) {
  const { points, centre, low, high } = chart;
  const heightOf = (share: number): number =>
    rounded(CHART_HEIGHT - MARGIN - ((share - low) / (high - low)) * (CHART_HEIGHT - 2 * MARGIN));
  const step = (CHART_WIDTH - 2 * MARGIN) / Math.max(FEWEST_STEPS, points.length - 1);
  const places = points.map(
    (point, index): Place => ({
      ...point,
      x: rounded(CHART_WIDTH - MARGIN - (points.length - 1 - index) * step),
      y: point.all === 0 ? null : heightOf(point.met / point.all),
      range: point.limits && [heightOf(point.limits[1]), heightOf(point.limits[0])],
    }),
  );
  const [first] = places;
  const last = places.at(-1);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it becomes a picture, whose words are in the mail
    <svg xmlns="http://www.w3.org/2000/svg" width={CHART_WIDTH} height={CHART_HEIGHT}>
      <Limits places={places} step={step} />
      {centre === null ? null : (
        <line
          x1={first?.x}
          x2={CHART_WIDTH - MARGIN}
          y1={heightOf(centre)}
          y2={heightOf(centre)}
          stroke={CHART.guide}
          strokeWidth={1.5}
          strokeDasharray="7 5"
        />
      )}
      <path d={lineThrough(places)} fill="none" stroke={CHART.guide} strokeWidth={1.5} strokeLinejoin="round" />
      {places.map((place) => (
        <Mark place={place} key={place.from} />
      ))}
      {last === undefined || last.y === null ? null : (
        <circle cx={last.x} cy={last.y} r={RING} fill="none" stroke={colourOf(last)} strokeWidth={2} />
      )}
    </svg>
  );
}

/** A band, as wide as chance leaves a period of each size, with a line at either edge. */
function Limits({ places, step }: { places: readonly Place[]; step: number }) {
  const spans = places.flatMap(({ x, range }) =>
    range === null ? [] : [{ from: x - step / 2, to: x + step / 2, range }],
  );
  const edge = (side: 0 | 1): string =>
    spans
      .map(
        ({ from, to, range }, index) =>
          `${spans[index - 1]?.to === from ? 'L' : 'M'}${at(from, range[side])}L${at(to, range[side])}`,
      )
      .join('');
  return (
    <>
      {spans.map(({ from, to, range: [top, bottom] }) => (
        <rect
          x={from}
          y={top}
          width={to - from}
          height={bottom - top}
          fill={CHART.guide}
          fillOpacity={0.16}
          key={from}
        />
      ))}
      <path d={edge(0) + edge(1)} fill="none" stroke={CHART.guide} strokeWidth={1} />
    </>
  );
}

function Mark({ place }: { place: Place }) {
  const { x, y, mark, isFirm } = place;
  if (y === null) return null;
  const colour = colourOf(place);
  if (!isFirm) return <circle cx={x} cy={y} r={DOT - 1} fill="none" stroke={colour} strokeWidth={1.5} />;
  if (mark === null) return <circle cx={x} cy={y} r={DOT} fill={colour} />;
  const tip = mark === 'better' ? -1 : 1;
  const corners = [at(x, y + tip * 8), at(x - 7, y - tip * 5), at(x + 7, y - tip * 5)];
  return <path d={`M${corners.join('L')}Z`} fill={colour} />;
}

const colourOf = ({ mark }: ChartPoint): string => (mark === null ? CHART.guide : COLOUR[mark]);

/** Lines between neighbours that both are firm. */
function lineThrough(places: readonly Place[]): string {
  return places
    .map(({ x, y, isFirm }, index) =>
      isFirm && y !== null ? `${places[index - 1]?.isFirm ? 'L' : 'M'}${at(x, y)}` : '',
    )
    .join('');
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const at = (x: number, y: number): string => `${rounded(x)} ${rounded(y)}`;
