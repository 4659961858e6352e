import { describe, it } from 'vitest';
import { booked, ROUTINE, SIDES, tell } from '../../../oracle/scenario.ts';

const A = booked('A', '03-10 14:00');
const B = booked('B', '03-11 14:00');

describe.each(SIDES)('Appointments, by %s', (_side, ask) => {
  it('a reschedule of an appointment that is not active replaces none', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', A],
        ['03-03 15:00', 'appointment.rescheduled', { ...B, previousAppointmentId: 'X' }],
        ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }],
      ],
      '03-04 00:00',
    );
    r.ref({ stage: 'scheduled' });
  });

  it('a reschedule that names no earlier appointment replaces every other one', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', A],
        ['03-03 15:00', 'appointment.rescheduled', B],
        ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }],
      ],
      '03-04 00:00',
    );
    r.ref({ stage: 'to_rebook' });
  });

  it('scheduled again with another start is a reschedule of that appointment only', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', A],
        ['03-03 15:00', 'appointment.scheduled', B],
        ['03-03 15:30', 'appointment.scheduled', booked('B', '03-12 14:00')],
        ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }],
      ],
      '03-04 00:00',
    );
    r.ref({ stage: 'scheduled' });
  });

  it('cancelling an unknown appointment counts as one that was had', async () => {
    const r = await tell(
      ask,
      [ROUTINE, ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }]],
      '03-04 00:00',
    );
    r.ref({ stage: 'to_rebook' });
  });

  it('booking a missed appointment again makes it active', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', A],
        ['03-03 15:00', 'appointment.no_show', { appointmentId: 'A' }],
        ['03-03 16:00', 'appointment.scheduled', A],
      ],
      '03-04 00:00',
    );
    r.ref({ stage: 'scheduled' });
  });

  it('a no-show after the completed visit of the same appointment (here the one booked last) changes nothing', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', booked('A', '03-04 14:00')],
        ['03-03 15:00', 'referrer.notified', { about: 'scheduled' }],
        ['03-04 14:30', 'visit.completed'],
        ['03-04 15:00', 'appointment.no_show', { appointmentId: 'A' }],
      ],
      '03-04 16:00',
    );
    r.ref({ stage: 'awaiting_note' });
    r.clock('referrer_update', 2, null);
    r.clock('rebook', 1, null);
  });
});
