import { describe, expect, it } from 'vitest';
import type { ReferralState } from '../../../../shared/contracts/state.ts';
import { isCoarse } from '../../../../shared/domain/mail/coarse.ts';
import { days, MONDAY, state } from '../../mail/builders.ts';

const silence = (over: Partial<ReferralState>): boolean =>
  isCoarse({ kind: 'silence', instance: 1 }, state(over), MONDAY);

describe('the due of silence would give the date of a visit away', () => {
  it.each([
    ['an appointment has started', { active: [{ startsAt: MONDAY - days(1), arrived: false }] }],
    ['the patient was seen without an appointment', { stage: 'awaiting_note', seenAt: MONDAY - days(8) }],
    ['a visit fell through that nobody had booked', { stage: 'to_rebook', visitLostAt: MONDAY - days(8) }],
  ] as const)('if %s', (_when, over) => {
    expect(silence(over as Partial<ReferralState>)).toBe(true);
  });

  it('and else does not', () => {
    expect(silence({})).toBe(false);
    expect(silence({ active: [{ startsAt: MONDAY + days(1), arrived: false }] })).toBe(false);
  });
});

it.each(['note', 'rebook', 'attendance_unknown', 'news_after_end'] as const)('of %s it always would', (kind) => {
  expect(isCoarse({ kind, instance: 1 }, state(), MONDAY)).toBe(true);
});
