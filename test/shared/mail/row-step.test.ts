import { describe, expect, test } from 'vitest';
import type { DigestRow } from '../../../shared/contracts/mail.ts';
import { stepOf } from '../../../shared/mail/digest/row-step.ts';
import { MONDAY } from './builders.ts';

const ATTEMPTS = { made: 2, required: 3, phoneDaysLeft: 1, lettersLeft: 1 };
const row = {
  kind: 'reached',
  stage: 'to_contact',
  priority: 'routine',
  also: [],
  attempts: ATTEMPTS,
  mayCloseAsUnreachable: false,
  wrongNumber: false,
} satisfies Parameters<typeof stepOf>[0];

const attendance: DigestRow['also'] = [
  { kind: 'attendance_unknown', level: 'breached', dueAt: MONDAY - 1, coarse: true } as DigestRow['also'][number],
];

describe('one order', () => {
  test('asks how a visit went that is over, instead of moving it or calling it booked', () => {
    const booked = { ...row, stage: 'scheduled', also: attendance } as const;
    expect(stepOf({ ...booked, kind: 'visit' })).toBe(
      'Ask the site whether the patient came, and record it; if not, rebook.',
    );
    expect(stepOf({ ...booked, kind: 'referrer_update', priority: 'urgent' })).toBe(
      'Ask the site today whether the patient came, and tell the referring office.',
    );
    expect(stepOf({ ...booked, kind: 'visit', also: [] })).toContain('Check the booked visit');
  });

  test('asks for the attempt that has not been made', () => {
    expect(stepOf(row)).toContain('another time of day, then a letter');
    expect(stepOf({ ...row, attempts: { ...ATTEMPTS, made: 0 } })).toBe('Call the patient.');
    expect(stepOf({ ...row, attempts: { ...ATTEMPTS, lettersLeft: 0 } })).toBe('Call the patient on another day.');
    expect(stepOf({ ...row, attempts: { ...ATTEMPTS, phoneDaysLeft: 0, lettersLeft: 0 } })).toBe(
      'Call the patient at another time of day.',
    );
  });

  test('hurries over all that where the priority does', () => {
    const none = { ...ATTEMPTS, made: 0 };
    expect(stepOf({ ...row, priority: 'urgent', attempts: none })).toContain('Reach the patient today');
  });
});
