import { describe, it } from 'vitest';
import { receivedData } from '../../../builders/events.ts';
import { booked, ROUTINE, SIDES, tell, URGENT } from '../../../oracle/scenario.ts';

describe.each(SIDES)('Watches, by %s', (_side, ask) => {
  it('silence counts from a retraction, not from the event that it retracts', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-04 15:00', 'contact.attempted', { channel: 'phone', outcome: 'voicemail' }, { id: 'c' }],
        ['03-05 15:00', 'event.retracted', { source: 's', id: 'c' }],
      ],
      '03-12 00:00',
    );
    r.alert('silence', 1, ['breached', '03-10 21:00', null, '03-10 21:15', null, null, null]);
  });

  it('incomplete takes an empty field as missing', async () => {
    const r = await tell(
      ask,
      [['03-02 14:00', 'referral.received', receivedData({ specialty: 'imaging', payer: '' })]],
      '03-02 15:00',
    );
    r.alert('incomplete', 1, ['breached', '03-02 14:00', null, '03-02 14:15', null, null, null]);
  });

  it('attendance_unknown is about the earliest appointment without an arrival; an arrival resolves it as stopped by moving on to the next', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-02 15:00', 'appointment.scheduled', booked('A', '03-03 14:00')],
        ['03-02 16:00', 'appointment.scheduled', booked('B', '03-30 14:00')],
        ['03-03 14:00', 'visit.arrived', { appointmentId: 'A' }, { recordedtime: '03-06 09:50' }],
      ],
      '03-07 00:00',
    );
    r.alert('attendance_unknown', 1, ['breached', '03-05 22:00', null, '03-05 22:15', null, '03-06 10:00', 'stopped']);
  });
});
