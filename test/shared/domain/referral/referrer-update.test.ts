import { describe, it } from 'vitest';
import { booked, ROUTINE, SIDES, tell } from '../../../oracle/scenario.ts';

describe.each(SIDES)('The referrer_update clock, by %s', (_side, ask) => {
  it('is not started by a later booking if another one ran at the first booking', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'referral.declined', { reason: 'other' }],
        ['03-03 15:00', 'appointment.scheduled', booked('A', '03-20 14:00')],
        ['03-03 16:00', 'referrer.notified', { about: 'declined' }],
        ['03-03 17:00', 'appointment.rescheduled', booked('B', '03-21 14:00')],
      ],
      '03-04 00:00',
    );
    r.clock('referrer_update', 1, ['03-03 14:00', '03-05 22:00', '03-05 22:00', '03-03 16:00', 'met']);
    r.clock('referrer_update', 2, null);
  });

  it('starts at the last of two ends if that is no exclusion; an exclusion starts none', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 15:00', 'referral.closed', { reason: 'duplicate' }],
        ['03-04 15:00', 'referral.closed', { reason: 'unreachable' }],
      ],
      '03-06 00:00',
    );
    r.ref({ stage: 'closed', endedAt: '03-04 15:00', endReason: 'unreachable' });
    r.clock('visit', 1, ['03-02 14:00', '03-31 04:00', '03-31 04:00', null, 'lost']);
    r.clock('referrer_update', 1, ['03-04 15:00', '03-06 22:00', '03-06 22:00', null, 'running']);
    r.clock('referrer_update', 2, null);
  });
});
