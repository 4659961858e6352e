import { describe, expect, it } from 'vitest';
import type { Clock, ReferralState } from '../../../../shared/contracts/state.ts';
import { at } from '../../../builders/instants.ts';
import { reportsOver, weekDue } from '../../../builders/reports.ts';

const week = weekDue(at('03-09 10:00'));

/** A referral with so many clocks that fell due so many weeks before the report's own, of which some were met. */
function dueBack(back: number, met: number, all: number): Partial<ReferralState> {
  const dueAt = week.edges[back + 1] ?? 0;
  const clock = (index: number): Clock => ({
    kind: 'note',
    instance: 1,
    startedAt: dueAt - 1,
    dueAt,
    netDueAt: dueAt,
    stoppedAt: index < met ? dueAt : dueAt + 1,
    endedAt: null,
    warnAt: null,
    escalateAt: null,
  });
  return { clocks: Array.from({ length: all }, (_, index) => clock(index)) };
}

const noteOf = (...referrals: Partial<ReferralState>[]) => reportsOver(week, referrals)().clocks.note;
const backwards = (count: number, make: (back: number) => Partial<ReferralState>) =>
  Array.from({ length: count }, (_, index) => make(index + 1));

describe('the chart of a clock', () => {
  it('is of the 26 weeks before, beside which the last 8 are printed', () => {
    // 5 of 10 in the 18 weeks before the last 8, in which all were met; of the week before all these nothing is known.
    const weeks = backwards(26, (back) => dueBack(back, back <= 8 ? 10 : 5, 10));
    const { centre, limits, signal, trailing, trailingAll } = noteOf(dueBack(0, 10, 10), ...weeks, dueBack(27, 0, 10));
    expect(centre).toBe(170 / 260);
    expect(limits?.[1]).toBe(1);
    expect(signal).toBe('shift_up');
    expect([trailing, trailingAll]).toEqual([Array(8).fill(1), Array(8).fill(10)]);
  });

  it('reads the weeks in the order in which they were', () => {
    const falling = backwards(6, (back) => dueBack(back, 10 + back, 20));
    const before = backwards(3, (back) => dueBack(back + 6, back === 1 ? 1 : 19, 20));
    expect(noteOf(dueBack(0, 10, 20), ...falling, ...before).signal).toBe('trend_down');
  });

  it('has no level before 8 weeks have 10 clocks or more, and no limits in a week that hasn’t', () => {
    const seven = backwards(7, (back) => dueBack(back, 5, 10));
    expect(noteOf(dueBack(0, 0, 10), ...seven, dueBack(8, 5, 9))).toMatchObject({ centre: null, limits: null });
    expect(noteOf(dueBack(0, 0, 9), ...seven, dueBack(26, 5, 10))).toMatchObject({ centre: 0.5, limits: null });
    expect(noteOf(dueBack(0, 0, 10), ...seven, dueBack(26, 5, 10))).toMatchObject({ centre: 0.5, signal: 'below' });
  });

  it('leaves out what is excluded', () => {
    const voided = { ...dueBack(1, 0, 50), stage: 'voided' as const };
    const weeks = backwards(8, (back) => dueBack(back, 5, 10));
    expect(noteOf(dueBack(0, 5, 10), ...weeks, voided)).toMatchObject({ centre: 0.5, trailingExcluded: 50 });
  });
});

describe('the periods of a chart', () => {
  const start = (back: number) => new Date(week.edges[back + 1] ?? 0).toISOString();

  it('are those before, oldest first, from the first in which anything fell due', () => {
    expect(noteOf(dueBack(0, 1, 1), dueBack(1, 2, 3), dueBack(3, 4, 9)).history).toEqual([
      { from: start(3), met: 4, all: 9 },
      { from: start(2), met: 0, all: 0 },
      { from: start(1), met: 2, all: 3 },
    ]);
    expect(start(1)).toBe('2026-02-23T05:00:00.000Z');
  });

  it('are 26 at most, and none if nothing fell due before', () => {
    expect(noteOf(dueBack(26, 1, 1), dueBack(27, 1, 1)).history).toHaveLength(26);
    expect(noteOf(dueBack(0, 1, 1)).history).toEqual([]);
  });

  it('count nothing that is excluded', () => {
    const voided = { ...dueBack(2, 0, 5), stage: 'voided' as const };
    expect(noteOf(voided, dueBack(1, 1, 2)).history).toEqual([{ from: start(1), met: 1, all: 2 }]);
  });
});

describe('a change', () => {
  const start = (back: number) => new Date(week.edges[back + 1] ?? 0).toISOString();
  const sinceOf = (shares: readonly (readonly [met: number, all: number])[]) => {
    const { signal, since } = noteOf(...shares.map(([met, all], back) => dueBack(back, met, all)));
    return { signal, since };
  };
  const usual = Array.from({ length: 10 }, (_, index) => [15 + (index % 2), 20] as const);

  it('beyond the limits began in this very week', () => {
    expect(sinceOf([[3, 20], ...usual])).toEqual({ signal: 'below', since: start(0) });
  });

  it('to one side began with the first week of the run, small weeks passed over, however long the run is', () => {
    const low = Array.from({ length: 9 }, () => [14, 20] as const);
    const level = Array.from({ length: 10 }, () => [18, 20] as const);
    // The run is 9 weeks, with a week of 9 between the first two.
    const run = [...low.slice(0, 8), [9, 9] as const, ...low.slice(8)];
    expect(sinceOf([...run, ...level])).toEqual({ signal: 'shift_down', since: start(9) });
  });

  it('from week to week began with the week after which each is lower', () => {
    const falling = [11, 12, 13, 14, 15, 16, 17].map((met) => [met, 20] as const);
    expect(sinceOf([...falling, ...usual])).toEqual({ signal: 'trend_down', since: start(6) });
  });

  it('that chance explains began nowhere', () => {
    expect(sinceOf(usual)).toEqual({ signal: null, since: null });
  });
});
