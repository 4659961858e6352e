import { describe, it } from 'vitest';
import { receivedData } from '../../../builders/events.ts';
import {
  booked,
  iso,
  liveFrom,
  ROUTINE,
  SIDES,
  type Step,
  scenarioPolicy,
  tell,
  URGENT,
} from '../../../oracle/scenario.ts';

const noClocks = () =>
  scenarioPolicy((version) => {
    version.rules = [{ match: {}, clocks: { acknowledge: { target: { value: 5, unit: 'business_days' } } } }];
  });
const OF_A = { appointmentId: 'A' };

describe.each(SIDES)('Silence, by %s', (_side, ask) => {
  it('counts from a retraction, not from the event that it retracts', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-04 15:00', 'contact.attempted', { channel: 'phone', outcome: 'voicemail' }, { id: 'c' }],
        ['03-05 15:00', 'event.retracted', { source: 's', id: 'c' }],
      ],
      '03-12 00:00',
      noClocks(),
    );
    r.alert('silence', 1, ['breached', '03-10 21:00', null, '03-10 21:15', null, null, null]);
  });

  it('counts from the start of an appointment that nothing was heard of', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-02 15:00', 'appointment.scheduled', booked('A', '03-06 15:00')]],
      '03-12 00:00',
      noClocks(),
    );
    r.alert('silence', 1, ['breached', '03-11 21:00', null, '03-11 21:15', null, null, null]);
  });

  it('is judged without an appointment that was completed before its start', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-02 15:00', 'appointment.scheduled', booked('A', '04-15 15:00')],
        ['03-03 16:00', 'visit.completed', OF_A],
      ],
      '03-12 00:00',
      noClocks(),
    );
    r.alert('silence', 1, ['breached', '03-06 22:00', null, '03-06 22:15', null, null, null]);
  });

  it('gives way to a clock that is breached, and is not beside one', async () => {
    const r = await tell(ask, [URGENT], '03-12 00:00');
    r.alert('silence', 1, null);
    const late = await tell(
      ask,
      [URGENT, ['03-02 15:00', 'visit.completed'], ['03-02 16:00', 'referrer.notified', { about: 'seen' }]],
      '03-12 00:00',
      scenarioPolicy((version) => {
        version.rules = [{ match: {}, clocks: { note: { target: { value: 5, unit: 'calendar_days' } } } }];
      }),
    );
    late.alert('silence', 1, ['breached', '03-05 22:00', null, '03-05 22:15', null, '03-08 05:15', 'stopped']);
  });
});

describe.each(SIDES)('Unknown attendance, by %s', (_side, ask) => {
  const TWO: Step[] = [
    ROUTINE,
    ['03-02 15:00', 'appointment.scheduled', booked('A', '03-03 14:00')],
    ['03-02 16:00', 'appointment.scheduled', booked('B', '03-30 14:00')],
  ];

  it('is about the earliest appointment, and is stopped when the next takes its place', async () => {
    const r = await tell(
      ask,
      [...TWO, ['03-03 14:00', 'visit.completed', OF_A, { recordedtime: '03-06 09:50' }]],
      '03-07 00:00',
    );
    r.alert('attendance_unknown', 1, ['breached', '03-05 22:00', null, '03-05 22:15', null, '03-06 10:00', 'stopped']);
  });

  it('stays after an arrival: how the visit went is still not known', async () => {
    const r = await tell(ask, [...TWO, ['03-03 14:00', 'visit.arrived', OF_A]], '03-07 00:00');
    r.alert('attendance_unknown', 1, ['breached', '03-05 22:00', null, '03-05 22:15', null, null, null]);
  });
});

describe.each(SIDES)('Incomplete, by %s', (_side, ask) => {
  it('takes an empty field as missing', async () => {
    const r = await tell(
      ask,
      [['03-02 14:00', 'referral.received', receivedData({ specialty: 'imaging', payer: '' })]],
      '03-02 15:00',
    );
    r.alert('incomplete', 1, ['breached', '03-02 14:00', null, '03-02 14:15', null, null, null]);
  });
});

describe.each(SIDES)('A visit that is booked behind the promised wait, by %s', (_side, ask) => {
  const LATE: Step[] = [ROUTINE, ['03-03 15:00', 'appointment.scheduled', booked('A', '04-09 14:00')]];

  it('is at risk at once, and until the wait is over', async () => {
    const r = await tell(ask, LATE, '04-05 00:00');
    r.alert('booked_late', 1, ['at_risk', '03-31 04:00', '03-03 15:00', null, null, '03-31 04:15', 'stopped']);
  });

  it('is no longer once it is moved to before that', async () => {
    const moved: Step = ['03-05 15:00', 'appointment.rescheduled', booked('A', '03-18 14:00')];
    const r = await tell(ask, [...LATE, moved], '03-08 00:00');
    r.alert('booked_late', 1, ['at_risk', '03-31 04:00', '03-03 15:00', null, null, '03-05 15:00', 'stopped']);
  });

  it.each([
    ['with the booking', [], { patientChoice: true }],
    [
      'when it is said again',
      [['03-04 15:00', 'appointment.scheduled', booked('A', '04-09 14:00', { patientChoice: true })]],
    ],
  ] as [string, Step[], object?][])('is the patient’s wish if that is said %s', async (_name, later, more = {}) => {
    const steps: Step[] = [
      ROUTINE,
      ['03-03 15:00', 'appointment.scheduled', booked('A', '04-09 14:00', more)],
      ...later,
    ];
    const r = await tell(ask, steps, '03-04 16:00');
    const resolved = ['at_risk', '03-31 04:00', '03-03 15:00', null, null, '03-04 15:00', 'stopped'];
    r.alert('booked_late', 1, later.length === 0 ? null : resolved);
  });

  it('is at risk again when it is moved to another late start that nobody asked for', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 15:00', 'appointment.scheduled', booked('A', '04-09 14:00', { patientChoice: true })],
        ['03-04 15:00', 'appointment.rescheduled', booked('A', '04-10 14:00')],
      ],
      '03-05 00:00',
    );
    r.alert('booked_late', 1, ['at_risk', '03-31 04:00', '03-04 15:00', null, null, null, null]);
  });
});

describe.each(SIDES)('A promised call, by %s', (_side, ask) => {
  const PROMISED: Step[] = [
    ROUTINE,
    ['03-02 15:00', 'contact.attempted', { channel: 'phone', outcome: 'voicemail', nextAttemptAt: iso('03-05 20:00') }],
  ];

  it('is at risk from the midnight of its day on, and breached once it wasn’t made', async () => {
    const r = await tell(ask, PROMISED, '03-05 21:00');
    r.alert('callback', 1, ['breached', '03-05 20:00', '03-05 05:00', '03-05 20:15', null, null, null]);
  });

  it('is kept by any attempt, a wrong number too', async () => {
    const call: Step = ['03-05 19:00', 'contact.attempted', { channel: 'phone', outcome: 'wrong_number' }];
    const r = await tell(ask, [...PROMISED, call], '03-05 21:00');
    r.alert('callback', 1, ['at_risk', '03-05 20:00', '03-05 05:00', null, null, '03-05 19:00', 'stopped']);
  });

  it.each([
    ['booked', 'appointment.scheduled', booked('A', '03-12 14:00')],
    ['seen', 'visit.arrived', {}],
  ])('is owed no longer once the patient was %s', async (_name, type, data) => {
    const r = await tell(ask, [...PROMISED, ['03-04 19:00', type, data]], '03-06 21:00');
    r.alert('callback', 1, null);
  });

  it('waits while the referral is paused', async () => {
    const pause: Step = ['03-05 10:00', 'referral.paused', { reason: 'patient_requested' }];
    const r = await tell(ask, [...PROMISED, pause], '03-06 21:00');
    r.alert('callback', 1, ['at_risk', '03-05 20:00', '03-05 05:00', null, null, '03-05 10:00', 'paused']);
  });
});

describe.each(SIDES)('News on a referral that has ended, by %s', (_side, ask) => {
  const closed = (reason: string): Step[] => [ROUTINE, ['03-04 15:00', 'referral.closed', { reason }]];
  const booking: Step = ['03-06 15:00', 'appointment.scheduled', booked('A', '03-20 14:00')];
  const note: Step = ['03-06 15:00', 'note.received'];

  it.each([
    ['a booking on a duplicate', 'duplicate', booking, true],
    ['a note on a duplicate', 'duplicate', note, true],
    ['a booking after an e-consult', 'converted_econsult', booking, true],
    ['a note after an e-consult is what was to come', 'converted_econsult', note, false],
    ['a booking after a patient’s no is the referral’s own', 'patient_declined', booking, false],
  ] as [string, string, Step, boolean][])('%s', async (_name, reason, step, isNews) => {
    const r = await tell(ask, [...closed(reason), step], '03-07 00:00');
    r.alert('news_after_end', 1, isNews ? ['breached', '03-06 15:00', null, '03-06 15:15', null, null, null] : null);
  });

  it('lasts for 30 days from the latest', async () => {
    const visit: Step = ['03-20 14:00', 'visit.completed', OF_A];
    const r = await tell(ask, [...closed('duplicate'), booking, visit], '04-25 00:00');
    r.alert('news_after_end', 1, ['breached', '03-06 15:00', null, '03-06 15:15', null, '04-19 14:00', 'stopped']);
  });

  it('was none if the referral is open again', async () => {
    const r = await tell(ask, [...closed('duplicate'), booking, ['03-09 15:00', 'referral.reopened']], '03-10 00:00');
    r.alert('news_after_end', 1, ['breached', '03-06 15:00', null, '03-06 15:15', null, '03-09 15:00', 'stopped']);
  });
});

describe.each(SIDES)('Before it is live, by %s', (_side, ask) => {
  it('what was due is nobody’s alert, however long it stays open', async () => {
    const r = await tell(ask, [ROUTINE], '03-12 00:00', scenarioPolicy(), liveFrom('03-05 00:00'));
    r.alert('first_attempt', 1, null); // due 03-04 22:00
    r.alert('reached', 1, ['breached', '03-09 21:00', '03-08 21:00', '03-09 21:15', null, null, null]);
  });

  it('what is due at that very instant is one', async () => {
    const r = await tell(ask, [ROUTINE], '03-05 00:00', scenarioPolicy(), liveFrom('03-04 22:00'));
    r.alert('first_attempt', 1, ['breached', '03-04 22:00', '03-03 22:00', '03-04 22:15', null, null, null]);
  });

  it('nobody’s referral and an incomplete one are due when it goes live', async () => {
    const steps: Step[] = [
      ['03-02 14:00', 'referral.received', receivedData({ site: 'nowhere', specialty: 'imaging', payer: '' })],
    ];
    const directory = liveFrom('03-04 13:00');
    for (const person of directory.people) person.routes = [];
    const r = await tell(ask, steps, '03-05 00:00', scenarioPolicy(), directory);
    r.alert('unassigned', 1, ['breached', '03-04 13:00', null, '03-04 13:15', null, null, null]);
    r.alert('incomplete', 1, ['breached', '03-04 13:00', null, '03-04 13:15', null, null, null]);
  });
});
