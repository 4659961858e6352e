import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, type SentEvent, sent } from '../../../builders/events.ts';
import { at } from '../../../builders/instants.ts';

/** Who sent the last event of a referral that hasn't come, what it was, and when it happened. */

const lastEventOf = (events: readonly SentEvent[]) =>
  foldReferral('R-1', events.map(accepted), sampleConfig()).lastEvent;

const ACCEPTED = sent('referral.accepted', '03-02 14:00', {}, { source: '/records' });
const BOOKED = sent(
  'appointment.scheduled',
  '03-02 15:00',
  { appointmentId: 'a-1', startsAt: '2026-03-20T15:00:00Z' },
  { source: '/scheduling' },
);
const RETRACTED = sent('event.retracted', '03-02 16:00', { source: '/scheduling', id: BOOKED.id });
const ACKNOWLEDGED = sent('alert.acknowledged', '03-02 17:00', { kind: 'orphan', by: 'c-1' });
const RECEIVED = sent('referral.received', '03-02 13:00', receivedData());

describe('the last event of a referral that has not come', () => {
  it('is the last in the order of what happened, however the events arrived', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([ACCEPTED, BOOKED, ACKNOWLEDGED], { minLength: 3 }), (events) => {
        expect(lastEventOf([...events, ...events])).toEqual({
          source: '/scheduling',
          type: 'appointment.scheduled',
          at: at('03-02 15:00'),
        });
      }),
    );
  });

  it('is none that was taken back, nor what took it back, nor what was said about an alert', () => {
    expect(lastEventOf([ACCEPTED, BOOKED, RETRACTED, ACKNOWLEDGED])).toEqual({
      source: '/records',
      type: 'referral.accepted',
      at: at('03-02 14:00'),
    });
    expect(lastEventOf([RETRACTED, ACKNOWLEDGED])).toBeNull();
  });

  it('is not kept once the referral has come or was voided', () => {
    expect(lastEventOf([ACCEPTED, BOOKED, RECEIVED])).toBeNull();
    expect(lastEventOf([ACCEPTED, BOOKED, sent('referral.voided', '03-02 18:00', {})])).toBeNull();
  });
});
