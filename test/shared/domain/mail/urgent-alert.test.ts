import { describe, expect, test } from 'vitest';
import { mailRows } from '../../../../shared/contracts/mail.ts';
import { CLOCK_KINDS, PRIORITIES } from '../../../../shared/contracts/vocabulary.ts';
import { isForUrgentMail } from '../../../../shared/domain/alert/urgent.ts';
import type { ReferralAlert } from '../../../../shared/domain/mail/digest-input.ts';
import { urgentAlert } from '../../../../shared/domain/mail/urgent-alert.ts';
import { config, coordinator, hours, MONDAY, many, numbered, referralAlert } from '../../mail/builders.ts';

const mail = (alerts: ReferralAlert[]) =>
  urgentAlert({ recipient: coordinator(), period: '2026-03-02T12:00Z', asOf: MONDAY, alerts, config: config() });
const isUrgent = ({ alert, state }: ReferralAlert) => isForUrgentMail(alert, state);

describe('an urgent alert', () => {
  test('lists breaches of the clocks on the way to the visit', () => {
    const told = CLOCK_KINDS.filter((kind) => isUrgent(referralAlert({ kind }, { priority: 'stat' })));
    expect(told).toEqual(['acceptance', 'first_attempt', 'reached', 'rebook']);
  });

  test('is for stat and urgent referrals only, as the contract says', () => {
    expect(PRIORITIES.filter((priority) => isUrgent(referralAlert({}, { priority })))).toEqual(['urgent', 'stat']);
  });

  test('leaves out what is only at risk, is resolved or is snoozed', () => {
    const stat = { priority: 'stat' } as const;
    expect(
      mail([
        referralAlert({ level: 'at_risk' }, stat),
        referralAlert({ resolvedAt: MONDAY, resolution: 'stopped' }, stat),
        referralAlert({ snoozedUntil: MONDAY + 1 }, stat),
      ]),
    ).toBeNull();
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

  test('is capped, with a count of the rest', () => {
    const content = mail(many(60, (index) => referralAlert({ referralId: numbered(index) }, { priority: 'stat' })));
    expect(content?.sections[0]).toMatchObject({ more: 10 });
    expect(content?.referrals).toBe(60);
  });
});
