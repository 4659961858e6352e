import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../shared/contracts/duration.ts';
import { LISTED_DAYS, listedUntil } from '../../../../shared/domain/alert/listed.ts';
import { at } from '../../../builders/instants.ts';
import { stateOf, storedAlert } from '../../../builders/stored.ts';

const resolved = (time: string) => storedAlert('R-1', { resolvedAt: at(time), resolution: 'stopped' }).alert;
const referral = stateOf('R-1');
const open = storedAlert('R-1', { kind: 'silence' }).alert;

describe('A referral is in its owners’ lists', () => {
  it('never if it had no alert and no visit fell through', () => {
    expect(listedUntil([], referral)).toBeNull();
  });

  it('until 16 days after its last alert was resolved, whichever that is', () => {
    expect(LISTED_DAYS).toBe(16);
    expect(listedUntil([resolved('03-02 14:00')], referral)).toBe(at('03-18 14:00'));
    const three = [resolved('03-02 14:00'), resolved('03-05 14:00'), resolved('03-03 14:00')];
    expect(listedUntil(three, referral)).toBe(at('03-21 14:00'));
  });

  it('for 16 days after its visit fell through, until another is booked, it is seen or it ends', () => {
    const visitLostAt = at('03-02 14:00');
    expect(listedUntil([], { ...referral, stage: 'to_rebook', visitLostAt })).toBe(at('03-18 14:00'));
    for (const over of [{ stage: 'scheduled' }, { stage: 'closed' }, { stage: 'awaiting_note', seenAt: 1 }] as const) {
      expect(listedUntil([], { ...referral, visitLostAt, ...over })).toBeNull();
    }
  });

  it('for as long as an alert is open, whatever else was resolved and however old it is', () => {
    expect(listedUntil([open], referral)).toBe(Number.POSITIVE_INFINITY);
    expect(listedUntil([resolved('03-02 14:00'), open], referral)).toBe(Number.POSITIVE_INFINITY);
    const old = { ...open, openedAt: open.dueAt - 900 * DAY_MS, since: open.dueAt - 900 * DAY_MS };
    expect(listedUntil([old, resolved('03-05 14:00')], referral)).toBe(Number.POSITIVE_INFINITY);
  });
});
