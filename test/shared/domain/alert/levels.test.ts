import { describe, it } from 'vitest';
import { booked, SIDES, scenarioPolicy, tell, URGENT } from '../../../oracle/scenario.ts';

describe.each(SIDES)('Levels of alerts, by %s', (_side, ask) => {
  it("without warnBefore and escalateAfter none is at risk or escalated; a pause doesn't hide attendance_unknown", async () => {
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
      { policy: bare },
    );
    r.alert('visit', 1, null); // due 03-06 14:00
    r.alert('referrer_update', 1, ['breached', '03-03 22:00', null, '03-03 22:15', null, '03-05 21:00', 'paused']);
    r.alert('attendance_unknown', 1, ['breached', '03-05 22:00', null, '03-05 22:15', null, null, null]);
  });
});
