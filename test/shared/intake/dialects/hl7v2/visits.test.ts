import { describe, expect, test } from 'vitest';
import { event, events, message, passedOver, segment, translated } from './messages.ts';

const visit = (trigger: string, pv1 = {}, evn = {}): string =>
  message(`ADT^${trigger}`, [segment('EVN', evn), segment('PV1', { 2: 'O', 19: 'V-1^^^EAST^VN', ...pv1 })]);

describe('ADT', () => {
  test.each([
    ['A01', 'visit.arrived'],
    ['A04', 'visit.arrived'],
    ['A03', 'visit.completed'],
  ])('^%s becomes %s, the appointment told by the date', (trigger, type) => {
    expect(event(visit(trigger))).toEqual({
      ...{ type, time: '2026-03-02T14:00:00.000Z', entity: 'Encounter/V-1', data: {} },
    });
    expect(translated(visit(trigger)).keys).toEqual({ referralId: null, others: ['visit:V-1'] });
  });

  test('names its appointment where visits and appointments share numbers', () => {
    const entry = { visitIsAppointment: true };
    expect(translated(visit('A04'), { entry })).toMatchObject({
      facts: [{ data: { appointmentId: 'V-1' } }],
      keys: { others: ['appointment:V-1'] },
    });
  });

  test('is dated by EVN-6, else by the admission or discharge', () => {
    const pv1 = { 44: '20260302080000-0500', 45: '20260302083000-0500' };
    expect(event(visit('A04', pv1, { 6: '20260302073000-0500' })).time).toBe('2026-03-02T12:30:00.000Z');
    expect(event(visit('A04', pv1)).time).toBe('2026-03-02T13:00:00.000Z');
    expect(event(visit('A03', pv1)).time).toBe('2026-03-02T13:30:00.000Z');
  });

  test('^A11 takes the arrival back, after it whatever EVN-6 says', () => {
    expect(event(visit('A11', {}, { 6: '20260302073000-0500' }), { entry: {} })).toEqual({
      type: 'event.retracted',
      time: '2026-03-02T14:00:00.000Z',
      entity: 'Encounter/V-1',
      data: { source: 'east', entity: 'Encounter/V-1' },
    });
  });

  test('is left out by its class', () => {
    expect(passedOver(visit('A04', { 2: 'E' }), { entry: { classes: ['O', 'AMB'] } })).toBe('PV1-2 E, not in classes');
    expect(event(visit('A04', { 2: 'o' }), { entry: { classes: ['O', 'AMB'] } }).type).toBe('visit.arrived');
  });

  test('is passed over without a number of the visit', () => {
    expect(passedOver(visit('A04', { 19: '' }))).toBe('no key');
  });

  test('is a visit at once where nobody is checked out', () => {
    const types = (trigger: string) =>
      events(visit(trigger), { entry: { arrivalCompletes: true } }).map(({ type }) => type);
    expect(types('A04')).toEqual(['visit.arrived', 'visit.completed']);
    expect(types('A03')).toEqual(['visit.completed']);
  });

  test('finds its referral where the entry says', () => {
    const body = message('ADT^A04', [segment('PV1', { 19: 'V-1' }), segment('ZRF', { 1: 'R-100' })]);
    expect(translated(body, { entry: { keys: { ADT: ['ZRF-1.1'] } } }).keys.referralId).toBe('R-100');
  });
});
