import { describe, expect, it } from 'vitest';
import { receivedData } from '../../../builders/events.ts';
import { booked, ROUTINE, SIDES, tell, URGENT } from '../../../oracle/scenario.ts';

describe.each(SIDES)('What is withdrawn, by %s', (_side, ask) => {
  it('a void excludes every clock, stopped or not, resolves alerts as retracted, and is no end', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-03 21:00', 'contact.attempted', { channel: 'phone', outcome: 'voicemail' }],
        ['03-04 10:00', 'referral.voided', {}, { id: 'void' }],
      ],
      '03-05 00:00',
    );
    r.ref({ stage: 'voided', actsNext: 'nobody', endedAt: null, endReason: null });
    r.clock('first_attempt', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', '03-03 21:00', 'excluded']);
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

  it('the retraction of a void brings everything back', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-04 10:00', 'referral.voided', {}, { id: 'void' }],
        ['03-04 11:00', 'event.retracted', { source: 's', id: 'void' }],
      ],
      '03-04 12:00',
    );
    r.ref({ stage: 'to_contact' });
    r.alert('acceptance', 1, ['breached', '03-03 22:00', '03-04 11:00', '03-04 11:00', null, null, null]);
  });

  it('a retraction cannot be retracted: what it took back stays taken back', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-04 10:00', 'referral.voided', {}, { id: 'void' }],
        ['03-04 11:00', 'event.retracted', { source: 's', id: 'void' }, { id: 'back' }],
        ['03-04 11:30', 'event.retracted', { source: 's', id: 'back' }],
      ],
      '03-04 12:00',
    );
    r.ref({ stage: 'to_contact' });
  });

  it("the retraction of an entity takes its events up to the retraction's own place, whenever they arrive, of its source only", async () => {
    const ent = { entity: 'Appointment/1' };
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 15:00', 'event.retracted', { source: 's', entity: 'Appointment/1' }],
        ['03-03 14:00', 'appointment.scheduled', booked('A', '03-20 14:00'), { ...ent, recordedtime: '03-03 16:00' }],
        ['03-03 15:30', 'appointment.scheduled', booked('B', '03-21 14:00'), ent],
        [
          '03-03 14:30',
          'contact.attempted',
          { channel: 'letter', outcome: 'sent' },
          { ...ent, source: 'other', recordedtime: '03-03 16:00' },
        ],
      ],
      '03-04 00:00',
    );
    r.clock('scheduled', 1, ['03-02 14:00', '03-12 21:00', '03-12 21:00', '03-03 15:30', 'met']);
    r.clock('first_attempt', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 14:30', 'met']);
    r.ref({ attempts: { made: 1, phoneDays: 0, letters: 1, wrongNumbers: 0 } });
  });

  it('without its receipt a referral awaits one: no clocks, their alerts retracted, then an orphan; sent again the receipt stays retracted', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', receivedData({ priority: 'urgent' }), { id: 'rec' }],
        ['03-02 15:00', 'referral.accepted'],
        ['03-04 10:00', 'event.retracted', { source: 's', id: 'rec' }],
        [
          '03-02 14:00',
          'referral.received',
          receivedData({ priority: 'urgent' }),
          { id: 'rec', recordedtime: '03-04 11:00' },
        ],
      ],
      '03-04 12:00',
    );
    r.ref({ stage: 'awaiting_referral', actsNext: 'operations', priority: null, receivedAt: null, clocks: [] });
    r.alert('first_attempt', 1, [
      'breached',
      '03-03 22:00',
      '03-02 22:00',
      '03-03 22:15',
      null,
      '03-04 10:00',
      'retracted',
    ]);
    r.alert('orphan', 1, ['breached', '03-03 15:00', null, '03-04 10:00', null, null, null]);
  });

  it('a referral of which every fact is retracted has no row, and its alert is retracted', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 14:00', 'contact.attempted', { channel: 'phone', outcome: 'reached' }, { id: 'call' }],
        ['03-04 10:00', 'event.retracted', { source: 's', id: 'call' }],
      ],
      '03-04 12:00',
    );
    expect(r.said.referrals).toEqual([]);
    r.alert('orphan', 1, ['breached', '03-03 14:00', null, '03-03 14:15', null, '03-04 10:00', 'retracted']);
  });
});
