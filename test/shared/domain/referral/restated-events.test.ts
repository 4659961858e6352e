import { describe, expect, it } from 'vitest';
import { practiceFactsOf } from '../../../../shared/domain/practice/facts.ts';
import { effectiveEvents } from '../../../../shared/domain/referral/event-order.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, type SentEvent, sent } from '../../../builders/events.ts';
import { at, short } from '../../../builders/instants.ts';
import { booked, ROUTINE, SIDES, type Step, tell } from '../../../oracle/scenario.ts';

const A = booked('A', '03-20 14:00');
const OF_A = { appointmentId: 'A' };
const APPOINTMENT = { entity: 'Appointment/A' };
const TASK = { entity: 'Task/1' };
const NIGHTS = ['03-05 02:00', '03-06 02:00', '03-07 02:00', '03-08 02:00', '03-09 02:00', '03-10 02:00'];
/** A step, and the same each night. */
const nightly = ([, ...rest]: Step): Step[] => NIGHTS.map((night) => [night, ...rest]);

describe.each(SIDES)('What an object only says again, by %s', (_side, ask) => {
  it('starts nothing: a no-show that is sent every night', async () => {
    const missed: Step = ['03-04 16:00', 'appointment.no_show', OF_A, APPOINTMENT];
    const r = await tell(
      ask,
      [
        ROUTINE,
        ['03-03 14:00', 'appointment.scheduled', booked('A', '03-04 15:00'), APPOINTMENT],
        ['03-03 15:00', 'referrer.notified', { about: 'scheduled' }],
        missed,
        ['03-04 17:00', 'referrer.notified', { about: 'no_show' }],
        ...nightly(missed),
      ],
      '03-11 00:00',
    );
    r.clock('referrer_update', 2, ['03-04 16:00', '03-06 22:00', '03-06 22:00', '03-04 17:00', 'met']);
    r.clock('referrer_update', 3, null);
  });

  it('is nothing heard: a referral can be silent', async () => {
    const interim: Step = ['03-04 15:00', 'note.interim_received', {}, { entity: 'Document/1' }];
    const r = await tell(ask, [ROUTINE, ['03-03 15:00', 'visit.arrived'], interim, ...nightly(interim)], '03-20 12:00');
    r.alert('silence', 1, ['breached', '03-19 21:00', null, '03-19 21:15', null, null, null]);
  });

  it('prolongs no pause', async () => {
    const paused: Step = ['03-03 14:00', 'referral.paused', { reason: 'awaiting_information' }, TASK];
    const r = await tell(ask, [ROUTINE, paused, ...nightly(paused)], '03-13 14:00');
    r.ref({ paused: false });
  });

  it('ends nothing that was reopened meanwhile', async () => {
    const closed: Step = ['03-03 15:00', 'referral.closed', { reason: 'unreachable' }, TASK];
    const r = await tell(
      ask,
      [ROUTINE, closed, ['03-04 15:00', 'referral.reopened'], ...nightly(closed)],
      '03-11 00:00',
    );
    r.ref({ stage: 'to_contact', endedAt: null, endReason: null });
  });

  it('overrules no later word of another sender: a receipt that is sent every night', async () => {
    const receipt: Step = ['03-02 14:00', 'referral.received', receivedData(), { entity: 'ServiceRequest/1' }];
    const urgent: Step = ['03-04 14:00', 'referral.updated', { priority: 'urgent' }];
    const r = await tell(ask, [receipt, urgent, ...nightly(receipt)], '03-11 00:00');
    r.ref({ priority: 'urgent', receivedAt: '03-02 14:00' });
  });

  it('leaves booked, cancelled and booked again three facts', async () => {
    const booking: Step = ['03-03 14:00', 'appointment.scheduled', A, APPOINTMENT];
    const cancelled: Step = ['03-04 14:00', 'appointment.cancelled', { ...OF_A, by: 'patient' }, APPOINTMENT];
    const r = await tell(
      ask,
      [
        ROUTINE,
        booking,
        booking.with(0, '03-04 02:00') as Step,
        cancelled,
        cancelled.with(0, '03-05 02:00') as Step,
        booking.with(0, '03-05 14:00') as Step,
        booking.with(0, '03-06 02:00') as Step,
      ],
      '03-07 00:00',
    );
    r.ref({ stage: 'scheduled' });
    r.clock('rebook', 1, ['03-04 14:00', '03-13 21:00', '03-13 21:00', '03-05 14:00', 'met']);
    r.clock('rebook', 2, null);
  });

  it('becomes a fact if something else turns out to have been said before it', async () => {
    const declined: Step = ['03-03 14:00', 'referral.declined', { reason: 'other' }, TASK];
    const again: Step = ['03-05 14:00', 'referral.declined', { reason: 'other' }, TASK];
    const accepted: Step = ['03-04 14:00', 'referral.accepted', {}, TASK];
    const stopped = ['03-03 14:00', '03-12 21:00', '03-12 21:00', '03-04 14:00', 'met'];
    const before = await tell(ask, [ROUTINE, declined, again], '03-07 00:00');
    before.clock('reroute', 2, null);
    const late: Step = [accepted[0], accepted[1], {}, { ...TASK, recordedtime: '03-06 14:00' }];
    for (const step of [accepted, late]) {
      const r = await tell(ask, [ROUTINE, declined, step, again], '03-07 00:00');
      r.clock('reroute', 1, stopped);
      r.clock('reroute', 2, ['03-05 14:00', '03-17 21:00', '03-17 21:00', null, 'running']);
    }
  });

  it('is a fact where what it says again was taken back, by its id or with its object', async () => {
    const first: Step = ['03-03 14:00', 'appointment.scheduled', A, { ...APPOINTMENT, id: 'first' }];
    const again: Step = ['03-04 02:00', 'appointment.scheduled', A, APPOINTMENT];
    for (const data of [
      { source: 's', id: 'first' },
      { source: 's', entity: 'Appointment/A' },
    ]) {
      const r = await tell(ask, [ROUTINE, first, ['03-03 20:00', 'event.retracted', data], again], '03-05 00:00');
      r.clock('scheduled', 1, ['03-02 14:00', '03-12 21:00', '03-12 21:00', '03-04 02:00', 'met']);
    }
  });

  it('is said again where only what lay between was taken back', async () => {
    const declined: Step = ['03-03 14:00', 'referral.declined', { reason: 'other' }, TASK];
    const r = await tell(
      ask,
      [
        ROUTINE,
        declined,
        ['03-04 14:00', 'referral.accepted', {}, { ...TASK, id: 'slip' }],
        declined.with(0, '03-05 14:00') as Step,
        ['03-05 15:00', 'event.retracted', { source: 's', id: 'slip' }],
      ],
      '03-06 00:00',
    );
    r.clock('reroute', 1, ['03-03 14:00', '03-12 21:00', '03-12 21:00', null, 'running']);
    r.clock('reroute', 2, null);
  });

  it('is judged by the last of several words on appointments of one time', async () => {
    const booking: Step = ['03-03 14:00', 'appointment.scheduled', A, { ...APPOINTMENT, recordedtime: '03-03 14:01' }];
    const cancelled: Step = [
      '03-03 14:00',
      'appointment.cancelled',
      { ...OF_A, by: 'patient' },
      { ...APPOINTMENT, recordedtime: '03-03 14:02' },
    ];
    const later = ([, type, data = {}]: Step): Step => ['03-04 02:00', type, data, APPOINTMENT];
    const [booksAgain, touched] = [
      await tell(ask, [ROUTINE, booking, cancelled, later(booking)], '03-05 00:00'),
      await tell(ask, [ROUTINE, booking, cancelled, later(cancelled)], '03-05 00:00'),
    ];
    booksAgain.ref({ stage: 'scheduled' });
    touched.ref({ stage: 'to_rebook' });
  });

  it('is still an attempt: two calls alike', async () => {
    const called: Step = ['03-03 14:00', 'contact.attempted', { channel: 'phone', outcome: 'voicemail' }, TASK];
    const r = await tell(ask, [ROUTINE, called, called.with(0, '03-03 16:00') as Step], '03-05 00:00');
    r.ref({ attempts: { made: 2, phoneDays: 1, letters: 0, wrongNumbers: 0 } });
  });
});

/** Which events of a log say something again, each with what it says again: times, in the fold's order. */
function restated(...log: SentEvent[]): [time: string, again: string][] {
  return [...effectiveEvents(log.map(accepted)).restated].map(([event, first]) => [
    short(event.time),
    short(first.time),
  ]);
}

describe('An event says the same as another of its object', () => {
  const first = sent('referral.declined', '03-03 14:00', { reason: 'other' }, TASK);
  const [then, later] = ['03-03 14:00', '03-04 14:00'];
  const declined = (time: string, over: Partial<SentEvent> = {}) =>
    sent('referral.declined', time, { reason: 'other' }, { ...TASK, ...over });

  it('at a later time, and again, each saying what was said last', () => {
    expect(restated(first, declined(later), declined('03-05 14:00'))).toEqual([
      [later, then],
      ['03-05 14:00', later],
    ]);
  });

  it.each<[string, SentEvent]>([
    ['at the same time', declined(then)],
    ['of another sender', declined(later, { source: '/scheduling' })],
    ['of another object', declined(later, { entity: 'Task/2' })],
    ['of no object', sent('referral.declined', later, { reason: 'other' })],
    ['of another reason', sent('referral.declined', later, { reason: 'coverage' }, TASK)],
    ['of another type', sent('referral.accepted', later, {}, TASK)],
  ])('but not %s', (_what, event) => {
    expect(restated(first, event)).toEqual([]);
  });

  it('by what is kept of its data: not by offsets, unknown fields or the words of its own', () => {
    const words = (reason: string) => ({ reason, note: reason }) as never;
    expect(
      restated(
        sent('referral.closed', then, words('gone'), TASK),
        sent('referral.closed', later, words('no idea'), TASK),
      ),
    ).toEqual([[later, then]]);
    const until = (text: string) => ({ reason: 'medical_hold' as const, until: text });
    expect(
      restated(
        sent('referral.paused', then, until('2026-03-20T10:00:00-04:00'), TASK),
        sent('referral.paused', later, until('2026-03-20T14:00:00Z'), TASK),
      ),
    ).toEqual([[later, then]]);
  });

  it('but null is no absent field: it clears one', () => {
    const updated = (time: string, data: object) => sent('referral.updated', time, data, TASK);
    expect(restated(updated(then, {}), updated(later, { payer: null }))).toEqual([]);
    expect(restated(updated(then, { payer: null }), updated(later, { payer: null }))).toEqual([[later, then]]);
  });

  it('whatever was dropped counts as the latest before', () => {
    const accepts = sent('referral.accepted', then, {}, TASK);
    expect(restated(first, accepts, declined(later), sent('referral.accepted', '03-05 14:00', {}, TASK))).toEqual([
      [later, then],
    ]);
  });
});

describe('What an object only says again', () => {
  const config = sampleConfig();
  const fold = (...log: SentEvent[]) => foldReferral('R-1', log.map(accepted), config);
  const received = sent('referral.received', '03-02 14:00', receivedData());

  it('takes back what it names all the same, if it is a retraction, and is nothing heard', () => {
    const task = { entity: 'Task/1' };
    const back = (time: string) => sent('event.retracted', time, { source: '/records', entity: 'Task/1' }, task);
    const state = fold(
      received,
      back('03-03 14:00'),
      sent('referral.voided', '03-04 14:00', {}, { ...task, recordedtime: '2026-03-04T13:59:00Z' }),
      back('03-04 14:00'),
    );
    expect([state.stage, short(state.lastEventAt as number)]).toEqual(['to_contact', '03-03 14:00']);
  });

  it('marks no alert anew', () => {
    const mark = { kind: 'all' as const, by: 'c-1' };
    const marked = (time: string) => sent('alert.acknowledged', time, mark, { entity: 'Alert/1' });
    const { marks } = fold(received, marked('03-03 14:00'), marked('03-04 14:00'));
    expect(marks.map(({ at: markedAt }) => short(markedAt))).toEqual(['03-03 14:00']);
  });

  it('stays in the log, and makes no second fact', () => {
    const state = fold(received, sent('referral.received', '03-03 14:00', receivedData(), { entity: 'E' }));
    expect([state.logged, state.facts]).toEqual([2, 2]);
    const again = sent('referral.received', '03-04 14:00', receivedData(), { entity: 'E' });
    const first = sent('referral.received', '03-03 14:00', receivedData(), { entity: 'E' });
    const { logged, facts } = fold(received, first, again);
    expect([logged, facts]).toEqual([3, 2]);
  });

  it('counts among what happened with a practice: each check-in is one, like a call', () => {
    const contacted = (time: string) =>
      accepted(sent('practice.contacted', time, { by: 'l-1' }, { subject: 'p', entity: 'Practice/p' }));
    const { lastContactAt } = practiceFactsOf('p', [contacted('03-03 14:00'), contacted('03-04 14:00')]);
    expect(lastContactAt).toBe(at('03-04 14:00'));
  });
});
