import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowState } from '../../../../shared/contracts/mail.ts';
import { ALERT_LEVELS, type AlertLevel } from '../../../../shared/contracts/vocabulary.ts';
import type { ReferralAlert } from '../../../../shared/domain/mail/digest-input.ts';
import { config, coordinator, days, MONDAY, referralAlert } from '../../mail/builders.ts';
import { digest, following, rowsIn, saying } from './digests.ts';

const SOON = { atRiskAt: MONDAY + days(400) };

/** What a digest of day `n` says of one referral, given its alert's level on each day up to it; null: no row. */
function statesOver(levels: readonly (AlertLevel | null)[]): (RowState | null)[] {
  let last = saying({ asOf: MONDAY - days(7), since: null, hasLast: false });
  return levels.map((level, day) => {
    const asOf = MONDAY + days(day);
    const soon = level === 'at_risk' ? { dueAt: asOf + days(1) - 1, ...SOON } : {};
    const alerts = level === null ? [] : [referralAlert({ level, ...soon })];
    const content = digest({ alerts, asOf, recipient: { ...EVERY_DAY }, ...following(last) });
    if (content) last = content;
    return content ? (rowsIn(content)[0]?.state ?? null) : null;
  });
}

const EVERY_DAY = {
  id: 'c1',
  name: 'Coordinator One',
  email: 'coordinator.one@example.org',
  timeZone: 'UTC',
  digestAt: '12:00',
  workdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as ('mon' | 'tue')[],
};

describe('the state of a row', () => {
  test('is new, then counts the digests in a row', () => {
    expect(statesOver(['breached', 'breached', 'breached'])).toEqual(['new', 2, 3]);
    expect(statesOver(['at_risk', 'at_risk'])).toEqual(['new', 2]);
  });

  test('is worse when something is breached or escalated that was not, and counts on', () => {
    expect(statesOver(['at_risk', 'breached', 'breached', 'escalated', 'escalated'])).toEqual([
      'new',
      'worse',
      3,
      'worse',
      5,
    ]);
  });

  test('is again, if it comes back after a digest without it and stood as breached before', () => {
    // A day with nothing to say has no digest, except the all-clear of a Monday.
    expect(statesOver(['breached', null, 'breached'])).toEqual(['new', null, 2]);
    const levels = ['breached', ...Array<null>(7).fill(null), 'breached'] as const;
    expect(statesOver(levels).at(-1)).toBe('again');
    expect(statesOver(['at_risk', ...levels.slice(1)]).at(-1)).toBe('new');
  });

  test('is new once more after 30 days', () => {
    const gap = (count: number) => statesOver(['breached', ...Array<null>(count).fill(null), 'breached']).at(-1);
    expect(gap(29)).toBe('again');
    expect(gap(30)).toBe('new');
  });

  test('does not get worse by an alert that is snoozed, or by unknown attendance', () => {
    const first = referralAlert({ level: 'at_risk', dueAt: MONDAY + days(1) - 1 });
    const last = saying({ alerts: [first] });
    const later = (over: Parameters<typeof referralAlert>[0]) =>
      rowsIn(
        saying({
          alerts: [referralAlert(), referralAlert(over)],
          asOf: MONDAY + days(1),
          ...following(saying({ alerts: [referralAlert()] })),
        }),
      )[0]?.state;
    expect(rowsIn(last)[0]?.state).toBe('new');
    expect(later({ kind: 'visit' })).toBe('worse');
    expect(later({ kind: 'visit', snoozedUntil: MONDAY + days(9) })).toBe(2);
    expect(later({ kind: 'attendance_unknown' })).toBe(2);
  });

  test("an alert that was breached while the referral was another's is no worse once it is the reader's", () => {
    const settings = config();
    settings.directory.people.push(coordinator(), coordinator({ id: 'c2' }));
    const owned = (coordinatorId: string) => [
      referralAlert({ kind: 'visit', level: 'escalated', escalatedAt: MONDAY - days(1) }, { coordinatorId }),
      referralAlert({ kind: 'referrer_update' }, { coordinatorId }),
    ];
    const last = saying({ escalated: owned('c2'), config: settings });
    const next = (alerts: ReferralAlert[]) =>
      rowsIn(saying({ alerts, config: settings, asOf: MONDAY + days(1), ...following(last) }))[0];
    expect(rowsIn(last)[0]).toMatchObject({ state: 'new', also: [] });
    expect(next(owned('c1'))).toMatchObject({ state: 2, also: [{ kind: 'referrer_update' }] });
    expect(next([...owned('c1'), referralAlert({ kind: 'note' }, { coordinatorId: 'c1' })])?.state).toBe('worse');
  });

  test('an alert that was breached while snoozed is newly overdue when its snooze ends, and no worse than it was', () => {
    const other = referralAlert({ kind: 'visit', level: 'at_risk', dueAt: MONDAY + days(1) - 1 });
    const last = saying({ alerts: [other, referralAlert({ snoozedUntil: MONDAY + 1 })] });
    const next = saying({
      alerts: [referralAlert({ snoozedUntil: MONDAY + 1 })],
      asOf: MONDAY + days(1),
      ...following(last),
    });
    expect(next.sections[0]).toMatchObject({
      section: 'newly_breached',
      rows: [{ state: 2, marks: { snoozeOver: true } }],
    });
  });
});

describe('what a run found while the last digest was made', () => {
  const late = MONDAY + 2 * 60_000;
  const escalated = referralAlert({ level: 'escalated', escalatedAt: MONDAY });
  const tomorrow = { asOf: MONDAY + days(1) };

  test('is news in the next one, if that one did not see it', () => {
    const before = saying({ alerts: [referralAlert()], asOf: late });
    expect(rowsIn(saying({ alerts: [escalated], ...tomorrow, ...following(before) }))[0]).toMatchObject({
      newlyEscalated: true,
    });
  });

  test('is no news again, if that one saw it, or was made at the very instant of the run', () => {
    for (const last of [
      saying({ alerts: [escalated], asOf: late }),
      saying({ alerts: [referralAlert()], asOf: MONDAY }),
    ]) {
      expect(rowsIn(saying({ alerts: [escalated], ...tomorrow, ...following(last) }))[0]).toMatchObject({
        newlyEscalated: false,
      });
    }
  });

  test('is coming up in the next one', () => {
    const soon = referralAlert({ level: 'at_risk', dueAt: MONDAY + days(9), atRiskAt: MONDAY });
    const before = saying({ alerts: [], asOf: late });
    expect(saying({ alerts: [soon], ...tomorrow, ...following(before) }).sections).toMatchObject([{ section: 'soon' }]);
  });
});

describe('what a digest remembers', () => {
  test('is enough for the next: its states are those that all digests before give', () => {
    const level = fc.option(fc.constantFrom<AlertLevel>(...ALERT_LEVELS), { freq: 3 });
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 45 }), (levels) => {
        expect(statesOver(levels)).toEqual(levels.map((_, day) => expectedOn(day, levels)));
      }),
    );
  });
});

const rankOf = (level: AlertLevel | null | undefined): number => (level ? ALERT_LEVELS.indexOf(level) : -1);

/** The state on a day by all digests before it: those of days with a row, and of Mondays. */
function expectedOn(day: number, levels: readonly (AlertLevel | null)[]): RowState | null {
  const now = levels[day];
  if (now == null) return null;
  const sent = levels.slice(0, day).flatMap((of, other) => (of !== null || other % 7 === 0 ? [other] : []));
  const last = levels[sent.at(-1) ?? -1];
  if (last == null) {
    return sent.some((other) => day - other <= 30 && rankOf(levels[other]) > 0) ? 'again' : 'new';
  }
  if (rankOf(now) > Math.max(0, rankOf(last))) return 'worse';
  const streak = sent.toReversed().findIndex((other) => levels[other] === null);
  return (streak === -1 ? sent.length : streak) + 1;
}
