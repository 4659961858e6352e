import { describe, expect, test } from 'vitest';
import type { Person } from '../../../../shared/contracts/config.ts';
import type { Clock, ReferralState } from '../../../../shared/contracts/state.ts';
import { liaisonDigest } from '../../../../shared/domain/mail/liaison-digest.ts';
import { beginsWeek } from '../../../../shared/domain/mail/working-days.ts';
import {
  type ChangedPractice,
  changedPractices,
  type Received,
  withCauses,
} from '../../../../shared/domain/practice/changes.ts';
import {
  at,
  config,
  days,
  FRIDAY,
  hours,
  liaison,
  MONDAY,
  referralAlert,
  state,
  TUESDAY,
} from '../../mail/builders.ts';
import { overdue, practiceChange } from '../../mail/practice-change-samples.ts';

/** New York: the week before Monday, 2 March begins on 23 February, 05:00 UTC. */
const WEEK = at('2026-02-23T05:00:00Z');

/** A practice's referrals, each a number of days before the digest, in no order. */
const received = (...daysAgo: number[]): Received[] =>
  daysAgo.map((ago, index) => ({ referralId: `R-${ago}-${index}`, receivedAt: MONDAY - days(ago) }));
const every = (gap: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / gap) + 1 }, (_, index) => from + index * gap);

const changed = (practices: Record<string, Received[]>, over = {}): ChangedPractice[] =>
  changedPractices({
    asOf: MONDAY,
    timeZone: 'America/New_York',
    received: new Map(Object.entries(practices)),
    ...over,
  });
const named = (found: readonly ChangedPractice[]): string[] =>
  found.map(({ practiceId, change }) => `${change} ${practiceId}`);

/** One a week for half a year, then less. */
const falling = (...lately: number[]): Received[] => received(...lately, ...every(4, 57, 237));

describe('a practice', () => {
  test('that sends fewer than its last half year lets expect is declining, with both figures', () => {
    const [found] = changed({ p1: falling(50, 10) });
    expect(found).toMatchObject({
      change: 'declining',
      observed: 2,
      lastReceivedAt: MONDAY - days(10),
      silentSince: null,
    });
    expect(found?.expected).toBeCloseTo((46 * 56) / 182, 10);
  });

  test('that sends none any more is inactive, though that is a decline as well', () => {
    const [found, ...others] = changed({ p1: received(...every(4, 98, 300)) });
    expect(found).toMatchObject({
      change: 'inactive',
      observed: null,
      expected: null,
      lastReceivedAt: MONDAY - days(98),
    });
    expect(others).toEqual([]);
  });

  test('that is back is reactivated, though it declines as well, by the referral that ended its silence', () => {
    const [found, ...others] = changed({ p1: received(4, 2, ...every(3, 70, 237)) });
    expect(found).toMatchObject({
      change: 'reactivated',
      observed: null,
      lastReceivedAt: MONDAY - days(4),
      silentSince: MONDAY - days(70),
    });
    expect(others).toEqual([]);
  });

  test('that has sent its first is new, and there is nothing to look into', () => {
    expect(changed({ p1: received(3, 1) })).toMatchObject([
      { change: 'new', lastReceivedAt: MONDAY - days(3), silentSince: null, lookInto: [] },
    ]);
  });

  test('without any referral, or with as many as ever, is not listed', () => {
    expect(changed({ p1: [], p2: received(...every(7, 1, 300)) })).toEqual([]);
  });

  test('is new by the week before, from Monday to Monday at midnight of the organization', () => {
    const first = (receivedAt: number) => changed({ p1: [{ referralId: 'R-1', receivedAt }] }).length;
    const monday = at('2026-03-02T05:00:00Z');
    expect([WEEK - 1, WEEK, monday - 1, monday].map(first)).toEqual([0, 1, 1, 0]);
  });

  test('is judged by the same week on every day of this one, also as clocks change', () => {
    const asOf = at('2026-03-12T11:00:00Z');
    const first = (text: string) => changed({ p1: [{ referralId: 'R-1', receivedAt: at(text) }] }, { asOf }).length;
    const instants = ['2026-03-02T04:59:59Z', '2026-03-02T05:00:00Z', '2026-03-09T03:59:59Z', '2026-03-09T04:00:00Z'];
    expect(instants.map(first)).toEqual([0, 1, 1, 0]);
  });

  test('is judged by the week that is over where the organization is, whatever day the liaison has', () => {
    // Monday by UTC and further east, Sunday evening in New York.
    const asOf = at('2026-03-02T03:00:00Z');
    const first = (receivedAt: number) => changed({ p1: [{ referralId: 'R-1', receivedAt }] }, { asOf }).length;
    expect([WEEK - days(7), WEEK - 1, WEEK].map(first)).toEqual([1, 1, 0]);
  });

  test('is judged by what came before the digest', () => {
    expect(changed({ p1: [{ referralId: 'R-1', receivedAt: MONDAY }] })).toEqual([]);
    const [found] = changed({ p1: [...falling(50, 10), ...received(0)] });
    expect(found).toMatchObject({ observed: 2, lastReceivedAt: MONDAY - days(10) });
  });
});

test('are listed declining, inactive, reactivated, new; the strongest decline and the latest silence first', () => {
  const inactive = received(...every(4, 98, 300));
  const found = changed({
    n: received(3),
    b: falling(50, 30, 10),
    r: received(4, ...every(3, 70, 237)),
    i2: inactive,
    a: falling(50, 30, 10),
    i1: inactive,
    i3: received(...every(4, 90, 300)),
    z: falling(50),
  });
  expect(named(found)).toEqual([
    'declining z',
    'declining a',
    'declining b',
    'inactive i3',
    'inactive i1',
    'inactive i2',
    'reactivated r',
    'new n',
  ]);
});

describe('the causes that may lie with the organization', () => {
  const causesOf = (states: Partial<ReferralState>[]) => {
    const all = states.map((over, index) => state({ referralId: `R-${index}`, ...over }));
    const { causes: _, ...declining } = practiceChange();
    const found = { ...declining, lookInto: all.map(({ referralId }) => referralId) };
    return withCauses(found, new Map(all.map((each) => [each.referralId, each])), MONDAY).causes;
  };
  const NONE = { declines: 0, lateNotes: 0, longWaits: 0 };
  const recently = MONDAY - days(10);
  const clocks = (...all: Clock[]): Partial<ReferralState> => ({ clocks: all });

  test('is looked for in the referrals of a year', () => {
    const [found] = changed({ p1: received(...every(4, 98, 390), 365, 366) });
    const oldest = Math.max(...(found?.lookInto ?? []).map((id) => Number(id.split('-')[1])));
    expect(oldest).toBe(365);
  });

  test('is every decline in the last 60 days', () => {
    const declines = [60.01, 60, 30, 0].map((ago) => ({ at: MONDAY - days(ago), reason: 'other' as const }));
    expect(causesOf([{ declines }])).toEqual({ ...NONE, declines: 2 });
  });

  test('is a note that was due in the last 60 days and late, whether it has come or not', () => {
    expect(
      causesOf([
        clocks(overdue('note', recently)),
        clocks(overdue('note', recently, { stoppedAt: recently + 1 })),
        clocks(overdue('note', recently, { stoppedAt: recently })),
        clocks(overdue('note', MONDAY - days(60))),
        clocks(overdue('note', MONDAY - days(60) - 1)),
        clocks(overdue('note', MONDAY)),
      ]),
    ).toEqual({ ...NONE, lateNotes: 3 });
  });

  test('is a wait for booking or visit, once for a referral', () => {
    expect(
      causesOf([
        clocks(overdue('visit', recently), overdue('scheduled', recently)),
        clocks(overdue('scheduled', recently)),
        clocks(overdue('reached', recently)),
      ]),
    ).toEqual({ ...NONE, longWaits: 2 });
  });

  test('is due by the promise, pauses aside', () => {
    expect(causesOf([clocks(overdue('note', recently, { netDueAt: MONDAY + days(9) }))]).lateNotes).toBe(1);
    expect(causesOf([clocks(overdue('note', MONDAY + days(9), { netDueAt: recently }))]).lateNotes).toBe(0);
  });

  test('is nothing of a referral that is voided, or whose clock does not count, or that ended before it was due', () => {
    const ended = { endedAt: recently - 1 };
    expect(
      causesOf([
        { ...clocks(overdue('note', recently)), stage: 'voided', declines: [{ at: recently, reason: 'other' }] },
        { ...clocks(overdue('visit', recently, ended)), endReason: 'duplicate' },
        { ...clocks(overdue('visit', recently, ended)), endReason: 'cancelled' },
        { ...clocks(overdue('visit', recently, ended)), endReason: 'patient_declined' },
      ]),
    ).toEqual(NONE);
  });
});

describe('the digest that says it', () => {
  const wednesdays: Partial<Person> = { workdays: ['wed', 'thu', 'fri'] };
  const at7 = (day: number) => MONDAY + days(day);

  test.each([
    ['on Monday for most', {}, FRIDAY, '2026-03-02', true],
    ['not on Tuesday', {}, at7(0), '2026-03-03', false],
    ['on Wednesday where the week begins then', wednesdays, FRIDAY, '2026-03-04', true],
    ['not on Thursday of such a week', wednesdays, at7(2), '2026-03-05', false],
    ['on Tuesday if none was made on Monday', {}, FRIDAY, '2026-03-03', true],
    ['on Tuesday where Monday is a holiday', { holidays: ['2026-03-02'] }, FRIDAY, '2026-03-03', true],
    ['on Monday where it is the first ever', {}, null, '2026-03-02', true],
    ['not on Tuesday where it is the first ever', {}, null, '2026-03-03', false],
  ] as const)('comes %s', (_, over, since, period, expected) => {
    expect(beginsWeek({ ...liaison(), ...over }, since, period)).toBe(expected);
  });

  const base = {
    recipient: liaison(),
    period: '2026-03-03',
    asOf: TUESDAY,
    since: MONDAY,
    hasLast: true,
    practices: [],
    config: config(),
  };

  test('is sent for their sake alone, and is no all-clear', () => {
    const content = liaisonDigest({ ...base, alerts: [], practiceChanges: [practiceChange()], morePracticeChanges: 3 });
    expect(content).toMatchObject({
      allClear: false,
      practiceChanges: [practiceChange()],
      morePracticeChanges: 3,
      practices: [],
    });
    expect(liaisonDigest({ ...base, alerts: [], practiceChanges: [] })).toBeNull();
  });

  test('has them beside the practices that wait', () => {
    const late = referralAlert({ kind: 'note', dueAt: MONDAY - hours(50) }, { stage: 'awaiting_note' });
    expect(liaisonDigest({ ...base, alerts: [late], practiceChanges: [practiceChange()] })).toMatchObject({
      practiceChanges: [{ practiceId: 'p1' }],
      practices: [{ practiceId: 'p1' }],
    });
  });
});
