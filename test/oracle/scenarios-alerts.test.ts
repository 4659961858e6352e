import { describe, expect, it } from 'vitest';
import { at } from '../builders/instants.ts';
import { askHandlers, askOracle } from './agreement.ts';
import { type Ask, booked, ROUTINE, received, type Step, scenarioPolicy, tell, URGENT } from './scenario.ts';

const sides: [string, Ask][] = [
  ['the oracle', askOracle],
  ['the handlers', askHandlers],
];
const _iso = (text: string): string => new Date(at(text)).toISOString();

describe.each(sides)('Pauses, watches, refusals, by %s', (_side, ask) => {
  it("silence: retractions count as events, retracted events don't; a pause resolves it as paused", async () => {
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-04 15:00', 'contact.attempted', { channel: 'phone', outcome: 'voicemail' }, { id: 'c' }],
        ['03-05 15:00', 'event.retracted', { source: 's', id: 'c' }],
      ],
      '03-12 00:00',
    );
    r.alert('silence', 1, ['breached', '03-10 21:00', null, '03-10 21:15', null, null, null]);
  });

  it('incomplete: empty counts as lacking; update to null', async () => {
    const r = await tell(
      ask,
      [['03-02 14:00', 'referral.received', received({ specialty: 'imaging', payer: '' })]],
      '03-02 15:00',
    );
    r.alert('incomplete', 1, ['breached', '03-02 14:00', null, '03-02 14:15', null, null, null]);
  });

  it('refusals; refused events take no effect and never block', async () => {
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
        ['03-02 16:30', 'contact.attempted', { channel: 'fax', outcome: 'sent' }],
        ['03-02 23:00', 'contact.attempted', { channel: 'fax', outcome: 'sent' }],
      ],
      '03-02 20:00',
    );
    expect(r.said.refused).toEqual({ id_reused: 1, unknown_type: 1, time_in_future: 1, invalid: 1 });
    r.ref({ stage: 'to_contact', attempts: { made: 1, phoneDays: 1, letters: 0 } });
  });

  it('the end lies before the receipt: only the three kinds start', async () => {
    const r = await tell(ask, [['03-02 13:00', 'referral.closed', { reason: 'distance' }], ROUTINE], '03-02 20:00');
    r.ref({ stage: 'closed', endedAt: '03-02 13:00' });
    expect((r.row.clocks as { kind: string }[]).map(({ kind }) => kind)).toEqual(['referrer_update']);
  });

  it('an unreachable note of an excluded referral: note and referrer_update end with it', async () => {
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

  it("more than 2,000 events: the 2,001st is refused, a repetition isn't", async () => {
    const steps: Step[] = [ROUTINE];
    for (let i = 0; i < 2001; i++)
      steps.push(['03-02 15:00', 'contact.attempted', { channel: 'letter', outcome: 'sent' }, { id: `n${i}` }]);
    steps.push(['03-02 15:00', 'contact.attempted', { channel: 'letter', outcome: 'sent' }, { id: 'n5' }]);
    const r = await tell(ask, steps, '03-02 15:00');
    expect(r.said.refused).toEqual({ limit: 2 });
    r.ref({ attempts: { made: 1999, phoneDays: 0, letters: 1999 } });
  });

  it("no warnBefore, no escalateAfter: atRiskAt and escalatedAt null, never higher than breached; a pause doesn't hide attendance_unknown", async () => {
    const bare = scenarioPolicy(({ rules }) => {
      for (const rule of rules.flatMap(({ clocks }) => Object.values(clocks))) {
        delete rule.warnBefore;
        delete rule.escalateAfter;
      }
    });
    const r = await tell(
      ask,
      [
        URGENT,
        ['03-02 15:00', 'appointment.scheduled', booked('A', '03-03 14:00')],
        ['03-05 21:00', 'referral.paused', { reason: 'medical_hold' }],
      ],
      '03-05 22:15',
      bare,
    );
    r.alert('visit', 1, null); // due 03-06 14:00
    r.alert('referrer_update', 1, ['breached', '03-03 22:00', null, '03-03 22:15', null, '03-05 21:00', 'paused']);
    r.alert('attendance_unknown', 1, ['breached', '03-05 22:00', null, '03-05 22:15', null, null, null]);
  });

  it('breached, then the stop turns out to be before the net due but after the warning: retracted; only at risk: stopped', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-03 21:59', 'referral.accepted', {}, { recordedtime: '03-04 10:00' }]],
      '03-04 12:00',
    );
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
      [URGENT, ['03-02 21:59', 'referral.accepted', {}, { recordedtime: '03-03 10:00' }]],
      '03-04 12:00',
    );
    q.alert('acceptance', 1, ['at_risk', '03-03 22:00', '03-02 22:00', null, null, '03-03 10:00', 'retracted']);
  });

  it('a visit before the receipt: the note clock starts without dimensions, the receipt is a change', async () => {
    const r = await tell(ask, [['03-02 13:00', 'visit.completed'], URGENT], '03-02 20:00');
    r.clock('note', 1, ['03-02 13:00', '03-05 13:00', '03-05 13:00', null, 'running']);
    r.clock('visit', 1, ['03-02 14:00', '03-06 14:00', '03-06 14:00', '03-02 14:00', 'met']);
    r.clock('acceptance', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', '03-02 14:00', 'met']);
  });

  it("unknown site: the organisation's zone and default hours; a change of site changes the calendar of what runs", async () => {
    const r = await tell(
      ask,
      [
        ['03-13 14:00', 'referral.received', received({ site: 'nowhere' })],
        ['03-14 18:00', 'referral.updated', { site: 'west' }],
      ],
      '03-14 19:00',
    );
    r.clock('acceptance', 1, ['03-13 14:00', '03-17 00:00', '03-17 00:00', null, 'running']); // 13 Fri; Sat 14 (1), Mon 16 (2) at west: 17 00:00
    r.ref({ coordinatorId: 'c-2', site: 'west' });
  });
});
