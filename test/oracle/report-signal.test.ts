import { describe, expect, it } from 'vitest';
import { oracleReports } from './report.ts';
import { type Count, signalOf } from './report-signal.ts';
import { arrivalsOf, at, from, storyConfig, type Told } from './report-story.ts';

/** Ten clocks a week, of which so many are met. */
const tens = (...met: number[]): Count[] => met.map((one) => ({ met: one, all: 10 }));
const of = (all: number, ...met: number[]): Count[] => met.map((one) => ({ met: one, all }));
const times = (count: number, one: Count[]): Count[] => Array.from({ length: count }, () => one).flat();
/** The control chart of the last of the weeks, and the signal alone. */
const chart = (weeks: Count[]) => signalOf(weeks.at(-1) as Count, weeks.slice(0, -1));
const signal = (weeks: Count[]) => chart(weeks).signal;

describe('The control chart of the oracle', () => {
  const EIGHT = times(8, tens(8));

  it('has a centre and limits around it, and finds a week beyond them', () => {
    // 64 of 80; c = 64.5/81 = 0.79630, and 3 x sqrt(c (1 - c) / 10) = 0.38208
    const { centre, limits, signal: found } = chart([...EIGHT, ...tens(4)]);
    expect(centre).toBe(0.8);
    expect(limits?.[0]).toBeCloseTo(0.41422, 4);
    expect(limits?.[1]).toBe(1);
    expect(found).toBe('below');
    expect(signal([...EIGHT, ...tens(5)])).toBeNull();
    const other = chart([...times(8, tens(2)), ...tens(6)]);
    expect(other.limits?.[0]).toBe(0);
    expect(other.limits?.[1]).toBeCloseTo(0.58578, 4);
    expect(other.signal).toBe('above');
  });

  it('takes more clocks in the week as closer limits', () => {
    // 0.79630 - 3 x sqrt(c (1 - c) / 40) = 0.60526: 24 of 40 are below, 25 not
    expect(signal([...EIGHT, { met: 24, all: 40 }])).toBe('below');
    expect(signal([...EIGHT, { met: 25, all: 40 }])).toBeNull();
  });

  it('says nothing of a week exactly at a limit', () => {
    // c = 1/2, 3 x sqrt(1/4 / 16) = 3/8: 2 and 14 of 16
    const half = times(8, tens(5));
    expect(chart([...half, { met: 2, all: 16 }])).toEqual({ centre: 0.5, limits: [0.125, 0.875], signal: null });
    expect(signal([...half, { met: 1, all: 16 }])).toBe('below');
    expect(signal([...half, { met: 14, all: 16 }])).toBeNull();
    expect(signal([...half, { met: 15, all: 16 }])).toBe('above');
  });

  it('says nothing of fewer than three clocks, however narrow the limits', () => {
    // 80 of 80; c = 161/162, the lower limit for ten is 0.9195, and ten are expected to have 9.938
    const perfect = times(8, tens(10));
    expect(signal([...perfect, ...tens(7)])).toBeNull();
    expect(signal([...perfect, ...tens(6)])).toBe('below');
    // of 162 exactly 161 are expected; 158 are three fewer and beyond 3 x sqrt(1 - 1/162) = 2.99
    expect(signal([...perfect, { met: 158, all: 162 }])).toBe('below');
    expect(signal([...perfect, { met: 159, all: 162 }])).toBeNull();
  });

  it('has no centre with fewer than eight weeks of ten, and no limits for a week of nine', () => {
    const none = { centre: null, limits: null, signal: null };
    expect(chart([...times(7, tens(8)), ...tens(0)])).toEqual(none);
    expect(chart([...times(7, tens(8)), { met: 7, all: 9 }, ...tens(0)])).toEqual(none);
    expect(chart([...EIGHT, { met: 0, all: 9 }])).toEqual({ centre: 0.8, limits: null, signal: null });
    expect(chart([...EIGHT, { met: 0, all: 9 }, ...tens(8)]).centre).toBe(0.8); // what doesn't count isn't pooled
  });

  it('finds eight weeks on one side of the centre', () => {
    const good = times(5, tens(10)),
      worse = (count: number) => times(count, tens(7));
    expect(signal([...good, ...worse(8)])).toBe('shift_down'); // the centre is 99/120
    expect(signal([...good, ...worse(7)])).toBeNull();
    expect(signal([...good, ...worse(3), ...tens(9), ...worse(4)])).toBeNull();
    expect(signal([...good, ...worse(4), { met: 9, all: 9 }, ...worse(4)])).toBe('shift_down'); // nine don't count
    expect(signal([...times(5, tens(0)), ...times(8, tens(3))])).toBe('shift_up');
  });

  it('takes a week at the centre to be on neither side', () => {
    // 77 of 130 are met before, the last seven times 5 of ten
    const before = [...times(6, tens(7)), ...times(7, tens(5))];
    expect(signal([...before, ...of(130, 76)])).toBe('shift_down');
    expect(signal([...before, ...of(130, 77)])).toBeNull();
    // 74/125 lies between the centre and c, around which the limits are: 77.5/131
    expect(signal([...before, ...of(125, 74)])).toBe('shift_down');
  });

  it('finds seven weeks that fall or rise, each from the one before', () => {
    // The seven are 10 to 4 of ten, the first of them above the week before them. c = 59.5/81, the lower limit 0.316.
    expect(signal([...tens(7, 7), ...tens(10, 9, 8, 7, 6, 5, 4)])).toBe('trend_down');
    expect(signal([...tens(7, 7), ...tens(10, 9, 8, 8, 6, 5, 4)])).toBeNull();
    expect(signal([...tens(7, 7, 7), ...tens(9, 8, 7, 6, 5, 4)])).toBeNull(); // six
    expect(signal([...tens(3, 3), ...tens(0, 1, 2, 3, 4, 5, 6)])).toBe('trend_up');
    expect(signal([...tens(7, 7, 10, 9, 8), { met: 9, all: 9 }, ...tens(7, 6, 5, 4)])).toBe('trend_down');
  });

  it('compares shares, not how many were met', () => {
    // 1/2, 4/9, 3/7, 5/12, 2/5, 3/8, 1/3
    const falling: Count[] = [
      { met: 5, all: 10 },
      { met: 8, all: 18 },
      { met: 6, all: 14 },
      { met: 5, all: 12 },
      { met: 8, all: 20 },
      { met: 6, all: 16 },
    ];
    expect(signal([...tens(2, 2), ...falling, ...of(12, 4)])).toBe('trend_down');
    expect(signal([...tens(2, 2), ...falling, ...of(24, 9)])).toBeNull(); // 3/8 again
  });

  it('names the plainest of several changes: beyond the limits, then a shift, then a trend', () => {
    expect(signal([...times(5, tens(10)), ...times(7, tens(7)), ...tens(4)])).toBe('below'); // the lower limit is 0.46
    // The centre is 1097/1200; the last eight are below it, the last seven fall, and 85 is above the limit of 0.83.
    expect(signal([...times(5, of(100, 95)), ...of(100, 91, 91, 90, 89, 88, 87, 86, 85)])).toBe('shift_down');
  });
});

describe('The control chart of a report', () => {
  type Kind = 'weekly' | 'monthly' | 'quarterly';
  const acceptance = (kind: Kind, name: string, asOf: string, told: Told[]) => {
    const asked = { arrivals: arrivalsOf(told), config: storyConfig, asOf: at(asOf), period: { kind, name } };
    return oracleReports(asked).get('organization')?.clocks.acceptance;
  };
  /** Ten referrals received on a day, so many of them answered on the next. */
  const ten = (day: string, met: number): Told[] =>
    Array.from({ length: 10 }, (_, index) => `${day} ${index}`).flatMap((id, index): Told[] => [
      [id, `${day} 15:00`, 'referral.received', from('a')],
      ...(index < met ? [[id, `${day} 17:00`, 'referral.accepted'] as Told] : []),
    ]);
  const weeksBefore = (weeks: number): string =>
    new Date(at('2026-02-23 00:00') - weeks * 7 * 86_400_000).toISOString().slice(0, 10);

  it('looks back 26 weeks and no further', () => {
    const told = (oldest: number) =>
      [1, 2, 3, 4, 5, 6, 7, oldest].flatMap((weeks) => ten(weeksBefore(weeks), 9)).concat(ten(weeksBefore(0), 2));
    const week = (oldest: number) => acceptance('weekly', '2026-W09', '2026-03-02 11:00', told(oldest));
    // 72 of 80; c = 72.5/81
    expect(week(26)).toMatchObject({ all: 10, met: 2, centre: 0.9, signal: 'below' });
    expect(week(26).limits[0]).toBeCloseTo(0.60431, 4);
    expect(week(27)).toMatchObject({ centre: null, limits: null, signal: null });
  });

  it('takes months for weeks in a monthly report', () => {
    const months = ['2025-06', '2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12', '2026-01'];
    const told = [...months.flatMap((month) => ten(`${month}-10`, 9)), ...ten('2026-02-10', 2)];
    const month = acceptance('monthly', '2026-02', '2026-03-01 11:00', told);
    expect(month).toMatchObject({ all: 10, met: 2, centre: 0.9, signal: 'below' });
    expect(acceptance('quarterly', '2025-Q4', '2026-01-01 11:00', told)).toMatchObject({ all: 30, centre: null });
  });

  it('leaves excluded clocks out', () => {
    const told = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((weeks) => ten(weeksBefore(weeks), 9)).concat(ten(weeksBefore(0), 2));
    const day = weeksBefore(0);
    told.push([`${day} 9`, `${day} 18:00`, 'referral.closed', { reason: 'duplicate' }]);
    const week = acceptance('weekly', '2026-W09', '2026-03-02 11:00', told);
    expect(week).toMatchObject({ all: 9, excluded: 1, centre: 0.9, limits: null, signal: null });
  });
});
