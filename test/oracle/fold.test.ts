import { describe, expect, it } from 'vitest';
import { receivedData } from '../builders/events.ts';
import { short } from '../builders/instants.ts';
import { booked, folded, ROUTINE, SIDES, type Step, tell } from './scenario.ts';

const called = (time: string, outcome: string, channel = 'phone'): Step => [
  time,
  'contact.attempted',
  { channel, outcome },
];
const A = booked('A', '03-17 14:00');

describe('Events of one instant', () => {
  const minute = '03-05 15:00';
  const closed = (recordedtime?: string): Step => [
    minute,
    'referral.closed',
    { reason: 'unreachable' },
    { id: '99', ...(recordedtime && { recordedtime }) },
  ];
  const reopened = (recordedtime?: string): Step => [
    minute,
    'referral.reopened',
    {},
    { id: '100', ...(recordedtime && { recordedtime }) },
  ];

  it('stand in the order in which they were written down', () => {
    expect(folded(ROUTINE, reopened('2026-03-05T15:00:40Z'), closed('2026-03-05T15:00:10Z')).end).toBeNull();
    expect(folded(ROUTINE, closed('2026-03-05T15:00:40Z'), reopened('2026-03-05T15:00:10Z')).stage).toBe('closed');
  });

  it('were written down when they happened, for want of a recordedtime; then the id decides, as text', () => {
    expect(folded(ROUTINE, closed(), reopened('2026-03-05T15:00:10Z')).end).toBeNull();
    expect(folded(ROUTINE, closed(), reopened()).stage).toBe('closed'); // `100` comes before `99`
  });

  it('are withdrawn up to the place of a retraction of their entity, by when it was written down', () => {
    const voided = (recordedtime: string): Step => [
      minute,
      'referral.voided',
      {},
      { id: 'z', entity: 'E', recordedtime },
    ];
    const back: Step = [
      minute,
      'event.retracted',
      { source: 's', entity: 'E' },
      { id: 'a', recordedtime: '2026-03-05T15:00:30Z' },
    ];
    expect(folded(ROUTINE, voided('2026-03-05T15:00:10Z'), back).voided).toBe(false);
    expect(folded(ROUTINE, voided('2026-03-05T15:00:40Z'), back).voided).toBe(true);
  });
});

describe('Words of their own', () => {
  const words = (...step: Step) => {
    const { data, unmapped } = folded(ROUTINE, step).facts.at(-1) ?? {};
    return [data, unmapped];
  };

  it.each<[unknown]>([[undefined], [null], ['no idea'], ['']])('a closing for %j is unspecified', (reason) => {
    expect(words('03-05 14:00', 'referral.closed', { reason })).toEqual([
      { reason: 'unspecified' },
      ['referral.closed.reason'],
    ]);
  });

  it('so is a refusal other, and a call by an unknown channel with an unknown outcome', () => {
    expect(words('03-05 14:00', 'referral.declined')).toEqual([{ reason: 'other' }, ['referral.declined.reason']]);
    expect(words(...called('03-05 14:00', 'left_message', 'robot'))).toEqual([
      { channel: 'other', outcome: 'other' },
      ['contact.attempted.channel', 'contact.attempted.outcome'],
    ]);
  });

  it('known words stay, these two as well', () => {
    expect(words('03-05 14:00', 'referral.closed', { reason: 'unspecified' })[1]).toEqual([]);
    expect(words('03-05 14:00', 'referral.declined', { reason: 'other' })[1]).toEqual([]);
    expect(words(...called('03-05 14:00', 'reached'))[1]).toEqual([]);
  });
});

describe('A note dated before its referral', () => {
  const note = (time: string): Step => [time, 'note.received', {}, { recordedtime: '03-09 14:00' }];
  const ordered = (orderedAt: string): Step => ['03-02 14:00', 'referral.received', receivedData({ orderedAt })];

  it.each<[string, Step, string, string]>([
    ['over 24 hours before the receipt', ROUTINE, '03-01 13:59', '03-01 14:00'],
    ['over 24 hours before the order', ordered('2026-02-27T10:00:00-05:00'), '02-26 14:59', '02-26 15:00'],
    ['over 24 hours before midnight of a date', ordered('2026-02-27'), '02-26 04:59', '02-26 05:00'],
    ['but not before an order after the receipt', ordered('2026-03-04'), '03-01 13:59', '03-01 14:00'],
    ['nor before an order that is no date', ordered('last week'), '03-01 13:59', '03-01 14:00'],
  ])("is another referral's: %s", (_what, receipt, before, counts) => {
    const other = folded(receipt, note(before));
    expect([other.stage, other.earlyNotes.length, other.noteTimes.length]).toEqual(['to_contact', 1, 0]);
    expect(other.clocks.find(({ kind }) => kind === 'visit')?.stoppedAt).toBeNull();
    const ours = folded(receipt, note(counts));
    expect([ours.stage, ours.earlyNotes.length, ours.noteTimes.map(short)]).toEqual(['loop_closed', 0, [counts]]);
  });

  it('is judged by the order as it is known now', () => {
    const corrected: Step = ['03-05 14:00', 'referral.updated', { orderedAt: '2026-03-01' }];
    expect(folded(ordered('2026-02-20'), note('02-24 14:00')).stage).toBe('loop_closed');
    expect(folded(ordered('2026-02-20'), note('02-24 14:00'), corrected).stage).toBe('to_contact');
  });

  it('leaves the facts of an orphan alone, whose order nobody knows', () => {
    expect(folded(note('02-24 14:00')).facts.length).toBe(1);
  });
});

describe('The patient said no', () => {
  const stage = (...steps: Step[]) => folded(ROUTINE, ...steps).stage;
  const no = called('03-04 14:00', 'declined');

  it('so the referral is to be closed', () => {
    expect(stage(no)).toBe('to_close');
    expect(folded(ROUTINE, no).open).toBe(true);
  });

  it('even after a cancellation or a refusal', () => {
    const lost: Step = ['03-04 13:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }];
    expect(stage(['03-03 14:00', 'appointment.scheduled', A], lost, no)).toBe('to_close');
    expect(stage(no, ['03-05 14:00', 'referral.declined'])).toBe('to_close');
  });

  it('unless the patient was reached, booked or taken up again since', () => {
    expect(stage(no, called('03-05 14:00', 'reached'))).toBe('to_schedule');
    expect(stage(no, called('03-05 14:00', 'voicemail'))).toBe('to_close');
    expect(stage(no, ['03-05 14:00', 'referral.reopened'])).toBe('to_schedule');
    expect(stage(no, ['03-05 14:00', 'appointment.scheduled', A])).toBe('scheduled');
    const lost: Step = ['03-06 14:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }];
    expect(stage(no, ['03-05 14:00', 'appointment.scheduled', A], lost)).toBe('to_rebook');
  });

  it('but an appointment that is active comes first', () => {
    expect(stage(['03-03 14:00', 'appointment.scheduled', A], no)).toBe('scheduled');
  });

  it('also if a restatement of a lost appointment follows', () => {
    const lost: Step = ['03-03 15:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }];
    const restated: Step = ['03-18 14:00', 'appointment.scheduled', A];
    expect(stage(['03-03 14:00', 'appointment.scheduled', A], lost, no, restated)).toBe('to_close');
  });
});

describe.each(SIDES)('Attempts, by %s', (_side, ask) => {
  it('a wrong number is none, though it stops first_attempt', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        called('03-03 14:00', 'wrong_number'),
        called('03-03 15:00', 'wrong_number', 'sms'),
        called('03-04 14:00', 'voicemail'),
        called('03-04 15:00', 'wrong_number'),
        called('03-05 04:30', 'no_answer'), // half past eleven in the evening of the 4th
        called('03-05 14:00', 'sent', 'portal'),
      ],
      '03-06 00:00',
    );
    r.ref({ attempts: { made: 3, phoneDays: 1, letters: 1, wrongNumbers: 3 } });
    r.clock('first_attempt', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 14:00', 'met']);
  });

  it('there are none of a referral that has not come', async () => {
    const r = await tell(ask, [called('03-03 14:00', 'wrong_number')], '03-04 00:00');
    r.ref({ attempts: { made: 0, phoneDays: 0, letters: 0, wrongNumbers: 0 } });
  });
});
