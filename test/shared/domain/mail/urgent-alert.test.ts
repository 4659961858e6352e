import { describe, expect, test } from 'vitest';
import { mailRows } from '../../../../shared/contracts/mail-rows.ts';
import { CLOCK_KINDS, PRIORITIES } from '../../../../shared/contracts/vocabulary.ts';
import { isForUrgentMail } from '../../../../shared/domain/alert/urgent.ts';
import type { ReferralAlert } from '../../../../shared/domain/mail/digest-input.ts';
import { urgentAlert } from '../../../../shared/domain/mail/urgent-alert.ts';
import { config, coordinator, hours, MONDAY, many, numbered, referralAlert } from '../../mail/builders.ts';

const mail = (alerts: ReferralAlert[]) =>
  urgentAlert({ recipient: coordinator(), period: '2026-03-02T12:00Z', asOf: MONDAY, alerts, config: config() });
const isUrgent = ({ alert, state }: ReferralAlert) => isForUrgentMail(alert, state);

describe('an urgent alert', () => {
  test('is about the clocks on the way to the visit', () => {
    const told = CLOCK_KINDS.filter((kind) => isUrgent(referralAlert({ kind }, { priority: 'stat' })));
    expect(told).toEqual(['acceptance', 'first_attempt', 'reached', 'rebook']);
  });

  test('is for stat, asap and urgent referrals', () => {
    const told = PRIORITIES.filter((priority) => isUrgent(referralAlert({}, { priority })));
    expect(told).toEqual(['urgent', 'asap', 'stat']);
  });

  test('leaves out what is resolved, snoozed or acknowledged, not what is at risk', () => {
    const stat = { priority: 'stat' } as const;
    expect(
      mail([
        referralAlert({ acknowledgedBy: 'c1' }, stat),
        referralAlert({ resolvedAt: MONDAY, resolution: 'stopped' }, stat),
        referralAlert({ snoozedUntil: MONDAY + 1 }, stat),
      ]),
    ).toBeNull();
    expect(mail([referralAlert({ level: 'at_risk' }, stat)])?.referrals).toBe(1);
  });

  test('lists stat before urgent, and each referral once', () => {
    const content = mail([
      referralAlert({ referralId: 'R-urgent', dueAt: MONDAY - hours(9) }, { priority: 'urgent' }),
      referralAlert({ referralId: 'R-stat', kind: 'first_attempt', dueAt: MONDAY - hours(1) }, { priority: 'stat' }),
      referralAlert({ referralId: 'R-stat', kind: 'acceptance', dueAt: MONDAY - hours(1) }, { priority: 'stat' }),
    ]);
    expect(content?.sections[0]?.rows.map(({ referralId }) => referralId)).toEqual(['R-stat', 'R-urgent']);
    expect(content && mailRows(content)).toHaveLength(3);
  });

  test('names all, however many there are', () => {
    const content = mail(many(60, (index) => referralAlert({ referralId: numbered(index) }, { priority: 'stat' })));
    expect(content?.sections[0]).toMatchObject({ more: 0 });
    expect(content?.sections[0]?.rows).toHaveLength(60);
    expect(content?.referrals).toBe(60);
  });
});
