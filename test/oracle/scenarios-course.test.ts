import { describe, it } from 'vitest';
import { at } from '../builders/instants.ts';
import { askHandlers, askOracle } from './agreement.ts';
import { type Ask, booked, ROUTINE, received, scenarioPolicy, tell, URGENT } from './scenario.ts';

const sides: [string, Ask][] = [
  ['the oracle', askOracle],
  ['the handlers', askHandlers],
];
const iso = (text: string): string => new Date(at(text)).toISOString();

describe.each(sides)('Dimensions, answers, appointments, by %s', (_side, ask) => {
  it('switched off midway: the clock is gone, its alert retracted; numbers are taken by switched-off clocks too', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', received({ specialty: 'cardiology' })],
        ['03-03 14:00', 'note.received'],
        ['03-11 15:00', 'referral.updated', { specialty: 'dermatology' }, { recordedtime: '03-11 15:00' }],
      ],
      '03-11 16:00',
    );
    r.clock('acknowledge', 1, ['03-03 14:00', '03-10 21:00', '03-10 21:00', null, 'missed']); // past its due: keeps
    const q = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', received({ specialty: 'cardiology' })],
        ['03-03 14:00', 'note.received'],
        ['03-10 15:00', 'referral.updated', { specialty: 'dermatology' }],
      ],
      '03-11 16:00',
    );
    q.clock('acknowledge', 1, null);
    q.alert('acknowledge', 1, ['at_risk', '03-10 21:00', '03-09 21:00', null, null, '03-10 15:00', 'retracted']);
    const off = scenarioPolicy(({ rules }) => {
      rules.push({ match: { tags: ['quiet', 'other'] }, clocks: { reroute: { target: null } } });
    });
    const p = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', received({ tags: ['quiet'] })],
        ['03-03 14:00', 'referral.declined', { reason: 'other' }],
        ['03-03 15:00', 'referral.rerouted'],
        ['03-03 16:00', 'referral.updated', { tags: [] }],
        ['03-03 17:00', 'referral.declined', { reason: 'other' }],
      ],
      '03-04 00:00',
      off,
    );
    p.clock('reroute', 1, null);
    p.clock('reroute', 2, ['03-03 17:00', '03-12 21:00', '03-12 21:00', null, 'running']);
  });

  it('declined while reroute runs: no second instance; accepted stops it', async () => {
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
    r.clock('referrer_update', 2, null); // the first was never told, so it still runs
  });

  it('the first booking while another referrer_update runs: no later booking starts one', async () => {
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

  it('rebook: not while another appointment is active; visit.arrived stops it; not after a visit.completed', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', booked('A', '03-10 14:00')],
        ['03-03 15:00', 'appointment.scheduled', booked('B', '03-11 14:00')],
        ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }],
        ['03-03 17:00', 'appointment.no_show', { appointmentId: 'B' }],
        ['03-03 18:00', 'appointment.cancelled', { appointmentId: 'B', by: 'system' }],
        ['03-03 19:00', 'visit.arrived', { appointmentId: 'B' }],
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

  it('no-show after the completed visit of the same appointment (here: the one booked last): nothing; before it: completed', async () => {
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

  it('appointments: previous not active replaces nothing; scheduled elsewhere; scheduled again is a reschedule of it only', async () => {
    const A = booked('A', '03-10 14:00'),
      B = booked('B', '03-11 14:00');
    (
      await tell(
        ask,
        [
          ROUTINE,
          ['03-03 14:00', 'appointment.scheduled', A],
          ['03-03 15:00', 'appointment.rescheduled', { ...B, previousAppointmentId: 'X' }],
          ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }],
        ],
        '03-04 00:00',
      )
    ).ref({ stage: 'scheduled' });
    (
      await tell(
        ask,
        [
          ROUTINE,
          ['03-03 14:00', 'appointment.scheduled', A],
          ['03-03 15:00', 'appointment.rescheduled', B],
          ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }],
        ],
        '03-04 00:00',
      )
    ).ref({ stage: 'to_rebook' });
    (
      await tell(
        ask,
        [
          ROUTINE,
          ['03-03 14:00', 'appointment.scheduled', A],
          ['03-03 15:00', 'appointment.scheduled', B],
          ['03-03 15:30', 'appointment.scheduled', booked('B', '03-12 14:00')],
          ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }],
        ],
        '03-04 00:00',
      )
    ).ref({ stage: 'scheduled' });
    (
      await tell(
        ask,
        [ROUTINE, ['03-03 16:00', 'appointment.cancelled', { appointmentId: 'B', by: 'patient' }]],
        '03-04 00:00',
      )
    ).ref({ stage: 'to_rebook' });
    (
      await tell(
        ask,
        [
          ROUTINE,
          ['03-03 14:00', 'appointment.scheduled', A],
          ['03-03 15:00', 'appointment.no_show', { appointmentId: 'A' }],
          ['03-03 16:00', 'appointment.scheduled', A],
        ],
        '03-04 00:00',
      )
    ).ref({ stage: 'scheduled' });
  });

  it('attendance unknown: the earliest unarrived of two; arrival resolves it (stopped) by moving on to the next', async () => {
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

  it('pauses: `until`, a new pause replaces the running one, the cap; hours with a pause; running out exactly at its start', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-03 14:00', 'referral.paused', { reason: 'medical_hold', until: iso('03-04 14:00') }]],
      '03-03 15:00',
    );
    r.ref({ paused: true });
    r.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-07 14:00', null, 'running']);
    const q = await tell(
      ask,
      [
        URGENT,
        ['03-03 14:00', 'referral.paused', { reason: 'medical_hold' }],
        ['03-03 20:00', 'referral.paused', { reason: 'awaiting_information', until: iso('03-03 22:00') }],
      ],
      '03-03 22:00',
    );
    q.ref({ paused: false }); // not including its end
    q.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-06 22:00', null, 'running']);
    q.clock('acceptance', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', null, 'running']); // the pause ends at closing: that day counts
    const p = await tell(
      ask,
      [URGENT, ['03-06 14:00', 'referral.paused', { reason: 'awaiting_information' }]],
      '03-06 14:00',
    );
    p.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-06 14:00', null, 'running']);
    p.alert('visit', 1, ['at_risk', '03-06 14:00', '03-05 14:00', null, null, '03-06 14:00', 'paused']);
    p.clock('scheduled', 1, ['03-02 14:00', '03-05 22:00', '03-05 22:00', null, 'missed']);
    const c = await tell(
      ask,
      [
        URGENT,
        ['03-03 14:00', 'referral.paused', { reason: 'awaiting_information' }],
        ['03-03 15:00', 'referral.closed', { reason: 'distance' }],
      ],
      '03-03 16:00',
    );
    c.ref({ paused: false });
    c.clock('referrer_update', 1, ['03-03 15:00', '03-04 22:00', '03-13 21:00', null, 'running']); // paused to 03-13 14:00 (10 x 24 h); 13 (Friday) counts at closing
  });
});
