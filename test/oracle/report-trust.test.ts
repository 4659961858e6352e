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
      ['R', '2026-03-04 16:00', 'referral.declined', {}],
      ['R', '2026-03-09 05:00', 'no.such.type'], // after the week, though before the report
    ];
    expect(organizationIn(...WEEK_10, told).dataQuality.refused).toEqual({
      unknown_type: 1,
      time_in_future: 1,
      invalid: 1,
    });
  });

  it('reports orphans of more than a day, unassigned referrals, and when feeds were last heard', () => {
    const told: Told[] = [
      ['day', '2026-03-08 10:00', 'referral.accepted'], // 24 hours, not more
      ['more', '2026-03-08 09:59', 'referral.accepted'],
      ['records', '2026-03-08 10:00', 'feed.heartbeat'],
      ['records', '2026-03-07 10:00', 'feed.heartbeat', {}, { arrives: '2026-03-08 11:00' }],
      ['R1', '2026-03-04 15:00', 'referral.received', from('a')],
      ['R2', '2026-03-04 15:00', 'referral.received', from('a', { site: 'elsewhere' })],
    ];
    const scopes = weekOf(...WEEK_10, told);
    const feeds = [
      { name: 'records', lastHeardAt: '2026-03-08T10:00:00.000Z', quiet: false },
      { name: 'fax', lastHeardAt: null, quiet: true },
    ];
    expect(scopes.get('organization')?.dataQuality).toEqual({ refused: {}, orphans: 1, unassigned: 1, feeds });
    expect(scopes.get('site=north')?.dataQuality).toEqual({ refused: {}, orphans: 0, unassigned: 0, feeds });
    expect(scopes.get('site=elsewhere')?.dataQuality.unassigned).toBe(1);
    const later = [...told, ['records', '2026-03-08 09:59', 'feed.heartbeat'] as Told].filter(
      ([, time]) => time !== '2026-03-08 10:00',
    );
    expect(organizationIn(...WEEK_10, later).dataQuality.feeds[0].quiet).toBe(true);
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
    });
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
