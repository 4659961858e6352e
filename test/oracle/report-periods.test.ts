import { describe, expect, it } from 'vitest';
import { oracleReportPeriods, oracleReports } from './report.ts';
import { arrivalsOf, at, from, storyConfig, type Told } from './report-story.ts';

const config = { ...storyConfig };
const periods = (first: string, until: string) =>
  oracleReportPeriods(config, at(first), at(until)).map(({ name, from, to, asOf }) => [
    name,
    ...[from, to, asOf].map((instant) => new Date(instant).toISOString().slice(0, 16)),
  ]);

describe('The periods of the oracle', () => {
  it('have a week 53 in 2026, in which a month and a quarter end', () => {
    expect(periods('2026-12-27 12:00', '2027-01-11 10:59')).toEqual([
      ['2026-W52', '2026-12-21T05:00', '2026-12-28T05:00', '2026-12-28T11:00'],
      ['2026-12', '2026-12-01T05:00', '2027-01-01T05:00', '2027-01-01T11:00'],
      ['2026-Q4', '2026-10-01T04:00', '2027-01-01T05:00', '2027-01-01T11:00'],
      ['2026-W53', '2026-12-28T05:00', '2027-01-04T05:00', '2027-01-04T11:00'],
    ]);
  });

  it('begin after the first arrival, and include `until` itself', () => {
    expect(periods('2026-03-09 10:00', '2026-03-16 10:00').map(([name]) => name)).toEqual(['2026-W11']);
    expect(periods('2026-03-09 09:59', '2026-03-16 09:59').map(([name]) => name)).toEqual(['2026-W10']);
  });

  it('are an hour short in spring and an hour long in autumn', () => {
    expect(periods('2026-03-08 12:00', '2026-03-09 12:00')).toEqual([
      ['2026-W10', '2026-03-02T05:00', '2026-03-09T04:00', '2026-03-09T10:00'],
    ]);
    expect(periods('2026-10-31 12:00', '2026-11-02 12:00')).toEqual([
      ['2026-10', '2026-10-01T04:00', '2026-11-01T04:00', '2026-11-01T11:00'],
      ['2026-W44', '2026-10-26T04:00', '2026-11-02T05:00', '2026-11-02T11:00'],
    ]);
  });

  it('name a week by the year of its Thursday', () => {
    const names = (first: string, until: string) => periods(first, until).map(([name]) => name);
    expect(names('2025-12-29 12:00', '2026-01-05 12:00')).toEqual(['2025-12', '2025-Q4', '2026-W01']);
    expect(names('2027-01-04 12:00', '2027-01-11 12:00')).toEqual(['2027-W01']);
  });
});

describe('The oracle over other periods than weeks', () => {
  const report = (kind: 'weekly' | 'monthly' | 'quarterly', name: string, asOf: string, told: Told[]) => {
    const asked = { arrivals: arrivalsOf(told), config, asOf: at(asOf), period: { kind, name } };
    return oracleReports(asked).get('organization');
  };

  it('compares week 53 with the eight weeks before it, across the year', () => {
    const told: Told[] = [
      ['R1', '2026-12-21 15:00', 'referral.received', from('a')], // due Wednesday 23rd: week 52
      ['R2', '2026-12-29 15:00', 'referral.received', from('a')], // due Thursday 31st
      ['R2', '2026-12-30 15:00', 'referral.accepted'],
      ['R3', '2026-11-02 15:00', 'referral.received', from('a')], // due Wednesday 4 November: week 45, the eighth before
    ];
    const week = report('weekly', '2026-W53', '2027-01-04 11:00', told);
    expect(week).toMatchObject({ week: '2026-W53', received: { n: 1, prior: 1 } });
    const trailing = [0, null, null, null, null, null, null, 0];
    expect(week?.clocks.acceptance).toMatchObject({ all: 1, met: 1, prior: 0, trailing });
    // 1/1 against 0/2: Wilson 0.2065 to 1 and 0 to 0.6576; 1 - sqrt(0.7935^2 + 0.6576^2) = -0.0306
    expect(week?.clocks.acceptance.interval[0]).toBeCloseTo(-0.0306, 3);
    expect(week?.clocks.acceptance.interval[1]).toBeCloseTo(1, 12);
    const month = report('monthly', '2026-12', '2027-01-01 11:00', told);
    expect(month).toMatchObject({ month: '2026-12', received: { n: 2, prior: 1 } });
    expect(month?.clocks.acceptance).toMatchObject({ all: 2, met: 1, prior: 0 });
    const quarter = report('quarterly', '2026-Q4', '2027-01-01 11:00', told);
    expect(quarter).toMatchObject({ quarter: '2026-Q4', received: { n: 3, prior: 0 } });
  });
});

describe('The CMS50-style estimate of the oracle', () => {
  const estimate = (name: string, asOf: string, told: Told[], kind: 'weekly' | 'monthly' = 'weekly') => {
    const asked = { arrivals: arrivalsOf(told), config, asOf: at(asOf), period: { kind, name } };
    return oracleReports(asked).get('organization')?.cms50Estimate;
  };
  const patient = (id: string, orderedAt?: string) => from('a', { patient: { id }, ...(orderedAt && { orderedAt }) });
  const week45 = (told: Told[]) => estimate('2026-W45', '2026-11-09 11:00', told);

  it('goes by the first referral of each patient that was ordered in the ten months', () => {
    const told: Told[] = [
      // A date is the whole day in New York. Counts, and has its note.
      ['A', '2026-01-05 15:00', 'referral.received', patient('a', '2026-01-01')],
      ['A', '2026-03-03 15:00', 'note.received'],
      // Ordered the year before: the next one is the first of the year, and has no note.
      ['B1', '2026-01-03 15:00', 'referral.received', patient('b', '2025-12-31')],
      ['B1', '2026-01-20 15:00', 'note.received'],
      ['B2', '2026-02-10 15:00', 'referral.received', patient('b')],
      // Only the second of two has a note; the order decides which is first.
      ['C1', '2026-04-09 15:00', 'referral.received', patient('c', '2026-04-01')],
      ['C2', '2026-04-08 15:00', 'referral.received', patient('c')],
      ['C2', '2026-04-20 15:00', 'note.received'],
      // The last second of October counts, and so does a note of this very instant.
      ['E', '2026-11-02 15:00', 'referral.received', patient('e', '2026-10-31T23:59:59-04:00')],
      ['E', '2026-11-09 11:00', 'note.received'],
      ['F', '2026-11-02 15:00', 'referral.received', patient('f', '2026-11-01')],
    ];
    expect(week45(told)).toEqual({ n: 2, d: 4 }); // a, b, c and e, of whom a and e
    expect(week45([...told, ['B2', '2026-11-09 11:01', 'note.received', {}, { arrives: '2026-11-09 11:00' }]])?.n).toBe(
      2,
    );
  });

  it('counts a note of the year, whatever came before', () => {
    const told: Told[] = [
      ['G', '2026-01-01 06:00', 'referral.received', patient('g')], // 01:00 in New York
      ['G', '2026-01-01 04:59', 'note.received'], // the year before, there
    ];
    expect(week45(told)).toEqual({ n: 0, d: 1 });
    expect(week45([...told, ['G', '2026-01-30 15:00', 'note.received']])).toEqual({ n: 1, d: 1 });
    expect(week45([told[0] as Told, ['G', '2026-01-01 05:00', 'note.received']])).toEqual({ n: 1, d: 1 });
  });

  it('takes the one with a note of several that were first at once', () => {
    const told: Told[] = [
      ['D1', '2026-05-05 15:00', 'referral.received', patient('d', '2026-05-01')],
      ['D1', '2026-05-20 15:00', 'note.received'],
      ['D2', '2026-05-04 15:00', 'referral.received', patient('d', '2026-05-01')],
    ];
    expect(week45(told)).toEqual({ n: 1, d: 1 });
    // 04:00Z is the midnight that begins 1 May; a millisecond earlier is earlier
    expect(
      week45([...told, ['D3', '2026-05-03 15:00', 'referral.received', patient('d', '2026-05-01T04:00:00Z')]])?.n,
    ).toBe(1);
    const earlier = patient('d', '2026-05-01T03:59:59.999Z');
    expect(week45([...told, ['D3', '2026-05-03 15:00', 'referral.received', earlier]])).toEqual({ n: 0, d: 1 });
  });

  it('looks for the first among those that were neither cancelled nor ended for an exclusion', () => {
    const first = (type: string, data: object): Told[] => [
      ['H1', '2026-02-02 15:00', 'referral.received', patient('h')],
      ['H1', '2026-02-03 15:00', type, data],
      ['H2', '2026-02-10 15:00', 'referral.received', patient('h')],
      ['H2', '2026-03-10 15:00', 'note.received'],
    ];
    expect(week45(first('referral.cancelled', { by: 'patient' }))).toEqual({ n: 1, d: 1 });
    expect(week45(first('referral.closed', { reason: 'duplicate' }))).toEqual({ n: 1, d: 1 });
    expect(week45(first('referral.closed', { reason: 'converted_econsult' }))).toEqual({ n: 0, d: 1 }); // other care
    expect(week45(first('referral.closed', { reason: 'cost' }))).toEqual({ n: 0, d: 1 });
    const reopened: Told = ['H1', '2026-02-04 15:00', 'referral.reopened'];
    expect(week45([...first('referral.cancelled', { by: 'patient' }), reopened])).toEqual({ n: 0, d: 1 });
    expect(week45(first('referral.cancelled', { by: 'patient' }).slice(0, 2))).toEqual({ n: 0, d: 0 });
  });

  it('is of the year in which the period begins', () => {
    const told: Told[] = [
      ['I', '2026-10-05 15:00', 'referral.received', patient('i')],
      ['I', '2026-12-31 15:00', 'note.received'],
      ['J', '2026-10-05 15:00', 'referral.received', patient('j')],
      ['J', '2027-01-01 05:00', 'note.received'], // midnight
    ];
    // Week 53 begins on 28 December, December on the 1st.
    expect(estimate('2026-W53', '2027-01-04 11:00', told)).toEqual({ n: 1, d: 2 });
    expect(estimate('2026-12', '2027-01-01 11:00', told, 'monthly')).toEqual({ n: 1, d: 2 });
    expect(estimate('2027-W01', '2027-01-11 11:00', told)).toEqual({ n: 0, d: 0 });
  });
});
