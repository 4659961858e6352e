import { describe, expect, it } from 'vitest';
import type { ClockKind } from '../../../../shared/contracts/vocabulary.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, type DataSent, receivedData, type SentEvent, sent } from '../../../builders/events.ts';
import { at, short } from '../../../builders/instants.ts';

/**
 * Dues that were worked out by hand, UTC in 2026. 2 March is a Monday; clocks go forward in the night to Sunday 8 March:
 *
 * | site | zone | open | closing is, until 7 March | from 8 March | midnight |
 * |---|---|---|---|---|---|
 * | `north` | New York | Mon-Fri 08:00-17:00, holiday Monday 16 March | 22:00 | 21:00 | 05:00, then 04:00 |
 * | `west` | Los Angeles | the same and Saturday 09:00-12:00 | 01:00 next day | 00:00 next day | 08:00, then 07:00 |
 * | `nowhere` | unknown, so New York | Mon-Fri 08:00-17:00 | 22:00 | 21:00 | 05:00, then 04:00 |
 *
 * "3(1), 4(2)" counts business days: the 3rd is the first after d0, the 4th the second.
 */

const config = sampleConfig();
// Only the version that is in force from January: the later one has other targets.
config.policy.versions.length = 1;

type Dues = Partial<Record<ClockKind, string | [gross: string, net: string]>>;

/** Gross dues of a referral's clocks, and the net ones where they differ. */
function duesOf(events: readonly SentEvent[]): Dues {
  const { clocks } = foldReferral('R-1', events.map(accepted), config);
  return Object.fromEntries(
    clocks.map(({ kind, dueAt, netDueAt }) => [
      kind,
      dueAt === netDueAt ? short(dueAt) : [short(dueAt), short(netDueAt)],
    ]),
  );
}

const received = (time: string, over: Partial<DataSent<'referral.received'>> = {}) =>
  sent('referral.received', time, receivedData(over));
const urgent = { priority: 'urgent' } as const;
const booked = (time: string) =>
  sent('appointment.scheduled', time, { appointmentId: 'A', startsAt: '2026-03-20T14:00:00Z' });
const paused = (time: string, over: Partial<DataSent<'referral.paused'>> = {}) =>
  sent('referral.paused', time, { reason: 'awaiting_information', ...over });

describe('The dues of a referral', () => {
  it('W-01: routine, Monday 09:00 in New York', () => {
    expect(duesOf([received('03-02 14:00')])).toEqual({
      acceptance: '03-04 22:00', // 3(1), 4(2)
      first_attempt: '03-04 22:00',
      reached: '03-09 21:00', // 3, 4, 5, 6, 9(5): an hour earlier in UTC
      scheduled: '03-12 21:00', // 10(6), 11(7), 12(8)
      visit: '03-31 04:00', // 2 March + 28 = 30 March, the midnight that ends it
    });
  });

  it('W-02: routine, Friday 10:00 in Los Angeles, where Saturday is a short business day', () => {
    expect(duesOf([received('03-06 18:00', { site: 'west' })])).toEqual({
      acceptance: '03-10 00:00', // 7(1), 9(2)
      first_attempt: '03-10 00:00',
      reached: '03-13 00:00', // 10(3), 11(4), 12(5)
      scheduled: '03-17 00:00', // 13(6), Saturday 14(7), 16(8)
      visit: '04-04 07:00', // 6 March + 28 = 3 April
    });
  });

  it('W-03: a fifth business day that is a Saturday ends at noon', () => {
    // Monday 9: 10(1), 11(2), 12(3), 13(4), 14(5)
    expect(duesOf([received('03-09 17:00', { site: 'west' })])).toMatchObject({ reached: '03-14 19:00' });
  });

  it('W-04: urgent, Tuesday', () => {
    expect(duesOf([received('03-03 15:00', urgent)])).toEqual({
      acceptance: '03-04 22:00', // 4(1)
      first_attempt: '03-04 22:00',
      reached: '03-05 22:00', // 5(2)
      scheduled: '03-06 22:00', // 6(3)
      visit: '03-07 15:00', // 96 h
    });
  });

  it('W-05: stat, on the Saturday before the clocks change', () => {
    expect(duesOf([received('03-07 20:00', { priority: 'stat' })])).toEqual({
      acceptance: '03-09 16:00', // Monday 08:00 EDT and four hours
      first_attempt: '03-09 16:00',
      reached: '03-10 21:00', // d0 = 9, 10(1)
      scheduled: '03-10 21:00',
      visit: '03-08 20:00', // 24 h of elapsed time
    });
  });

  it('W-06: asap, Friday afternoon: business hours run over the weekend', () => {
    expect(duesOf([received('03-06 20:30', { priority: 'asap' })])).toMatchObject({
      acceptance: '03-09 14:30', // 1.5 hours until 17:00, 2.5 from Monday 12:00
      reached: '03-09 21:00',
      visit: '03-07 20:30',
    });
  });

  it.each([
    ['W-07: a minute before closing is that day', '03-02 21:59', '03-04 22:00', '03-31 04:00'],
    ['W-08: at closing is the next business day', '03-02 22:00', '03-05 22:00', '03-31 04:00'],
    ['W-09: before opening is that day', '03-02 06:00', '03-04 22:00', '03-31 04:00'],
    ['W-10: before midnight there is the day before', '03-02 04:59', '03-04 22:00', '03-30 04:00'],
    ['W-11: at midnight there the new day begins', '03-02 05:00', '03-04 22:00', '03-31 04:00'],
    ['W-12: on a holiday is the next business day', '03-16 15:00', '03-19 21:00', '04-14 04:00'],
    ['W-13: a holiday between does not count', '03-13 14:00', '03-18 21:00', '04-11 04:00'],
  ])('%s', (_case, time, acceptance, visit) => {
    expect(duesOf([received(time)])).toMatchObject({ acceptance, visit });
  });

  it('W-14: a site that nobody knows has no holidays', () => {
    // Friday 13: 16(1), 17(2)
    expect(duesOf([received('03-13 14:00', { site: 'nowhere' })])).toMatchObject({ acceptance: '03-17 21:00' });
  });

  it('W-15: a cancellation is to be rebooked in seven business days, over the holiday', () => {
    const cancelled = sent('appointment.cancelled', '03-06 20:00', { appointmentId: 'A', by: 'patient' });
    // 9(1) to 13(5), 17(6), 18(7)
    expect(duesOf([received('03-03 15:00'), booked('03-03 15:40'), cancelled])).toMatchObject({
      rebook: '03-18 21:00',
      referrer_update: '03-05 22:00', // from the booking: 4(1), 5(2)
    });
  });

  it('W-16: a note is owed 14 days after a routine visit, 72 hours after an urgent one', () => {
    const seen = (time: string) => sent('visit.completed', time, {});
    expect(duesOf([received('03-02 14:00'), seen('03-11 14:40')])).toMatchObject({ note: '03-26 04:00' });
    expect(duesOf([received('03-11 13:00', urgent), seen('03-12 18:45')])).toMatchObject({ note: '03-15 18:45' });
  });

  it('W-17: a change of priority counts from the clock’s own start', () => {
    const upgraded = sent('referral.updated', '03-10 14:00', urgent);
    expect(duesOf([received('03-09 14:00'), upgraded])).toEqual({
      acceptance: '03-10 21:00', // 10(1)
      first_attempt: '03-10 21:00',
      reached: '03-11 21:00', // 11(2), was the 17th
      scheduled: '03-12 21:00', // 12(3), was the 20th
      visit: '03-13 14:00', // 96 h, was 7 April
    });
  });
});

describe('The net dues of a referral that was paused', () => {
  it('W-18: from Tuesday 10:00 to Thursday 10:00', () => {
    const resumed = sent('referral.resumed', '03-05 15:00', {});
    expect(duesOf([received('03-02 15:00'), paused('03-03 15:00'), resumed])).toEqual({
      acceptance: ['03-04 22:00', '03-06 22:00'], // 3 and 4 are paused at closing: 5(1), 6(2)
      first_attempt: ['03-04 22:00', '03-06 22:00'],
      reached: ['03-09 21:00', '03-11 21:00'], // 5(1), 6, 9, 10, 11(5)
      scheduled: ['03-12 21:00', '03-17 21:00'], // 12(6), 13(7), 17(8)
      visit: ['03-31 04:00', '04-02 04:00'], // the midnights that end the 3rd and the 4th
    });
  });

  it('W-19: over lunch costs no business day, but business hours', () => {
    const lunch = paused('03-03 17:00', { until: '2026-03-03T18:00:00Z' });
    expect(duesOf([received('03-02 15:00'), lunch])).toMatchObject({ acceptance: '03-04 22:00' });
    expect(duesOf([received('03-03 15:00', { priority: 'stat' }), lunch])).toMatchObject({
      acceptance: ['03-03 19:00', '03-03 20:00'],
      visit: ['03-04 15:00', '03-04 16:00'],
    });
  });

  it.each([
    ['W-20: from the closing on, that day does not count', '03-03 22:00', '03-03 22:01', '03-05 22:00'],
    ['W-21: up to the closing, it counts', '03-03 15:00', '03-03 22:00', null],
  ])('%s', (_case, from, until, net) => {
    const pause = paused(from, { until: new Date(at(until)).toISOString() });
    const gross = '03-04 22:00';
    expect(duesOf([received('03-02 15:00'), pause]).acceptance).toEqual(net === null ? gross : [gross, net]);
  });

  it('W-22: business hours that run out as the pause begins are due then', () => {
    const pause = paused('03-03 19:00');
    expect(duesOf([received('03-03 15:00', { priority: 'stat' }), pause]).acceptance).toBe('03-03 19:00');
  });

  it('W-23: and nobody resumes: it is over at its cap of 10 days', () => {
    // Paused to Friday 13 March 15:00, so that day counts again: 13(1), 17(2)
    expect(duesOf([received('03-02 15:00'), paused('03-03 15:00')])).toMatchObject({
      acceptance: ['03-04 22:00', '03-17 21:00'],
    });
  });
});
