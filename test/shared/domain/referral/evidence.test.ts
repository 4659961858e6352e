import { describe, expect, it } from 'vitest';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, sent } from '../../../builders/events.ts';

const config = sampleConfig();
const closedWith = (evidence: unknown): boolean => {
  const events = [
    sent('referral.received', '03-02 14:00', receivedData()),
    sent('referral.closed', '03-05 14:00', { reason: 'distance', evidence }),
  ];
  return foldReferral('R-1', events.map(accepted), config).hasEvidence;
};

describe('what shows the reason of a closing', () => {
  it.each([['doc-1'], [['doc-1', 'doc-2']], [{ id: 'doc-1' }], [true], [17]])('may be %j', (evidence) => {
    expect(closedWith(evidence)).toBe(true);
  });

  it.each([[undefined], [null], [''], [[]], [{}], [false]])('is not %j', (evidence) => {
    expect(closedWith(evidence)).toBe(false);
  });
});
