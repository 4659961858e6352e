import { describe, expect, it } from 'vitest';
import { Slots } from '../../../../shared/domain/referral/slots.ts';
import { at } from '../../../builders/instants.ts';

/** An appointment's starts, each with when it was booked. */
function booked(...moves: [startsAt: string, at: string][]): Slots {
  const slots = new Slots();
  for (const [startsAt, when] of moves) slots.moveTo(at(startsAt), at(when));
  return slots;
}
const MOVED = booked(['03-10 14:00', '03-03 14:00'], ['03-17 14:00', '03-10 14:40']);

describe('The starts of an appointment', () => {
  it.each([
    [
      'the one from which it was moved after it had begun',
      MOVED,
      '03-10 21:10',
      { startsAt: at('03-10 14:00'), counts: true },
    ],
    [
      'the one from which it was moved before it began: that counts nowhere',
      booked(['03-10 14:00', '03-03 14:00'], ['03-17 14:00', '03-09 14:40']),
      '03-10 21:10',
      { startsAt: at('03-10 14:00'), counts: false },
    ],
    [
      'the latest at or before it',
      booked(['03-10 14:00', '03-03 14:00'], ['03-12 14:00', '03-10 15:00'], ['03-17 14:00', '03-12 15:00']),
      '03-11 21:10',
      { startsAt: at('03-10 14:00'), counts: true },
    ],
    [
      'the latest if all come later',
      booked(['03-10 14:00', '03-03 14:00'], ['03-12 14:00', '03-10 15:00'], ['03-17 14:00', '03-12 15:00']),
      '03-09 21:10',
      { startsAt: at('03-12 14:00'), counts: true },
    ],
    [
      'one that it had twice, as it was left last',
      booked(
        ['03-10 14:00', '03-03 14:00'],
        ['03-10 15:00', '03-10 13:00'],
        ['03-10 14:00', '03-10 13:30'],
        ['03-20 14:00', '03-10 14:30'],
      ),
      '03-10 14:45',
      { startsAt: at('03-10 14:00'), counts: true },
    ],
  ] as [string, Slots, string, object][])('a no-show is of %s', (_name, slots, time, of) => {
    expect(slots.isOfFormer(at(time))).toBe(true);
    expect(slots.missFormer(at(time))).toEqual(of);
  });

  it('a no-show is of the current start from its very instant on, and when it was moved to an earlier one', () => {
    expect(MOVED.isOfFormer(at('03-17 14:00'))).toBe(false);
    const forward = booked(['03-17 14:00', '03-03 14:00'], ['03-10 14:00', '03-09 14:00']);
    expect(forward.isOfFormer(at('03-10 13:59'))).toBe(false);
  });

  it('are missed once each', () => {
    const slots = booked(['03-10 14:00', '03-03 14:00'], ['03-17 14:00', '03-10 14:40']);
    slots.missFormer(at('03-10 21:10'));
    slots.missFormer(at('03-11 21:10'));
    slots.missCurrent();
    expect(slots.missed).toEqual([at('03-10 14:00'), at('03-17 14:00')]);
  });
});
