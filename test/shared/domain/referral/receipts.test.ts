import { describe, expect, it } from 'vitest';
import { receivedData } from '../../../builders/events.ts';
import { ROUTINE, SIDES, tell, URGENT } from '../../../oracle/scenario.ts';

describe.each(SIDES)('Receipts, by %s', (_side, ask) => {
  it('the earliest of several counts, also if it arrives last; a later one is a change of fields', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 16:00', 'referral.received', receivedData({ priority: 'urgent', payer: 'x' })],
        ['03-02 14:00', 'referral.received', receivedData({ tags: ['t'] }), { recordedtime: '03-02 17:00' }],
      ],
      '03-02 18:00',
    );
    r.ref({ receivedAt: '03-02 14:00', priority: 'urgent' }); // the priority changes at 16:00
    r.clock('acceptance', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', null, 'running']);
  });

  it('the fields of a receipt win over an update dated before it', async () => {
    const r = await tell(
      ask,
      [['03-02 13:00', 'referral.updated', { priority: 'stat', payer: 'x' }], ROUTINE],
      '03-02 18:00',
    );
    r.ref({ priority: 'routine' });
    r.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'running']);
  });

  it('after an end only the clocks that an end leaves owed start', async () => {
    const r = await tell(ask, [['03-02 13:00', 'referral.closed', { reason: 'distance' }], ROUTINE], '03-02 20:00');
    r.ref({ stage: 'closed', endedAt: '03-02 13:00' });
    expect((r.row.clocks as { kind: string }[]).map(({ kind }) => kind)).toEqual(['referrer_update']);
  });

  it('after a visit the note clock has started without fields, and the receipt changes them', async () => {
    const r = await tell(ask, [['03-02 13:00', 'visit.completed'], URGENT], '03-02 20:00');
    r.clock('note', 1, ['03-02 13:00', '03-05 13:00', '03-05 13:00', null, 'running']);
    r.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-06 14:00', '03-02 14:00', 'met']);
    r.clock('acceptance', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', '03-02 14:00', 'met']);
  });
});
