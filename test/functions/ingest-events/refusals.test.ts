import { describe, expect, it } from 'vitest';
import { ROUTINE, SIDES, type Step, tell } from '../../oracle/scenario.ts';

describe.each(SIDES)('Refusals, by %s', (_side, ask) => {
  it('a refused event has no effect and blocks none of those after it', async () => {
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-02 15:00', 'referral.accepted', {}, { id: 'x' }],
        ['03-02 15:00', 'referral.accepted', {}, { id: 'x' }],
        ['03-02 15:01', 'referral.accepted', {}, { id: 'x' }],
        ['03-02 15:00', 'referral.nonsense'],
        ['03-02 16:11', 'contact.attempted', { channel: 'phone', outcome: 'reached' }, { recordedtime: '03-02 16:00' }],
        ['03-02 16:10', 'contact.attempted', { channel: 'phone', outcome: 'sent' }, { recordedtime: '03-02 16:00' }],
        ['03-02 16:30', 'contact.attempted', { channel: 5, outcome: 'sent' }],
        ['03-02 23:00', 'contact.attempted', { channel: 5, outcome: 'sent' }],
      ],
      '03-02 20:00',
    );
    expect(r.said.refused).toEqual({ id_reused: 1, unknown_type: 1, time_in_future: 1, invalid: 1 });
    r.ref({ stage: 'to_contact', attempts: { made: 1, phoneDays: 1, letters: 0, wrongNumbers: 0 } });
  });

  it('the 2,001st event of a referral is refused, a repetition is not', async () => {
    const steps: Step[] = [ROUTINE];
    for (let i = 0; i < 2001; i++)
      steps.push(['03-02 15:00', 'contact.attempted', { channel: 'letter', outcome: 'sent' }, { id: `n${i}` }]);
    steps.push(['03-02 15:00', 'contact.attempted', { channel: 'letter', outcome: 'sent' }, { id: 'n5' }]);
    const r = await tell(ask, steps, '03-02 15:00');
    expect(r.said.refused).toEqual({ limit: 2 });
    r.ref({ attempts: { made: 1999, phoneDays: 0, letters: 1999, wrongNumbers: 0 } });
  });
});
