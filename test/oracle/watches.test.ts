import { describe, it } from 'vitest';
import { receivedData } from '../builders/events.ts';
import { booked, iso, liveFrom, ROUTINE, SIDES, type Step, scenarioPolicy, tell, URGENT } from './scenario.ts';

// Of the routine referral `visit` is due 03-31 04:00, of the urgent one `silence` three business days after an event.
const called = (time: string, outcome: string, next?: string): Step => [
  time,
  'contact.attempted',
  { channel: 'phone', outcome, ...(next && { nextAttemptAt: iso(next) }) },
];
const late = booked('A', '04-09 14:00');

describe.each(SIDES)('Booked late, by %s', (_side, ask) => {
  const opened = ['at_risk', '03-31 04:00', '03-03 14:15', null, null];
  const scheduled: Step = ['03-03 14:10', 'appointment.scheduled', late];

  it('holds until the visit is overdue, that instant included', async () => {
    const until = await tell(ask, [ROUTINE, scheduled], '03-31 04:00');
    until.alert('booked_late', 1, [...opened, null, null]);
    const after = await tell(ask, [ROUTINE, scheduled], '03-31 04:15');
    after.alert('booked_late', 1, [...opened, '03-31 04:15', 'stopped']);
  });

  it('is about the earliest active appointment', async () => {
    const sooner: Step = ['03-04 14:00', 'appointment.scheduled', booked('B', '03-31 04:00')];
    const r = await tell(ask, [ROUTINE, scheduled, sooner], '03-05 00:00');
    r.alert('booked_late', 1, [...opened, '03-04 14:00', 'stopped']);
  });

  it('is no matter where the patient chose that start, in a booking or a restatement of it', async () => {
    const chosen: Step = ['03-04 14:00', 'appointment.scheduled', { ...late, patientChoice: true }];
    const r = await tell(ask, [ROUTINE, scheduled, chosen], '03-05 00:00');
    r.alert('booked_late', 1, [...opened, '03-04 14:00', 'stopped']);
    const moved: Step = ['03-05 14:00', 'appointment.scheduled', booked('A', '04-10 14:00')];
    const s = await tell(ask, [ROUTINE, chosen, moved], '03-06 00:00');
    s.alert('booked_late', 1, ['at_risk', '03-31 04:00', '03-05 14:00', null, null, null, null]);
  });

  it('ends with the referral, is withdrawn with a void, and a pause moves its due', async () => {
    const closed: Step = ['03-04 14:00', 'referral.closed', { reason: 'cost' }];
    (await tell(ask, [ROUTINE, scheduled, closed], '03-05 00:00')).alert('booked_late', 1, [
      ...opened,
      '03-04 14:00',
      'ended',
    ]);
    const voided: Step = ['03-04 14:00', 'referral.voided'];
    (await tell(ask, [ROUTINE, scheduled, voided], '03-05 00:00')).alert('booked_late', 1, [
      ...opened,
      '03-04 14:00',
      'retracted',
    ]);
    // medical_hold for up to 90 days: the days 4 March to 1 June don't count, the visit is due long after 9 April
    const paused: Step = ['03-04 14:00', 'referral.paused', { reason: 'medical_hold' }];
    (await tell(ask, [ROUTINE, scheduled, paused], '03-05 00:00')).alert('booked_late', 1, [
      ...opened,
      '03-04 14:00',
      'stopped',
    ]);
  });

  it('is not there where the visit has no clock', async () => {
    const policy = scenarioPolicy((version) => {
      for (const { clocks } of version.rules) delete clocks.visit;
    });
    const r = await tell(ask, [ROUTINE, scheduled], '03-05 00:00', policy);
    r.clock('visit', 1, null);
    r.alert('booked_late', 1, null);
  });
});

describe.each(SIDES)('Callback, by %s', (_side, ask) => {
  const promised = called('03-03 14:00', 'voicemail', '03-05 15:00');
  const atRisk = ['at_risk', '03-05 15:00', '03-05 05:00', null, null];
  const opened = ['breached', '03-05 15:00', '03-05 05:00', '03-05 15:15', null];

  it('is at risk from the local midnight of its day and breached after its instant', async () => {
    (await tell(ask, [ROUTINE, promised], '03-05 04:45')).alert('callback', 1, null);
    (await tell(ask, [ROUTINE, promised], '03-05 15:00')).alert('callback', 1, [...atRisk, null, null]);
    (await tell(ask, [ROUTINE, promised], '03-05 15:15')).alert('callback', 1, [...opened, null, null]);
  });

  it.each<[string, Step]>([
    ['a call that promises nothing', called('03-05 16:00', 'wrong_number')],
    ['the patient says no', called('03-05 16:00', 'declined', '03-06 15:00')],
    ['a booking', ['03-05 16:00', 'appointment.scheduled', booked('A', '03-17 14:00')]],
    ['a visit', ['03-05 16:00', 'visit.arrived']],
    ['a note', ['03-05 16:00', 'note.received']],
  ])('is over by %s', async (_what, step) => {
    const r = await tell(ask, [ROUTINE, promised, step], '03-06 16:00');
    r.alert('callback', 1, [...opened, '03-05 16:00', 'stopped']);
  });

  it('is not over by a cancellation or a restated booking, and waits in a pause', async () => {
    const cancelled: Step = ['03-05 16:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }];
    const restated: Step = ['03-05 17:00', 'appointment.scheduled', booked('A', '03-05 14:00')];
    const r = await tell(ask, [ROUTINE, promised, cancelled, restated], '03-05 18:00');
    r.alert('callback', 1, [...opened, null, null]);
    const paused: Step = ['03-05 16:00', 'referral.paused', { reason: 'patient_requested' }];
    (await tell(ask, [ROUTINE, promised, paused], '03-05 18:00')).alert('callback', 1, [
      ...opened,
      '03-05 16:00',
      'paused',
    ]);
  });

  it('moves with the next promise', async () => {
    const next = called('03-04 14:00', 'no_answer', '03-09 15:00');
    const r = await tell(ask, [ROUTINE, promised, next], '03-10 00:00');
    // at risk from midnight on, which is 04:00 since the clocks went forward on 8 March
    r.alert('callback', 1, ['breached', '03-09 15:00', '03-09 04:00', '03-09 15:15', null, null, null]);
  });
});

describe.each(SIDES)('News after the end, by %s', (_side, ask) => {
  const closed = (reason: string): Step => ['03-04 14:00', 'referral.closed', { reason }];
  const booking: Step = ['03-05 14:00', 'appointment.scheduled', booked('A', '03-17 14:00')];
  const note: Step = ['03-06 14:00', 'note.received'];
  const opened = ['breached', '03-05 14:00', null, '03-05 14:15', null];

  it('is a booking or a visit; it holds for 30 days from the latest', async () => {
    const r = await tell(ask, [ROUTINE, closed('duplicate'), booking], '04-04 13:45');
    r.alert('news_after_end', 1, [...opened, null, null]);
    const s = await tell(ask, [ROUTINE, closed('moved'), booking], '04-04 14:00');
    s.alert('news_after_end', 1, [...opened, '04-04 14:00', 'stopped']);
    const visit: Step = ['03-06 14:00', 'visit.arrived', { appointmentId: 'A' }];
    const t = await tell(ask, [ROUTINE, closed('converted_econsult'), booking, visit], '04-06 00:00');
    t.alert('news_after_end', 1, [...opened, '04-05 14:00', 'stopped']);
  });

  it('is a note only of what was a duplicate, an error or a test', async () => {
    for (const [reason, row] of [
      ['duplicate', ['breached', '03-06 14:00', null, '03-06 14:15', null, null, null]],
      ['entered_in_error', ['breached', '03-06 14:00', null, '03-06 14:15', null, null, null]],
      ['test', ['breached', '03-06 14:00', null, '03-06 14:15', null, null, null]],
      ['moved', null],
      ['converted_econsult', null],
      ['unreachable', null],
    ] as const) {
      const r = await tell(ask, [ROUTINE, closed(reason), note], '03-07 00:00');
      r.alert('news_after_end', 1, row === null ? null : [...row]);
    }
  });

  it('is nothing that came before the end, only restates, or ended otherwise', async () => {
    const before: Step = ['03-03 14:00', 'appointment.scheduled', booked('A', '03-03 15:00')];
    const lost: Step = ['03-03 16:00', 'appointment.no_show', { appointmentId: 'A' }];
    const restated: Step = ['03-05 14:00', 'appointment.scheduled', booked('A', '03-03 15:00')];
    const r = await tell(ask, [ROUTINE, before, lost, closed('duplicate'), restated], '03-06 00:00');
    r.alert('news_after_end', 1, null);
    const cancelled: Step = ['03-04 14:00', 'referral.cancelled', { by: 'patient' }];
    (await tell(ask, [ROUTINE, cancelled, booking], '03-06 00:00')).alert('news_after_end', 1, null);
  });

  it('is stopped by a reopening, not ended, and withdrawn by a void', async () => {
    const reopened: Step = ['03-06 14:00', 'referral.reopened'];
    const r = await tell(ask, [ROUTINE, closed('duplicate'), booking, reopened], '03-07 00:00');
    r.alert('news_after_end', 1, [...opened, '03-06 14:00', 'stopped']);
    const voided: Step = ['03-06 14:00', 'referral.voided'];
    const s = await tell(ask, [ROUTINE, closed('duplicate'), booking, voided], '03-07 00:00');
    s.alert('news_after_end', 1, [...opened, '03-06 14:00', 'retracted']);
  });
});

describe.each(SIDES)('Silence, by %s', (_side, ask) => {
  const seen: Step = ['03-03 14:00', 'visit.completed'];

  it('never holds beside a breached clock, and gives way to one', async () => {
    // 3 business days after 03-03 14:00: 4(1), 5(2), 6(3); `note`, 72 hours, is due before that
    const note = ['breached', '03-06 14:00', '03-05 14:00', '03-06 14:15', null];
    const held = await tell(ask, [URGENT, seen], '03-10 00:00');
    held.alert('note', 1, [...note, null, null]);
    held.alert('silence', 1, null);
    const policy = scenarioPolicy((version) => {
      for (const { clocks } of version.rules) if (clocks.note) clocks.note.target = { value: 168, unit: 'hours' };
    });
    const gives = await tell(ask, [URGENT, seen], '03-11 00:00', policy);
    gives.alert('silence', 1, ['breached', '03-06 22:00', null, '03-06 22:15', null, '03-10 14:15', 'stopped']);
  });

  it('counts from the start of an active appointment if that is later than any event', async () => {
    const scheduled: Step = ['03-02 15:00', 'appointment.scheduled', booked('A', '03-04 14:00')];
    const told: Step = ['03-02 16:00', 'referrer.notified', { about: 'scheduled' }];
    const policy = scenarioPolicy((version) => {
      for (const { clocks } of version.rules)
        if (clocks.visit) clocks.visit.target = { value: 28, unit: 'calendar_days' };
    });
    // 5(1), 6(2), 9(3)
    const r = await tell(ask, [URGENT, scheduled, told], '03-10 00:00', policy);
    r.alert('silence', 1, ['breached', '03-09 21:00', null, '03-09 21:15', null, null, null]);
  });

  it('takes a completed appointment for none, though it was to start later', async () => {
    const scheduled: Step = ['03-02 15:00', 'appointment.scheduled', booked('A', '03-20 14:00')];
    const told: Step = ['03-02 16:00', 'referrer.notified', { about: 'scheduled' }];
    const came: Step = ['03-03 14:00', 'visit.completed', { appointmentId: 'A' }];
    const policy = scenarioPolicy((version) => {
      for (const { clocks } of version.rules) delete clocks.note;
    });
    const r = await tell(ask, [URGENT, scheduled, told, came], '03-07 00:00', policy);
    r.alert('silence', 1, ['breached', '03-06 22:00', null, '03-06 22:15', null, null, null]);
  });
});

describe.each(SIDES)('Attendance unknown, by %s', (_side, ask) => {
  it('asks after an arrival too', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-02 15:00', 'appointment.scheduled', booked('A', '03-03 14:00')],
        ['03-03 14:00', 'visit.arrived', { appointmentId: 'A' }],
      ],
      '03-06 00:00',
    );
    r.alert('attendance_unknown', 1, ['breached', '03-05 22:00', null, '03-05 22:15', null, null, null]);
  });
});

describe.each(SIDES)('Before go-live, by %s', (_side, ask) => {
  // `acceptance` and `first_attempt` are due 03-04 22:00, `reached` 03-09 21:00, `orphan` 24 hours after its event
  it('an alert due before it never holds, one due at it does', async () => {
    const at = async (live: string) => tell(ask, [ROUTINE], '03-10 00:00', scenarioPolicy(), liveFrom(live));
    const late = await at('03-04 22:01');
    late.alert('acceptance', 1, null);
    late.alert('reached', 1, ['breached', '03-09 21:00', '03-08 21:00', '03-09 21:15', null, null, null]);
    late.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'missed']);
    (await at('03-04 22:00')).alert('acceptance', 1, [
      'escalated',
      '03-04 22:00',
      '03-03 22:00',
      '03-04 22:15',
      '03-09 22:15',
      null,
      null,
    ]);
  });

  it('nobody owns and what is missing counts from then', async () => {
    const steps: Step[] = [
      ['03-02 14:00', 'referral.received', receivedData({ site: 'cape', specialty: 'dermatology' })],
      ['03-02 14:05', 'referral.updated', { specialty: 'cardiology' }],
    ];
    const live = liveFrom('03-03 14:00');
    const r = await tell(ask, steps, '03-04 00:00', scenarioPolicy(), live);
    r.alert('unassigned', 1, ['breached', '03-03 14:00', null, '03-03 14:15', null, null, null]);
    const imaging: Step = ['03-02 14:00', 'referral.received', receivedData({ specialty: 'imaging' })];
    const s = await tell(ask, [imaging], '03-04 00:00', scenarioPolicy(), live);
    s.alert('incomplete', 1, ['breached', '03-03 14:00', null, '03-03 14:15', null, null, null]);
  });

  it('a silence and an orphan of before are let be', async () => {
    const live = liveFrom('03-12 00:00');
    const orphan = await tell(ask, [called('03-10 14:00', 'reached')], '03-13 00:00', scenarioPolicy(), live);
    orphan.alert('orphan', 1, null);
    const silent = await tell(ask, [URGENT, called('03-03 14:00', 'reached')], '03-13 00:00', scenarioPolicy(), live);
    silent.alert('silence', 1, null);
  });

  it('a breach of before silences nothing', async () => {
    // the last event is of 03-09 14:00: 10(1), 11(2), 12(3); everything else was due before
    const steps = [URGENT, called('03-09 14:00', 'reached')];
    const r = await tell(ask, steps, '03-13 00:00', scenarioPolicy(), liveFrom('03-12 00:00'));
    r.alert('scheduled', 1, null);
    r.alert('silence', 1, ['breached', '03-12 21:00', null, '03-12 21:15', null, null, null]);
  });
});
