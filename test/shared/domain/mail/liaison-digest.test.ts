import { describe, expect, test } from 'vitest';
import { type LiaisonDigestContent, mailRows } from '../../../../shared/contracts/mail.ts';
import type { PracticeFacts } from '../../../../shared/contracts/practice.ts';
import { type LiaisonDigestInput, liaisonDigest } from '../../../../shared/domain/mail/liaison-digest.ts';
import {
  config,
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
    since: FRIDAY,
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
  test('are listed with the one that waits for most first', () => {
    const late = (referralId: string, practiceId: string) =>
      referralAlert({ referralId, kind: 'note' }, { practiceId });
    const alerts = [late('R-1', 'p1'), late('R-2', 'p2'), late('R-3', 'p2')];
    expect(listed({ alerts })).toEqual(['p2 late_notes: R-2 R-3', 'p1 late_notes: R-1']);
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
});

test('nothing to report gives an all-clear on the first working day and otherwise no mail', () => {
  expect(digest({})).toMatchObject({ allClear: true, practices: [] });
  expect(digest({ asOf: TUESDAY })).toBeNull();
});

test('counts what was dealt with since the last digest', () => {
  const done = referralAlert({ kind: 'note', resolvedAt: MONDAY - hours(3), resolution: 'stopped' });
  expect(digest({ alerts: [done] })?.resolvedSince).toBe(1);
});
