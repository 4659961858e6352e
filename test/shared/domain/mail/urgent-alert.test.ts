import { describe, expect, test } from 'vitest';
import { mailRows } from '../../../../shared/contracts/mail.ts';
import { CLOCK_KINDS, PRIORITIES } from '../../../../shared/contracts/vocabulary.ts';
import { isForUrgentMail } from '../../../../shared/domain/alert/urgent.ts';
import type { ReferralAlert } from '../../../../shared/domain/mail/digest-rows.ts';
import { urgentAlert } from '../../../../shared/domain/mail/urgent-alert.ts';
import { config, coordinator, hours, item, MONDAY, many, numbered } from '../../mail/builders.ts';

const mail = (items: ReferralAlert[]) =>
  urgentAlert({ recipient: coordinator(), period: '2026-03-02T12:00Z', asOf: MONDAY, alerts: items, config: config() });
const isUrgent = ({ alert, state }: ReferralAlert) => isForUrgentMail(alert, state);

describe('an urgent alert', () => {
  test('tells breaches of the clocks on the way to the visit', () => {
    const told = CLOCK_KINDS.filter((kind) => isUrgent(item({ kind }, { priority: 'stat' })));
    expect(told).toEqual(['acceptance', 'first_attempt', 'reached', 'rebook']);
  });

  test('is for stat and urgent referrals only, as the contract says', () => {
    expect(PRIORITIES.filter((priority) => isUrgent(item({}, { priority })))).toEqual(['urgent', 'stat']);
  });

  test('leaves out what is only at risk, resolved or snoozed', () => {
    const stat = { priority: 'stat' } as const;
    expect(
      mail([
        item({ level: 'at_risk' }, stat),
        item({ resolvedAt: MONDAY, resolution: 'stopped' }, stat),
        item({ snoozedUntil: MONDAY + 1 }, stat),
      ]),
    ).toBeNull();
  });

  test('lists stat before urgent, and each referral once', () => {
    const content = mail([
      item({ referralId: 'R-urgent', dueAt: MONDAY - hours(9) }, { priority: 'urgent' }),
      item({ referralId: 'R-stat', kind: 'first_attempt', dueAt: MONDAY - hours(1) }, { priority: 'stat' }),
      item({ referralId: 'R-stat', kind: 'acceptance', dueAt: MONDAY - hours(1) }, { priority: 'stat' }),
    ]);
    expect(content?.sections[0]?.rows.map(({ referralId }) => referralId)).toEqual(['R-stat', 'R-urgent']);
    expect(content && mailRows(content)).toHaveLength(3);
  });

  test('is capped, and counts the rest', () => {
    const content = mail(many(60, (index) => item({ referralId: numbered(index) }, { priority: 'stat' })));
    expect(content?.sections[0]).toMatchObject({ more: 10 });
    expect(content?.referrals).toBe(60);
  });
});
