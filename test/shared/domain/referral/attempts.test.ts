import { describe, expect, test } from 'vitest';
import type { ReferralState } from '../../../../shared/contracts/state.ts';
import { STAGES } from '../../../../shared/contracts/vocabulary.ts';
import { mayCloseAsUnreachable } from '../../../../shared/domain/referral/attempts.ts';
import { days, MONDAY, policyVersion, state } from '../../mail/builders.ts';

const { attempts: policy } = policyVersion();
const offered = (over: Partial<ReferralState> = {}) =>
  mayCloseAsUnreachable(
    state({
      attempts: { made: 3, phoneDays: 2, letters: 1, wrongNumbers: 0 },
      lastAttemptAt: MONDAY - days(14),
      ...over,
    }),
    policy,
    MONDAY,
  );

describe('closing as unreachable', () => {
  test('is offered once every attempt was made and 14 days were quiet', () => {
    expect(offered()).toBe(true);
  });

  test.each([
    ['an attempt is missing', { attempts: { made: 2, phoneDays: 2, letters: 1, wrongNumbers: 0 } }],
    ['the calls were all on one day', { attempts: { made: 5, phoneDays: 1, letters: 1, wrongNumbers: 0 } }],
    ['no letter was sent', { attempts: { made: 5, phoneDays: 5, letters: 0, wrongNumbers: 0 } }],
    ['the last attempt is too recent', { lastAttemptAt: MONDAY - days(14) + 1 }],
    ['the patient was reached', { reachedAt: MONDAY - days(20) }],
  ])('is not offered where %s', (_, over) => {
    expect(offered(over)).toBe(false);
  });

  test.each(['urgent', 'asap', 'stat', null] as const)('is never offered for %s', (priority) => {
    expect(offered({ priority })).toBe(false);
  });

  test.each(STAGES.filter((stage) => stage !== 'to_contact'))('is not offered in %s', (stage) => {
    expect(offered({ stage })).toBe(false);
  });
});
