import type { Priority, Stage } from '../../../shared/contracts/vocabulary.ts';
import { PRIORITIES } from '../../../shared/contracts/vocabulary.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { days, hours, MONDAY, numbered, referralAlert } from './builders.ts';

/** What a coordinator may find in the morning: `count` referrals spread over all sections. */
export function busyMorning(count: number, over: { specialty?: string; site?: string } = {}): ReferralAlert[] {
  return Array.from({ length: count }, (_, index) => sample(index, over)).flat();
}

function sample(index: number, over: { specialty?: string; site?: string }): ReferralAlert[] {
  const referralId = numbered(100_000 + index * 37);
  const priority: Priority = PRIORITIES[[0, 0, 1, 0, 3, 0, 2][index % 7] ?? 0] ?? 'routine';
  const on = (stage: Stage) => ({
    referralId,
    priority,
    stage,
    site: index % 2 ? 'north' : 'south',
    specialty: ['cardiology', 'orthopedics', 'behavioral_health'][index % 3] ?? null,
    practiceId: index % 3 ? 'p1' : 'p2',
    attempts: { made: index % 4, phoneDays: index % 3, letters: 0, wrongNumbers: 0 },
    ...over,
  });
  const recent = MONDAY - hours(14);
  switch (index % 8) {
    case 0:
      return [
        referralAlert(
          { kind: 'rebook', level: 'at_risk', since: recent, dueAt: MONDAY + days(2) + hours(10) },
          on('to_rebook'),
        ),
      ];
    case 1:
      return [referralAlert({ kind: 'scheduled', level: 'at_risk', dueAt: MONDAY + hours(10) }, on('to_schedule'))];
    case 2:
      return [
        referralAlert({ kind: 'first_attempt', dueAt: recent }, on('to_contact')),
        referralAlert({ kind: 'acceptance', dueAt: recent }, on('to_contact')),
        referralAlert({ kind: 'reached', level: 'at_risk', dueAt: MONDAY + days(1) }, on('to_contact')),
      ];
    case 3:
      return [referralAlert({ kind: 'note', dueAt: MONDAY - days(3) - hours(7) }, on('awaiting_note'))];
    case 4:
      return [
        referralAlert(
          { kind: 'visit', level: 'escalated', dueAt: MONDAY - days(9) - hours(7), acknowledgedBy: 'c1' },
          on('to_contact'),
        ),
        referralAlert({ kind: 'reached', level: 'escalated', dueAt: MONDAY - days(19) }, on('to_contact')),
      ];
    case 5:
      return [referralAlert({ kind: 'attendance_unknown', dueAt: MONDAY - days(1) }, on('scheduled'))];
    case 6:
      return [
        referralAlert(
          { kind: 'referrer_update', dueAt: MONDAY - days(4), snoozedUntil: MONDAY - hours(2) },
          on('declined'),
        ),
      ];
    default:
      return [
        referralAlert({ kind: 'note', level: 'at_risk', dueAt: MONDAY - hours(7) + days(1) }, on('awaiting_note')),
      ];
  }
}
