import { describe, expect, test } from 'vitest';
import type { DialectSettings } from '../../../../../shared/contracts/dialects.ts';
import { event, events, message, passedOver, refused, segment, translated } from './messages.ts';

const START = segment('TQ1', { 7: '20260310093000-0400' });
const scheduling = (trigger: string, sch = {}, more = [START], header = {}): string =>
  message(
    `SIU^${trigger}`,
    [segment('SCH', { 1: 'P-1', 2: 'A-1^SCHED', 25: 'Booked^^HL70278', 26: 'R-100', ...sch }), ...more],
    header,
  );

const booked = {
  type: 'appointment.scheduled',
  time: '2026-03-02T14:00:00.000Z',
  entity: 'Appointment/A-1',
  data: { appointmentId: 'A-1', startsAt: '2026-03-10T13:30:00.000Z' },
};
const about = { appointmentId: 'A-1' };

describe('SIU^S12, ^S13 and ^S14 by SCH-25', () => {
  test.each(['Booked', 'Overbook', 'Scheduled', 'CONFIRMED', '', 'Odd'])('book: %s', (status) => {
    expect(event(scheduling('S12', { 25: status }))).toEqual(booked);
    expect(event(scheduling('S14', { 25: status }))).toEqual(booked);
    expect(event(scheduling('S13', { 25: status }))).toMatchObject({
      type: 'appointment.rescheduled',
      data: { ...booked.data, previousAppointmentId: 'A-1' },
    });
  });

  test.each([
    ['Pending', 'appointment.offered', { startsAt: '2026-03-10T13:30:00.000Z' }],
    ['Started', 'visit.arrived', about],
    ['Arrived', 'visit.arrived', about],
    ['Complete', 'visit.completed', about],
    ['Completed', 'visit.completed', about],
    ['Noshow', 'appointment.no_show', about],
    ['No Show', 'appointment.no_show', about],
    ['Cancelled', 'appointment.cancelled', { ...about, by: 'system' }],
    ['canceled', 'appointment.cancelled', { ...about, by: 'system' }],
    ['Dc', 'appointment.cancelled', { ...about, by: 'system' }],
    ['Deleted', 'appointment.cancelled', { ...about, by: 'system' }],
  ])('become what they say: %s', (status, type, data) => {
    for (const trigger of ['S12', 'S13', 'S14']) {
      expect(event(scheduling(trigger, { 25: status }))).toMatchObject({ type, data, entity: 'Appointment/A-1' });
    }
  });

  test.each(['Waitlist', 'Blocked'])('say nothing: %s', (status) => {
    expect(passedOver(scheduling('S12', { 25: status }))).toBe(`SCH-25 ${status}`);
  });

  test('count a status that nobody knows, and take the words of an entry', () => {
    expect(translated(scheduling('S14', { 25: 'CHK-IN' })).unmapped).toEqual([
      { field: 'appointment.status', value: 'CHK-IN' },
    ]);
    const entry = { crosswalks: { status: { 'chk-in': 'Arrived' } } };
    expect(translated(scheduling('S14', { 25: 'CHK-IN' }), { entry })).toMatchObject({
      facts: [{ type: 'visit.arrived', row: 'SIU^S14, SCH-25 Arrived' }],
      unmapped: [],
    });
  });

  test('take the status from where the entry says', () => {
    const entry = { statusField: 'ZSC-3.2' };
    const more = [START, segment('ZSC', { 3: '9^Arrived' })];
    expect(event(scheduling('S14', {}, more), { entry }).type).toBe('visit.arrived');
    const rowOf = (body: string) => translated(body, { entry }).facts[0]?.row;
    expect(rowOf(scheduling('S14', {}, more))).toBe('SIU^S14, ZSC-3.2 Arrived');
    expect(rowOf(scheduling('S14', { 25: 'Booked' }))).toBe('SIU^S14, ZSC-3.2 empty');
  });
});

describe('a move', () => {
  test('keeps the other appointments of its referral, unless it gives a new number', () => {
    const entry = { rescheduleGivesNewId: true };
    expect(event(scheduling('S13'), { entry }).data).toEqual(booked.data);
  });
});

describe('SIU^S15 and ^S16', () => {
  test.each(['S15', 'S16'])('%s cancels, whatever SCH-25 says', (trigger) => {
    expect(event(scheduling(trigger))).toMatchObject({
      type: 'appointment.cancelled',
      data: { ...about, by: 'system' },
    });
  });

  test('by whom is in SCH-6', () => {
    const entry = { crosswalks: { cancel: { PT: 'patient' } } };
    expect(event(scheduling('S15', { 6: 'PT^Patient^L' }), { entry }).data).toEqual({ ...about, by: 'patient' });
    expect(event(scheduling('S15', { 6: 'practice' })).data).toEqual({ ...about, by: 'practice' });
    expect(translated(scheduling('S15', { 6: 'PT' })).unmapped).toEqual([
      { field: 'appointment.cancelled.by', value: 'PT' },
    ]);
  });
});

describe('SIU^S17', () => {
  test('takes the appointment back, or cancels it if the entry says so', () => {
    expect(event(scheduling('S17'), { entry: {} })).toEqual({
      type: 'event.retracted',
      time: '2026-03-02T14:00:00.000Z',
      entity: 'Appointment/A-1',
      data: { source: 'east', entity: 'Appointment/A-1' },
    });
    expect(event(scheduling('S17'), { entry: { s17: 'cancel' } }).type).toBe('appointment.cancelled');
  });
});

test.each(['Cancelled', 'Noshow', 'Booked', ''])('SIU^S26 is a no-show, whatever SCH-25 says: %s', (status) => {
  expect(event(scheduling('S26', { 25: status }, []))).toMatchObject({ type: 'appointment.no_show', data: about });
});

describe('when an appointment starts', () => {
  const startsAt = (sch: object, more: string[]): unknown =>
    (event(scheduling('S12', sch, more)).data as { startsAt: string }).startsAt;
  const resources = [
    segment('AIS', { 4: '20260312100000-0400' }),
    segment('AIG', { 8: '20260312090000-0400' }),
    segment('AIL', { 6: '20260311090000-0700' }),
    segment('AIP', { 6: '20260311090000-0400' }),
  ];

  test('is in TQ1-7, the earliest of several', () => {
    const more = [segment('TQ1', { 7: '20260311093000-0400' }), START, ...resources];
    expect(startsAt({ 11: '^^60^20260301093000-0500' }, more)).toBe('2026-03-10T13:30:00.000Z');
  });

  test('is else in SCH-11', () => {
    expect(startsAt({ 11: '^^60^20260309093000-0400' }, resources)).toBe('2026-03-09T13:30:00.000Z');
  });

  test('is else the earliest of its resources', () => {
    expect(startsAt({ 11: '^^60' }, resources)).toBe('2026-03-11T13:00:00.000Z');
    expect(startsAt({}, resources.slice(0, 1))).toBe('2026-03-12T14:00:00.000Z');
  });

  test('has to be said of a booking', () => {
    expect(refused(scheduling('S12', {}, [])).detail).toBe('TQ1-7: expected when the appointment starts');
    expect(refused(scheduling('S12', {}, [segment('TQ1', { 7: 'at ten' })])).detail).toContain(
      'TQ1-7: expected a time',
    );
    expect(event(scheduling('S12', { 25: 'Pending' }, [])).data).toEqual({});
  });
});

describe('which appointment it is', () => {
  test('is in SCH-2, else in SCH-1', () => {
    expect(translated(scheduling('S12', { 2: '' }))).toMatchObject({
      facts: [{ entity: 'Appointment/P-1' }],
      keys: { referralId: 'R-100', others: ['placer-appointment:P-1'] },
    });
  });

  test('is where the entry says, and found by that in all of its messages', () => {
    const entry: DialectSettings = { keys: { appointment: ['SCH-1.1'] } };
    expect(translated(scheduling('S12'), { entry })).toMatchObject({
      facts: [{ entity: 'Appointment/P-1' }],
      keys: { others: ['appointment:P-1', 'appointment:A-1', 'placer-appointment:P-1'] },
    });
    expect(translated(scheduling('S15', { 2: '', 26: '' }), { entry }).keys.others).toContain('appointment:P-1');
  });

  test('has to be said, unless nothing says whose it is', () => {
    expect(refused(scheduling('S12', { 1: '', 2: '' })).detail).toBe("SCH-2: expected the appointment's number");
    expect(passedOver(scheduling('S12', { 1: '', 2: '', 26: '' }))).toBe('no key');
  });

  test('is a key beside the number of the visit, which may be the same', () => {
    const more = [START, segment('PV1', { 19: 'A-1' })];
    expect(translated(scheduling('S12', {}, more)).keys).toEqual({
      referralId: 'R-100',
      others: ['appointment:A-1', 'placer-appointment:P-1', 'visit:A-1'],
    });
    expect(translated(scheduling('S12', {}, more), { entry: { visitIsAppointment: true } }).keys.others).toEqual([
      ...['appointment:A-1', 'placer-appointment:P-1'],
    ]);
  });
});

test('types of visit are left out by SCH-8', () => {
  const lab = scheduling('S12', { 8: 'LAB^Blood draw^L' });
  expect(passedOver(lab, { entry: { visitTypes: { exclude: ['lab'] } } })).toBe('SCH-8 L|LAB, left out by visitTypes');
  const include = { entry: { visitTypes: { include: ['NEW'] } } };
  expect(passedOver(scheduling('S12'), include)).toBe('SCH-8 empty, left out by visitTypes');
  expect(passedOver(scheduling('S12', { 8: 'Roe, new patient' }), include)).toBe('SCH-8 ?, left out by visitTypes');
  expect(passedOver(scheduling('S12', { 8: '^Roe' }), include)).toBe('SCH-8 without a code, left out by visitTypes');
  expect(event(scheduling('S12', { 8: 'NEW' }), { entry: { visitTypes: { include: ['NEW'] } } })).toEqual(booked);
});

test('an arrival is a visit where nobody is checked out', () => {
  expect(
    events(scheduling('S14', { 25: 'Arrived' }), { entry: { arrivalCompletes: true } }).map(({ type }) => type),
  ).toEqual([...['visit.arrived', 'visit.completed']]);
});

test('an appointment is booked, moved, confirmed and cancelled across a change of clocks', () => {
  const at = (trigger: string, status: string, sentAt: string, start: string): string =>
    scheduling(trigger, { 25: status }, [segment('TQ1', { 7: start })], { 7: sentAt, 13: trigger.slice(1) });
  const chain = [
    at('S12', 'Booked', '20260302090000-0500', '20260309100000'),
    at('S13', 'Booked', '20260306160000-0500', '20260310100000'),
    at('S14', 'Confirmed', '20260309120000-0400', '20260310100000'),
    at('S15', 'Cancelled', '20260309153000-0700', '20260310100000'),
  ].join('');
  const told = (entry: DialectSettings) =>
    ['S12', 'S13', 'S14', 'S15'].flatMap((trigger) =>
      events(chain.split(/(?=MSH)/).find((one) => one.includes(trigger)) ?? '', { entry }).map(
        ({ type, time, data }) => `${time} ${type} ${data.startsAt ?? ''}`,
      ),
    );
  // With the sender's zone the start is the same hour before and after the change of clocks.
  expect(told({ timeZone: 'America/New_York' })).toEqual([
    '2026-03-02T14:00:00.000Z appointment.scheduled 2026-03-09T14:00:00.000Z',
    '2026-03-06T21:00:00.000Z appointment.rescheduled 2026-03-10T14:00:00.000Z',
    '2026-03-09T16:00:00.000Z appointment.scheduled 2026-03-10T14:00:00.000Z',
    '2026-03-09T22:30:00.000Z appointment.cancelled ',
  ]);
  // By MSH-7's offset it is an hour wrong until the clocks have changed.
  expect(told({})).toEqual([
    '2026-03-02T14:00:00.000Z appointment.scheduled 2026-03-09T15:00:00.000Z',
    '2026-03-06T21:00:00.000Z appointment.rescheduled 2026-03-10T15:00:00.000Z',
    '2026-03-09T16:00:00.000Z appointment.scheduled 2026-03-10T14:00:00.000Z',
    '2026-03-09T22:30:00.000Z appointment.cancelled ',
  ]);
});
