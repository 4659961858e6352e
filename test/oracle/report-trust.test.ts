import { describe, expect, it } from 'vitest';
import { compareReports } from './compare-reports.ts';
import { from, organizationIn, type Told, weekOf } from './report-story.ts';

const WEEK_10: [string, string] = ['2026-W10', '2026-03-09 10:00'];

describe('The oracle of data quality', () => {
  it('counts what was refused in the week by reason, the same message once', () => {
    const told: Told[] = [
      ['R', '2026-03-01 15:00', 'no.such.type'], // the week before
      ['R', '2026-03-04 15:00', 'no.such.type', {}, { id: 'twice' }],
      ['R', '2026-03-04 15:00', 'no.such.type', {}, { id: 'twice', arrives: '2026-03-05 15:00' }],
      ['R', '2026-03-04 15:11', 'referral.accepted', {}, { arrives: '2026-03-04 15:00' }],
      ['R', '2026-03-04 15:10', 'referral.accepted', {}, { arrives: '2026-03-04 15:00' }], // let in
      ['R', '2026-03-04 16:00', 'referral.paused', {}],
      ['R', '2026-03-09 05:00', 'no.such.type'], // after the week, though before the report
    ];
    expect(organizationIn(...WEEK_10, told).dataQuality.refused).toEqual({
      unknown_type: 1,
      time_in_future: 1,
      invalid: 1,
    });
  });

  it('reports orphans of more than a day, and unassigned referrals', () => {
    const told: Told[] = [
      ['day', '2026-03-08 10:00', 'referral.accepted'], // 24 hours, not more
      ['more', '2026-03-08 09:59', 'referral.accepted'],
      ['R1', '2026-03-04 15:00', 'referral.received', from('a')],
      ['R2', '2026-03-04 15:00', 'referral.received', from('a', { site: 'elsewhere' })],
    ];
    const scopes = weekOf(...WEEK_10, told);
    expect(scopes.get('organization')?.dataQuality).toMatchObject({ refused: {}, orphans: 1, unassigned: 1 });
    expect(scopes.get('site=north')?.dataQuality).toMatchObject({ refused: {}, orphans: 0, unassigned: 0 });
    expect(scopes.get('site=elsewhere')?.dataQuality.unassigned).toBe(1);
  });

  it('counts words that it had to replace by their field, the same event once, when it arrived', () => {
    const phone = (outcome: string) => ({ channel: 'phone', outcome });
    const told: Told[] = [
      ['R1', '2026-03-02 15:00', 'referral.received', from('a')],
      ['R1', '2026-03-02 16:00', 'referral.declined'], // absent
      ['R1', '2026-03-02 17:00', 'referral.declined', { reason: null }],
      ['R1', '2026-03-02 18:00', 'referral.declined', { reason: 'full' }],
      ['R1', '2026-03-02 19:00', 'referral.declined', { reason: 'other' }], // a word of ours
      ['R1', '2026-03-03 15:00', 'contact.attempted', phone('busy')],
      ['R1', '2026-03-03 16:00', 'contact.attempted', { channel: 'fax', outcome: 'busy' }], // both
      ['R1', '2026-03-03 17:00', 'contact.attempted', { channel: 'other', outcome: 'other' }],
      ['R1', '2026-03-04 15:00', 'referral.closed', {}, { id: 'closed' }],
      ['R1', '2026-03-04 15:00', 'referral.closed', {}, { id: 'closed', arrives: '2026-03-05 15:00' }], // again
      ['R1', '2026-03-04 16:00', 'event.retracted', { source: 's', id: 'closed' }],
      ['R2', '2026-03-04 15:00', 'referral.closed', { reason: 'unspecified' }],
      ['nobody', '2026-03-04 15:00', 'referral.closed', { reason: 'gone' }], // an orphan's
      ['early', '2026-03-01 15:00', 'referral.closed', { reason: 'gone' }, { arrives: '2026-03-04 15:00' }],
      ['early', '2026-03-01 16:00', 'referral.closed', {}, { arrives: '2026-03-04 15:00' }],
      ['before', '2026-03-01 15:00', 'referral.closed', { reason: 'gone' }],
      ['after', '2026-03-04 15:00', 'referral.closed', { reason: 'gone' }, { arrives: '2026-03-09 05:00' }],
    ];
    const unmapped = {
      'referral.declined.reason': 3,
      'contact.attempted.outcome': 2,
      'contact.attempted.channel': 1,
      'referral.closed.reason': 4,
    };
    const scopes = weekOf(...WEEK_10, told);
    expect(scopes.get('organization')?.dataQuality.unmapped).toEqual(unmapped);
    expect(scopes.get('specialty=dermatology')?.dataQuality.unmapped).toEqual(unmapped);
    expect(scopes.get('organization')?.intake.declined).toEqual({ other: 4 });
  });

  it('lists unknown practices and sites, and NPIs that are wrong or stand under two practices', () => {
    const by = (id: string, npi: string | null, more = {}) => ({
      practice: { id, ...(npi !== null && { providerNpi: npi }), ...more },
    });
    const told = [
      by('a', '1234567893'),
      by('b', '1234567893'),
      by('a', '1234567890'),
      by('a', '12345'),
      by('\uFF5E', null, { providerName: 'Somebody' }),
      by('\u{1F4C5}', ''),
    ].map((more, index): Told => [`R${index}`, '2025-05-04 15:00', 'referral.received', { ...from('a'), ...more }]);
    told.push(['R9', '2025-05-04 15:00', 'referral.received', { ...from('a'), site: 'x', ...by('gone', '99') }]);
    told.push(['R9', '2025-05-04 15:00', 'referral.voided']);
    expect(organizationIn(...WEEK_10, told).audit).toEqual({
      unknownPractices: ['\uFF5E', '\u{1F4C5}'], // by code point, not by code unit
      unknownSites: [],
      npiInvalid: ['12345', '1234567890'],
      npiShared: ['1234567893'],
      withoutProvider: 1,
      visitsWithoutOutcome: 0,
      nearDuplicates: [],
      notesBeforeReferral: [],
    });
  });

  it('lists practices that stand under two ids with one name', () => {
    const named = (id: string, practice: string, name?: string, more = {}): Told => [
      id,
      '2026-03-04 15:00',
      'referral.received',
      { ...from(practice), practice: { id: practice, ...(name !== undefined && { name }) }, ...more },
    ];
    const duplicates = (told: Told[], scope = 'organization') =>
      weekOf(...WEEK_10, told).get(scope)?.audit.nearDuplicates;
    const pair = [
      { id: 'p1', name: 'North Family Practice' },
      { id: 'p2', name: 'North Family Practice' },
    ];
    const two = [named('R2', 'p2', 'North Family Practice'), named('R1', 'p1', 'North Family Practice')];
    expect(duplicates(two)).toEqual([pair]);
    expect(duplicates([...two, named('R3', 'p1')])).toEqual([]); // its second name is none
    expect(duplicates([named('R1', 'a', 'A'), named('R2', 'p', 'A')])).toEqual([
      [
        { id: 'a', name: 'A' },
        { id: 'p', name: 'A' },
      ],
    ]);
    expect(duplicates([named('R1', 'a', 'Twin'), named('R2', 'p', 'Twin')])).toEqual([]); // the directory says A
    expect(duplicates([named('R1', 'p1', 'B and Sons'), named('R2', 'p2', 'B and Sons')])).toEqual([]); // an alias
    expect(duplicates([...two, ['R1', '2026-03-05 15:00', 'referral.voided']])).toEqual([]);
    const apart = [two[0] as Told, named('R1', 'p1', 'North Family Practice', { specialty: 'imaging' })];
    expect(duplicates(apart, 'specialty=imaging')).toEqual([]);
    expect(duplicates(apart)).toEqual([pair]);
  });

  it('lists the referrals with a note of another one', () => {
    const told: Told[] = [
      ['\uFF5E', '2026-03-04 15:00', 'referral.received', from('a')],
      ['\uFF5E', '2026-03-03 14:59', 'note.received'], // over 24 hours before
      ['\u{1F4C5}', '2026-03-04 15:00', 'referral.received', from('a', { orderedAt: '2026-03-02T15:00:00Z' })],
      ['\u{1F4C5}', '2026-03-01 14:59', 'note.received'],
      ['\u{1F4C5}', '2026-03-01 14:58', 'note.received'],
      ['day', '2026-03-04 15:00', 'referral.received', from('a')],
      ['day', '2026-03-03 15:00', 'note.received'], // 24 hours
      ['ordered', '2026-03-04 15:00', 'referral.received', from('a', { orderedAt: '2026-03-02T15:00:00Z' })],
      ['ordered', '2026-03-01 15:00', 'note.received'],
      ['void', '2026-03-04 15:00', 'referral.received', from('a')],
      ['void', '2026-03-01 15:00', 'note.received'],
      ['void', '2026-03-04 15:00', 'referral.voided'],
      ['nobody', '2026-03-01 15:00', 'note.received'],
    ];
    expect(organizationIn(...WEEK_10, told).audit.notesBeforeReferral).toEqual(['\uFF5E', '\u{1F4C5}']);
  });

  it('counts a visit without outcome, also one that is over', () => {
    const booking = (appointmentId: string, startsAt: string) => ({ appointmentId, startsAt });
    const told: Told[] = [
      ['R', '2026-02-16 15:00', 'referral.received', from('a')],
      ['R', '2026-02-16 16:00', 'appointment.scheduled', booking('A', '2026-02-20T15:00:00Z')],
      ['R', '2026-02-16 17:00', 'appointment.scheduled', booking('B', '2026-02-24T15:00:00Z')],
      ['R', '2026-02-24 16:00', 'appointment.no_show', { appointmentId: 'B' }],
      ['R', '2026-02-25 15:00', 'appointment.scheduled', booking('C', '2026-03-09T10:00:00Z')], // now
    ];
    expect(organizationIn(...WEEK_10, told).audit.visitsWithoutOutcome).toBe(1);
  });

  it('judges what was missing at receipt, and counts declines of the week', () => {
    const told: Told[] = [
      ['R1', '2026-03-04 15:00', 'referral.received', from('a', { specialty: 'imaging' })],
      ['R1', '2026-03-05 15:00', 'referral.updated', { payer: 'hmo', practice: { id: 'b' } }], // later is too late
      ['R2', '2026-03-04 15:00', 'referral.received', from('a', { specialty: 'imaging', payer: 'hmo' })],
      ['R2', '2026-03-05 15:00', 'referral.declined', { reason: 'coverage' }],
      ['R2', '2026-03-06 15:00', 'referral.accepted'],
      ['R2', '2026-03-07 15:00', 'referral.declined', { reason: 'coverage' }],
      ['R3', '2026-03-01 15:00', 'referral.received', from('b')],
      ['R3', '2026-03-01 16:00', 'referral.declined', { reason: 'other' }], // the week before
      ['R3', '2026-03-05 16:00', 'referral.declined', { reason: 'other' }, { id: 'mistake' }],
      ['R3', '2026-03-05 17:00', 'event.retracted', { source: 's', id: 'mistake' }],
    ];
    expect(organizationIn(...WEEK_10, told).intake).toEqual({
      incomplete: { n: 1, d: 2, bySpecialty: { imaging: 1 }, byPractice: { b: 1 } },
      declined: { coverage: 2 },
      declinedBySpecialty: { imaging: 2 },
      declinedByPractice: { a: 2 },
    });
  });
});

describe('The comparison of reports', () => {
  it('finds no difference between equal reports, apart from rounding and further fields', () => {
    const expected = { a: 1 / 3, b: [1, null], c: { excludedBy: { test: 1 } } };
    const actual = { a: 0.33333333333333, b: [1, null], c: { excludedBy: { test: 1 }, more: 1 }, more: 1 };
    expect(compareReports(new Map([['x', expected]]), new Map([['x', actual]]))).toEqual([]);
  });

  it('finds the pairs that must be there among others', () => {
    const pair = [{ id: 'a' }, { id: 'b' }];
    const report = (...nearDuplicates: unknown[]) => ({ nearDuplicates });
    expect(compareReports(report(pair), report([{ id: 'a' }, { id: 'c' }], pair))).toEqual([]);
    expect(compareReports(report(pair), report([{ id: 'a' }, { id: 'c' }]))).toEqual([
      'nearDuplicates: expected [{"id":"a"},{"id":"b"}], got nothing',
    ]);
  });

  it('says where they differ and how', () => {
    const expected = { a: 0.3333, b: [1, null], c: { excludedBy: { test: 1 } }, d: 1, e: null, f: [1] };
    const actual = { a: 0.33334, b: [1, 2], c: { excludedBy: { test: 1, moved: 1 } }, e: 0, f: [1, 2] };
    expect(compareReports(new Map([['x', expected]]), new Map([['x', actual]]))).toEqual([
      'x / a: expected 0.3333, got 0.33334',
      'x / b / 1: expected null, got 2',
      'x / c / excludedBy / moved: expected nothing, got 1',
      'x / d: expected 1, got nothing',
      'x / e: expected null, got 0',
      'x / f: expected [1], got [1,2]',
    ]);
    expect(compareReports(new Map(), new Map([['x', 1]]))).toEqual(['x: expected nothing, got 1']);
  });
});
