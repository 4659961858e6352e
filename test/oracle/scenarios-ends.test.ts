import { describe, expect, it } from 'vitest';
import { askHandlers, askOracle } from './agreement.ts';
import { type Ask, booked, ROUTINE, received, type Step, tell, URGENT } from './scenario.ts';

const sides: [string, Ask][] = [
  ['the oracle', askOracle],
  ['the handlers', askHandlers],
];

describe.each(sides)('Ends and what is taken back, by %s', (_side, ask) => {
  it('two ends without a reopening: the last is in force; an exclusion starts no referrer_update, the other does', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 15:00', 'referral.closed', { reason: 'duplicate' }],
        ['03-04 15:00', 'referral.closed', { reason: 'unreachable' }],
      ],
      '03-06 00:00',
    );
    r.ref({ stage: 'closed', endedAt: '03-04 15:00', endReason: 'unreachable' });
    r.clock('visit', 1, ['03-02 14:00', '03-31 04:00', '03-31 04:00', null, 'lost']);
    r.clock('referrer_update', 1, ['03-04 15:00', '03-06 22:00', '03-06 22:00', null, 'running']);
    r.clock('referrer_update', 2, null);
  });

  it('first closing reopened: its referrer_update stays; a stop between closing and reopening counts; reopened after the note is loop_closed', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 15:00', 'referral.closed', { reason: 'duplicate' }],
        ['03-03 16:00', 'referral.accepted'],
        ['03-04 15:00', 'referral.reopened'],
        ['03-05 15:00', 'note.received'],
      ],
      '03-06 00:00',
    );
    r.ref({ stage: 'loop_closed', endedAt: null, endReason: null });
    r.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 16:00', 'met']);
    r.clock('first_attempt', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-05 15:00', 'missed']);
    r.clock('referrer_update', 1, null);
  });

  it("a stop after the end in force counts as not stopped; the end's instant itself still counts", async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 15:00', 'referral.accepted'],
        ['03-03 15:00', 'referral.closed', { reason: 'distance' }],
        ['03-03 15:01', 'contact.attempted', { channel: 'phone', outcome: 'reached' }],
      ],
      '03-20 00:00',
    );
    r.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 15:00', 'met']);
    r.clock('reached', 1, ['03-02 14:00', '03-09 21:00', '03-09 21:00', null, 'lost']);
    r.ref({ attempts: { made: 1, phoneDays: 1, letters: 0 } });
  });

  it('cancelled by the referrer: excluded, no referrer_update; a note already owed stays owed', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-03 15:00', 'visit.completed'], ['03-04 15:00', 'referral.cancelled', { by: 'referrer' }]],
      '03-07 00:00',
    );
    r.ref({ stage: 'closed', endedAt: '03-04 15:00', endReason: 'cancelled' });
    r.clock('referrer_update', 1, null);
    r.clock('note', 1, ['03-03 15:00', '03-06 15:00', '03-06 15:00', null, 'missed']);
    r.alert('note', 1, ['breached', '03-06 15:00', '03-05 15:00', '03-06 15:15', null, null, null]);
    const q = await tell(ask, [ROUTINE, ['03-03 15:00', 'referral.cancelled', { by: 'patient' }]], '03-07 00:00');
    q.clock('referrer_update', 1, ['03-03 15:00', '03-05 22:00', '03-05 22:00', null, 'missed']);
    q.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'excluded']);
    q.alert('acceptance', 1, null);
  });

  it('at risk, then ended by an end before the warning (late): retracted; after it: ended', async () => {
    const r = await tell(
      ask,
      [ROUTINE, ['03-03 15:00', 'referral.closed', { reason: 'distance' }, { recordedtime: '03-04 10:00' }]],
      '03-05 00:00',
    );
    r.alert('acceptance', 1, ['at_risk', '03-04 22:00', '03-03 22:00', null, null, '03-04 10:00', 'retracted']);
    const q = await tell(
      ask,
      [ROUTINE, ['03-03 22:00', 'referral.closed', { reason: 'distance' }, { recordedtime: '03-04 10:00' }]],
      '03-05 00:00',
    );
    q.alert('acceptance', 1, ['at_risk', '03-04 22:00', '03-03 22:00', null, null, '03-04 10:00', 'ended']);
  });

  it('void: excluded, whatever the stop; alerts retracted; a void gives no end; retracting the void brings all back', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-03 21:00', 'contact.attempted', { channel: 'phone', outcome: 'voicemail' }],
        ['03-04 10:00', 'referral.voided', {}, { id: 'void' }],
      ],
      '03-05 00:00',
    );
    r.ref({ stage: 'voided', actsNext: 'nobody', endedAt: null, endReason: null });
    r.clock('first_attempt', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', '03-03 21:00', 'excluded']);
    r.alert('acceptance', 1, [
      'breached',
      '03-03 22:00',
      '03-02 22:00',
      '03-03 22:15',
      null,
      '03-04 10:00',
      'retracted',
    ]);
    const q = await tell(
      ask,
      [
        URGENT,
        ['03-04 10:00', 'referral.voided', {}, { id: 'void' }],
        ['03-04 11:00', 'event.retracted', { source: 's', id: 'void' }],
      ],
      '03-04 12:00',
    );
    q.ref({ stage: 'to_contact' });
    q.alert('acceptance', 1, ['breached', '03-03 22:00', '03-04 11:00', '03-04 11:00', null, null, null]);
  });

  it("entity: up to the retraction's place in the order, whatever the arrival; other source and later events stay", async () => {
    const ent = { entity: 'Appointment/1' };
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 15:00', 'event.retracted', { source: 's', entity: 'Appointment/1' }],
        ['03-03 14:00', 'appointment.scheduled', booked('A', '03-20 14:00'), { ...ent, recordedtime: '03-03 16:00' }],
        ['03-03 15:30', 'appointment.scheduled', booked('B', '03-21 14:00'), ent],
        [
          '03-03 14:30',
          'contact.attempted',
          { channel: 'letter', outcome: 'sent' },
          { ...ent, source: 'other', recordedtime: '03-03 16:00' },
        ],
      ],
      '03-04 00:00',
    );
    r.clock('scheduled', 1, ['03-02 14:00', '03-12 21:00', '03-12 21:00', '03-03 15:30', 'met']);
    r.clock('first_attempt', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 14:30', 'met']);
    r.ref({ attempts: { made: 1, phoneDays: 0, letters: 1 } });
  });

  it('retraction of the receipt: no referral any more but its other facts; clock alerts retracted, then an orphan; sent again it stays retracted', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', received({ priority: 'urgent' }), { id: 'rec' }],
        ['03-02 15:00', 'referral.accepted'],
        ['03-04 10:00', 'event.retracted', { source: 's', id: 'rec' }],
        [
          '03-02 14:00',
          'referral.received',
          received({ priority: 'urgent' }),
          { id: 'rec', recordedtime: '03-04 11:00' },
        ],
      ],
      '03-04 12:00',
    );
    r.ref({ stage: 'awaiting_referral', actsNext: 'operations', priority: null, receivedAt: null, clocks: [] });
    r.alert('first_attempt', 1, [
      'breached',
      '03-03 22:00',
      '03-02 22:00',
      '03-03 22:15',
      null,
      '03-04 10:00',
      'retracted',
    ]);
    r.alert('orphan', 1, ['breached', '03-03 15:00', null, '03-04 10:00', null, null, null]);
    const q = await tell(
      ask,
      [
        ['03-02 14:00', 'contact.attempted', { channel: 'phone', outcome: 'reached' }, { id: 'call' }],
        ['03-04 10:00', 'event.retracted', { source: 's', id: 'call' }],
      ],
      '03-04 12:00',
    );
    expect(q.said.referrals).toEqual([]);
    q.alert('orphan', 1, ['breached', '03-03 14:00', null, '03-03 14:15', null, '03-04 10:00', 'retracted']);
  });

  it('late receipt, several receipts, an update dated before the receipt', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 16:00', 'referral.received', received({ priority: 'urgent', payer: 'x' })],
        ['03-02 14:00', 'referral.received', received({ tags: ['t'] }), { recordedtime: '03-02 17:00' }],
      ],
      '03-02 18:00',
    );
    r.ref({ receivedAt: '03-02 14:00', priority: 'urgent' }); // the later receipt is a change of priority at 16:00
    r.clock('acceptance', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', null, 'running']);
    const q = await tell(
      ask,
      [['03-02 13:00', 'referral.updated', { priority: 'stat', payer: 'x' }], ROUTINE],
      '03-02 18:00',
    );
    q.ref({ priority: 'routine' });
    q.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'running']);
  });

  it('a change past the due leaves the clock; one exactly at the due selects anew; a stopped one stays', async () => {
    const up = (t: string): Step => [t, 'referral.updated', { priority: 'urgent' }];
    (await tell(ask, [ROUTINE, up('03-04 22:00')], '03-04 22:30')).clock('acceptance', 1, [
      '03-02 14:00',
      '03-03 22:00',
      '03-03 22:00',
      null,
      'missed',
    ]);
    (await tell(ask, [ROUTINE, up('03-04 22:01')], '03-04 22:30')).clock('acceptance', 1, [
      '03-02 14:00',
      '03-04 22:00',
      '03-04 22:00',
      null,
      'missed',
    ]);
    (await tell(ask, [ROUTINE, ['03-03 15:00', 'referral.accepted'], up('03-03 15:00')], '03-05 00:00')).clock(
      'acceptance',
      1,
      ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 15:00', 'met'],
    );
    // order decides what is initial: the update before the decline at the same instant
    const r = await tell(
      ask,
      [ROUTINE, up('03-03 15:00'), ['03-03 15:00', 'referral.declined', { reason: 'other' }]],
      '03-04 00:00',
    );
    r.clock('reroute', 1, ['03-03 15:00', '03-05 22:00', '03-05 22:00', null, 'running']);
    // a change to a longer target takes a breach back
    const q = await tell(
      ask,
      [URGENT, ['03-03 21:00', 'referral.updated', { priority: 'routine' }, { recordedtime: '03-04 10:00' }]],
      '03-04 12:00',
    );
    q.alert('acceptance', 1, ['at_risk', '03-04 22:00', '03-02 22:00', null, null, null, null]); // same episode: at risk all along
    q.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'running']);
  });
});
