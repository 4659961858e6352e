import { describe, it } from 'vitest';
import { booked, ROUTINE, SIDES, type Step, tell } from '../../../oracle/scenario.ts';

const called = (time: string, outcome: string): Step => [time, 'contact.attempted', { channel: 'phone', outcome }];

describe.each(SIDES)('A patient who says no, by %s', (_side, ask) => {
  it('is not to be booked: the referral is to be closed', async () => {
    const r = await tell(ask, [ROUTINE, called('03-03 16:00', 'declined')], '03-13 16:00');
    r.ref({ stage: 'to_close', actsNext: 'coordinator' });
    r.clock('reached', 1, ['03-02 14:00', '03-09 21:00', '03-09 21:00', '03-03 16:00', 'met']);
  });

  it.each([
    ['who is reached again', [called('03-04 16:00', 'reached')], 'to_schedule'],
    ['whom nobody reaches again', [called('03-04 16:00', 'voicemail')], 'to_close'],
    ['whose visit is booked', [['03-04 16:00', 'appointment.scheduled', booked('A', '03-20 14:00')]], 'scheduled'],
    [
      'who missed a visit before that',
      [
        ['03-03 15:00', 'appointment.scheduled', booked('A', '03-03 15:30')],
        ['03-03 15:45', 'appointment.no_show', { appointmentId: 'A' }],
      ],
      'to_close',
    ],
    [
      'whose referral is opened again',
      [
        ['03-04 16:00', 'referral.closed', { reason: 'patient_declined' }],
        ['03-05 16:00', 'referral.reopened'],
      ],
      'to_schedule',
    ],
  ] as [string, Step[], string][])('%s', async (_name, steps, stage) => {
    const r = await tell(ask, [ROUTINE, called('03-03 16:00', 'declined'), ...steps], '03-06 00:00');
    r.ref({ stage });
  });
});

describe.each(SIDES)('A wrong number, by %s', (_side, ask) => {
  it('stops the first attempt, but is none', async () => {
    const r = await tell(
      ask,
      [ROUTINE, called('03-03 16:00', 'wrong_number'), called('03-04 16:00', 'voicemail')],
      '03-05 00:00',
    );
    r.clock('first_attempt', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 16:00', 'met']);
    r.ref({ attempts: { made: 1, phoneDays: 1, letters: 0, wrongNumbers: 1 } });
  });
});
