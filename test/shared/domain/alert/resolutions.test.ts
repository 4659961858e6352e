import { describe, it } from 'vitest';
import { ROUTINE, SIDES, tell, URGENT } from '../../../oracle/scenario.ts';

describe.each(SIDES)('Resolutions of alerts, by %s', (_side, ask) => {
  it('a breach is retracted if a stop that arrives late was before the due', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-03 21:59', 'referral.accepted', {}, { recordedtime: '03-04 10:00' }]],
      '03-04 12:00',
    );
    r.alert('acceptance', 1, [
      'breached',
      '03-03 22:00',
      '03-02 22:00',
      '03-03 22:15',
      null,
      '03-04 10:00',
      'retracted',
    ]);
  });

  it('a warning is retracted if a stop that arrives late was before the warning', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-02 21:59', 'referral.accepted', {}, { recordedtime: '03-03 10:00' }]],
      '03-04 12:00',
    );
    r.alert('acceptance', 1, ['at_risk', '03-03 22:00', '03-02 22:00', null, null, '03-03 10:00', 'retracted']);
  });

  it('a warning is retracted if an end that arrives late was before the warning', async () => {
    const r = await tell(
      ask,
      [ROUTINE, ['03-03 15:00', 'referral.closed', { reason: 'distance' }, { recordedtime: '03-04 10:00' }]],
      '03-05 00:00',
    );
    r.alert('acceptance', 1, ['at_risk', '03-04 22:00', '03-03 22:00', null, null, '03-04 10:00', 'retracted']);
  });

  it('a warning is resolved as ended if the end came at the warning or later', async () => {
    const r = await tell(
      ask,
      [ROUTINE, ['03-03 22:00', 'referral.closed', { reason: 'distance' }, { recordedtime: '03-04 10:00' }]],
      '03-05 00:00',
    );
    r.alert('acceptance', 1, ['at_risk', '03-04 22:00', '03-03 22:00', null, null, '03-04 10:00', 'ended']);
  });
});
