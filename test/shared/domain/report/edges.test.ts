import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../shared/contracts/duration.ts';
import type { Clock, ReferralState } from '../../../../shared/contracts/state.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { spanOf } from '../../../../shared/domain/report/periods.ts';
import { ValuesByGroup } from '../../../../shared/domain/report/values-by-group.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, type SentEvent, sent } from '../../../builders/events.ts';
import { at } from '../../../builders/instants.ts';
import { reportsOver, weekDue } from '../../../builders/reports.ts';

/** Figures at the very instants where they change, which whole organizations seldom meet. */

const AS_OF = at('03-09 10:00');
const week = weekDue(AS_OF);
const { from, to } = spanOf(week);
/** The year 2026 begins, and its November. */
const YEAR = at('2026-01-01T05:00:00Z');

const clock = (over: Partial<Clock>): Clock => ({
  kind: 'rebook',
  instance: 1,
  startedAt: from,
  dueAt: from + DAY_MS,
  netDueAt: from + DAY_MS,
  stoppedAt: null,
  endedAt: null,
  warnAt: null,
  escalateAt: null,
  ...over,
});

const report = (...referrals: Partial<ReferralState>[]) => reportsOver(week, referrals)();

describe('the estimate of closed loops', () => {
  const patients = (...referrals: Partial<ReferralState>[]) =>
    referrals.map((over, index) => ({ patientId: `patient-${index}`, ...over }));

  it('counts notes from the start of the year up to the very hour of the report', () => {
    const notes = [YEAR - 1, YEAR, AS_OF, AS_OF + 1].map((noteAt) => ({ noteAt }));
    expect(report(...patients(...notes)).cms50Estimate).toEqual({ n: 2, d: 4 });
  });

  it('covers the current year in the organization’s time zone, and reads a date as a day there', () => {
    expect(report({ orderedAt: '2026-01-01' }).cms50Estimate.d).toBe(1);
    // In Tokyo 2029 is six hours old, in UTC it has yet to begin.
    const { directory } = sampleConfig();
    directory.organization.timeZone = 'Asia/Tokyo';
    const tokyo = weekDue(at('2028-12-31T21:00:00Z'), 'Asia/Tokyo');
    const reports = reportsOver(
      tokyo,
      patients({ orderedAt: '2028-10-30' }, { orderedAt: '2028-10-31' }, { orderedAt: '2029-01-01' }),
      {
        directory,
      },
    );
    expect(reports().cms50Estimate.d).toBe(1);
  });

  it('uses a patient’s first order; ties go to the first receipt, then to the lowest id', () => {
    const noted = { noteAt: AS_OF - DAY_MS };
    const shares = (...of: Partial<ReferralState>[]) => report(...of).cms50Estimate;
    const order = { orderedAt: '2026-02-01' };
    const [early, late] = [at('02-03 15:00'), at('02-04 15:00')];
    expect(shares({ ...order, receivedAt: late }, { ...order, receivedAt: early, ...noted })).toEqual({ n: 1, d: 1 });
    expect(shares({ ...order, receivedAt: late, ...noted }, { ...order, receivedAt: early })).toEqual({ n: 0, d: 1 });
    const [a, b] = ['A', 'B'].map((referralId) => ({ ...order, referralId, receivedAt: early }));
    for (const both of [
      [{ ...a, ...noted }, b],
      [b, { ...a, ...noted }],
    ]) {
      expect(shares(...(both as Partial<ReferralState>[]))).toEqual({ n: 1, d: 1 });
    }
  });
});

describe('the week of a report', () => {
  it('begins with its first midnight and ends before its last, for visits, declines and closings too', () => {
    const edges = [from - 1, from, to - 1, to];
    const declines = edges.map((instant) => ({ at: instant, reason: 'not_accepting' as const }));
    expect(report({ declines }).intake.declined).toEqual({ not_accepting: 2 });
    const closed = edges.map((endedAt) => ({ endedAt, endReason: 'cost' as const }));
    expect(report(...closed).adminClosure).toEqual({ n: 2, d: 2 });
    const active = edges.map((startsAt) => ({ startsAt, arrived: false }));
    const { noShow } = report({ noShows: edges, completed: edges, active });
    expect(noShow).toEqual({ noShows: 2, completed: 2, unknown: 2, rate: 0.5 });
  });

  it('does not count a clock as missed if a visit or a note ended it', () => {
    const done = { clocks: [clock({ endedAt: from })], endReason: 'completed_in_network' as const };
    const outcomes = (over: Partial<ReferralState>) => report({ ...done, ...over }).clocks.rebook;
    for (const care of [{ seenAt: from }, { noteAt: from }]) {
      expect(outcomes(care)).toMatchObject({ all: 0, excluded: 1, excludedBy: { completed_in_network: 1 } });
    }
    expect(outcomes({})).toMatchObject({ all: 1, lost: 1 });
  });
});

describe('a referral that was declined twice', () => {
  it('was declined twice', () => {
    const declined = (time: string) => sent('referral.declined', time, { reason: 'not_accepting' });
    const log = [
      sent('referral.received', '03-02 15:00', receivedData()),
      declined('03-03 15:00'),
      declined('03-04 15:00'),
    ];
    const state = foldReferral('R-1', log.map(accepted), sampleConfig());
    expect(report(state).intake.declined).toEqual({ not_accepting: 2 });
  });
});

describe('an appointment', () => {
  const startsAt = '2026-03-04T15:00:00.000Z';
  const appointmentId = 'A';
  const booked = sent('appointment.scheduled', '03-02 16:00', { appointmentId, startsAt });
  const having = (...events: SentEvent[]) =>
    foldReferral(
      'R-1',
      [sent('referral.received', '03-02 15:00', receivedData()), ...events].map(accepted),
      sampleConfig(),
    );

  it('that was visited stays visited, even if a no-show is reported later', () => {
    const visited = sent('visit.completed', '03-04 15:30', { appointmentId });
    const missed = sent('appointment.no_show', '03-04 16:00', { appointmentId });
    const { noShow } = report(having(booked, visited, missed));
    expect(noShow).toMatchObject({ completed: 1, noShows: 0 });
  });

  it('is not unknown if the patient’s arrival was reported before its booking', () => {
    const arrived = sent('visit.arrived', '03-02 15:30', { appointmentId });
    expect(report(having(booked, arrived)).noShow.unknown).toBe(0);
    expect(report(having(booked)).noShow.unknown).toBe(1);
  });
});

describe('a closing', () => {
  it.each([
    ['letter of 4 March', true],
    ['', false],
    [null, false],
  ])('with the evidence %j has some: %s', (evidence, hasEvidence) => {
    const data = { reason: 'cost' as const, evidence };
    const log = [
      sent('referral.received', '03-02 15:00', receivedData()),
      sent('referral.closed', '03-04 15:00', data),
    ];
    expect(foldReferral('R-1', log.map(accepted), sampleConfig())).toMatchObject({ endReason: 'cost', hasEvidence });
  });
});

describe('leakage', () => {
  it('knows the destination of a referral closed as completed, even if nobody reported a visit', () => {
    const old = { receivedAt: AS_OF - 100 * DAY_MS, endedAt: AS_OF - 90 * DAY_MS };
    const { network } = report(
      { ...old, endReason: 'completed_in_network' },
      { ...old, endReason: 'cost' },
      { ...old, endReason: 'scheduled_elsewhere' },
    ).leakage;
    expect(network).toEqual({ n: 1, d: 2, known: 2 / 3 });
  });
});

describe('missed visits', () => {
  it('that in the end did not need rebooking count neither as recovered nor as lost', () => {
    const missed = (over: Partial<Clock>) => ({ clocks: [clock({ afterNoShow: true, ...over })] });
    const excluded = { ...missed({ endedAt: from }), endReason: 'moved' as const };
    expect(report(missed({ stoppedAt: from }), missed({}), excluded).recovery).toEqual({ met: 1, all: 2 });
  });

  it('lack an outcome from the instant at which they start', () => {
    const active = [AS_OF - 1, AS_OF].map((startsAt) => ({ startsAt, arrived: false }));
    expect(report({ active }).audit.visitsWithoutOutcome).toBe(1);
  });
});

describe('a note', () => {
  const notes = (over: Partial<Clock>) =>
    report({ clocks: [clock({ kind: 'note', ...over })], endReason: 'moved' }).notes.bySite;

  it('that was not owed when it fell due does not count', () => {
    expect(notes({ endedAt: from })).toEqual({});
  });

  it('that is no longer owed counts as late, not as overdue', () => {
    expect(notes({ endedAt: from + 2 * DAY_MS })).toEqual({ north: { all: 1, late: 1, overdue: 0 } });
    expect(notes({})).toEqual({ north: { all: 1, late: 1, overdue: 1 } });
  });
});

describe('waits', () => {
  it('last no longer than until the report, even if an end is dated after it', () => {
    const clocks = [
      clock({ startedAt: AS_OF - 10 * HOUR_MS, endedAt: AS_OF + HOUR_MS }),
      clock({ startedAt: AS_OF - 20 * HOUR_MS, stoppedAt: AS_OF - 9.5 * HOUR_MS }),
    ];
    expect(report({ clocks }).timeTo.rebook).toEqual({ n: 2, events: 1, medianHours: 10.5, p90Hours: 10.5 });
    const { incidence } = report(
      { receivedAt: AS_OF - 7 * DAY_MS, endedAt: AS_OF + HOUR_MS, endReason: 'moved' },
      { receivedAt: AS_OF - 20 * DAY_MS, bookedAt: AS_OF - 13 * DAY_MS + 1 },
    );
    expect(incidence.scheduled).toMatchObject({ 7: 0, 14: 1 });
  });

  it('end with the leak if a booking comes after it', () => {
    const received = { receivedAt: AS_OF - 80 * DAY_MS, endReason: 'cost' as const };
    const { incidence } = report({ ...received, endedAt: AS_OF - 70 * DAY_MS, bookedAt: AS_OF - 60 * DAY_MS });
    expect(incidence).toMatchObject({ scheduled: { 90: 0 }, leaked: { 7: 0, 14: 1 } });
  });
});

describe('a feed', () => {
  it('is quiet once it has been silent for longer than expected', () => {
    const { directory } = sampleConfig();
    directory.feeds = ['a', 'b', 'c'].map((name) => ({ name, expectedEveryHours: 24 }));
    const feedsHeard = new Map([
      ['a', AS_OF - 24 * HOUR_MS],
      ['b', AS_OF - 24 * HOUR_MS - 1],
    ]);
    const { feeds } = reportsOver(week, [], { facts: { feedsHeard }, directory })().dataQuality;
    expect(feeds).toEqual([
      { name: 'a', lastHeardAt: '2026-03-08T10:00:00.000Z', quiet: false },
      { name: 'b', lastHeardAt: '2026-03-08T09:59:59.999Z', quiet: true },
      { name: 'c', lastHeardAt: null, quiet: true },
    ]);
  });
});

describe('a scope of several fields', () => {
  it('gets a report only if it is a leader’s', () => {
    const { directory } = sampleConfig();
    const [person] = directory.people;
    if (!person) throw new Error('the sample has people');
    directory.people.push(
      { ...person, id: 'lead', role: 'leader', scope: { site: 'north', specialty: 'dermatology' } },
      { ...person, id: 'other', role: 'liaison', scope: { site: 'west', specialty: 'dermatology' } },
    );
    const reports = reportsOver(week, [{}], { directory });
    expect(reports('site=north,specialty=dermatology').backlog.open).toBe(1);
    expect(() => reports('site=west,specialty=dermatology')).toThrow('no report');
  });
});

describe('values by group', () => {
  it('come back in the order in which they were added, for member groups only', () => {
    const valuesByGroup = new ValuesByGroup();
    const values = Array.from({ length: 5000 }, (_, index) => index * 7);
    for (const value of values) valuesByGroup.add(value, value % 3);
    const found: number[][] = [];
    valuesByGroup.forMembers(Uint8Array.from([1, 0, 1]), (value, group) => found.push([value, group]));
    expect(found).toEqual(values.filter((value) => value % 3 !== 1).map((value) => [value, value % 3]));
  });
});
