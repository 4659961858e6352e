import { describe, it } from 'vitest';
import { ROUTINE, SIDES, tell } from '../../../oracle/scenario.ts';

describe.each(SIDES)('The reroute clock, by %s', (_side, ask) => {
  it('has no second instance while the first runs, and stops at an acceptance', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'referral.declined', { reason: 'other' }],
        ['03-03 15:00', 'referral.declined', { reason: 'other' }],
        ['03-03 16:00', 'referral.accepted'],
        ['03-03 17:00', 'referral.declined', { reason: 'other' }],
      ],
      '03-04 00:00',
    );
    r.ref({ stage: 'declined', actsNext: 'liaison' });
    r.clock('reroute', 1, ['03-03 14:00', '03-12 21:00', '03-12 21:00', '03-03 16:00', 'met']);
    r.clock('reroute', 2, ['03-03 17:00', '03-12 21:00', '03-12 21:00', null, 'running']);
    r.clock('referrer_update', 2, null); // the office was never told of the first decline, so that one still runs
  });
});
