import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../../shared/contracts/config.ts';
import type { LiaisonDigestContent } from '../../../../shared/contracts/mail.ts';
import { mailRows } from '../../../../shared/contracts/mail-rows.ts';
import type { PracticeFacts } from '../../../../shared/contracts/practice.ts';
import type { ReferralState } from '../../../../shared/contracts/state.ts';
import { type AlertKind, PRIORITIES, type Priority } from '../../../../shared/contracts/vocabulary.ts';
import type { ReferralAlert } from '../../../../shared/domain/mail/digest-input.ts';
import { type LiaisonDigestInput, liaisonDigest } from '../../../../shared/domain/mail/liaison-digest.ts';
import {
  config,
  coordinator,
  dateIn,
  days,
  FRIDAY,
  hours,
  liaison,
  MONDAY,
  many,
  numbered,
  referralAlert,
  TUESDAY,
} from '../../mail/builders.ts';

const digest = (over: Partial<LiaisonDigestInput>): LiaisonDigestContent | null =>
  liaisonDigest({
    recipient: liaison(),
    period: dateIn(over.asOf ?? MONDAY, over.recipient?.timeZone),
    asOf: MONDAY,
    // The one before: of Friday or, later in the week, of the day before.
    since: (over.asOf ?? MONDAY) > MONDAY ? (over.asOf ?? MONDAY) - days(1) : FRIDAY,
    hasLast: true,
    alerts: [],
    practices: [],
    config: config(),
    ...over,
  });

const facts = (over: Partial<PracticeFacts> = {}): PracticeFacts => ({
  practiceId: 'p1',
  lastContactAt: MONDAY - days(12),
  openFeedback: [],
  ...over,
});

/** All that is listed, as `practice section: referrals`. */
const listed = (over: Partial<LiaisonDigestInput>): string[] =>
  (digest(over)?.practices ?? []).flatMap(({ practiceId, sections }) =>
    sections.map(({ section, rows }) => `${practiceId} ${section}: ${rows.map((row) => row.referralId).join(' ')}`),
  );

const tried = { attempts: { made: 3, phoneDays: 2, letters: 1, wrongNumbers: 0 }, lastAttemptAt: MONDAY - days(20) };

describe('the section of an alert', () => {
  test.each([
    ['an office that waits for news', referralAlert({ kind: 'referrer_update', level: 'at_risk' }), 'office_not_told'],
    ['a late note', referralAlert({ kind: 'note' }, { stage: 'awaiting_note' }), 'late_notes'],
    [
      'a declined referral',
      referralAlert({ kind: 'reroute', level: 'at_risk' }, { stage: 'declined' }),
      'declined_not_rerouted',
    ],
    ['a patient whom nobody can reach', referralAlert({ kind: 'reached' }, tried), 'unreachable'],
    ['a patient without a date', referralAlert({ kind: 'scheduled' }), 'long_waits'],
    ['a patient without a visit', referralAlert({ kind: 'visit' }), 'long_waits'],
  ])('%s', (_, entry, section) => {
    expect(listed({ alerts: [entry] })).toEqual([`p1 ${section}: R-1`]);
  });

  test.each([
    ['a note that is only at risk', referralAlert({ kind: 'note', level: 'at_risk' })],
    ['a wait that is only at risk', referralAlert({ kind: 'visit', level: 'at_risk' })],
    ["a first call, which is the coordinator's", referralAlert({ kind: 'first_attempt' })],
    ['a patient who can still be tried', referralAlert({ kind: 'reached' })],
  ])('leaves out %s', (_, entry) => {
    expect(digest({ alerts: [entry], asOf: TUESDAY })).toBeNull();
  });

  test('a referral that is late in several ways is listed once, naming the rest', () => {
    const alerts = [
      referralAlert({ kind: 'visit' }),
      referralAlert({ kind: 'scheduled' }),
      referralAlert({ kind: 'referrer_update' }),
    ];
    const content = digest({ alerts });
    expect(listed({ alerts })).toEqual(['p1 office_not_told: R-1']);
    expect(content && mailRows(content).map(({ kind }) => kind)).toEqual(['referrer_update', 'scheduled', 'visit']);
  });

  test('a snoozed alert is hidden', () => {
    expect(digest({ alerts: [referralAlert({ kind: 'note', snoozedUntil: TUESDAY + 1 })], asOf: TUESDAY })).toBeNull();
  });
});

describe('practices', () => {
  const late = (
    referralId: string,
    practiceId: string,
    priority: Priority | null = 'routine',
    dueAt = MONDAY - days(5),
  ) => referralAlert({ referralId, kind: 'note', dueAt }, { practiceId, priority });

  test('are listed by their most urgent row: stat, asap, urgent, unknown, routine', () => {
    const alerts = [
      late('R-1', 'p1', 'routine', MONDAY - days(50)),
      late('R-2', 'p2', 'urgent'),
      late('R-3', 'p3', null),
      late('R-4', 'p4', 'stat', MONDAY - days(1)),
      late('R-5', 'p4'),
      late('R-6', 'p5', 'asap'),
    ];
    expect(digest({ alerts })?.practices.map(({ practiceId }) => practiceId)).toEqual(['p4', 'p5', 'p2', 'p3', 'p1']);
  });

  test('go by the earlier due where these are equally urgent', () => {
    const alerts = [late('R-1', 'p1'), late('R-2', 'p2', 'routine', MONDAY - days(9)), late('R-3', 'p1')];
    expect(listed({ alerts })).toEqual(['p2 late_notes: R-2', 'p1 late_notes: R-1 R-3']);
  });

  test('list the most urgent referral first', () => {
    const alerts = [late('R-1', 'p1', 'routine', MONDAY - days(30)), late('R-2', 'p1', 'asap', MONDAY - days(1))];
    expect(listed({ alerts })).toEqual(['p1 late_notes: R-2 R-1']);
  });

  test('with nothing but feedback come after those with a row', () => {
    const answer = facts({ practiceId: 'a', openFeedback: [{ topic: 'fax', since: MONDAY - days(80) }] });
    const content = digest({ alerts: [late('R-1', 'p1')], practices: [answer] });
    expect(content?.practices.map(({ practiceId }) => practiceId)).toEqual(['p1', 'a']);
  });

  test('are listed for open feedback alone, with its count and age but not its topic', () => {
    const openFeedback = [
      { topic: 'wait for the patient of Thursday', since: MONDAY - days(2) },
      { topic: 'fax', since: MONDAY - days(6) },
    ];
    const content = digest({ practices: [facts({ openFeedback })], asOf: TUESDAY });
    expect(content?.practices).toEqual([
      {
        practiceId: 'p1',
        sections: [],
        openFeedback: { count: 2, oldestSince: MONDAY - days(6) },
        lastContactAt: MONDAY - days(12),
      },
    ]);
    expect(JSON.stringify(content)).not.toContain('Thursday');
  });

  test('show the last check-in, but are not listed for it alone', () => {
    expect(digest({ practices: [facts()], asOf: TUESDAY })).toBeNull();
    expect(
      digest({ alerts: [referralAlert({ kind: 'note' })], practices: [facts()] })?.practices[0]?.lastContactAt,
    ).toBe(MONDAY - days(12));
  });
});

describe('what is long overdue', () => {
  const due = (age: number, referralId: string, over: Partial<ReferralState> = {}) =>
    referralAlert({ referralId, kind: 'note', dueAt: MONDAY - days(age) }, over);

  test('is counted for each practice, with the oldest, once it was due over 60 days ago', () => {
    const alerts = [due(61, 'R-1'), due(90, 'R-2'), due(60, 'R-3')];
    const [practice] = digest({ alerts })?.practices ?? [];
    expect(listed({ alerts })).toEqual(['p1 late_notes: R-3']);
    expect(practice?.older).toMatchObject({
      count: 2,
      oldest: { referralId: 'R-2', kind: 'note', dueAt: MONDAY - days(90) },
    });
    expect(digest({ alerts })?.referrals).toBe(3);
  });

  test.each(['stat', 'asap', 'urgent', null] as const)('is listed where the priority is %s', (priority) => {
    const alerts = [due(90, 'R-1', { priority })];
    expect(listed({ alerts })).toEqual(['p1 late_notes: R-1']);
    expect(digest({ alerts })?.practices[0]).not.toHaveProperty('older');
  });

  test('is listed if the same referral has something newer', () => {
    const newer = referralAlert({ referralId: 'R-1', kind: 'visit', dueAt: MONDAY - days(3) });
    expect(listed({ alerts: [due(90, 'R-1'), newer] })).toEqual(['p1 late_notes: R-1']);
  });

  test('puts a practice that has nothing else at the end', () => {
    const alerts = [due(90, 'R-1', { practiceId: 'p1' }), due(3, 'R-2', { practiceId: 'p2' })];
    expect(digest({ alerts })?.practices.map(({ practiceId }) => practiceId)).toEqual(['p2', 'p1']);
  });
});

describe('an office that waits for news', () => {
  const settings = (updatesBy: 'coordinator' | 'liaison'): Config => {
    const made = config({ updatesBy });
    made.directory.people = [coordinator(), liaison()];
    return made;
  };
  const update = (over: Partial<ReferralState> = {}) => referralAlert({ kind: 'referrer_update' }, over);
  const told = (alerts: ReferralAlert[], by: 'coordinator' | 'liaison' = 'coordinator') =>
    digest({ alerts, config: settings(by) })?.practices[0]?.sections[0]?.rows[0]?.officeUpdate;

  test("is the coordinator's to tell, or the liaison's", () => {
    expect(told([update()])).toMatchObject({ askedOf: 'c1' });
    expect(told([update()], 'liaison')).toMatchObject({ askedOf: 'l1' });
  });

  test("is anybody's who reads it if nobody can be found", () => {
    expect(told([update({ coordinatorId: 'left' })])).toMatchObject({ askedOf: null });
  });

  test('is told why the referral ended, and why it was declined last', () => {
    expect(told([update({ stage: 'closed', endReason: 'unreachable' })])).toMatchObject({ endReason: 'unreachable' });
    const declines = [
      { at: MONDAY - days(9), reason: 'coverage' as const },
      { at: MONDAY - days(4), reason: 'misdirected' as const },
    ];
    expect(told([update({ stage: 'declined', declines })])).toMatchObject({
      endReason: null,
      declineReason: 'misdirected',
    });
  });

  test('is no matter of any other row', () => {
    expect(told([referralAlert({ kind: 'note' })])).toBeUndefined();
  });
});

describe('caps', () => {
  test('a section lists 50 referrals over all practices, shared so that each gets some', () => {
    const alerts = many(300, (index) =>
      referralAlert(
        { referralId: numbered(index), kind: 'note' },
        { practiceId: index < 270 ? 'big' : `small-${index % 10}` },
      ),
    );
    const content = digest({ alerts });
    expect(content && mailRows(content).length).toBeLessThanOrEqual(50);
    expect(content?.practices).toHaveLength(11);
    for (const { sections } of content?.practices ?? []) expect(sections[0]?.rows.length).toBeGreaterThan(0);
    const told = content?.practices.flatMap(({ sections }) => sections.map(({ rows, more }) => rows.length + more));
    expect(told?.reduce((a, b) => a + b)).toBe(300);
  });

  test('practices beyond 40 are counted', () => {
    const alerts = many(60, (index) =>
      referralAlert({ referralId: numbered(index), kind: 'note' }, { practiceId: `p${index}` }),
    );
    expect(digest({ alerts })).toMatchObject({ morePractices: 20, referrals: 60 });
  });

  test('leave out no urgent referral, and no practice that has one', () => {
    const alerts = many(300, (index) =>
      referralAlert(
        { referralId: numbered(index), kind: index % 2 ? 'note' : 'visit' },
        { practiceId: `p${index % 60}`, priority: index % 60 < 50 ? 'urgent' : 'routine' },
      ),
    );
    const content = digest({ alerts });
    const urgent = alerts.filter(({ state }) => state.priority === 'urgent');
    expect(content && mailRows(content).map(({ referralId }) => referralId)).toEqual(
      expect.arrayContaining(urgent.map(({ state }) => state.referralId)),
    );
    expect(content).toMatchObject({ morePractices: 10, referrals: 300 });
  });
});

test('a digest that carries all its rows as a file keeps those that it leaves out', () => {
  const note = (index: number, dueAt: number) =>
    referralAlert({ referralId: numbered(index), kind: 'note', dueAt }, { practiceId: `p${index % 45}` });
  const alerts = many(90, (index) => note(index, MONDAY - days(index < 50 ? 10 : 90)));
  const kept = digest({ alerts, cap: 1, keepsCutRows: true });
  const all = [...(kept?.practices ?? []), ...(kept?.cutPractices ?? [])].flatMap(({ sections }) =>
    sections.flatMap(({ rows, cutRows = [] }) => [...rows, ...cutRows].map(({ referralId }) => referralId)),
  );
  expect(all.sort()).toEqual(many(90, (index) => note(index, MONDAY)).map(({ alert }) => alert.referralId));
  expect(JSON.stringify(digest({ alerts, cap: 1 }))).not.toMatch(/cutRows|cutPractices/);
});

test('every open alert that is of interest is named, or counted among the rest', () => {
  const anAlert = fc.record({
    referral: fc.integer({ min: 0, max: 69 }),
    kind: fc.constantFrom<AlertKind[]>('referrer_update', 'reroute', 'note', 'scheduled', 'visit'),
    age: fc.integer({ min: 0, max: 100 }),
  });
  const prioritiesIn = fc.array(fc.constantFrom(null, ...PRIORITIES, 'routine' as const), {
    minLength: 70,
    maxLength: 70,
  });
  const sample = fc.record({
    made: fc.array(anAlert, { minLength: 1, maxLength: 150, size: 'max' }),
    // A few large practices, or more than there is room for.
    practices: fc.constantFrom(2, 70),
    priorities: prioritiesIn,
    cap: fc.integer({ min: 1, max: 10 }),
  });
  type Sample = typeof sample extends fc.Arbitrary<infer T> ? T : never;
  const nothingIsLost = ({ made, practices, priorities, cap }: Sample): void => {
    const alerts = made.map(({ referral, kind, age }) =>
      referralAlert(
        { referralId: numbered(referral), kind, dueAt: MONDAY - days(age) - 1 },
        { practiceId: `p${referral % practices}`, priority: priorities[referral] ?? null },
      ),
    );
    const content = digest({ alerts, cap });
    if (!content) throw new Error('expected a digest');
    const sections = content.practices.flatMap((practice) => practice.sections);
    const rows = sections.flatMap((section) => section.rows);
    const named = rows.map(({ referralId }) => referralId);
    const open = Map.groupBy(alerts, ({ alert }) => alert.referralId);
    expect(new Set(named).size).toBe(named.length);
    // Referrals: each is named, cut, folded, or at a practice beyond the cap.
    const cut = sections.reduce((total, { more }) => total + more, 0);
    const folded = content.practices.reduce((total, { older }) => total + (older?.count ?? 0), 0);
    expect(content.referrals).toBe(open.size);
    if (content.morePractices === 0) expect(named.length + cut + folded).toBe(open.size);
    else expect(named.length + cut + folded).toBeLessThan(open.size);
    // Alerts of a referral that is named: each is named too.
    for (const row of rows) {
      const kinds = new Set(open.get(row.referralId)?.map(({ alert }) => alert.kind));
      expect(1 + row.also.length).toBe(kinds.size);
    }
    const urgent = [...open].filter(([, [first]]) => first?.state.priority !== 'routine').map(([id]) => id);
    expect(named).toEqual(expect.arrayContaining(urgent));
  };
  // biome-ignore lint/nursery/noFloatingPromises: a property that is not async is asserted at once
  fc.assert(fc.property(sample, nothingIsLost));
});

test('nothing to report gives an all-clear on the first working day and otherwise no mail', () => {
  expect(digest({})).toMatchObject({ allClear: true, practices: [] });
  expect(digest({ asOf: TUESDAY })).toBeNull();
});

test('counts what was dealt with since the last digest', () => {
  const done = referralAlert({ kind: 'note', resolvedAt: MONDAY - hours(3), resolution: 'stopped' });
  expect(digest({ alerts: [done] })?.resolvedSince).toBe(1);
});
