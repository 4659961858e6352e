import { describe, expect, it } from 'vitest';
import { from, organizationIn, type Told, weekOf } from './report-story.ts';

/** The oracle of the weekly figures judges an implementation, so each of its numbers here was worked out by hand first. */

// Week 9 of 2026 is Monday 23 February 05:00Z to Monday 2 March 05:00Z (New York is five hours behind), as of 11:00Z.
const WEEK_9: [string, string] = ['2026-W09', '2026-03-02 11:00'];

const SMALL: Told[] = [
  // Came in the week before: one was answered in time and then forgotten, one was only booked, days late.
  ['P1', '2026-02-16 15:00', 'referral.received', from('a')],
  ['P1', '2026-02-17 15:00', 'referral.accepted'],
  ['P2', '2026-02-17 15:00', 'referral.received', from('a')],
  ['P2', '2026-02-23 15:00', 'appointment.scheduled', { appointmentId: 'X', startsAt: '2026-03-20T15:00:00Z' }],
  // The week: all went well, but the office heard nothing until the note came.
  ['R1', '2026-02-23 15:00', 'referral.received', from('a')],
  ['R1', '2026-02-24 15:00', 'referral.accepted'],
  ['R1', '2026-02-24 16:00', 'contact.attempted', { channel: 'phone', outcome: 'reached' }],
  ['R1', '2026-02-25 15:00', 'appointment.scheduled', { appointmentId: 'Y', startsAt: '2026-02-27T15:00:00Z' }],
  ['R1', '2026-02-27 16:00', 'visit.completed', { appointmentId: 'Y' }],
  ['R1', '2026-02-28 16:00', 'note.received'],
  // Nobody did anything; entered in error; a duplicate; a patient whom nobody reached.
  ['R2', '2026-02-24 15:00', 'referral.received', from('a')],
  ['R3', '2026-02-24 15:00', 'referral.received', from('a')],
  ['R3', '2026-02-25 15:00', 'referral.voided', {}, { id: 'void' }],
  ['R4', '2026-02-25 15:00', 'referral.received', from('a')],
  ['R4', '2026-02-26 15:00', 'referral.closed', { reason: 'duplicate' }],
  ['R5', '2026-02-25 15:00', 'referral.received', from('b', { specialty: 'imaging' })],
  ['R5', '2026-02-26 15:00', 'referral.closed', { reason: 'unreachable', evidence: 'letter' }],
];

describe('The oracle of the weekly figures, on a small week', () => {
  const report = organizationIn(...WEEK_9, SMALL);

  it('reports the attainment of a clock, also for the week before, and what was excluded and why', () => {
    // Due two business days on: R1 (Wednesday) met, R2 (Thursday) missed, R3 (Thursday) voided, R4 (Friday) a duplicate,
    // R5 (Friday) ended as unreachable. The week before: P1 (Wednesday) met, P2 (Thursday) booked only on Monday.
    expect(report.clocks.acceptance).toMatchObject({
      all: 3,
      met: 1,
      missed: 1,
      lost: 1,
      excluded: 2,
      excludedBy: { voided: 1, duplicate: 1 },
      attainment: 1 / 3,
      prior: 1 / 2,
      trailing: [null, null, null, null, null, null, null, 1 / 2],
      flagged: false,
    });
    // 48 hours on: the same five, but P1 and P2 were not tried in time.
    expect(report.clocks.first_attempt).toMatchObject({ all: 3, met: 1, missed: 1, lost: 1, excluded: 2, prior: 0 });
    // R1's office was told by the note of Saturday, due Friday; P2's, due Wednesday 25th, never. R5's is due 2 March.
    expect(report.clocks.referrer_update).toMatchObject({ all: 2, met: 0, missed: 2, attainment: 0, prior: null });
    expect(report.clocks.acknowledge).toMatchObject({ all: 0, attainment: null, interval: null, flagged: false });
    expect(report.received).toEqual({ n: 4, prior: 2 });
    expect(report.policyVersions).toEqual(['v1']);
  });

  it('reports what is open, how old it is, and what is overdue', () => {
    // P1 is 13 days and 20 hours old, P2 12 days and 20 hours, R2 5 days and 20 hours.
    expect(report.backlog).toEqual({
      open: 3,
      byStage: {
        to_contact: 2,
        to_schedule: 0,
        declined: 0,
        to_rebook: 0,
        to_close: 0,
        scheduled: 1,
        awaiting_note: 0,
      },
      byAge: { '0-7': 1, '8-14': 2, '15-28': 0, '29-60': 0, over60: 0 },
      overdue: {
        acceptance: 1, // R2
        first_attempt: 2, // P1, R2
        reached: 1, // P1, due 23 February
        scheduled: 1, // P1, due 26 February
        visit: 0,
        rebook: 0,
        reroute: 0,
        note: 0,
        acknowledge: 0,
        referrer_update: 1, // P2
      },
      oldest: '2026-02-16T15:00:00.000Z',
    });
  });

  it('reports how long an answer takes, with open clocks censored', () => {
    // Hours: R1 24, P1 24, P2 144 (booked); censored R4 and R5 24 (ended), R2 140 (now). S(24) = 1 - 2/6, the censored
    // of that instant still at risk; S(144) = 0, P2 alone being left.
    expect(report.timeTo.acceptance).toEqual({ n: 6, events: 3, medianHours: 144, p90Hours: 144 });
    expect(report.timeTo.note).toEqual({ n: 1, events: 1, medianHours: 24, p90Hours: 24 });
    expect(report.timeTo.reroute).toEqual({ n: 0, events: 0, medianHours: null, p90Hours: null });
  });

  it('takes an ended clock as neither at risk nor overdue', () => {
    const told: Told[] = [
      ['ended', '2026-02-02 15:00', 'referral.received', from('a')],
      ['ended', '2026-02-06 15:00', 'referral.closed', { reason: 'cost' }], // censored after 96 hours, overdue by 2 days
      ['slow', '2026-02-03 15:00', 'referral.received', from('a')],
      ['slow', '2026-02-13 15:00', 'referral.accepted'],
    ];
    const { timeTo, backlog } = organizationIn(...WEEK_9, told);
    expect(timeTo.acceptance).toEqual({ n: 2, events: 1, medianHours: 240, p90Hours: 240 });
    expect(backlog.overdue).toMatchObject({ acceptance: 0, reached: 1 });
  });

  it('has no 90th percentile while one of five still waits', () => {
    const told = ['1', '2', '3', '4', '5'].flatMap((id): Told[] => [
      [id, '2026-02-23 15:00', 'referral.received', from('a')],
      ...(id === '5' ? [] : [[id, '2026-02-24 15:00', 'referral.accepted'] as Told]),
    ]);
    expect(organizationIn(...WEEK_9, told).timeTo.acceptance).toMatchObject({ medianHours: 24, p90Hours: null });
  });

  it('reports the shares that were booked and leaked by each day', () => {
    // Hours: leaked R5 24; R4 24 is censored, a duplicate; booked R1 48, P2 144; censored R2 140, P1 332.
    // At 24 one of six leaks: 1/6. At 48 one of four is booked: 5/6 x 1/4 = 5/24, which leaves 5/8.
    // At 144 one of two is booked: 5/8 x 1/2 = 5/16. Together 25/48 by day 7.
    const { scheduled, leaked } = report.incidence;
    expect(scheduled['7']).toBeCloseTo(25 / 48, 12);
    expect(leaked['7']).toBeCloseTo(1 / 6, 12);
    // P1, the first of them, is not yet 14 days old.
    for (const day of ['14', '28', '60', '90']) expect([scheduled[day], leaked[day]]).toEqual([null, null]);
  });

  it('reports visits, closures, sources and missing fields', () => {
    expect(report.noShow).toEqual({ noShows: 0, completed: 1, unknown: 0, rate: 0 });
    expect(report.adminClosure).toEqual({ n: 1, d: 2 }); // the duplicate has no evidence
    expect(report.cms50Estimate).toEqual({ n: 1, d: 5 }); // without the duplicate
    expect(report.sources).toEqual({ new: ['b'], active: 2, inactive: [], declining: [], reactivated: [] });
    expect(report.intake.incomplete).toEqual({ n: 1, d: 4, bySpecialty: { imaging: 1 }, byPractice: { b: 1 } });
    expect(report.audit).toMatchObject({ unknownPractices: [], unknownSites: [], withoutProvider: 6 });
    expect(report.funnel).toEqual({ received: 0, reached: 0, scheduled: 0, seen: 0, noteReceived: 0 });
  });

  it('is the same for a scope, over the referrals of the scope', () => {
    const scopes = weekOf(...WEEK_9, SMALL);
    expect([...scopes.keys()].sort()).toEqual([
      'organization',
      'region=inner',
      'segment=other',
      'segment=primary',
      'site=north',
      'specialty=dermatology',
      'specialty=imaging',
    ]);
    expect(scopes.get('segment=other')?.received).toEqual({ n: 1, prior: 0 });
    expect(scopes.get('segment=other')?.timeTo.acceptance).toMatchObject({ n: 1, events: 0 });
    expect(scopes.get('region=inner')?.clocks.acceptance).toMatchObject({ all: 2, met: 1, lost: 0, excluded: 2 });
  });

  it('knows what had arrived, and judges the weeks before by what is known now', () => {
    const late: Told = ['R2', '2026-02-26 15:00', 'referral.accepted', {}, { arrives: '2026-03-03 15:00' }];
    const then = organizationIn(...WEEK_9, [...SMALL, late]);
    expect(then.clocks.acceptance).toMatchObject({ met: 1, missed: 1 });
    const after = organizationIn('2026-W10', '2026-03-09 10:00', [...SMALL, late]);
    expect(after.clocks.acceptance.trailing.slice(-2)).toEqual([1 / 2, 2 / 3]);
  });

  it('counts a voided referral again after the void is retracted', () => {
    const back: Told = ['R3', '2026-02-26 15:00', 'event.retracted', { source: 's', id: 'void' }];
    const again = organizationIn(...WEEK_9, [...SMALL, back]);
    expect(again.clocks.acceptance).toMatchObject({ all: 4, missed: 2, excludedBy: { duplicate: 1 } });
    expect(again.received.n).toBe(5);
  });

  it('counts what was closed and voided as voided', () => {
    const closed: Told = ['R3', '2026-02-25 14:00', 'referral.closed', { reason: 'test' }];
    expect(organizationIn(...WEEK_9, [...SMALL, closed]).clocks.acceptance.excludedBy).toEqual({
      voided: 1,
      duplicate: 1,
    });
  });
});

describe('The oracle of the weekly figures, on a change', () => {
  const many = (count: number, day: string, more: (id: string) => Told[] = () => []): Told[] =>
    Array.from({ length: count }, (_, index) => `${day} ${index}`).flatMap((id) => [
      [id, `2026-${day} 15:00`, 'referral.received', from('a')],
      ...more(id),
    ]);
  const answered = (id: string): Told[] => [[id, '2026-02-24 15:00', 'referral.accepted']];
  const acceptance = (told: Told[]) => organizationIn(...WEEK_9, told).clocks.acceptance;

  it('flags ten in time after ten late ones, and never flags nine', () => {
    // Wilson: 10/10 from 0.7225, 0/10 to 0.2775, so at least 1 - 0.2775 x sqrt(2) = 0.6075 apart.
    const { interval, flagged } = acceptance([...many(10, '02-23', answered), ...many(10, '02-16')]);
    expect(interval[0]).toBeCloseTo(0.6075, 4);
    expect(flagged).toBe(true);
    expect(acceptance([...many(9, '02-23', answered), ...many(10, '02-16')]).flagged).toBe(false);
    expect(acceptance([...many(10, '02-23', answered), ...many(9, '02-16')]).flagged).toBe(false);
  });

  it('compares with the eight weeks before, pooled, and no more', () => {
    // The eighth week before is week 1, from 29 December on. What began on Friday the 26th is due on the 30th, on the 24th on the 26th.
    const since = (day: string) => acceptance([...many(10, '02-23', answered), ...many(5, '02-16'), ...early(day)]);
    const early = (day: string) => many(5, '01-05').map(([id, , ...rest]): Told => [id, `${day} 15:00`, ...rest]);
    expect(since('2025-12-26')).toMatchObject({ trailing: [0, null, null, null, null, null, null, 0], flagged: true });
    expect(since('2025-12-24')).toMatchObject({ trailing: [...Array(7).fill(null), 0], flagged: false });
  });
});

describe('The oracle of the weekly figures, when clocks change', () => {
  // Week 10 has the lost hour: 2 March 05:00Z to 9 March 04:00Z, as of 10:00Z.
  const week10 = (told: Told[]) => organizationIn('2026-W10', '2026-03-09 10:00', told);

  it('counts what is due at midnight between two weeks in the later one', () => {
    // Visits are due at the midnight that ends day 28: of 1 February 2 March 05:00Z, of 8 February 9 March 04:00Z.
    const told: Told[] = [
      ['first', '2026-02-01 15:00', 'referral.received', from('a')],
      ['second', '2026-02-08 15:00', 'referral.received', from('a')],
    ];
    expect(week10(told)).toMatchObject({ from: '2026-03-02T05:00:00.000Z', to: '2026-03-09T04:00:00.000Z' });
    expect(week10(told).clocks.visit).toMatchObject({ all: 1, missed: 1, prior: null });
    expect(organizationIn('2026-W11', '2026-03-16 10:00', told).clocks.visit).toMatchObject({ all: 1, prior: 0 });
  });

  it('counts days of windows as 24 hours, whatever local clocks showed', () => {
    // 90 days before 9 March 10:00Z is 9 December 10:00Z, 05:00 there; 180 days before is 10 September 10:00Z.
    const told: Told[] = [
      ['in', '2025-12-09 10:00', 'referral.received', from('a')],
      ['before', '2025-12-09 09:59', 'referral.received', from('a')],
      ['long', '2025-09-10 10:00', 'referral.received', from('a')],
      ['longer', '2025-09-10 09:59', 'referral.received', from('a')],
    ];
    expect(week10(told).timeTo.acceptance.n).toBe(1);
    expect(week10(told).funnel.received).toBe(2);
  });
});
