import { describe, expect, it } from 'vitest';
import { remarksOn } from '../../../local/explain/remarks.ts';
import { factsOf } from '../../../shared/domain/referral/facts.ts';
import { foldReferral } from '../../../shared/domain/referral/fold.ts';
import { timelineOf } from '../../../shared/domain/referral/timeline.ts';
import { sampleConfig } from '../../builders/config.ts';
import { accepted, receivedData, sent } from '../../builders/events.ts';

type Told = [time: string, type: string, data?: object, entity?: string];

const config = sampleConfig();
config.directory.organization.liveFrom = '2026-03-02T16:00:00.000Z';
const booked = (id: string, startsAt: string) => ({
  appointmentId: id,
  startsAt: `2026-${startsAt.replace(' ', 'T')}:00Z`,
});

/** What `explain` remarks on each event of a referral received on 2 March. */
function remarks(...told: Told[]): string[][] {
  const all: Told[] = [['03-02 15:00', 'referral.received', receivedData({ orderedAt: '2026-03-02' })], ...told];
  const log = all.map(([time, type, data = {}, entity]) =>
    accepted(sent(type as never, time, data as never, entity === undefined ? {} : { entity })),
  );
  const facts = factsOf(log, config.directory);
  const context = { facts, timeline: timelineOf(facts), state: foldReferral('R-1', log, config) };
  return log.map((event) => remarksOn(event, context, config));
}
const last = (...told: Told[]) => remarks(...told).at(-1);

const A: Told = ['03-03 14:00', 'appointment.scheduled', booked('A', '03-10 14:00')];
const B: Told = ['03-04 14:00', 'appointment.scheduled', booked('B', '03-10 15:00')];
const OF_A = { appointmentId: 'A' };
const MISSED: Told = ['03-10 15:30', 'appointment.no_show', OF_A];

describe('explain remarks', () => {
  it('what was due before the organization went live', () => {
    expect(remarks()[0]).toEqual(['what was due before 2026-03-02T16:00:00.000Z is history: it has no alert']);
  });

  it('which slot a no-show was of, and whether it counts', () => {
    const moved: Told = ['03-10 14:40', 'appointment.rescheduled', booked('A', '03-17 14:00')];
    expect(last(A, moved, ['03-10 21:10', 'appointment.no_show', OF_A])).toEqual([
      'this no-show belongs to the slot of 2026-03-10T14:00:00.000Z, which was moved or replaced: it starts nothing, counts as one in the figures',
    ]);
    const replaced: Told = ['03-09 14:40', 'appointment.rescheduled', booked('C', '03-17 14:00')];
    expect(last(A, replaced, ['03-10 21:10', 'appointment.no_show', OF_A])?.[0]).toContain('counts nowhere');
  });

  it('by which visit a no-show was undone', () => {
    const [, , , noShow, visit] = remarks(A, B, MISSED, ['03-10 15:42', 'visit.arrived', OF_A]);
    expect(noShow).toEqual(['undone by the visit of 2026-03-10T15:42:00.000Z: counts as if it had never been sent']);
    expect(visit).toEqual(['undoes the no-show of 2026-03-10T15:30:00.000Z']);
  });

  it('which bookings are over with a no-show', () => {
    expect(last(A, B, ['03-10 15:30', 'appointment.no_show', { appointmentId: 'B' }])).toEqual([
      'A is over: its time has passed and nothing was heard of it',
    ]);
  });

  it('that a booking only says again what was, or a no-show what was known', () => {
    expect(last(A, MISSED, ['03-10 20:00', ...(A.slice(1) as [string, object])])).toEqual([
      'says again what was: it books nothing',
    ]);
    const kept: Told = ['03-10 14:30', 'visit.completed', OF_A];
    expect(last(A, kept, MISSED)).toEqual(['that appointment was kept before: changes nothing']);
  });

  it('that an object only says again what it said last', () => {
    const paused: Told = ['03-03 14:00', 'referral.paused', { reason: 'medical_hold' }, 'Task/1'];
    expect(remarks(paused, paused.with(0, '03-04 02:00') as Told).slice(1)).toEqual([
      [],
      ['says again what Task/1 said on 2026-03-03T14:00:00.000Z: changes nothing, counts nowhere'],
    ]);
  });

  it('of which appointment a visit was that names none', () => {
    expect(last(A, ['03-10 14:30', 'visit.completed'])).toEqual(['of appointment A']);
    expect(last(['03-10 14:30', 'visit.completed'])).toEqual(['of no appointment that is known']);
  });

  it('why a note closes nothing', () => {
    const [note] = remarks(['02-20 15:00', 'note.received']).slice(1);
    expect(note).toEqual(['this note is dated before the order: it is of another referral and closes nothing']);
  });

  it.each([
    ['wrong_number', {}, 'a wrong number is no attempt, though it stops first_attempt'],
    ['declined', {}, 'the patient said no: the referral is to be closed unless something changes'],
    ['other', {}, 'an outcome of their own counts as other'],
    [
      'voicemail',
      { nextAttemptAt: '2026-03-05T20:00:00Z' },
      'the next attempt is promised for 2026-03-05T20:00:00.000Z',
    ],
  ])('what a call with outcome %s means', (outcome, more, remark) => {
    expect(last(['03-03 16:00', 'contact.attempted', { channel: 'phone', outcome, ...more }])).toEqual([remark]);
  });

  it('that news belongs to another referral', () => {
    const closed: Told = ['03-03 15:00', 'referral.closed', { reason: 'duplicate' }];
    expect(last(closed, A.with(0, '03-04 14:00') as Told)).toEqual([
      'news on a referral that ended as duplicate: it belongs to another one',
    ]);
  });

  it('that no known reason was given', () => {
    expect(last(['03-03 16:00', 'referral.closed', { reason: 'unspecified' }])).toEqual([
      'no known reason was given: counts as unspecified',
    ]);
  });

  it('how long a mark holds', () => {
    const mark = { kind: 'all', by: 'c-1' };
    expect(last(['03-03 16:00', 'alert.acknowledged', mark])).toEqual([
      'holds up to the level that the alert had then',
    ]);
    expect(last(['03-03 16:00', 'alert.snoozed', { ...mark, until: '2026-12-24T00:00:00Z' }])).toEqual([
      'capped by the policy: hidden until 2026-04-02T16:00:00.000Z',
    ]);
    expect(last(['03-03 16:00', 'alert.snoozed', { ...mark, until: '2026-03-24T00:00:00Z' }])).toEqual([]);
  });

  it('nothing where the effects say it all', () => {
    expect(remarks(A, ['03-04 14:00', 'referral.accepted']).slice(1)).toEqual([[], []]);
  });
});
