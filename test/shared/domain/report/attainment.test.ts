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
