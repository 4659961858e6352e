import { describe, expect, test } from 'vitest';
import { mailRows } from '../../../../shared/contracts/mail-rows.ts';
import {
  at,
  config,
  coordinator,
  days,
  FRIDAY,
  hours,
  MONDAY,
  many,
  numbered,
  referralAlert,
  state,
  TUESDAY,
} from '../../mail/builders.ts';
import { busyMorning } from '../../mail/samples.ts';
import { digest, following, listed, rowOf, rowsIn, saying } from './digests.ts';

const urgent = { priority: 'urgent' } as const;
const dueToday = { level: 'at_risk', dueAt: MONDAY + hours(10), atRiskAt: FRIDAY } as const;

describe('the section of a referral', () => {
  test.each(['stat', 'asap', 'urgent', null] as const)(
    'of priority %s is now, if it is breached or due',
    (priority) => {
      expect(listed({ alerts: [referralAlert({}, { priority })] })).toEqual({ now: ['R-1'] });
      expect(listed({ alerts: [referralAlert(dueToday, { priority })] })).toEqual({ now: ['R-1'] });
    },
  );

  test('is not now for an urgent one that is neither', () => {
    const later = referralAlert({ level: 'at_risk', dueAt: MONDAY + days(3), atRiskAt: MONDAY }, urgent);
    expect(listed({ alerts: [later] })).toEqual({ soon: ['R-1'] });
  });

  test('is missed or cancelled, if that was since the last digest and nothing is booked, whatever is overdue', () => {
    const lost = { stage: 'to_rebook', visitLostAt: FRIDAY + 1 } as const;
    expect(listed({ alerts: [referralAlert({}, lost)] })).toEqual({ missed_or_cancelled: ['R-1'] });
    expect(listed({ alerts: [referralAlert({}, { ...lost, visitLostAt: FRIDAY })] })).toEqual({
      newly_breached: ['R-1'],
    });
    const booked = { ...lost, stage: 'scheduled', active: [{ startsAt: MONDAY + days(9), arrived: false }] } as const;
    expect(listed({ alerts: [referralAlert({}, { ...booked, active: [...booked.active] })] })).toEqual({
      newly_breached: ['R-1'],
    });
  });

  test('is due, if something is due before the next digest, whatever else is late', () => {
    const alerts = [referralAlert({ kind: 'scheduled' }), referralAlert({ ...dueToday, kind: 'visit' })];
    expect(listed({ alerts })).toEqual({ due: ['R-1'] });
    expect(rowOf({ alerts }).kind).toBe('visit');
  });

  test('is due on Friday, if it is due on Saturday and the reader does not work then', () => {
    const alerts = [referralAlert({ level: 'at_risk', dueAt: FRIDAY + days(2) })];
    expect(listed({ alerts, asOf: FRIDAY, since: FRIDAY - days(1) })).toEqual({ due: ['R-1'] });
    const every = coordinator({ workdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] });
    expect(digest({ alerts, asOf: FRIDAY, since: FRIDAY - days(1), recipient: every })).toBeNull();
  });

  test('is not due at the very instant of the next digest: that one says it', () => {
    expect(digest({ alerts: [referralAlert({ ...dueToday, dueAt: TUESDAY })], asOf: MONDAY })?.sections).toEqual([]);
    expect(listed({ alerts: [referralAlert({ ...dueToday, dueAt: TUESDAY - 1 })] })).toEqual({ due: ['R-1'] });
  });

  test('is not due, if somebody has acknowledged what is due', () => {
    const alerts = [referralAlert({ ...dueToday, acknowledgedBy: 'c1' })];
    expect(digest({ alerts, asOf: MONDAY })?.sections).toEqual([]);
  });

  test('is unknown attendance, if nothing is overdue beside it', () => {
    const unknown = referralAlert({ kind: 'attendance_unknown', dueAt: MONDAY - days(40) }, { stage: 'scheduled' });
    expect(listed({ alerts: [unknown] })).toEqual({ attendance_unknown: ['R-1'] });
    expect(listed({ alerts: [unknown, referralAlert({ kind: 'visit' })] })).toEqual({ newly_breached: ['R-1'] });
    const ofUrgent = referralAlert({ kind: 'attendance_unknown' }, { ...urgent, stage: 'scheduled' });
    expect(listed({ alerts: [ofUrgent] })).toEqual({ attendance_unknown: ['R-1'] });
  });

  test('is newly overdue once, then still overdue, also if it was paused for a while', () => {
    const last = saying({ alerts: [referralAlert()], asOf: FRIDAY, since: FRIDAY - days(1) });
    expect(last.sections[0]?.section).toBe('newly_breached');
    const reopened = referralAlert({ since: MONDAY - hours(1), openedAt: MONDAY - hours(1) });
    expect(listed({ alerts: [reopened], ...following(last) })).toEqual({ still_open: ['R-1'] });
  });

  test('is coming up once, when it came to be at risk', () => {
    const soon = (atRiskAt: number) => [referralAlert({ level: 'at_risk', dueAt: MONDAY + days(5), atRiskAt })];
    expect(listed({ alerts: soon(FRIDAY + 1) })).toEqual({ soon: ['R-1'] });
    expect(digest({ alerts: soon(FRIDAY), asOf: MONDAY })?.sections).toEqual([]);
  });

  test('is none for what was resolved, voided or snoozed', () => {
    const alerts = [
      referralAlert({ referralId: 'R-2', resolvedAt: MONDAY, resolution: 'stopped' }),
      referralAlert({ referralId: 'R-3' }, { stage: 'voided' }),
      referralAlert({ referralId: 'R-4', snoozedUntil: TUESDAY + 1 }),
    ];
    expect(digest({ alerts, asOf: TUESDAY, since: MONDAY })).toBeNull();
  });

  test('is none for acknowledged news of a referral that has ended', () => {
    const news = (acknowledgedBy: string | null) => [
      referralAlert({ kind: 'news_after_end', acknowledgedBy }, { stage: 'closed' }),
    ];
    expect(listed({ alerts: news(null) })).toEqual({ newly_breached: ['R-1'] });
    expect(saying({ alerts: news('c1') }).sections).toEqual([]);
  });
});

describe('a visit that fell through without an alert', () => {
  const lost = (over = {}) => state({ stage: 'to_rebook', visitLostAt: FRIDAY + hours(3), ...over });

  test('is listed, led by the rebooking', () => {
    expect(mailRows(saying({ toRebook: [lost()] }))).toMatchObject([
      { referralId: 'R-1', kind: 'rebook', section: 'missed_or_cancelled', state: 'new' },
    ]);
  });

  test('is listed once, and not if it was before the last digest, before the go-live, seen or booked', () => {
    const live = config({ liveFrom: '2026-03-01T00:00:00.000Z' });
    expect(saying({ toRebook: [lost()], config: live }).sections).toEqual([]);
    for (const over of [{ visitLostAt: FRIDAY }, { stage: 'awaiting_note', seenAt: FRIDAY }, { stage: 'scheduled' }]) {
      expect(saying({ toRebook: [lost(over)] }).sections).toEqual([]);
    }
    const alerts = [referralAlert({ kind: 'rebook', level: 'at_risk', dueAt: MONDAY + days(6) }, lost())];
    expect(rowsIn(saying({ alerts, toRebook: [lost()] }))).toHaveLength(1);
  });

  test('is not listed while somebody has snoozed its rebooking, but is if they snoozed something else', () => {
    const snoozed = (kind: 'rebook' | 'silence') => referralAlert({ kind, snoozedUntil: TUESDAY }, lost());
    expect(saying({ alerts: [snoozed('rebook')] }).sections).toEqual([]);
    expect(listed({ alerts: [snoozed('silence')] })).toEqual({ missed_or_cancelled: ['R-1'] });
  });
});

describe('the alert that leads a row', () => {
  const leads = (...alerts: ReturnType<typeof referralAlert>[]) => rowOf({ alerts }).kind;

  test('is breached before at risk, however late the other', () => {
    const breached = referralAlert({ kind: 'silence', dueAt: MONDAY - 1 });
    expect(leads(referralAlert({ kind: 'visit', level: 'at_risk', dueAt: MONDAY + days(4) }), breached)).toBe(
      'silence',
    );
  });

  test('is a clock before the other kinds', () => {
    expect(
      leads(referralAlert({ kind: 'incomplete', dueAt: MONDAY - days(20) }), referralAlert({ kind: 'visit' })),
    ).toBe('visit');
  });

  test('is one that nobody has acknowledged', () => {
    const known = referralAlert({ kind: 'scheduled', dueAt: MONDAY - days(9), acknowledgedBy: 'c1' });
    expect(leads(known, referralAlert({ kind: 'visit', dueAt: MONDAY - days(1) }))).toBe('visit');
  });

  test('is the one due first; of two due together the one that the reader can see to', () => {
    expect(
      leads(
        referralAlert({ kind: 'scheduled', dueAt: MONDAY - 2 }),
        referralAlert({ kind: 'visit', dueAt: MONDAY - 1 }),
      ),
    ).toBe('scheduled');
    expect(leads(referralAlert({ kind: 'acceptance' }), referralAlert({ kind: 'first_attempt' }))).toBe(
      'first_attempt',
    );
  });

  test('is the clock where it and a late booking are due together', () => {
    const due = { level: 'at_risk', dueAt: MONDAY + hours(12) } as const;
    expect(leads(referralAlert({ ...due, kind: 'booked_late' }), referralAlert({ ...due, kind: 'visit' }))).toBe(
      'visit',
    );
  });

  test('names the others, each once', () => {
    const alerts = [referralAlert(), referralAlert(), referralAlert({ kind: 'scheduled', dueAt: MONDAY - days(9) })];
    const row = rowOf({ alerts });
    expect([row.kind, ...row.also.map(({ kind }) => kind)]).toEqual(['scheduled', 'first_attempt']);
  });
});

describe("others' escalations", () => {
  const settings = config();
  settings.directory.people.push(coordinator(), coordinator({ id: 'c2' }), coordinator({ id: 'c3' }));
  const escalated = (referralId: string, coordinatorId: string | null, over = {}) =>
    referralAlert(
      { referralId, level: 'escalated', dueAt: MONDAY - days(20), escalatedAt: MONDAY - days(15), ...over },
      { coordinatorId },
    );

  test('come last, one row a referral, led by the earliest due, and say whose they are', () => {
    const others = [
      escalated('R-2', 'c2', { kind: 'visit', dueAt: MONDAY - days(6) }),
      escalated('R-2', 'c2', { kind: 'scheduled' }),
      referralAlert({ referralId: 'R-2', kind: 'reached' }, { coordinatorId: 'c2' }),
    ];
    const content = saying({ alerts: [referralAlert()], escalated: others, config: settings });
    expect(content.sections.map(({ section }) => section)).toEqual(['newly_breached', 'escalated_elsewhere']);
    const [own, other] = rowsIn(content);
    expect(own?.coordinatorId).toBeNull();
    expect(other).toMatchObject({
      referralId: 'R-2',
      kind: 'scheduled',
      coordinatorId: 'c2',
      also: [{ kind: 'visit' }],
    });
  });

  test("are none of the reader's own, and none that is snoozed", () => {
    const content = saying({
      escalated: [escalated('R-1', 'c1'), escalated('R-2', 'c2', { snoozedUntil: TUESDAY })],
      config: settings,
    });
    expect(content.sections).toEqual([]);
  });

  test('stand by whether they are new, then by owner, nobody last', () => {
    const fresh = { escalatedAt: MONDAY };
    const others = [
      escalated('R-1', null),
      escalated('R-2', 'c3'),
      escalated('R-3', 'c2'),
      escalated('R-4', 'c3', fresh),
      escalated('R-5', null, fresh),
    ];
    expect(listed({ escalated: others, config: settings }).escalated_elsewhere).toEqual([
      'R-4',
      'R-5',
      'R-3',
      'R-2',
      'R-1',
    ]);
  });
});

describe('order within a section', () => {
  test('is by priority: stat, asap, urgent, unknown', () => {
    const priorities = [null, 'stat', 'urgent', 'asap'] as const;
    const alerts = priorities.map((priority) => referralAlert({ referralId: `${priority}` }, { priority }));
    expect(listed({ alerts }).now).toEqual(['stat', 'asap', 'urgent', 'null']);
  });

  test('is by what nobody has acknowledged, then by how long it is over', () => {
    const alerts = [
      referralAlert({ referralId: 'R-4', dueAt: MONDAY - days(4) }),
      referralAlert({ referralId: 'R-9', dueAt: MONDAY - days(9) }),
      referralAlert({ referralId: 'R-30', dueAt: MONDAY - days(30), acknowledgedBy: 'c1' }),
    ];
    expect(listed({ alerts }).newly_breached).toEqual(['R-9', 'R-4', 'R-30']);
  });

  test('is the same in whatever order the alerts are read', () => {
    const alerts = busyMorning(60);
    expect(digest({ alerts: [...alerts].reverse() })).toEqual(digest({ alerts }));
  });
});

describe('marks', () => {
  test('acknowledged: by whom and since when, whichever alert of the row it is', () => {
    const acknowledged = { acknowledgedBy: 'c1', acknowledgedAt: FRIDAY };
    const alerts = [referralAlert({ kind: 'visit' }), referralAlert({ kind: 'scheduled', ...acknowledged })];
    const settings = config();
    settings.directory.people.push(coordinator());
    expect(rowOf({ alerts, config: settings })).toMatchObject({
      kind: 'visit',
      marks: { acknowledged: { by: 'c1', at: FRIDAY } },
    });
    // Who is not in the directory may be free text.
    expect(rowOf({ alerts }).marks.acknowledged).toEqual({ by: null, at: FRIDAY });
    expect(rowOf({ alerts: [referralAlert()] }).marks.acknowledged).toBeNull();
  });

  test('snooze over: in the first digest after it, whichever alert leads the row', () => {
    const alerts = (snoozedUntil: number) => [
      referralAlert({ kind: 'visit' }),
      referralAlert({ kind: 'scheduled', snoozedUntil }),
    ];
    expect(rowOf({ alerts: alerts(FRIDAY + 1) }).marks.snoozeOver).toBe(true);
    expect(rowOf({ alerts: alerts(MONDAY) }).marks.snoozeOver).toBe(true);
    expect(rowOf({ alerts: alerts(FRIDAY) }).marks.snoozeOver).toBe(false);
  });

  test('a row whose snooze is over and that fits no section is coming up', () => {
    const alerts = [
      referralAlert({
        level: 'at_risk',
        dueAt: MONDAY + days(9),
        atRiskAt: FRIDAY - days(9),
        snoozedUntil: MONDAY - 1,
      }),
    ];
    expect(listed({ alerts })).toEqual({ soon: ['R-1'] });
  });

  test('reopened: since the last digest', () => {
    expect(rowOf({ alerts: [referralAlert({}, { reopenedAt: FRIDAY + 1 })] }).marks.reopened).toBe(true);
    expect(rowOf({ alerts: [referralAlert({}, { reopenedAt: FRIDAY })] }).marks.reopened).toBe(false);
  });

  test('are in the rows of mail.ndjson', () => {
    const alerts = [referralAlert({ acknowledgedBy: 'c1', snoozedUntil: MONDAY }, { reopenedAt: MONDAY })];
    expect(mailRows(saying({ alerts }))).toEqual([
      {
        referralId: 'R-1',
        kind: 'first_attempt',
        section: 'newly_breached',
        state: 'new',
        marks: ['acknowledged', 'snooze_over', 'reopened'],
        also: [],
      },
    ]);
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

  test('is an all-clear on Tuesday if the digest of Monday was not made', () => {
    expect(digest({ asOf: TUESDAY, since: FRIDAY })?.allClear).toBe(true);
    expect(digest({ asOf: TUESDAY, since: MONDAY })).toBeNull();
    expect(digest({ asOf: TUESDAY, since: FRIDAY, hasLast: false })).toBeNull();
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
});

describe('figures of a row and of the whole', () => {
  test('counts what was dealt with since the last digest and says which, not what was retracted or paused', () => {
    const resolutions = ['stopped', 'ended', 'retracted', 'paused'] as const;
    const alerts = resolutions.map((resolution) =>
      referralAlert({ referralId: `R-${resolution}`, resolvedAt: MONDAY - hours(1), resolution }),
    );
    const before = referralAlert({ resolvedAt: FRIDAY, resolution: 'stopped' });
    expect(saying({ alerts: [...alerts, before] })).toMatchObject({
      resolvedSince: 2,
      resolvedReferrals: ['R-ended', 'R-stopped'],
    });
  });

  test('counts what is snoozed', () => {
    expect(saying({ alerts: [referralAlert({ snoozedUntil: MONDAY + 1 })] })).toMatchObject({
      sections: [],
      snoozed: 1,
    });
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

describe('caps', () => {
  const open = (count: number, over = {}) =>
    many(count, (index) => referralAlert({ referralId: numbered(index) }, over));

  test('a section lists 50 routine referrals and says how many it leaves out', () => {
    const content = saying({ alerts: open(120) });
    expect(content.sections[0]).toMatchObject({ more: 70 });
    expect(rowsIn(content)).toHaveLength(50);
    expect(content).toMatchObject({ referrals: 120, cut: [{ section: 'newly_breached', priority: 'routine', n: 70 }] });
  });

  test('the cap is configurable', () => {
    expect(saying({ alerts: open(12), cap: 10 }).cut).toMatchObject([{ n: 2 }]);
  });

  test('the rows that are cut are kept for who gets them as a file', () => {
    expect(saying({ alerts: open(52), keepsCutRows: true }).sections[0]?.cutRows).toHaveLength(2);
    expect(saying({ alerts: open(52) }).sections[0]?.cutRows).toBeUndefined();
  });

  test('what is cut stands all the same: it is not newly overdue on the next day', () => {
    const alerts = open(60);
    const next = saying({ alerts, asOf: TUESDAY, ...following(saying({ alerts })) });
    expect(next.sections.map(({ section }) => section)).toEqual(['still_open']);
    expect(rowsIn(next).every(({ state: standing }) => standing === 2)).toBe(true);
  });

  test('of 1,000 open breaches none is cut that is not routine, newly escalated or marked', () => {
    const kinds = [
      { name: 'stat', alert: {}, state: { priority: 'stat' } },
      { name: 'asap', alert: {}, state: { priority: 'asap' } },
      { name: 'urgent', alert: {}, state: { priority: 'urgent' } },
      { name: 'unknown', alert: {}, state: { priority: null } },
      { name: 'escalated', alert: { level: 'escalated', escalatedAt: MONDAY }, state: {} },
      { name: 'acknowledged', alert: { acknowledgedBy: 'c1' }, state: {} },
      { name: 'snoozed', alert: { snoozedUntil: MONDAY }, state: {} },
      { name: 'reopened', alert: {}, state: { reopenedAt: MONDAY } },
      { name: 'routine', alert: {}, state: {} },
      { name: 'long escalated', alert: { level: 'escalated', escalatedAt: MONDAY - days(9) }, state: {} },
    ] as const;
    const alerts = many(1000, (index) => {
      const { name, alert, state: of } = kinds[index % kinds.length] ?? kinds[0];
      return referralAlert(
        { referralId: `${name} ${numbered(index)}`, dueAt: MONDAY - hours(20 + index), ...alert },
        of,
      );
    });
    const content = saying({ alerts });
    const named = Map.groupBy(rowsIn(content), ({ referralId }) => referralId.slice(0, referralId.lastIndexOf(' ')));
    const counts = Object.fromEntries(kinds.map(({ name }) => [name, named.get(name)?.length ?? 0]));
    const { routine, 'long escalated': longEscalated, ...uncut } = counts;
    expect(new Set(Object.values(uncut))).toEqual(new Set([100]));
    expect((routine ?? 0) + (longEscalated ?? 0)).toBeLessThan(50);
    expect(content.cut.reduce((sum, { n }) => sum + n, 0) + rowsIn(content).length).toBe(1000);
  });
});
