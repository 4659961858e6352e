/**
 * How often the weekly report's signal comes up by chance, and how soon it shows a fall. Each cell is a clock with a number
 * of promises a week, always the same or Poisson, of which a constant share is kept.
 *
 *     npm run bench -- signal-rate [seed]
 */
import { Random } from '../local/simulate/random.ts';
import { controlChart } from '../shared/domain/report/control-chart.ts';
import { LOOKBACK } from '../shared/domain/report/periods.ts';
import type { Proportion } from '../shared/domain/statistics/proportions.ts';
import { poisson, successes } from './draws.ts';
import { percent } from './percent.ts';
import { goal, writeResults } from './results.ts';

const WEEKS = 10_000;
const WEEKLY = [10, 20, 40, 60, 100, 200];
const ATTAINMENTS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];
const MOST_BY_CHANCE = 2.5;
/** A clock that gets worse. */
const FALLING = { weekly: 60, attainment: 0.8 };
const FALLS = 10_001;
/** How many fall due in a week of which so many are expected. */
const VOLUMES: Record<string, (weekly: number, random: Random) => number> = {
  'the same in every week': (weekly) => weekly,
  Poisson: (weekly, random) => poisson(random, weekly),
};
const WEEKS_OF_FALL = 52;
const STEP = { points: 10, goal: 4 };
const DRIFT = { points: 2, goal: 8 };

interface Cell {
  volume: string;
  weekly: number;
  attainment: number;
  /** Weeks that can have a signal. */
  charted: number;
  /** Weeks by the signal that they have. */
  signals: Map<string, number>;
}

const weekOf = (n: number, attainment: number, random: Random): Proportion => ({
  x: successes(random, n, attainment),
  n,
});

function stable(volume: string, weekly: number, attainment: number, random: Random): Cell {
  const cell: Cell = { volume, weekly, attainment, charted: 0, signals: new Map() };
  const week = (): Proportion => weekOf(VOLUMES[volume]?.(weekly, random) ?? weekly, attainment, random);
  const before = Array.from({ length: LOOKBACK }, week);
  for (let index = 0; index < WEEKS; index += 1) {
    const now = week();
    const { limits, signal } = controlChart(now, before);
    if (limits !== null) cell.charted += 1;
    if (signal !== null) cell.signals.set(signal, (cell.signals.get(signal) ?? 0) + 1);
    before.shift();
    before.push(now);
  }
  return cell;
}

/** In which week of a fall, from 1, a signal shows it. @param attainmentIn the share that is kept in a week of the fall */
function weeksToSee(attainmentIn: (week: number) => number, random: Random): number {
  const { weekly, attainment } = FALLING;
  const before = Array.from({ length: LOOKBACK }, () => weekOf(weekly, attainment, random));
  for (let week = 1; week <= WEEKS_OF_FALL; week += 1) {
    const now = weekOf(weekly, Math.max(0, attainmentIn(week)), random);
    const { signal } = controlChart(now, before);
    if (signal === 'below' || signal === 'shift_down' || signal === 'trend_down') return week;
    before.shift();
    before.push(now);
  }
  return Number.POSITIVE_INFINITY;
}

function medianWeeks(attainmentIn: (week: number) => number, random: Random): number {
  const weeks = Array.from({ length: FALLS }, () => weeksToSee(attainmentIn, random)).sort((a, b) => a - b);
  return weeks[(FALLS - 1) / 2] ?? Number.NaN;
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);
const rate = ({ signals, charted }: Cell): number => sum(signals.values()) / charted;

const seed = Number(process.argv[2] ?? 1);
let stream = 0;
const nextRandom = (): Random => {
  stream += 1;
  return new Random(seed, stream);
};
const cells = Object.keys(VOLUMES).flatMap((volume) =>
  WEEKLY.flatMap((weekly) => ATTAINMENTS.map((attainment) => stable(volume, weekly, attainment, nextRandom()))),
);
console.log(`Weeks of stable processes with a signal, of those that can have one; seed ${seed}, ${WEEKS} weeks a cell`);
for (const volume of Object.keys(VOLUMES)) {
  console.log(`\na week, ${volume}`);
  console.log(`        ${ATTAINMENTS.map((attainment) => percent(attainment).padStart(8)).join('')}`);
  for (const weekly of WEEKLY) {
    const row = cells.filter((cell) => cell.weekly === weekly && cell.volume === volume);
    console.log(`${String(weekly).padStart(6)}  ${row.map((cell) => percent(rate(cell)).padStart(8)).join('')}`);
  }
}
console.log();
const charted = sum(cells.map((cell) => cell.charted));
for (const name of ['below', 'above', 'shift_down', 'shift_up', 'trend_down', 'trend_up']) {
  console.log(
    `${name.padEnd(11)}${percent(sum(cells.map(({ signals }) => signals.get(name) ?? 0)) / charted).padStart(8)}`,
  );
}
const overall = sum(cells.map(({ signals }) => sum(signals.values()))) / charted;
const worst = cells.reduce((a, b) => (rate(a) >= rate(b) ? a : b));
console.log(
  `worst cell: ${percent(rate(worst))} at ${worst.weekly} a week, ${worst.volume}, attainment ${worst.attainment}`,
);

const { attainment, weekly } = FALLING;
const step = medianWeeks(() => attainment - STEP.points / 100, nextRandom());
const drift = medianWeeks((week) => attainment - (week * DRIFT.points) / 100, nextRandom());
const falling = `at ${100 * attainment}% of ${weekly} a week, median`;

writeResults([
  goal('stable clock-weeks with a signal', 'percent', MOST_BY_CHANCE, 100 * overall),
  goal('stable clock-weeks with a signal, worst of 84 processes', 'percent', MOST_BY_CHANCE, 100 * rate(worst)),
  goal(`weeks to see a fall of ${STEP.points} points, ${falling}`, 'weeks', STEP.goal, step),
  goal(`weeks to see a fall of ${DRIFT.points} points a week, ${falling}`, 'weeks', DRIFT.goal, drift),
]);
