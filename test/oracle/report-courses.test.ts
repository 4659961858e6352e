import { describe, expect, it } from 'vitest';
import { from, organizationIn, type Told } from './report-story.ts';

describe('The oracle of the weekly figures, on courses', () => {
  const week10 = (told: Told[]) => organizationIn('2026-W10', '2026-03-09 10:00', told);
  const booking = (appointmentId: string, startsAt: string) => ({
    appointmentId,
    startsAt: `${startsAt.replace(' ', 'T')}:00Z`,
  });

  it('counts missed, seen and unknown visits apart, and the missed ones that were rebooked in time', () => {
    const told: Told[] = [
      ['missed', '2026-02-16 15:00', 'referral.received', from('a')],
      ['missed', '2026-02-17 15:00', 'appointment.scheduled', booking('A', '2026-02-26 15:00')],
      ['missed', '2026-02-26 16:00', 'appointment.no_show', { appointmentId: 'A' }], // a Thursday: due 9 March 21:00Z
      ['late', '2026-02-16 15:00', 'referral.received', from('a')],
      ['late', '2026-02-17 15:00', 'appointment.scheduled', booking('A', '2026-02-24 15:00')],
      ['late', '2026-02-24 16:00', 'appointment.no_show', { appointmentId: 'A' }], // a Tuesday: due 5 March
      ['late', '2026-02-25 15:00', 'appointment.scheduled', booking('B', '2026-03-03 15:00')], // met
      ['late', '2026-03-03 16:00', 'appointment.no_show', { appointmentId: 'B' }], // due 12 March
      ['cancelled', '2026-02-16 15:00', 'referral.received', from('a')],
      ['cancelled', '2026-02-17 15:00', 'appointment.scheduled', booking('A', '2026-03-04 15:00')],
      ['cancelled', '2026-02-23 15:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }], // due 4 March
      ['unknown', '2026-02-16 15:00', 'referral.received', from('a')],
      ['unknown', '2026-02-17 15:00', 'appointment.scheduled', booking('A', '2026-03-05 15:00')],
      ['there', '2026-02-16 15:00', 'referral.received', from('a')],
      ['there', '2026-02-17 15:00', 'appointment.scheduled', booking('A', '2026-03-05 15:00')],
      ['there', '2026-03-05 15:00', 'visit.arrived', { appointmentId: 'A' }],
      ['ahead', '2026-02-16 15:00', 'referral.received', from('a')],
      ['ahead', '2026-02-17 15:00', 'appointment.scheduled', booking('A', '2026-03-09 15:00')],
    ];
    const report = week10(told);
    expect(report.noShow).toEqual({ noShows: 1, completed: 0, unknown: 1, rate: 1 });
    expect(report.recovery).toEqual({ met: 1, all: 1 });
    expect(report.clocks.rebook).toMatchObject({ all: 2, met: 1, missed: 1 });
    expect(report.audit.visitsWithoutOutcome).toBe(2); // who arrived has no outcome yet either
  });

  it('follows the cohort of 90 to 180 days ago, with leakage in both senses', () => {
    const story = (id: string, ...steps: [string, object?][]): Told[] => [
      [id, '2025-10-15 15:00', 'referral.received', from('a')],
      ...steps.map(([type, data], index): Told => [id, `2025-11-1${index} 15:00`, type, data ?? {}]),
    ];
    const closed = (reason: string): [string, object] => ['referral.closed', { reason }];
    const told = [
      ...story('seen', ['visit.completed'], ['note.received'], closed('completed_in_network')),
      ...story('seen, then elsewhere', ['visit.completed'], closed('completed_elsewhere')),
      ...story('elsewhere', closed('scheduled_elsewhere')),
      ...story('said to be done', closed('completed_in_network')),
      ...story('too dear', ['contact.attempted', { channel: 'phone', outcome: 'declined' }], closed('cost')),
      ...story('expired', closed('expired_admin')),
      ...story('for no reason', ['referral.closed', {}]),
      ...story('in words of its own', closed('patient moved on')),
      ...story('cancelled', ['referral.cancelled', { by: 'patient' }]),
      ...story('moved', closed('moved')),
      ...story('open', ['appointment.scheduled', booking('A', '2026-05-05 15:00')]),
      ...story('void', closed('cost'), ['referral.voided']),
    ];
    const report = week10(told);
    expect(report.funnel).toEqual({ received: 11, reached: 4, scheduled: 3, seen: 2, noteReceived: 1 });
    expect(report.loopClosure).toEqual({ n: 1, d: 11 });
    // Without the cancelled and the moved one nine; of their four with a known destination one went elsewhere unseen.
    expect(report.leakage).toEqual({
      broad: { n: 2, d: 9 },
      network: { n: 1, d: 4, known: 4 / 9 },
      byReason: { scheduled_elsewhere: 1, cost: 1 },
      expiredAdmin: 3,
    });
  });

  it('counts the closings of the week that have no evidence, or no reason', () => {
    const ended = (id: string, time: string, type: string, data: object): Told[] => [
      [id, '2026-02-16 15:00', 'referral.received', from('a')],
      [id, time, type, data],
    ];
    const expired = { reason: 'expired_admin', evidence: 'list' };
    const told = [
      ...ended('proven', '2026-03-03 15:00', 'referral.closed', { reason: 'moved', evidence: 'letter' }),
      ...ended('expired', '2026-03-03 15:00', 'referral.closed', expired),
      ...ended('for no reason', '2026-03-03 15:00', 'referral.closed', { evidence: 'list' }),
      ...ended('in words of its own', '2026-03-03 15:00', 'referral.closed', { reason: 'gone', evidence: 'list' }),
      ...ended('null', '2026-03-03 15:00', 'referral.closed', { reason: 'cost', evidence: null }),
      ...ended('empty', '2026-03-03 15:00', 'referral.closed', { reason: 'cost', evidence: '' }),
      ...ended('cancelled', '2026-03-03 15:00', 'referral.cancelled', { by: 'patient' }),
      ...ended('before', '2026-02-25 15:00', 'referral.closed', expired),
      ...ended('reopened', '2026-03-03 15:00', 'referral.closed', expired),
      ['reopened', '2026-03-04 15:00', 'referral.reopened'] as Told,
    ];
    expect(week10(told).adminClosure).toEqual({ n: 5, d: 6 });
  });

  it('counts what happened first, and at a tie the booking before the leak', () => {
    const told: Told[] = [
      ['tie', '2026-03-02 10:00', 'referral.received', from('a')], // 7 days before, to the minute
      ['tie', '2026-03-03 15:00', 'appointment.scheduled', booking('A', '2026-05-05 15:00')],
      ['tie', '2026-03-03 15:00', 'referral.closed', { reason: 'cost' }],
      ['leak first', '2026-03-02 15:00', 'referral.received', from('a')],
      ['leak first', '2026-03-03 15:00', 'referral.closed', { reason: 'cost' }],
      ['leak first', '2026-03-04 15:00', 'appointment.scheduled', booking('A', '2026-05-05 15:00')],
    ];
    expect(week10(told).incidence).toMatchObject({ scheduled: { 7: 1 / 2 }, leaked: { 7: 1 / 2 } });
  });
});

describe('The oracle of cumulative incidence', () => {
  const incidence = (told: Told[]) => organizationIn('2026-W10', '2026-03-09 10:00', told).incidence;
  const booked = (id: string, receivedAt: string, at: string): Told[] => [
    [id, receivedAt, 'referral.received', from('a')],
    [id, at, 'appointment.scheduled', { appointmentId: 'A', startsAt: '2026-05-05T15:00:00Z' }],
  ];

  it('follows the referrals of 180 days', () => {
    // 180 days before 9 March 10:00Z is 10 September 10:00Z.
    const told = [
      ...booked('first', '2025-09-10 10:00', '2025-09-17 10:00'), // on day 7, to the minute
      ...booked('slow', '2025-12-01 15:00', '2026-02-09 16:00'), // on day 71
      ...booked('before', '2025-09-10 09:59', '2025-09-10 15:00'),
    ];
    expect(incidence(told).scheduled).toEqual({ 7: 1 / 2, 14: 1 / 2, 28: 1 / 2, 60: 1 / 2, 90: 1 });
    expect(incidence(told).leaked).toEqual({ 7: 0, 14: 0, 28: 0, 60: 0, 90: 0 });
  });

  it('says nothing of a day to which none of them has been followed', () => {
    // 28 days before 9 March 10:00Z is 9 February 10:00Z, as many hours.
    const at28 = booked('a', '2026-02-09 10:00', '2026-02-10 10:00');
    expect(incidence(at28).scheduled).toEqual({ 7: 1, 14: 1, 28: 1, 60: null, 90: null });
    expect(incidence(at28).leaked).toEqual({ 7: 0, 14: 0, 28: 0, 60: null, 90: null });
    const later = booked('a', '2026-02-09 10:01', '2026-02-10 10:00');
    expect(incidence(later).scheduled).toEqual({ 7: 1, 14: 1, 28: null, 60: null, 90: null });
    expect(incidence([]).scheduled).toEqual({ 7: null, 14: null, 28: null, 60: null, 90: null });
  });

  it('takes an early end that is no leak for as long a follow-up as any', () => {
    const told: Told[] = [
      ['ended', '2026-01-08 10:00', 'referral.received', from('a')], // 60 days
      ['ended', '2026-01-08 20:00', 'referral.closed', { reason: 'unspecified' }],
      ...booked('open', '2026-03-02 10:00', '2026-03-03 10:00'),
    ];
    expect(incidence(told).scheduled).toEqual({ 7: 1, 14: 1, 28: 1, 60: 1, 90: null });
  });
});

describe('The oracle of no-shows', () => {
  const noShow = (name: string, asOf: string, ...steps: [string, string, object?][]) => {
    const told = steps.map(([time, type, data]): Told => ['R', time, type, data ?? {}]);
    return organizationIn(name, asOf, [['R', '2026-02-16 15:00', 'referral.received', from('a')], ...told]).noShow;
  };
  const week9 = (...steps: [string, string, object?][]) => noShow('2026-W09', '2026-03-02 11:00', ...steps);
  const week10 = (...steps: [string, string, object?][]) => noShow('2026-W10', '2026-03-09 10:00', ...steps);
  const book = (startsAt: string, appointmentId = 'A') => ({
    appointmentId,
    startsAt: `${startsAt.replace(' ', 'T')}:00Z`,
  });
  const A = { appointmentId: 'A' };

  it('count every start that was missed, in the week of that start', () => {
    // Missed on 25 February, booked again under the same id, missed on 4 March, booked again and seen on the 6th.
    const told: [string, string, object?][] = [
      ['2026-02-17 15:00', 'appointment.scheduled', book('2026-02-25 15:00')],
      ['2026-02-25 16:00', 'appointment.no_show', A],
      ['2026-02-26 15:00', 'appointment.scheduled', book('2026-03-04 15:00')],
      ['2026-03-04 16:00', 'appointment.no_show', A],
      ['2026-03-04 17:00', 'appointment.no_show', A], // said again
      ['2026-03-04 18:00', 'appointment.scheduled', book('2026-03-06 15:00')],
      ['2026-03-06 16:00', 'visit.completed', A],
    ];
    expect(week9(...told)).toEqual({ noShows: 1, completed: 0, unknown: 0, rate: 1 });
    expect(week10(...told)).toEqual({ noShows: 1, completed: 1, unknown: 0, rate: 1 / 2 });
  });

  it('count a missed start from which the booking was moved after it, and none from which it was moved before', () => {
    const moved = (at: string): [string, string, object?][] => [
      ['2026-02-17 15:00', 'appointment.scheduled', book('2026-02-25 15:00')],
      [at, 'appointment.rescheduled', book('2026-03-12 15:00')],
      ['2026-02-26 15:00', 'appointment.no_show', A],
    ];
    expect(week9(...moved('2026-02-25 15:00'))).toEqual({ noShows: 1, completed: 0, unknown: 0, rate: 1 });
    expect(week9(...moved('2026-02-25 14:59'))).toEqual({ noShows: 0, completed: 0, unknown: 0, rate: null });
  });

  it('count no start whose no-show was undone by a visit', () => {
    const missed: [string, string, object?][] = [
      ['2026-02-17 15:00', 'appointment.scheduled', book('2026-02-25 15:00')],
      ['2026-02-25 16:00', 'appointment.no_show', A],
    ];
    const completed: [string, string, object] = ['2026-02-25 17:00', 'visit.completed', A];
    expect(week9(...missed, completed)).toEqual({ noShows: 0, completed: 1, unknown: 0, rate: 0 });
    const arrived: [string, string, object] = ['2026-02-25 17:00', 'visit.arrived', A];
    expect(week9(...missed, arrived)).toEqual({ noShows: 0, completed: 0, unknown: 0, rate: null });
  });

  it('print apart what started and was never heard of, also after another was missed', () => {
    const told: [string, string, object?][] = [
      ['2026-02-17 15:00', 'appointment.scheduled', book('2026-02-24 15:00')],
      ['2026-02-17 16:00', 'appointment.scheduled', book('2026-02-25 15:00', 'B')],
    ];
    expect(week9(...told)).toEqual({ noShows: 0, completed: 0, unknown: 2, rate: null });
    const missed: [string, string, object] = ['2026-02-25 16:00', 'appointment.no_show', { appointmentId: 'B' }];
    expect(week9(...told, missed)).toEqual({ noShows: 1, completed: 0, unknown: 1, rate: 1 });
  });
});
