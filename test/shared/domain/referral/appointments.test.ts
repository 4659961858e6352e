import { describe, it } from 'vitest';
import { booked, ROUTINE, SIDES, type Step, tell } from '../../../oracle/scenario.ts';

const A = booked('A', '03-10 14:00');
const B = booked('B', '03-11 14:00');
const OF_A = { appointmentId: 'A' };
const OF_B = { appointmentId: 'B' };
/** A routine referral of which A is booked on 3 March, and the office told. */
const BOOKED: Step[] = [
  ROUTINE,
  ['03-03 14:00', 'appointment.scheduled', A],
  ['03-03 14:30', 'referrer.notified', { about: 'scheduled' }],
];

describe.each(SIDES)('Appointments, by %s', (_side, ask) => {
  it('a reschedule of an appointment that is not active replaces none', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
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
        ...BOOKED,
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
        ...BOOKED,
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

  it('a no-show after the completed visit of the same appointment changes nothing', async () => {
    const r = await tell(
      ask,
      [...BOOKED, ['03-10 14:30', 'visit.completed'], ['03-10 15:00', 'appointment.no_show', OF_A]],
      '03-10 16:00',
    );
    r.ref({ stage: 'awaiting_note' });
    r.clock('referrer_update', 2, null);
    r.clock('rebook', 1, null);
  });

  it('a no-show of a cancelled one and a cancellation of a missed one start nothing', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-03 15:00', 'appointment.scheduled', B],
        ['03-10 14:30', 'appointment.no_show', OF_A],
        ['03-10 15:00', 'referrer.notified', { about: 'no_show' }],
        ['03-10 16:00', 'appointment.cancelled', { ...OF_B, by: 'patient' }],
        ['03-10 17:00', 'visit.arrived', { appointmentId: 'X' }],
        ['03-10 18:00', 'appointment.no_show', OF_B],
        ['03-10 19:00', 'appointment.cancelled', { ...OF_A, by: 'system' }],
      ],
      '03-11 00:00',
    );
    r.ref({ stage: 'to_rebook' });
    r.clock('rebook', 1, ['03-10 16:00', '03-20 21:00', '03-20 21:00', '03-10 17:00', 'met']);
    r.clock('rebook', 2, null);
    r.clock('referrer_update', 3, null);
  });
});

describe.each(SIDES)('A booking that says again what was, by %s', (_side, ask) => {
  const MISSED: Step[] = [...BOOKED, ['03-10 14:30', 'appointment.no_show', OF_A]];

  it.each([
    ['revives a missed appointment if its start lies ahead', booked('A', '03-10 20:01'), 'scheduled'],
    ['revives nothing if it lies behind', A, 'to_rebook'],
    ['nor if it is the very instant of the event', booked('A', '03-10 20:00'), 'to_rebook'],
  ])('%s', async (_name, data, stage) => {
    const r = await tell(ask, [...MISSED, ['03-10 20:00', 'appointment.scheduled', data]], '03-11 00:00');
    r.ref({ stage });
    const stopped = stage === 'scheduled' ? '03-10 20:00' : null;
    r.clock('rebook', 1, ['03-10 14:30', '03-20 21:00', '03-20 21:00', stopped, stopped ? 'met' : 'running']);
  });

  it('replaces nothing either', async () => {
    const r = await tell(
      ask,
      [...MISSED, ['03-10 16:00', 'appointment.scheduled', B], ['03-10 20:00', 'appointment.rescheduled', A]],
      '03-11 00:00',
    );
    r.ref({ stage: 'scheduled' });
  });

  it('changes nothing of an appointment that was kept, even with a start ahead', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-10 14:30', 'visit.completed', OF_A],
        ['03-10 20:00', 'appointment.rescheduled', booked('A', '03-20 14:00')],
      ],
      '04-20 00:00',
    );
    r.ref({ stage: 'awaiting_note' });
  });
});

describe.each(SIDES)('A no-show of a start that was moved, by %s', (_side, ask) => {
  it('under the same id leaves the booking as it is and starts nothing', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-10 14:40', 'appointment.rescheduled', booked('A', '03-17 14:00')],
        ['03-10 21:10', 'appointment.no_show', OF_A],
      ],
      '03-13 16:00',
    );
    r.ref({ stage: 'scheduled' });
    r.clock('rebook', 1, null);
    r.clock('referrer_update', 2, null);
  });

  it('is of the start it has now once that has come', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-09 14:40', 'appointment.rescheduled', booked('A', '03-10 20:00')],
        ['03-10 20:00', 'appointment.no_show', OF_A],
      ],
      '03-11 00:00',
    );
    r.ref({ stage: 'to_rebook' });
  });

  it('leaves the booking by which it was replaced, which stays replaced', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-09 14:00', 'appointment.rescheduled', { ...booked('B', '03-17 14:00'), previousAppointmentId: 'A' }],
        ['03-10 21:10', 'appointment.no_show', OF_A],
        ['03-10 21:20', 'appointment.cancelled', { ...OF_A, by: 'system' }],
      ],
      '03-13 16:00',
    );
    r.ref({ stage: 'scheduled' });
    r.clock('rebook', 1, null);
  });
});

describe.each(SIDES)('A visit of an appointment that was missed or cancelled, by %s', (_side, ask) => {
  it.each([
    ['arrived', 'appointment.no_show', OF_A, 'visit.arrived', 'scheduled'],
    ['arrived after a cancellation', 'appointment.cancelled', { ...OF_A, by: 'system' }, 'visit.arrived', 'scheduled'],
    ['completed', 'appointment.no_show', OF_A, 'visit.completed', 'awaiting_note'],
  ])('undoes that: %s', async (_name, lost, data, visit, stage) => {
    const r = await tell(ask, [...BOOKED, ['03-10 14:30', lost, data], ['03-10 14:42', visit, OF_A]], '03-11 00:00');
    r.ref({ stage });
    r.clock('rebook', 1, null);
    r.clock('referrer_update', 2, null);
  });

  it('takes back what the no-show did to others: one that was over is active again', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-03 15:00', 'appointment.scheduled', booked('B', '03-10 14:30')],
        ['03-10 15:00', 'appointment.no_show', OF_B],
        ['03-10 15:10', 'visit.completed', OF_B],
      ],
      '03-20 00:00',
    );
    r.ref({ stage: 'awaiting_note' });
    r.clock('rebook', 1, null);
  });

  it('frees the number of what never was: the next no-show starts the first rebook', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-10 14:30', 'appointment.no_show', OF_A],
        ['03-10 14:42', 'visit.arrived', OF_A],
        ['03-10 15:00', 'appointment.rescheduled', booked('A', '03-12 14:00')],
        ['03-12 15:00', 'appointment.no_show', OF_A],
      ],
      '03-13 00:00',
    );
    r.ref({ stage: 'to_rebook' });
    r.clock('rebook', 1, ['03-12 15:00', '03-24 21:00', '03-24 21:00', null, 'running']);
    r.clock('rebook', 2, null);
  });
});

describe.each(SIDES)('A booking whose time has passed, by %s', (_side, ask) => {
  const TWO: Step[] = [
    ROUTINE,
    ['03-03 14:00', 'appointment.scheduled', booked('A', '03-09 14:00')],
    ['03-03 14:30', 'referrer.notified', { about: 'scheduled' }],
    ['03-04 15:00', 'appointment.scheduled', booked('B', '03-10 18:00')],
  ];

  it('is no reason to wait when another was missed: rebook starts, and nobody is asked about the old one', async () => {
    const r = await tell(ask, [...TWO, ['03-10 18:40', 'appointment.no_show', OF_B]], '03-24 16:00');
    r.ref({ stage: 'to_rebook' });
    r.clock('rebook', 1, ['03-10 18:40', '03-20 21:00', '03-20 21:00', null, 'missed']);
    r.alert('attendance_unknown', 1, null);
  });

  it('is one if the patient arrived at it', async () => {
    const r = await tell(
      ask,
      [...TWO, ['03-09 14:00', 'visit.arrived', OF_A], ['03-10 18:40', 'appointment.no_show', OF_B]],
      '03-11 00:00',
    );
    r.ref({ stage: 'scheduled' });
    r.clock('rebook', 1, null);
  });

  it('counts again once something is heard of it', async () => {
    const r = await tell(
      ask,
      [...TWO, ['03-10 18:40', 'appointment.no_show', OF_B], ['03-11 15:00', 'visit.completed', OF_A]],
      '03-12 00:00',
    );
    r.ref({ stage: 'awaiting_note' });
    r.clock('rebook', 1, ['03-10 18:40', '03-20 21:00', '03-20 21:00', '03-11 15:00', 'met']);
  });
});

describe.each(SIDES)('A visit that names no appointment, by %s', (_side, ask) => {
  it('is of the one that starts on its date, not of one booked later', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-05 14:00', 'appointment.scheduled', booked('B', '03-30 14:00')],
        ['03-10 14:40', 'visit.completed'],
        ['03-30 15:00', 'appointment.no_show', OF_B],
      ],
      '03-31 00:00',
    );
    r.ref({ stage: 'awaiting_note' });
    // B was still active: its no-show is one.
    r.clock('referrer_update', 2, ['03-30 15:00', '04-01 21:00', '04-01 21:00', null, 'running']);
  });

  it('is of the one booked last if none starts on its date', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-05 14:00', 'appointment.scheduled', booked('B', '03-30 14:00')],
        ['03-12 14:40', 'visit.completed'],
        ['03-30 15:00', 'appointment.no_show', OF_B],
      ],
      '03-31 00:00',
    );
    r.clock('referrer_update', 2, null);
  });

  it('undoes the no-show of that date if none is active', async () => {
    const r = await tell(
      ask,
      [...BOOKED, ['03-10 14:30', 'appointment.no_show', OF_A], ['03-10 14:42', 'visit.arrived']],
      '03-11 00:00',
    );
    r.ref({ stage: 'scheduled' });
    r.clock('rebook', 1, null);
  });

  it('stays of the one whose no-show it undid, though without that another no-show has ended it', async () => {
    const r = await tell(
      ask,
      [
        ...BOOKED,
        ['03-10 14:10', 'appointment.no_show', OF_B],
        ['03-10 14:30', 'appointment.no_show', OF_A],
        ['03-10 14:42', 'visit.arrived'],
      ],
      '03-11 00:00',
    );
    r.ref({ stage: 'scheduled' });
  });

  it('is of none on another date: the no-show stands, and rebook stops', async () => {
    const r = await tell(
      ask,
      [...BOOKED, ['03-10 14:30', 'appointment.no_show', OF_A], ['03-11 14:42', 'visit.arrived']],
      '03-12 00:00',
    );
    r.ref({ stage: 'to_rebook' });
    r.clock('rebook', 1, ['03-10 14:30', '03-20 21:00', '03-20 21:00', '03-11 14:42', 'met']);
  });
});
