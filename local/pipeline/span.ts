import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { endOfDay, type SaidArrival, startOfDay } from './input.ts';
import { InputError } from './input-error.ts';

/** Years of simulated time that a replay runs through: each brings its digests and reports, whether or not anything arrives. */
const MOST_YEARS = 10;
const YEAR_MS = 365.25 * DAY_MS;

/** What was asked for. */
export interface Asked {
  until?: Instant | undefined;
  liveFrom?: Instant | undefined;
  /** Of the organization. */
  timeZone: string;
}

/** From when to when a replay runs. */
export interface Span {
  until: Instant;
  /** What arrives before it is taken in as history, without its alerts, mails and reports. Null: nothing. */
  liveFrom: Instant | null;
  /** What was left out or taken in as history though nobody asked for it. */
  notes: string[];
}

/**
 * Plans a replay through no more years than anybody waits for: a single date in a wrong year would bring all those between.
 * What lies years apart from most of the input is left out if it is late, and history if it is early.
 * @param arrivals when lines arrive that say so, in any order
 * @returns null if no line says so, nor what was asked for
 * @throws InputError if `until` lies years after everything
 */
export function planSpan(arrivals: readonly SaidArrival[], { until: asked, liveFrom, timeZone }: Asked): Span | null {
  const inOrder = arrivals.toSorted((a, b) => a.at - b.at);
  const last = inOrder.at(-1);
  if (!last) return asked === undefined ? null : { until: asked, liveFrom: liveFrom ?? null, notes: [] };
  let span: Bounds = { until: asked ?? endOfDay(last.at, timeZone), from: liveFrom ?? null };
  for (let next: Bounds | null = span; next !== null; next = narrowed(inOrder, span, { until: asked, timeZone })) {
    span = next;
  }
  return {
    until: span.until,
    liveFrom: span.from,
    notes: notesOn(inOrder, span, { until: asked, liveFrom, timeZone }),
  };
}

interface Bounds {
  until: Instant;
  from: Instant | null;
}

/** Bounds that leave out what lies beyond the longest time without any message. Null: they are close enough. */
function narrowed(
  inOrder: readonly SaidArrival[],
  { until, from }: Bounds,
  { until: asked, timeZone }: Asked,
): Bounds | null {
  const seen = inOrder.filter(({ at }) => at <= until && at >= (from ?? at));
  const [first] = seen;
  const last = seen.at(-1);
  if (!first || !last || until - first.at <= MOST_YEARS * YEAR_MS) return null;
  if (until - last.at > MOST_YEARS * YEAR_MS) {
    throw new InputError(`--until is ${years(until - last.at)} after the last message, ${placeOf(last)}. ${LIMIT}`);
  }
  const gap = longestGap(seen);
  if (!gap || gap.after.at - gap.before.at < YEAR_MS) {
    return { until, from: endOfDay(until - MOST_YEARS * YEAR_MS, timeZone) };
  }
  const isLateSideOdd = asked === undefined && gap.count * 2 > seen.length;
  return isLateSideOdd
    ? { until: endOfDay(gap.before.at, timeZone), from }
    : { until, from: startOfDay(gap.after.at, timeZone) };
}

const LIMIT = `A replay runs through ${MOST_YEARS} years at most.`;

function notesOn(inOrder: readonly SaidArrival[], { until, from }: Bounds, asked: Asked): string[] {
  const late = asked.until === undefined ? inOrder.filter(({ at }) => at > until) : [];
  const early = from === null || from === asked.liveFrom ? [] : inOrder.filter(({ at }) => at < from);
  const [firstLate] = late;
  const [firstEarly] = early;
  return [
    ...(firstLate
      ? [`${plural(late.length, 'message')} from ${placeOf(firstLate)} on left out: years after the others. ${LIMIT}`]
      : []),
    ...(firstEarly && from !== null
      ? [
          `${plural(early.length, 'message')} before ${formatInstant(from)} taken in as history, without alerts, mails and reports of that time: the first is ${placeOf(firstEarly)}. ${LIMIT}`,
        ]
      : []),
  ];
}

/** The messages on both sides of the longest time without any, and how many come before it; null if there is one only. */
function longestGap(inOrder: readonly SaidArrival[]) {
  let longest: { before: SaidArrival; after: SaidArrival; count: number } | null = null;
  for (const [index, after] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before === undefined) continue;
    if (longest && after.at - before.at <= longest.after.at - longest.before.at) continue;
    longest = { before, after, count: index };
  }
  return longest;
}

const placeOf = ({ file, position, unit, at }: SaidArrival): string =>
  `${file} ${unit} ${position} of ${formatInstant(at).slice(0, 10)}`;

const years = (span: number): string => `${Math.round(span / YEAR_MS)} years`;
