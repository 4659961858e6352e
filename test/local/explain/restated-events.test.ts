import { describe, expect, it } from 'vitest';
import { explain } from '../../../local/explain/explanation.ts';
import { explanationText } from '../../../local/explain/text.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';

const TASK = { entity: 'Task/1' };
const paused = (time: string) => sent('referral.paused', time, { reason: 'medical_hold' }, TASK);
const declined = (time: string) => sent('referral.declined', time, { reason: 'other' }, TASK);

/** On the second day the task says again that it is declined, on the third that it is paused, which is new then. */
const LOG = [
  sent('referral.received', '03-02 14:00', receivedData()),
  paused('03-03 14:00'),
  declined('03-03 14:00'),
  declined('03-04 14:00'),
  paused('03-05 14:00'),
].map((event) => logged(event));

describe('explain, of an event that only says something again,', () => {
  const explanation = explain({
    referralId: 'R-1',
    log: LOG,
    alerts: [],
    mails: [],
    config: sampleConfig(),
    now: at('03-06 14:00'),
  });

  it('says that it is neither taken back nor does anything, and what it says again', () => {
    expect(explanation.events.map(({ restated }) => restated)).toEqual([false, false, false, true, false]);
    expect(explanation.events[3]).toMatchObject({
      retracted: false,
      effects: [{ what: 'nothing' }],
      remarks: ['says again what Task/1 said on 2026-03-03T14:00:00.000Z: changes nothing, counts nowhere'],
    });
    expect(explanationText(explanation, 200)).toContain('says again what Task/1 said on Tue 3 Mar');
  });

  it('minds it where the next event is looked at', () => {
    expect(explanation.events[4]?.effects.map(({ what }) => what)).toContain('pauses');
    expect(explanation.pauses).toHaveLength(2);
  });
});
