import { describe, it } from 'vitest';
import { iso, SIDES, tell, URGENT } from '../../../oracle/scenario.ts';

describe.each(SIDES)('Pauses, by %s', (_side, ask) => {
  it('a pause ends at its `until`', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-03 14:00', 'referral.paused', { reason: 'medical_hold', until: iso('03-04 14:00') }]],
      '03-03 15:00',
    );
    r.ref({ paused: true });
    r.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-07 14:00', null, 'running']);
  });

  it('a new pause replaces the running one, and a pause does not include its end', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-03 14:00', 'referral.paused', { reason: 'medical_hold' }],
        ['03-03 20:00', 'referral.paused', { reason: 'awaiting_information', until: iso('03-03 22:00') }],
      ],
      '03-03 22:00',
    );
    r.ref({ paused: false });
    r.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-06 22:00', null, 'running']);
    r.clock('acceptance', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', null, 'running']); // it ends at closing: that day counts
  });

  it('hours that run out exactly as the pause begins are due then', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-06 14:00', 'referral.paused', { reason: 'awaiting_information' }]],
      '03-06 14:00',
    );
    r.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-06 14:00', null, 'running']);
    r.alert('visit', 1, ['at_risk', '03-06 14:00', '03-05 14:00', null, null, '03-06 14:00', 'paused']);
    r.clock('scheduled', 1, ['03-02 14:00', '03-05 22:00', '03-05 22:00', null, 'missed']);
  });

  it('a closed referral is not paused, and the pause still moves what is owed, up to its cap', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-03 14:00', 'referral.paused', { reason: 'awaiting_information' }],
        ['03-03 15:00', 'referral.closed', { reason: 'distance' }],
      ],
      '03-03 16:00',
    );
    r.ref({ paused: false });
    // paused to 03-13 14:00 (10 x 24 h), so Friday the 13th counts at closing
    r.clock('referrer_update', 1, ['03-03 15:00', '03-04 22:00', '03-13 21:00', null, 'running']);
  });
});
