import type { Elapsed, Target } from '../../contracts/config.ts';
import { HOUR_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Day, SiteCalendar } from './calendar.ts';
import { openIntervals } from './opening.ts';

/** A half-open interval [from, to) in which a referral is paused. */
export type Pause = readonly [from: Instant, to: Instant];

/** What the arithmetic of a due did with a day, for an explanation of the due. */
export interface DayStep {
  day: Day;
  counted: boolean;
  why: 'counts' | 'closed' | 'paused' | 'start';
}

/** A stretch of time that hours or business_hours look at. The time between two stretches is closed. */
export interface SpanStep {
  from: Instant;
  to: Instant;
  why: 'runs' | 'paused';
}

/** Plain elapsed time in milliseconds; a calendar day is 24 h. */
export function elapsedMs({ value, unit }: Elapsed): number {
  return value * (unit === 'hours' ? 1 : 24) * HOUR_MS;
}

export function isPausedAt(pauses: readonly Pause[], instant: Instant): boolean {
  return pauses.some(([from, to]) => from <= instant && instant < to);
}

/**
 * When a promise falls due (docs/domain.md#5).
 * @param pauses oldest first, not overlapping; empty for the gross due
 * @param onDay is called with each day that business_days and calendar_days look at
 * @param onSpan is called with each stretch that hours and business_hours look at
 */
export function dueAt(
  start: Instant,
  target: Target,
  calendar: SiteCalendar,
  pauses: readonly Pause[] = [],
  onDay: (step: DayStep) => void = () => {},
  onSpan: (step: SpanStep) => void = () => {},
): Instant {
  switch (target.unit) {
    case 'hours':
      return afterRunning(target.value * HOUR_MS, [[start, Number.POSITIVE_INFINITY]], pauses, onSpan);
    case 'business_hours':
      return afterRunning(target.value * HOUR_MS, openIntervals(start, calendar), pauses, onSpan);
    case 'business_days':
      return afterBusinessDays(start, target.value, calendar, pauses, onDay);
    case 'calendar_days':
      return afterCalendarDays(start, target.value, calendar, pauses, onDay);
  }
}

/** The instant at which `duration` ms of the given intervals have elapsed, not counting pauses. */
function afterRunning(
  duration: number,
  intervals: Iterable<Pause>,
  pauses: readonly Pause[],
  onSpan: (step: SpanStep) => void,
): Instant {
  let left = duration;
  for (const interval of intervals) {
    let [cursor] = interval;
    for (const [from, to] of without(interval, pauses)) {
      if (from > cursor) onSpan({ from: cursor, to: from, why: 'paused' });
      const end = Math.min(to, from + left);
      onSpan({ from, to: end, why: 'runs' });
      if (left <= to - from) return end;
      left -= to - from;
      cursor = to;
    }
    if (cursor < interval[1]) onSpan({ from: cursor, to: interval[1], why: 'paused' });
  }
  throw new Error('a calendar without opening hours never falls due');
}

/** The parts of an interval that aren't paused, oldest first. */
function without([from, to]: Pause, pauses: readonly Pause[]): Pause[] {
  const running: Pause[] = [];
  let cursor = from;
  for (const [pausedFrom, pausedTo] of pauses) {
    if (pausedTo <= cursor || pausedFrom >= to) continue;
    if (pausedFrom > cursor) running.push([cursor, pausedFrom]);
    cursor = pausedTo;
  }
  if (cursor < to) running.push([cursor, to]);
  return running;
}

function afterBusinessDays(
  start: Instant,
  count: number,
  calendar: SiteCalendar,
  pauses: readonly Pause[],
  onDay: (step: DayStep) => void,
): Instant {
  let day = calendar.dayOf(start);
  let closing = calendar.closing(day);
  while (closing === null || start >= closing) {
    onDay({ day, counted: false, why: 'closed' });
    day += 1;
    closing = calendar.closing(day);
  }
  onDay({ day, counted: false, why: 'start' });
  for (let left = count; ; ) {
    day += 1;
    closing = calendar.closing(day);
    if (closing === null) {
      onDay({ day, counted: false, why: 'closed' });
      continue;
    }
    const paused = isPausedAt(pauses, closing);
    onDay({ day, counted: !paused, why: paused ? 'paused' : 'counts' });
    if (!paused) {
      left -= 1;
      if (left === 0) return closing;
    }
  }
}

function afterCalendarDays(
  start: Instant,
  count: number,
  calendar: SiteCalendar,
  pauses: readonly Pause[],
  onDay: (step: DayStep) => void,
): Instant {
  let day = calendar.dayOf(start);
  onDay({ day, counted: false, why: 'start' });
  for (let left = count; ; ) {
    day += 1;
    const ends = calendar.midnight(day + 1);
    const paused = isPausedAt(pauses, ends);
    onDay({ day, counted: !paused, why: paused ? 'paused' : 'counts' });
    if (!paused) {
      left -= 1;
      if (left === 0) return ends;
    }
  }
}
