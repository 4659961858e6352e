import type { Signal } from '../../contracts/report.ts';
import type { Proportion } from '../statistics/proportions.ts';
import { MIN_MEMBERS } from './comparison.ts';

/** Fewest periods before the report's own that make a chart. */
const FEWEST_BEFORE = 8;
/** How many periods in a row, the report's own included, make a shift and a trend. */
const SHIFT_PERIODS = 8;
const TREND_PERIODS = 7;
const SIGMAS = 3;
/** A period is beyond the limits only if at least this many clocks are to blame. */
const FEWEST_BEYOND = 3;

/** A period's proportion on a control chart (a p-chart) of the periods before. */
export interface ControlChart {
  /** Met of all in the periods before that count, pooled; null if fewer than 8 count. */
  centre: number | null;
  /** Where the report's own proportion is expected, within [0, 1]; null without a centre or if its own period doesn't count. */
  limits: [lo: number, hi: number] | null;
  /** How it differs more than chance explains; null if it doesn't, or there are no limits. */
  signal: Signal | null;
}

/**
 * The figure "signal" (docs/domain.md#figure-signal). Only periods with at least 10 members count. Proportions are compared
 * exactly, as fractions.
 * @param own the report's own period
 * @param before the periods before it, oldest first
 */
export function controlChart(own: Proportion, before: readonly Proportion[]): ControlChart {
  const counted = before.filter(counts);
  if (counted.length < FEWEST_BEFORE) return { centre: null, limits: null, signal: null };
  const pooled = pool(counted);
  const centre = pooled.x / pooled.n;
  if (!counts(own)) return { centre, limits: null, signal: null };
  const recent = [...counted, own];
  return {
    centre,
    limits: limitsOf(own, pooled),
    signal: beyondLimits(own, pooled) ?? shift(recent, pooled) ?? trend(recent),
  };
}

/**
 * How many periods before the report's own a change began: the first of the run that makes a shift or a trend, however
 * long it is; 0 for what lies beyond the limits.
 * @param own, before as for `controlChart`, which found the signal
 */
export function changedBack(own: Proportion, before: readonly Proportion[], signal: Signal): number {
  const counted = before.flatMap((share, index) => (counts(share) ? [{ share, back: before.length - index }] : []));
  const latestFirst = [...counted, { share: own, back: 0 }].reverse();
  switch (signal) {
    case 'below':
    case 'above':
      return 0;
    case 'shift_down':
    case 'shift_up': {
      const pooled = pool(counted.map(({ share }) => share));
      const side = signal === 'shift_down' ? -1 : 1;
      const other = latestFirst.findIndex(({ share }) => compare(share, pooled) !== side);
      return latestFirst.at(other === -1 ? -1 : other - 1)?.back ?? 0;
    }
    case 'trend_down':
    case 'trend_up': {
      const way = signal === 'trend_down' ? -1 : 1;
      const other = latestFirst.findIndex(({ share }, index) => {
        const previous = latestFirst[index + 1];
        return previous === undefined || compare(share, previous.share) !== way;
      });
      return latestFirst[other]?.back ?? 0;
    }
  }
}

const DIRECTION = {
  below: 'worse',
  above: 'better',
  shift_down: 'worse',
  shift_up: 'better',
  trend_down: 'worse',
  trend_up: 'better',
} as const satisfies Record<Signal, string>;

export type Direction = (typeof DIRECTION)[Signal];

/** Which way a clock has changed; null without a signal. */
export const directionOf = (signal: Signal | null): Direction | null => (signal === null ? null : DIRECTION[signal]);

/**
 * Each period beside the limits of one of its size around the level of the periods before: beyond them for the better or
 * worse, by as much as makes a signal. Null where there are no limits, or where a period has too few members.
 * @param own, before as for `controlChart`
 * @returns for each of the periods before, then for the report's own
 */
export function limitsThroughout(
  own: Proportion,
  before: readonly Proportion[],
): ({ limits: [lo: number, hi: number]; beyond: Direction | null } | null)[] {
  const counted = before.filter(counts);
  if (counted.length < FEWEST_BEFORE) return [...before, own].map(() => null);
  const pooled = pool(counted);
  return [...before, own].map((share) =>
    counts(share) ? { limits: limitsOf(share, pooled), beyond: directionOf(beyondLimits(share, pooled)) } : null,
  );
}

/** A period of fewer members is passed over. */
const counts = ({ n }: Proportion): boolean => n >= MIN_MEMBERS;

const pool = (shares: readonly Proportion[]): Proportion =>
  shares.reduce((sum, { x, n }) => ({ x: sum.x + x, n: sum.n + n }), { x: 0, n: 0 });

/** The centre of the limits, (met + 1/2) / (all + 1), as a fraction: never 0 or 1, which would leave no room. */
const smoothed = ({ x, n }: Proportion): Proportion => ({ x: 2 * x + 1, n: 2 * n + 2 });

function limitsOf({ n }: Proportion, pooled: Proportion): [number, number] {
  const { x, n: of } = smoothed(pooled);
  const centre = x / of;
  const reach = SIGMAS * Math.sqrt((centre * (1 - centre)) / n);
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}

function beyondLimits(own: Proportion, pooled: Proportion): 'below' | 'above' | null {
  const [x, n] = [BigInt(own.x), BigInt(own.n)];
  const centre = smoothed(pooled);
  const [met, all] = [BigInt(centre.x), BigInt(centre.n)];
  // |x / n - met / all| against the limits' reach: both sides times n x all, the limits' squared to have no root.
  const excess = x * all - met * n;
  const isBeyond = excess * excess > BigInt(SIGMAS * SIGMAS) * met * (all - met) * n;
  const isEnough = (excess < 0n ? -excess : excess) >= BigInt(FEWEST_BEYOND) * all;
  if (!isBeyond || !isEnough) return null;
  return excess < 0n ? 'below' : 'above';
}

function shift(recent: readonly Proportion[], pooled: Proportion): Signal | null {
  const side = sameSign(recent.slice(-SHIFT_PERIODS).map((each) => compare(each, pooled)));
  if (side === 0) return null;
  return side < 0 ? 'shift_down' : 'shift_up';
}

function trend(recent: readonly Proportion[]): Signal | null {
  const last = recent.slice(-TREND_PERIODS);
  const way = sameSign(last.slice(1).map((each, index) => compare(each, last[index] ?? each)));
  if (way === 0) return null;
  return way < 0 ? 'trend_down' : 'trend_up';
}

/** -1, 0 or 1: a is less than, equal to, or more than b, exactly. */
function compare(a: Proportion, b: Proportion): number {
  const difference = BigInt(a.x) * BigInt(b.n) - BigInt(b.x) * BigInt(a.n);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** The sign that all of them have; 0 if they differ. */
function sameSign(signs: readonly number[]): number {
  const [first = 0] = signs;
  return signs.every((sign) => sign === first) ? first : 0;
}
