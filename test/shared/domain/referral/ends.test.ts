import { describe, expect, it } from 'vitest';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, sent } from '../../../builders/events.ts';
import { ROUTINE, SIDES, tell, URGENT } from '../../../oracle/scenario.ts';

describe.each(SIDES)('Ends, by %s', (_side, ask) => {
  it('after a reopening the first end has no effect, what was done between still counts, and a note closes the loop', async () => {
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

  it('a stop at the very instant of the end counts, one after it does not', async () => {
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
    r.ref({ attempts: { made: 1, phoneDays: 1, letters: 0, wrongNumbers: 0 } });
  });

  it('a cancellation by the referrer excludes clocks and starts no referrer_update; a note that was owed stays owed', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-03 15:00', 'visit.completed'], ['03-04 15:00', 'referral.cancelled', { by: 'referrer' }]],
      '03-07 00:00',
    );
    r.ref({ stage: 'closed', endedAt: '03-04 15:00', endReason: 'cancelled' });
    r.clock('referrer_update', 1, null);
    r.clock('note', 1, ['03-03 15:00', '03-06 15:00', '03-06 15:00', null, 'missed']);
    r.alert('note', 1, ['breached', '03-06 15:00', '03-05 15:00', '03-06 15:15', null, null, null]);
  });

  it('a cancellation by the patient excludes clocks and starts a referrer_update', async () => {
    const r = await tell(ask, [ROUTINE, ['03-03 15:00', 'referral.cancelled', { by: 'patient' }]], '03-07 00:00');
    r.clock('referrer_update', 1, ['03-03 15:00', '03-05 22:00', '03-05 22:00', null, 'missed']);
    r.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'excluded']);
    r.alert('acceptance', 1, null);
  });

  it('an exclusion after the visit excludes the note too, though it comes', async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-03 15:00', 'visit.completed'],
        ['03-04 15:00', 'referral.closed', { reason: 'entered_in_error' }],
        ['03-05 15:00', 'note.received'],
      ],
      '03-08 00:00',
    );
    r.clock('note', 1, ['03-03 15:00', '03-06 15:00', '03-06 15:00', null, 'excluded']);
  });
});

describe('What shows the reason of a closing', () => {
  const config = sampleConfig();
  const closedWith = (evidence: unknown): boolean => {
    const events = [
      sent('referral.received', '03-02 14:00', receivedData()),
      sent('referral.closed', '03-05 14:00', { reason: 'distance', evidence }),
    ];
    return foldReferral('R-1', events.map(accepted), config).hasEvidence;
  };

  it.each([['doc-1'], [['doc-1', 'doc-2']], [{ id: 'doc-1' }], [true], [17]])('may be %j', (evidence) => {
    expect(closedWith(evidence)).toBe(true);
  });

  it.each([[undefined], [null], [''], [[]], [{}], [false]])('is not %j', (evidence) => {
    expect(closedWith(evidence)).toBe(false);
  });
});
