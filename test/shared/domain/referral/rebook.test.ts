import { describe, it } from 'vitest';
import { booked, ROUTINE, SIDES, tell } from '../../../oracle/scenario.ts';

describe.each(SIDES)('The rebook clock, by %s', (_side, ask) => {
  it('starts only when no other appointment is active, stops at an arrival, and never starts after a visit', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', booked('A', '03-10 14:00')],
        ['03-03 15:00', 'appointment.scheduled', booked('B', '03-11 14:00')],
        ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }],
        ['03-03 17:00', 'appointment.no_show', { appointmentId: 'B' }],
        ['03-03 18:00', 'appointment.cancelled', { appointmentId: 'B', by: 'system' }],
        ['03-03 19:00', 'visit.arrived', { appointmentId: 'X' }],
        ['03-03 20:00', 'appointment.cancelled', { appointmentId: 'unknown', by: 'system' }],
        ['03-03 21:00', 'visit.completed'],
        ['03-03 22:00', 'appointment.no_show', { appointmentId: 'C' }],
      ],
      '03-04 00:00',
    );
    r.ref({ stage: 'awaiting_note' });
    r.clock('rebook', 1, ['03-03 17:00', '03-12 21:00', '03-12 21:00', '03-03 19:00', 'met']);
    r.clock('rebook', 2, ['03-03 20:00', '03-12 21:00', '03-12 21:00', '03-03 21:00', 'met']);
    r.clock('rebook', 3, null);
    r.clock('referrer_update', 1, ['03-03 14:00', '03-05 22:00', '03-05 22:00', null, 'running']);
  });
});
