import { describe, expect, it } from 'vitest';
import { short } from '../builders/instants.ts';
import { booked, folded, ROUTINE, SIDES, type Step, tell } from './scenario.ts';

// Starts at 10:00 in New York: 10 March is a Tuesday, 17 March the one after.
const A = booked('A', '03-10 14:00');
const B = booked('B', '03-17 14:00');
const BOOKED: Step = ['03-03 14:00', 'appointment.scheduled', A];
const TOLD: Step = ['03-03 15:00', 'referrer.notified', { about: 'scheduled' }];
const MISSED: Step = ['03-10 14:30', 'appointment.no_show', { appointmentId: 'A' }];
const cancelled = (time: string, appointmentId: string): Step => [
  time,
  'appointment.cancelled',
  { appointmentId, by: 'patient' },
];
const story = (...steps: Step[]): Step[] => [ROUTINE, BOOKED, TOLD, ...steps];

/** Appointments as `A active 03-10 14:00 arrived`, after a routine referral and the booking of A. */
function appointments(...steps: Step[]): string[] {
  return folded(...story(...steps)).appointments.map(({ id, status, startsAt, arrived }) =>
    [id, status, ...(startsAt === null ? [] : [short(startsAt)]), ...(arrived ? ['arrived'] : [])].join(' '),
  );
}
/** Starts that no-shows are of, as `A 03-10 14:00`, with `not counted` behind those that the figures leave out. */
function misses(...steps: Step[]): string[] {
  return folded(...story(...steps)).missedStarts.map(
    ({ appointmentId, startsAt, counts }) => `${appointmentId} ${short(startsAt)}${counts ? '' : ' not counted'}`,
  );
}

describe('A booking of an appointment that is no longer active', () => {
  it.each<[string, Step]>([
    ['missed', MISSED],
    ['cancelled', cancelled('03-10 14:30', 'A')],
    ['replaced', ['03-10 14:30', 'appointment.rescheduled', B]],
  ])('only restates it if it starts at or before the event, and books it again if later: %s', (status, gone) => {
    const again = (startsAt: string): Step => ['03-10 20:00', 'appointment.scheduled', booked('A', startsAt)];
    const stays = { missed: 'no_show', cancelled: 'cancelled', replaced: 'replaced' }[status];
    expect(appointments(gone, again('03-10 20:00'))[0]).toBe(`A ${stays} 03-10 14:00`);
    expect(appointments(gone, again('03-10 20:01'))[0]).toBe('A active 03-10 20:01');
  });

  it('books an appointment that is over again', () => {
    const over: Step[] = [
      ['03-09 14:00', 'appointment.scheduled', booked('B', '03-11 14:00')],
      ['03-11 15:00', 'appointment.no_show', { appointmentId: 'B' }],
    ];
    expect(appointments(...over)).toEqual(['A over 03-10 14:00', 'B no_show 03-11 14:00']);
    expect(appointments(...over, ['03-12 14:00', 'appointment.scheduled', booked('A', '03-13 14:00')])[0]).toBe(
      'A active 03-13 14:00',
    );
  });

  it('changes nothing if it is completed, others neither', () => {
    const steps: Step[] = [
      ['03-09 14:00', 'appointment.scheduled', B],
      ['03-10 14:30', 'visit.completed', { appointmentId: 'A' }],
      ['03-10 15:00', 'appointment.rescheduled', booked('A', '03-20 14:00')],
    ];
    expect(appointments(...steps)).toEqual(['A completed 03-10 14:00', 'B active 03-17 14:00']);
  });

  it('replaces nothing if it only restates', () => {
    const restated: Step = ['03-09 15:00', 'appointment.rescheduled', booked('B', '03-09 15:00')];
    expect(appointments(cancelled('03-09 14:00', 'B'), restated)).toEqual(['A active 03-10 14:00', 'B cancelled']);
  });
});

describe('What comes after a no-show, a cancellation or a visit', () => {
  it('leaves a completed one completed', () => {
    const seen: Step = ['03-10 14:20', 'visit.completed', { appointmentId: 'A' }];
    expect(appointments(seen, MISSED, cancelled('03-10 15:00', 'A'))).toEqual(['A completed 03-10 14:00']);
    expect(misses(seen, MISSED)).toEqual([]);
  });

  it('leaves a cancelled one cancelled, and a missed one missed', () => {
    expect(appointments(cancelled('03-10 13:00', 'A'), MISSED)).toEqual(['A cancelled 03-10 14:00']);
    expect(misses(cancelled('03-10 13:00', 'A'), MISSED)).toEqual([]);
    expect(appointments(MISSED, cancelled('03-10 15:00', 'A'))).toEqual(['A no_show 03-10 14:00']);
  });

  it('leaves a replaced one replaced, but its visit is one of the referral', () => {
    const replaced: Step = ['03-09 14:00', 'appointment.rescheduled', B];
    const seen: Step = ['03-10 14:00', 'visit.completed', { appointmentId: 'A' }];
    expect(appointments(replaced, MISSED, cancelled('03-10 15:00', 'A'))[0]).toBe('A replaced 03-10 14:00');
    expect(appointments(replaced, seen)[0]).toBe('A replaced 03-10 14:00');
    expect(folded(...story(replaced, seen)).stage).toBe('awaiting_note');
  });
});

describe('A visit undoes what it proves wrong', () => {
  const arrived: Step = ['03-10 14:42', 'visit.arrived', { appointmentId: 'A' }];
  const completed: Step = ['03-10 14:42', 'visit.completed', { appointmentId: 'A' }];

  it('a no-show, a cancellation, and both', () => {
    expect(appointments(MISSED, arrived)).toEqual(['A active 03-10 14:00 arrived']);
    expect(appointments(cancelled('03-10 13:00', 'A'), completed)).toEqual(['A completed 03-10 14:00']);
    expect(appointments(MISSED, cancelled('03-10 14:35', 'A'), completed)).toEqual(['A completed 03-10 14:00']);
    expect(misses(MISSED, arrived)).toEqual([]);
  });

  it('but not what came before its last booking', () => {
    const again: Step = ['03-10 14:35', 'appointment.scheduled', B];
    const moved: Step = ['03-10 14:35', 'appointment.scheduled', booked('A', '03-10 18:00')];
    expect(misses(MISSED, moved, ['03-10 18:00', 'visit.completed', { appointmentId: 'A' }])).toEqual([
      'A 03-10 14:00',
    ]);
    const next: Step = ['03-10 15:00', 'appointment.scheduled', booked('A', '03-17 14:00')];
    const missedToo: Step = ['03-17 14:30', 'appointment.no_show', { appointmentId: 'A' }];
    expect(misses(MISSED, next, missedToo, ['03-17 14:42', 'visit.arrived', { appointmentId: 'A' }])).toEqual([
      'A 03-10 14:00',
    ]);
    expect(misses(MISSED, again, ['03-17 14:00', 'visit.completed', { appointmentId: 'B' }])).toEqual([
      'A 03-10 14:00',
    ]);
  });

  it('although the patient was booked elsewhere meanwhile', () => {
    const elsewhere: Step = ['03-10 14:35', 'appointment.rescheduled', B];
    expect(appointments(MISSED, elsewhere, arrived)).toEqual(['A active 03-10 14:00 arrived', 'B active 03-17 14:00']);
    const later: Step = ['03-10 15:00', 'appointment.rescheduled', B];
    const twice: Step = ['03-10 15:30', 'visit.arrived', { appointmentId: 'A' }];
    expect(appointments(MISSED, arrived, later, twice)[0]).toBe('A replaced 03-10 14:00 arrived');
  });

  it('of an appointment that was never booked', () => {
    const unknown: Step = ['03-10 14:30', 'appointment.no_show', { appointmentId: 'X' }];
    const came: Step = ['03-10 14:42', 'visit.arrived', { appointmentId: 'X' }];
    expect(folded(ROUTINE, unknown).stage).toBe('to_rebook');
    expect(folded(ROUTINE, unknown, came).appointments).toMatchObject([{ status: 'active', arrived: true }]);
    expect(folded(ROUTINE, came).appointments).toMatchObject([{ status: 'unknown' }]);
  });

  it('with what it made over', () => {
    const other: Step = ['03-09 14:00', 'appointment.scheduled', booked('B', '03-10 13:00')];
    expect(appointments(other, MISSED)).toEqual(['A no_show 03-10 14:00', 'B over 03-10 13:00']);
    expect(appointments(other, MISSED, arrived)).toEqual(['A active 03-10 14:00 arrived', 'B active 03-10 13:00']);
  });
});

describe('A no-show of an earlier start', () => {
  const moved = (time: string, startsAt: string): Step => [time, 'appointment.scheduled', booked('A', startsAt)];
  const marked = (time: string): Step => [time, 'appointment.no_show', { appointmentId: 'A' }];

  it('leaves the booking, and counts if that start was at or before the move', () => {
    const evening = marked('03-10 21:10');
    expect(appointments(moved('03-10 14:40', '03-17 14:00'), evening)).toEqual(['A active 03-17 14:00']);
    expect(misses(moved('03-10 14:00', '03-17 14:00'), evening)).toEqual(['A 03-10 14:00']);
    expect(misses(moved('03-10 13:59', '03-17 14:00'), evening)).toEqual(['A 03-10 14:00 not counted']);
  });

  it('is of the latest start at or before it, else of the latest earlier one; once a start', () => {
    const steps = [moved('03-10 14:40', '03-12 14:00'), moved('03-12 14:40', '03-17 14:00')];
    expect(misses(...steps, marked('03-12 13:59'))).toEqual(['A 03-10 14:00']); // the second move comes later
    expect(misses(...steps, marked('03-16 20:00'), marked('03-16 21:00'))).toEqual(['A 03-12 14:00']);
    expect(
      misses(moved('03-10 14:40', '03-12 14:00'), moved('03-11 14:00', '03-17 14:00'), marked('03-11 20:00')),
    ).toEqual(['A 03-10 14:00']);
    expect(misses(moved('03-04 14:00', '03-12 14:00'), marked('03-09 20:00'))).toEqual(['A 03-10 14:00 not counted']);
  });

  it('is of the current start from then on, and where it was moved forward', () => {
    expect(misses(moved('03-10 14:40', '03-17 14:00'), marked('03-17 14:00'))).toEqual(['A 03-17 14:00']);
    expect(appointments(moved('03-04 14:00', '03-09 14:00'), marked('03-08 14:00'))).toEqual(['A no_show 03-09 14:00']);
  });

  it('counts once more for the start that it is booked for after a no-show', () => {
    const steps = [MISSED, moved('03-10 15:00', '03-17 14:00')];
    expect(misses(...steps, marked('03-11 14:00'))).toEqual(['A 03-10 14:00']);
    expect(misses(...steps, marked('03-17 15:00'))).toEqual(['A 03-10 14:00', 'A 03-17 14:00']);
  });

  it('of a replaced appointment counts if it had started by then', () => {
    const replaced = (time: string): Step => [time, 'appointment.rescheduled', B];
    expect(misses(replaced('03-10 14:00'), MISSED)).toEqual(['A 03-10 14:00']);
    expect(misses(replaced('03-10 13:59'), MISSED)).toEqual(['A 03-10 14:00 not counted']);
    const again: Step = ['03-10 15:00', 'appointment.scheduled', booked('A', '03-20 14:00')];
    expect(misses(replaced('03-10 13:59'), again, marked('03-10 21:00'))).toEqual(['A 03-10 14:00 not counted']);
  });
});

describe('Appointments that nobody heard of again', () => {
  const other = (startsAt: string): Step => ['03-09 14:00', 'appointment.scheduled', booked('B', startsAt)];
  const lost: Step[] = [MISSED, cancelled('03-10 14:30', 'A')];

  it.each(lost)('are over at a no-show or cancellation if they had started by then (%s %s)', (...step) => {
    const gone = step as Step;
    expect(appointments(other('03-10 14:30'), gone)[1]).toBe('B over 03-10 14:30');
    expect(appointments(other('03-10 14:31'), gone)[1]).toBe('B active 03-10 14:31');
  });

  it('are not over if the patient arrived, nor by a no-show that takes no effect itself', () => {
    const arrived: Step = ['03-09 14:10', 'visit.arrived', { appointmentId: 'B' }];
    expect(appointments(other('03-09 14:05'), arrived, MISSED)[1]).toBe('B active 03-09 14:05 arrived');
    const moved: Step = ['03-10 14:20', 'appointment.scheduled', booked('A', '03-17 14:00')];
    expect(appointments(other('03-09 14:05'), moved, MISSED)[1]).toBe('B active 03-09 14:05');
    const twice = [cancelled('03-09 14:01', 'A'), MISSED];
    expect(appointments(other('03-09 14:05'), ...twice)[1]).toBe('B active 03-09 14:05');
  });

  it('come to what is heard of them later', () => {
    const over = [other('03-09 14:05'), MISSED];
    const later = (type: string): Step => ['03-11 14:00', type, { appointmentId: 'B' }];
    expect(appointments(...over, later('visit.completed'))[1]).toBe('B completed 03-09 14:05');
    expect(appointments(...over, later('visit.arrived'))[1]).toBe('B active 03-09 14:05 arrived');
    expect(appointments(...over, later('appointment.no_show'))[1]).toBe('B no_show 03-09 14:05');
    expect(appointments(...over, cancelled('03-11 14:00', 'B'))[1]).toBe('B cancelled 03-09 14:05');
  });
});

describe('A visit without an appointment id belongs to', () => {
  const seen = (time: string): Step => [time, 'visit.completed'];
  const also = (id: string, startsAt: string): Step => ['03-04 14:00', 'appointment.scheduled', booked(id, startsAt)];

  it('the active one of its local date, the latest such', () => {
    // 03:30 is half past eleven in the evening of the 10th
    expect(appointments(also('B', '03-17 14:00'), seen('03-11 03:30'))[0]).toBe('A completed 03-10 14:00');
    expect(appointments(also('B', '03-10 16:00'), also('C', '03-10 15:00'), seen('03-10 14:00'))).toEqual([
      'A active 03-10 14:00',
      'B completed 03-10 16:00',
      'C active 03-10 15:00',
    ]);
  });

  it('else to the active one booked last, whatever was restated since', () => {
    const restated: Step = ['03-05 14:00', 'appointment.rescheduled', { ...A, previousAppointmentId: 'A' }];
    expect(appointments(also('B', '03-17 14:00'), restated, seen('03-12 14:00'))[1]).toBe('B completed 03-17 14:00');
  });

  it('else to the latest missed one that was to start on that date, else to none', () => {
    expect(appointments(MISSED, seen('03-11 03:30'))).toEqual(['A completed 03-10 14:00']);
    expect(appointments(MISSED, seen('03-11 04:00'))).toEqual(['A no_show 03-10 14:00']);
    expect(appointments(cancelled('03-10 13:00', 'A'), seen('03-10 14:00'))).toEqual(['A cancelled 03-10 14:00']);
  });
});

describe('For the figures', () => {
  it('a completed start is the latest, an unknown one active or over without an arrival', () => {
    const { completedStarts, unknownStarts } = folded(
      ...story(
        ['03-04 14:00', 'appointment.scheduled', booked('A', '03-11 14:00')],
        ['03-04 15:00', 'appointment.scheduled', booked('B', '03-09 14:00')],
        ['03-04 16:00', 'appointment.scheduled', booked('C', '03-12 14:00')],
        ['03-04 17:00', 'appointment.scheduled', booked('D', '03-20 14:00')],
        ['03-04 18:00', 'appointment.scheduled', booked('E', '03-09 15:00')],
        ['03-09 15:00', 'visit.arrived', { appointmentId: 'E' }],
        ['03-10 14:00', 'visit.completed', { appointmentId: 'A' }],
        ['03-12 15:00', 'appointment.no_show', { appointmentId: 'C' }],
      ),
    );
    expect(completedStarts.map(short)).toEqual(['03-11 14:00']);
    expect(unknownStarts.map(short)).toEqual(['03-09 14:00', '03-20 14:00']);
  });
});

describe.each(SIDES)('Clocks of appointments, by %s', (_side, ask) => {
  it('what a visit undoes starts no clock and no instance', async () => {
    const arrived: Step = ['03-10 14:42', 'visit.arrived', { appointmentId: 'A' }, { recordedtime: '03-10 15:05' }];
    const again = cancelled('03-11 15:00', 'A');
    const r = await tell(ask, story(MISSED, arrived, again), '03-11 16:00');
    // d0 = 11 March: 12(1), 13(2), 17(3) after the holiday, 18, 19, 20(6), 23(7)
    r.clock('rebook', 1, ['03-11 15:00', '03-23 21:00', '03-23 21:00', null, 'running']);
    r.clock('rebook', 2, null);
    r.clock('referrer_update', 2, null);
  });

  it('the alert of an undone no-show is withdrawn', async () => {
    const arrived: Step = ['03-10 14:42', 'visit.arrived', { appointmentId: 'A' }, { recordedtime: '03-10 15:05' }];
    const r = await tell(ask, story(MISSED, arrived), '03-10 16:00');
    r.ref({ stage: 'scheduled', actsNext: 'site' });
    r.alert('rebook', 1, ['at_risk', '03-20 21:00', '03-10 14:30', null, null, '03-10 15:15', 'retracted']);
  });

  it('a booking whose time has passed keeps no rebook from starting', async () => {
    const other: Step = ['03-09 14:00', 'appointment.scheduled', booked('B', '03-09 15:00')];
    const r = await tell(ask, story(other, MISSED), '03-10 16:00');
    r.ref({ stage: 'to_rebook' });
    r.clock('rebook', 1, ['03-10 14:30', '03-20 21:00', '03-20 21:00', null, 'running']);
  });

  it('rebook stops at a booking, not at a restatement', async () => {
    const restated: Step = ['03-10 20:00', 'appointment.scheduled', A];
    const restarted: Step = ['03-11 14:00', 'appointment.scheduled', booked('A', '03-13 14:00')];
    const r = await tell(ask, story(MISSED, restated, restarted), '03-12 00:00');
    r.clock('rebook', 1, ['03-10 14:30', '03-20 21:00', '03-20 21:00', '03-11 14:00', 'met']);
  });

  it('a no-show of the old start starts nothing', async () => {
    const moved: Step = ['03-10 14:10', 'appointment.scheduled', booked('A', '03-17 14:00')];
    const r = await tell(ask, story(moved, MISSED), '03-10 16:00');
    r.ref({ stage: 'scheduled' });
    r.clock('rebook', 1, null);
    r.clock('referrer_update', 2, null);
  });

  it('what changes nothing starts nothing, a second no-show of the same start does', async () => {
    const r = await tell(
      ask,
      story(
        cancelled('03-10 13:00', 'A'),
        ['03-10 13:30', 'visit.arrived'], // of none: nothing is active, and a cancelled one wasn't missed
        MISSED,
      ),
      '03-10 16:00',
    );
    r.clock('rebook', 1, ['03-10 13:00', '03-20 21:00', '03-20 21:00', '03-10 13:30', 'met']);
    r.clock('rebook', 2, null);
    r.clock('referrer_update', 2, null);
    const told: Step = ['03-10 15:00', 'referrer.notified', { about: 'no_show' }];
    const twice = await tell(
      ask,
      story(MISSED, told, ['03-10 16:00', 'appointment.no_show', { appointmentId: 'A' }]),
      '03-10 17:00',
    );
    twice.clock('referrer_update', 3, ['03-10 16:00', '03-12 21:00', '03-12 21:00', null, 'running']);
  });

  it('no office is told after an end of class exclusion, but of an end without a reason it is', async () => {
    const duplicate: Step = ['03-05 15:00', 'referral.closed', { reason: 'duplicate' }];
    const r = await tell(ask, story(duplicate, MISSED), '03-11 00:00');
    r.clock('referrer_update', 2, null);
    const unspecified: Step = ['03-05 15:00', 'referral.closed'];
    const s = await tell(ask, story(unspecified), '03-06 00:00');
    // 6(1), 9(2), an hour earlier in UTC since 8 March
    s.clock('referrer_update', 2, ['03-05 15:00', '03-09 21:00', '03-09 21:00', null, 'running']);
    s.ref({ endReason: 'unspecified', stage: 'closed' });
  });
});
