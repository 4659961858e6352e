import { describe, it } from 'vitest';
import { receivedData } from '../../../builders/events.ts';
import { ROUTINE, SIDES, type Step, scenarioPolicy, tell, URGENT } from '../../../oracle/scenario.ts';

const upgrade = (time: string): Step => [time, 'referral.updated', { priority: 'urgent' }];

describe.each(SIDES)('Targets when fields change, by %s', (_side, ask) => {
  it('a change exactly at the due selects the target again', async () => {
    const r = await tell(ask, [ROUTINE, upgrade('03-04 22:00')], '03-04 22:30');
    r.clock('acceptance', 1, ['03-02 14:00', '03-03 22:00', '03-03 22:00', null, 'missed']);
  });

  it('a change after the due leaves the clock', async () => {
    const r = await tell(ask, [ROUTINE, upgrade('03-04 22:01')], '03-04 22:30');
    r.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'missed']);
  });

  it('a change leaves a stopped clock', async () => {
    const r = await tell(ask, [ROUTINE, ['03-03 15:00', 'referral.accepted'], upgrade('03-03 15:00')], '03-05 00:00');
    r.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', '03-03 15:00', 'met']);
  });

  it('a change just before a start, at the same instant, sets its target', async () => {
    const r = await tell(
      ask,
      [ROUTINE, upgrade('03-03 15:00'), ['03-03 15:00', 'referral.declined', { reason: 'other' }]],
      '03-04 00:00',
    );
    r.clock('reroute', 1, ['03-03 15:00', '03-05 22:00', '03-05 22:00', null, 'running']);
  });

  it('a change to a longer target withdraws a breach: at risk all along, in the same episode', async () => {
    const r = await tell(
      ask,
      [URGENT, ['03-03 21:00', 'referral.updated', { priority: 'routine' }, { recordedtime: '03-04 10:00' }]],
      '03-04 12:00',
    );
    r.alert('acceptance', 1, ['at_risk', '03-04 22:00', '03-02 22:00', null, null, null, null]);
    r.clock('acceptance', 1, ['03-02 14:00', '03-04 22:00', '03-04 22:00', null, 'running']);
  });

  it('a change to no target leaves a clock that is past its due', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', receivedData({ specialty: 'cardiology' })],
        ['03-03 14:00', 'note.received'],
        ['03-11 15:00', 'referral.updated', { specialty: 'dermatology' }, { recordedtime: '03-11 15:00' }],
      ],
      '03-11 16:00',
    );
    r.clock('acknowledge', 1, ['03-03 14:00', '03-10 21:00', '03-10 21:00', null, 'missed']);
  });

  it('a change to no target before the due removes the clock and retracts its alert', async () => {
    const r = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', receivedData({ specialty: 'cardiology' })],
        ['03-03 14:00', 'note.received'],
        ['03-10 15:00', 'referral.updated', { specialty: 'dermatology' }],
      ],
      '03-11 16:00',
    );
    r.clock('acknowledge', 1, null);
    r.alert('acknowledge', 1, ['at_risk', '03-10 21:00', '03-09 21:00', null, null, '03-10 15:00', 'retracted']);
  });

  it('a clock without a target takes an instance number too', async () => {
    const off = scenarioPolicy(({ rules }) => {
      rules.push({ match: { tags: ['quiet', 'other'] }, clocks: { reroute: { target: null } } });
    });
    const r = await tell(
      ask,
      [
        ['03-02 14:00', 'referral.received', receivedData({ tags: ['quiet'] })],
        ['03-03 14:00', 'referral.declined', { reason: 'other' }],
        ['03-03 15:00', 'referral.rerouted'],
        ['03-03 16:00', 'referral.updated', { tags: [] }],
        ['03-03 17:00', 'referral.declined', { reason: 'other' }],
      ],
      '03-04 00:00',
      { policy: off },
    );
    r.clock('reroute', 1, null);
    r.clock('reroute', 2, ['03-03 17:00', '03-12 21:00', '03-12 21:00', null, 'running']);
  });

  it("an unknown site has the organization's zone and default hours; a change of site changes the calendar of a running clock", async () => {
    const r = await tell(
      ask,
      [
        ['03-13 14:00', 'referral.received', receivedData({ site: 'nowhere' })],
        ['03-14 18:00', 'referral.updated', { site: 'west' }],
      ],
      '03-14 19:00',
    );
    // from Friday the 13th, at west: Saturday 14(1), Monday 16(2), which closes at 17 00:00
    r.clock('acceptance', 1, ['03-13 14:00', '03-17 00:00', '03-17 00:00', null, 'running']);
    r.ref({ coordinatorId: 'c-2', site: 'west' });
  });
});
