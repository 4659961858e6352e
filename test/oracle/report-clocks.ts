// Oracle, part 9: figures of clocks (docs/domain.md#figure-attainment): attainment, exclusions, overdue, time to a stop, recovery.

import { outcomeOf } from './clocks.ts';
import type { Span } from './report-periods.ts';
import { signalOf } from './report-signal.ts';
import { type Lifetime, newcombe, rate, timeUntilShare } from './report-statistics.ts';
import type { Clock, State } from './state.ts';
import { DAY, HOUR } from './time.ts';

/** A referral that was received, voided or not. */
export type Referral = { id: string; s: State; receivedAt: number };

export const CLOCK_KINDS = [
  'acceptance',
  'first_attempt',
  'reached',
  'scheduled',
  'visit',
  'rebook',
  'reroute',
  'note',
  'acknowledge',
  'referrer_update',
];

export const within = (t: number | null, span: Span): boolean => t !== null && span.from <= t && t < span.to;

/** Days of 24 h each, back from an instant. */
export const daysBack = (asOf: number, start: number, end = 0): Span => ({
  from: asOf - start * DAY,
  to: asOf - end * DAY,
});

/** How often each key occurs; only keys that occur. */
export function countBy<T>(list: T[], keyOf: (one: T) => string | null | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of list) {
    const key = keyOf(one);
    if (key !== null && key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

type Owned = { s: State; c: Clock };
const clocksOfKind = (referrals: Referral[], kind: string): Owned[] =>
  referrals.flatMap(({ s }) => s.clocks.filter((c) => c.kind === kind).map((c) => ({ s, c })));

function tally(clocks: Owned[], span: Span, asOf: number) {
  const due = clocks.filter(({ c }) => within(c.dueAt, span));
  const with_ = (outcome: string) => due.filter(({ s, c }) => outcomeOf(s, c, asOf) === outcome);
  const excluded = with_('excluded');
  const met = with_('met').length;
  const all = due.length - excluded.length;
  return {
    all,
    met,
    missed: with_('missed').length,
    lost: with_('lost').length,
    excluded: excluded.length,
    excludedBy: countBy(excluded, ({ s }) => (s.voided ? 'voided' : s.end?.reason)),
    attainment: rate(met, all),
  };
}

const TRAILING = 8;

/**
 * Here, and only here, voided referrals count: their clocks are excluded.
 * @param before the 26 periods before, oldest first
 */
export function attainments(referrals: Referral[], period: Span, before: Span[], asOf: number): Record<string, any> {
  const figures: Record<string, any> = {};
  for (const kind of CLOCK_KINDS) {
    const clocks = clocksOfKind(referrals, kind);
    const now = tally(clocks, period, asOf);
    const earlier = before.map((span) => tally(clocks, span, asOf));
    const eight = earlier.slice(-TRAILING);
    const pooledMet = eight.reduce((sum, t) => sum + t.met, 0);
    const pooledAll = eight.reduce((sum, t) => sum + t.all, 0);
    const interval = newcombe(now.met, now.all, pooledMet, pooledAll);
    const trailing = eight.map((t) => t.attainment);
    const excludesZero = interval !== null && (interval[0] > 0 || interval[1] < 0);
    figures[kind] = {
      ...now,
      prior: trailing.at(-1),
      trailing,
      interval,
      flagged: excludesZero && now.all >= 10 && pooledAll >= 10,
      ...signalOf(now, earlier),
    };
  }
  return figures;
}

export function overdue(referrals: Referral[], asOf: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of CLOCK_KINDS) {
    counts[kind] = clocksOfKind(referrals, kind).filter(
      ({ s, c }) => outcomeOf(s, c, asOf) === 'missed' && c.stoppedAt === null && c.endedAt === null,
    ).length;
  }
  return counts;
}

export function timesTo(referrals: Referral[], asOf: number): Record<string, any> {
  const figures: Record<string, any> = {};
  for (const kind of CLOCK_KINDS) {
    const lifetimes: Lifetime[] = [];
    for (const { c } of clocksOfKind(referrals, kind)) {
      if (!within(c.startedAt, daysBack(asOf, 90))) continue;
      const last = c.stoppedAt ?? Math.min(asOf, c.endedAt ?? Infinity);
      lifetimes.push({ time: last - c.startedAt, event: c.stoppedAt !== null });
    }
    const hours = (share: number) => {
      const time = timeUntilShare(lifetimes, share);
      return time === null ? null : time / HOUR;
    };
    figures[kind] = {
      n: lifetimes.length,
      events: lifetimes.filter((l) => l.event).length,
      medianHours: hours(0.5),
      p90Hours: hours(0.1),
    };
  }
  return figures;
}

/** Rebookings after a no-show: all, and those in time. */
export function recovery(referrals: Referral[], period: Span, asOf: number): { met: number; all: number } {
  const afterNoShow = clocksOfKind(referrals, 'rebook').filter(({ c }) => c.startedBy === 'appointment.no_show');
  const { met, all } = tally(afterNoShow, period, asOf);
  return { met, all };
}
