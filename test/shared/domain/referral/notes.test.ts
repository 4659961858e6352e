import { describe, it } from 'vitest';
import { receivedData } from '../../../builders/events.ts';
import { iso, SIDES, type Step, tell } from '../../../oracle/scenario.ts';

/** Received on 4 March; the note is written down when it arrives. */
const received = (orderedAt?: string): Step => ['03-04 15:00', 'referral.received', receivedData({ orderedAt })];
const note = (time: string): Step => [time, 'note.received', {}, { recordedtime: '03-05 15:00' }];

describe.each(SIDES)('A note dated before its referral, by %s', (_side, ask) => {
  it.each([
    ['over a day before the receipt', received(), '03-03 14:59', 'to_contact'],
    ['a day before it is the referral’s own', received(), '03-03 15:00', 'loop_closed'],
    ['a day before the order, an instant', received(iso('03-02 15:00')), '03-01 15:00', 'loop_closed'],
    ['over a day before that', received(iso('03-02 15:00')), '03-01 14:59', 'to_contact'],
    ['a day before the order, a date: its midnight', received('2026-03-02'), '03-01 05:00', 'loop_closed'],
    ['over a day before that', received('2026-03-02'), '03-01 04:59', 'to_contact'],
    ['before an order that is later than the receipt', received('2026-03-20'), '03-03 15:00', 'loop_closed'],
  ] as [string, Step, string, string][])('%s', async (_name, receipt, time, stage) => {
    const r = await tell(ask, [receipt, note(time)], '03-06 00:00');
    r.ref({ stage });
  });

  it('is judged by the order as it is known now', async () => {
    const steps: Step[] = [received(), note('03-01 15:00')];
    const corrected: Step = ['03-05 16:00', 'referral.updated', { orderedAt: iso('03-01 20:00') }];
    const r = await tell(ask, [...steps, corrected], '03-06 00:00');
    r.ref({ stage: 'loop_closed' });
  });
});

describe.each(SIDES)('What is written down later comes later, by %s', (_side, ask) => {
  const minute = (id: string, type: string, recordedtime: string, data: object): Step => [
    '03-05 18:50',
    type,
    data,
    { id, recordedtime },
  ];

  it('of events of one minute that number 9 and 10', async () => {
    const r = await tell(
      ask,
      [
        received(),
        minute('99', 'referral.closed', '03-05 18:51', { reason: 'unreachable' }),
        minute('100', 'referral.reopened', '03-05 18:52', {}),
      ],
      '03-06 00:00',
    );
    r.ref({ stage: 'to_contact' });
  });
});
