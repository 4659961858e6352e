import { describe, expect, test } from 'vitest';
import { type CoordinatorDigestContent, mailRows } from '../../../../shared/contracts/mail.ts';
import { MOST_ROWS } from '../../../../shared/domain/mail/caps.ts';
import { type CoordinatorDigestInput, coordinatorDigest } from '../../../../shared/domain/mail/coordinator-digest.ts';
import {
  at,
  config,
  coordinator,
  dateIn,
  days,
  FRIDAY,
  hours,
  MONDAY,
  many,
  numbered,
  referralAlert,
  TUESDAY,
} from '../../mail/builders.ts';
import { busyMorning } from '../../mail/samples.ts';

const digest = (over: Partial<CoordinatorDigestInput>): CoordinatorDigestContent | null =>
  coordinatorDigest({
    recipient: coordinator(),
    period: dateIn(over.asOf ?? MONDAY, over.recipient?.timeZone),
    asOf: MONDAY,
    since: FRIDAY,
    alerts: [],
    config: config(),
    ...over,
  });

/** The digest of alerts that give one. */
function saying(over: Partial<CoordinatorDigestInput>): CoordinatorDigestContent {
  const content = digest(over);
  if (!content) throw new Error('expected a digest');
  return content;
}

/** Referral ids by section. */
function listed(over: Partial<CoordinatorDigestInput>): Record<string, string[]> {
  const { sections } = saying(over);
  return Object.fromEntries(sections.map(({ section, rows }) => [section, rows.map(({ referralId }) => referralId)]));
}

const rowOf = (over: Partial<CoordinatorDigestInput>) => {
  const row = saying(over).sections[0]?.rows[0];
  if (!row) throw new Error('expected a row');
  return row;
};

describe('the section of an alert', () => {
  test('a visit missed since the last digest comes first, though it is due in days', () => {
    const missed = referralAlert(
      { kind: 'rebook', level: 'at_risk', since: FRIDAY + hours(8), dueAt: MONDAY + days(6) },
      { stage: 'to_rebook' },
    );
    expect(listed({ alerts: [missed] })).toEqual({ missed_or_cancelled: ['R-1'] });
  });

  test('a visit missed before the last digest is no news until its rebooking is due', () => {
    const missed = { kind: 'rebook', level: 'at_risk', since: FRIDAY - hours(8) } as const;
    const alerts = [
      referralAlert({ ...missed, referralId: 'R-later', dueAt: MONDAY + days(3) }, { stage: 'to_rebook' }),
      referralAlert({ ...missed, referralId: 'R-today', dueAt: MONDAY + hours(10) }, { stage: 'to_rebook' }),
    ];
    expect(listed({ alerts })).toEqual({ due_today: ['R-today'] });
  });

  test("what is due up to the recipient's own midnight, inclusive, is to do today", () => {
    const midnight = at('2026-03-03T05:00:00Z');
    const due = (referralId: string, dueAt: number) => referralAlert({ referralId, level: 'at_risk', dueAt });
    const alerts = [due('R-at', midnight), due('R-before', midnight - 1), due('R-after', midnight + 1)];
    expect(listed({ alerts })).toEqual({ due_today: ['R-before', 'R-at'] });
  });

  test("a day ends at the site's midnight if that is later: tomorrow's digest would come too late", () => {
    const settings = config();
    settings.directory.sites.push({ id: 'west', name: 'West Clinic', timeZone: 'America/Los_Angeles' });
    const due = { level: 'at_risk', dueAt: at('2026-03-03T08:00:00Z') } as const;
    const alerts = [
      referralAlert({ ...due, referralId: 'R-west' }, { site: 'west' }),
      referralAlert({ ...due, referralId: 'R-north' }),
    ];
    expect(listed({ alerts, config: settings })).toEqual({ due_today: ['R-west'] });
  });

  test('a day that loses an hour still ends at midnight', () => {
    const asOf = at('2026-03-08T11:00:00Z');
    const alerts = [
      referralAlert({ referralId: 'R-in', level: 'at_risk', dueAt: at('2026-03-09T04:00:00Z') }),
      referralAlert({ referralId: 'R-out', level: 'at_risk', dueAt: at('2026-03-09T04:00:01Z') }),
    ];
    expect(listed({ alerts, asOf })).toEqual({ due_today: ['R-in'] });
  });

  test('a breach is new once, then still open', () => {
    const alerts = [
      referralAlert({ referralId: 'R-new', dueAt: MONDAY - hours(14), openedAt: FRIDAY + 1 }),
      referralAlert({ referralId: 'R-known', dueAt: FRIDAY - hours(1), openedAt: FRIDAY }),
    ];
    expect(listed({ alerts })).toEqual({ newly_breached: ['R-new'], still_open: ['R-known'] });
  });

  test('everything is new in a first digest', () => {
    expect(listed({ alerts: [referralAlert()], since: null })).toEqual({ newly_breached: ['R-1'] });
  });

  test('unknown attendance has its own section, however old it is', () => {
    const unknown = referralAlert({ kind: 'attendance_unknown', dueAt: MONDAY - days(40) }, { stage: 'scheduled' });
    expect(listed({ alerts: [unknown] })).toEqual({ attendance_unknown: ['R-1'] });
  });

  test.each(['silence', 'incomplete', 'unassigned', 'orphan'] as const)('%s is new, then still open', (kind) => {
    expect(listed({ alerts: [referralAlert({ kind, openedAt: MONDAY })] })).toEqual({ newly_breached: ['R-1'] });
    expect(listed({ alerts: [referralAlert({ kind, openedAt: FRIDAY })] })).toEqual({ still_open: ['R-1'] });
  });

  test("a site's escalated alerts are listed for the person it escalates to, except their own", () => {
    const escalated = (referralId: string) =>
      referralAlert({ referralId, level: 'escalated', dueAt: MONDAY - days(20) });
    const content = listed({
      alerts: [escalated('R-own')],
      escalated: [escalated('R-own'), escalated('R-other'), referralAlert({ referralId: 'R-only-breached' })],
    });
    expect(content).toEqual({ escalated: ['R-other'], still_open: ['R-own'] });
  });

  test('an escalated row says whose referral it is', () => {
    const settings = config();
    settings.directory.people.push(coordinator({ id: 'c2' }));
    const escalated = [referralAlert({ level: 'escalated', dueAt: MONDAY - days(20) }, { coordinatorId: 'c2' })];
    expect(rowOf({ escalated, config: settings }).coordinatorId).toBe('c2');
    expect(rowOf({ alerts: escalated, config: settings }).coordinatorId).toBeNull();
  });

  test('resolved alerts and voided referrals are not listed', () => {
    const alerts = [
      referralAlert({ referralId: 'R-2', resolvedAt: MONDAY, resolution: 'stopped' }),
      referralAlert({ referralId: 'R-3' }, { stage: 'voided' }),
    ];
    expect(digest({ alerts, asOf: TUESDAY })).toBeNull();
  });
});

describe('order', () => {
  test('the section still_open lists the oldest due first', () => {
    const alerts = [4, 9, 5].map((age) => referralAlert({ referralId: `R-${age}`, dueAt: MONDAY - days(age) }));
    expect(listed({ alerts }).still_open).toEqual(['R-9', 'R-5', 'R-4']);
  });

  test('the section due_today lists stat, then asap, urgent, routine', () => {
    const alerts = (['routine', 'stat', 'urgent', 'asap'] as const).map((priority) =>
      referralAlert({ referralId: priority, level: 'at_risk', dueAt: MONDAY + hours(9) }, { priority }),
    );
    expect(listed({ alerts }).due_today).toEqual(['stat', 'asap', 'urgent', 'routine']);
  });

  test('the result is the same in whatever order the alerts are read', () => {
    const alerts = busyMorning(60);
    expect(digest({ alerts: [...alerts].reverse() })).toEqual(digest({ alerts }));
  });
});

describe('snoozes and acknowledgements', () => {
  const snoozed = (snoozedUntil: number) => [referralAlert({ snoozedUntil })];

  test('a snoozed alert is hidden until the snooze ends, and counted', () => {
    const content = saying({ alerts: snoozed(MONDAY + 1) });
    expect(content).toMatchObject({ sections: [], snoozed: 1, allClear: true });
  });

  test('for a day after that it is listed as expired, then in its own section', () => {
    expect(listed({ alerts: snoozed(MONDAY) })).toEqual({ snooze_expired: ['R-1'] });
    expect(listed({ alerts: snoozed(MONDAY - days(1) + 1) })).toEqual({ snooze_expired: ['R-1'] });
    expect(listed({ alerts: snoozed(MONDAY - days(1)) })).toEqual({ still_open: ['R-1'] });
  });

  test('an acknowledged alert stays and is marked', () => {
    expect(rowOf({ alerts: [referralAlert({ acknowledgedBy: 'c1' })] }).acknowledged).toBe(true);
    expect(rowOf({ alerts: [referralAlert()] }).acknowledged).toBe(false);
  });
});

describe('one row for each referral', () => {
  const several = [
    referralAlert({ kind: 'acceptance', dueAt: MONDAY - hours(14), openedAt: MONDAY - hours(13) }),
    referralAlert({ kind: 'first_attempt', dueAt: MONDAY - hours(14), openedAt: MONDAY - hours(13) }),
    referralAlert({ kind: 'reached', level: 'at_risk', dueAt: MONDAY + days(1) }),
    referralAlert({ kind: 'scheduled', dueAt: MONDAY - days(9) }),
  ];

  test('it stands in the first section of any of the alerts and names the others', () => {
    const content = saying({ alerts: several });
    expect(content.sections.map(({ section }) => section)).toEqual(['newly_breached']);
    const row = rowOf({ alerts: several });
    // Due together with acceptance, but making the call is the coordinator's own work.
    expect(row.kind).toBe('first_attempt');
    expect(row.also.map(({ kind }) => kind)).toEqual(['acceptance', 'scheduled']);
  });

  test("every alert that it names is among the mail's rows", () => {
    expect(mailRows(saying({ alerts: several }))).toEqual([
      { referralId: 'R-1', kind: 'first_attempt', section: 'newly_breached' },
      { referralId: 'R-1', kind: 'acceptance', section: 'newly_breached' },
      { referralId: 'R-1', kind: 'scheduled', section: 'newly_breached' },
    ]);
  });

  test('an alert that is read twice is listed once', () => {
    expect(mailRows(saying({ alerts: [referralAlert(), referralAlert()] }))).toHaveLength(1);
  });
});

describe('caps', () => {
  const open = (count: number) => many(count, (index) => referralAlert({ referralId: numbered(index) }));

  test('a section lists 50 referrals and counts the rest', () => {
    const { sections, referrals } = saying({ alerts: open(120) });
    expect(sections[0]).toMatchObject({ more: 70 });
    expect(sections[0]?.rows).toHaveLength(50);
    expect(referrals).toBe(120);
  });

  test('the cap is configurable', () => {
    expect(saying({ alerts: open(12), cap: 10 }).sections[0]).toMatchObject({ more: 2 });
  });

  test('a full section names every referral before it names further alerts of any', () => {
    const alerts = open(40).flatMap(({ alert, state }) => [
      { alert, state },
      { alert: { ...alert, kind: 'reached' as const }, state },
    ]);
    const content = saying({ alerts });
    expect(content.sections[0]?.rows).toHaveLength(40);
    expect(mailRows(content)).toHaveLength(50);
    expect(content.sections[0]?.rows.map(({ alsoMore }) => alsoMore).reduce((a, b) => a + b)).toBe(30);
  });

  test('5,000 referrals leave rows in every section, and no more than a mail can hold', () => {
    const { sections, referrals } = saying({ alerts: busyMorning(5000) });
    const rows = sections.map((section) => section.rows.length);
    expect(rows.reduce((a, b) => a + b)).toBeLessThanOrEqual(MOST_ROWS);
    expect(Math.min(...rows)).toBeGreaterThan(20);
    expect(sections.reduce((sum, section) => sum + section.rows.length + section.more, 0)).toBe(referrals);
  });
});

describe('nothing to report', () => {
  test('is no mail', () => {
    expect(digest({ asOf: TUESDAY })).toBeNull();
  });

  test('is an all-clear on the first working day of the week', () => {
    expect(saying({})).toMatchObject({ allClear: true, sections: [], referrals: 0, policyVersions: ['2026-01'] });
  });

  test.each([
    ['a week from Tuesday to Saturday', TUESDAY, ['sat', 'tue', 'wed']],
    ['a Sunday alone', at('2026-03-08T11:00:00Z'), ['sun']],
  ] as const)('knows the first working day of %s', (_, asOf, workdays) => {
    expect(digest({ asOf, recipient: coordinator({ workdays: [...workdays] }) })?.allClear).toBe(true);
  });

  test('is an all-clear on Tuesday where Monday is a holiday of theirs', () => {
    const recipient = { ...coordinator(), holidays: ['2026-03-02'] };
    expect(digest({ asOf: TUESDAY, recipient })?.allClear).toBe(true);
    expect(digest({ asOf: TUESDAY + days(1), recipient })).toBeNull();
  });

  test("goes by the recipient's own date", () => {
    const lateSundayInUtc = at('2026-03-01T20:00:00Z');
    expect(digest({ asOf: lateSundayInUtc, recipient: coordinator({ timeZone: 'Asia/Tokyo' }) })?.allClear).toBe(true);
    expect(digest({ asOf: lateSundayInUtc })).toBeNull();
  });

  test('an alert that only warns of a later day is nothing to report', () => {
    expect(
      digest({ asOf: TUESDAY, alerts: [referralAlert({ level: 'at_risk', dueAt: TUESDAY + days(5) })] }),
    ).toBeNull();
  });
});

describe('figures of a row and of the whole', () => {
  test('counts what was dealt with since the last digest, not what was retracted or paused', () => {
    const resolutions = ['stopped', 'ended', 'retracted', 'paused'] as const;
    const alerts = resolutions.map((resolution) => referralAlert({ resolvedAt: MONDAY - hours(1), resolution }));
    const before = referralAlert({ resolvedAt: FRIDAY, resolution: 'stopped' });
    expect(saying({ alerts: [...alerts, before] }).resolvedSince).toBe(2);
  });

  test('shows attempts made against those required, and what is still missing', () => {
    const attempts = { made: 2, phoneDays: 1, letters: 0, wrongNumbers: 0 };
    expect(rowOf({ alerts: [referralAlert({}, { attempts })] }).attempts).toEqual({
      made: 2,
      required: 3,
      phoneDaysLeft: 1,
      lettersLeft: 1,
    });
  });

  test('names the policy versions that the listed referrals are held to', () => {
    const alerts = [
      referralAlert({}, { policyVersion: '2026-01' }),
      referralAlert({ referralId: 'R-2' }, { policyVersion: '2025-07' }),
    ];
    expect(saying({ alerts }).policyVersions).toEqual(['2025-07', '2026-01']);
  });

  test('names the fields that an incomplete referral lacks', () => {
    expect(rowOf({ alerts: [referralAlert({ kind: 'incomplete' }, { missing: ['payer'] })] }).missing).toEqual([
      'payer',
    ]);
  });
});
