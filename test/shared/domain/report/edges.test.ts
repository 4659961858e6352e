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

describe('the week of a report', () => {
  it('begins with its first midnight and ends before its last, for visits, declines and closings too', () => {
    const edges = [from - 1, from, to - 1, to];
    const declines = edges.map((instant) => ({ at: instant, reason: 'not_accepting' as const }));
    expect(report({ declines }).intake.declined).toEqual({ not_accepting: 2 });
    const closed = edges.map((endedAt) => ({ endedAt, endReason: 'cost' as const }));
    expect(report(...closed).adminClosure).toEqual({ n: 2, d: 2 });
    const active = edges.map((startsAt) => ({ startsAt, arrived: false }));
    const { noShow } = report({ noShows: edges, completed: edges, active, over: edges });
    expect(noShow).toEqual({ noShows: 2, completed: 2, unknown: 4, rate: 0.5 });
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

describe('a closing that says nothing but that it is one', () => {
  const old = { receivedAt: AS_OF - 100 * DAY_MS, endedAt: from, hasEvidence: true };

  it.each(['unspecified', 'expired_admin'] as const)(
    'as %s is counted apart, and is no leak and no success',
    (endReason) => {
      const { leakage, adminClosure } = report({ ...old, endReason }, { ...old, endReason: 'cost' });
      expect(leakage).toMatchObject({
        broad: { n: 1, d: 2 },
        network: { n: 0, d: 0, known: 0 },
        byReason: { cost: 1 },
        expiredAdmin: 1,
      });
      expect(adminClosure).toEqual({ n: 1, d: 2 });
    },
  );

  it('leaves a patient who was seen in the network', () => {
    const { leakage } = report({ ...old, seenAt: from, endReason: 'unspecified' });
    expect(leakage).toMatchObject({ broad: { n: 0, d: 1 }, network: { n: 0, d: 1, known: 1 }, expiredAdmin: 1 });
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

  it('lack an outcome from the instant at which they start, arrived or not, and when they are over', () => {
    const active = [AS_OF - 1, AS_OF].flatMap((startsAt) => [true, false].map((arrived) => ({ startsAt, arrived })));
    expect(report({ active }).audit.visitsWithoutOutcome).toBe(2);
    expect(report({ active, over: [AS_OF - 30 * DAY_MS] }).audit.visitsWithoutOutcome).toBe(3);
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

  it('of 180 days are followed, and nothing is said of a day to which none has been', () => {
    const daysAgo = (days: number) => ({ receivedAt: AS_OF - days * DAY_MS });
    const shown = (...referrals: Partial<ReferralState>[]) => {
      const { n, scheduled, leaked } = report(...referrals).incidence;
      const days = Object.entries(scheduled).flatMap(([day, rate]) => (rate === null ? [] : Number(day)));
      expect(Object.entries(leaked).flatMap(([day, rate]) => (rate === null ? [] : Number(day)))).toEqual(days);
      return [n, ...days];
    };
    expect(shown(daysAgo(180), daysAgo(1))).toEqual([2, 7, 14, 28, 60, 90]);
    expect(shown({ receivedAt: AS_OF - 180 * DAY_MS - 1 })).toEqual([0]);
    expect(shown(daysAgo(28), daysAgo(3))).toEqual([2, 7, 14, 28]);
    expect(shown({ receivedAt: AS_OF - 28 * DAY_MS + 1 })).toEqual([1, 7, 14]);
    expect(shown(daysAgo(6))).toEqual([1]);
    // However early a referral ended, it has been followed since: its receipt counts.
    expect(shown({ ...daysAgo(100), bookedAt: AS_OF - 99 * DAY_MS })).toEqual([1, 7, 14, 28, 60, 90]);
  });

  it('are followed in each scope by themselves', () => {
    const reports = reportsOver(week, [
      { receivedAt: AS_OF - 100 * DAY_MS },
      { receivedAt: AS_OF - 10 * DAY_MS, site: 'west' },
    ]);
    const last = (scope: string) => reports(scope).incidence.scheduled;
    expect(last('organization')).toMatchObject({ 60: 0, 90: 0 });
    expect(last('site=west')).toMatchObject({ 7: 0, 14: null, 90: null });
  });

  it('end with the leak if a booking comes after it', () => {
    const received = { receivedAt: AS_OF - 80 * DAY_MS, endReason: 'cost' as const };
    const { incidence } = report({ ...received, endedAt: AS_OF - 70 * DAY_MS, bookedAt: AS_OF - 60 * DAY_MS });
    expect(incidence).toMatchObject({ scheduled: { 60: 0 }, leaked: { 7: 0, 14: 1, 60: 1 } });
  });
});

describe('data quality', () => {
  it('has the words replaced, and the feeds, in every scope', () => {
    const { directory } = sampleConfig();
    directory.feeds = [
      { name: 'a', expectedEveryHours: 24 },
      { name: 'b', expectedEveryHours: 24, eventsEveryHours: 2 },
      { name: 'c', expectedEveryHours: 24 },
    ];
    const [heartbeatAt, lastEventAt] = [AS_OF - HOUR_MS, AS_OF - 3 * HOUR_MS];
    const feedsHeard = new Map(['a', 'b'].map((name) => [name, { heartbeatAt, lastEventAt }]));
    const unmapped = { 'referral.closed.reason': 3 };
    const reports = reportsOver(week, [{}], { facts: { feedsHeard, unmapped }, directory });
    const heard = { lastHeardAt: '2026-03-09T09:00:00.000Z', lastEventAt: '2026-03-09T07:00:00.000Z' };
    for (const scope of ['organization', 'site=north']) {
      expect(reports(scope).dataQuality).toMatchObject({
        unmapped,
        feeds: [
          { name: 'a', ...heard, quiet: false },
          { name: 'b', ...heard, quiet: true },
          { name: 'c', lastHeardAt: null, lastEventAt: null, quiet: true },
        ],
      });
    }
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
