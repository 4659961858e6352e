import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../../shared/contracts/vocabulary.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { closedSince, keptUntil } from '../../../../shared/domain/referral/retention.ts';
import { isOpen } from '../../../../shared/domain/referral/stage.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted } from '../../../builders/events.ts';
import { histories } from '../../../builders/histories.ts';
import { at } from '../../../builders/instants.ts';

const config = sampleConfig();

describe('Since when a referral has been closed', () => {
  it.each([
    ['closed', '2026-03-10T00:00:00Z'],
    ['loop_closed', '2026-03-11T00:00:00Z'],
    ['voided', '2026-03-12T00:00:00Z'],
  ] as const)('is told for one that is %s', (stage, since) => {
    const endedAt = at('2026-03-10T00:00:00Z');
    const noteAt = at('2026-03-11T00:00:00Z');
    const lastEventAt = at('2026-03-12T00:00:00Z');
    expect(closedSince({ stage, endedAt, noteAt, lastEventAt })).toBe(at(since));
  });

  it.each(STAGES.filter((stage) => !['closed', 'loop_closed', 'voided'].includes(stage)))(
    'is never told for one in stage %s, whatever happened to it before',
    (stage) => {
      const before = at('2020-01-01T00:00:00Z');
      expect(closedSince({ stage, endedAt: before, noteAt: before, lastEventAt: before })).toBeNull();
    },
  );

  it('is never told for an open referral, and never later than its last event', () => {
    fc.assert(
      fc.property(histories('R-1', { maxEvents: 12 }), (history) => {
        const log = history.map(({ event }) => accepted(event));
        const state = foldReferral('R-1', log, config);
        const since = closedSince(state);
        if (isOpen(state)) expect(since).toBeNull();
        if (since !== null) expect(since).toBeLessThanOrEqual(state.lastEventAt ?? Number.NEGATIVE_INFINITY);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('What has been kept long enough', () => {
  it.each([
    ['2028-04-01T03:20:00Z', 25, '2026-03-01T03:20:00Z'],
    ['2028-03-31T03:20:00Z', 25, '2026-02-28T03:20:00Z'],
    ['2028-03-29T00:00:00Z', 1, '2028-02-29T00:00:00Z'],
  ])('on %s, for %i months, was closed by %s', (now, months, until) => {
    expect(keptUntil(at(now), months)).toBe(at(until));
  });
});
