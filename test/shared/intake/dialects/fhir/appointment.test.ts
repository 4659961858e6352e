import { describe, expect, it } from 'vitest';
import {
  appointment,
  contextOf,
  encounter,
  fault,
  type Resource,
  translated,
  typesAndTimes,
  whyNothing,
} from './resources.ts';

/** The rows of appointments and visits. */

const NOW = '2026-03-04T15:00:00.000Z';
const factOf = (body: Resource, settings?: Resource) => {
  const [fact, ...more] = translated(body, contextOf(settings)).facts;
  expect(more).toEqual([]);
  return fact;
};
const timeOf = (body: Resource) => typesAndTimes(translated(body).facts)[0]?.[1];
/** Written down after the start. */
const after = { meta: { lastUpdated: '2026-03-21T08:00:00Z' } };

describe('an appointment', () => {
  it.each([
    ['proposed', 'appointment.offered', NOW, { startsAt: '2026-03-20T14:00:00.000Z' }],
    ['pending', 'appointment.offered', NOW, { startsAt: '2026-03-20T14:00:00.000Z' }],
    ['booked', 'appointment.scheduled', NOW, { appointmentId: 'x1', startsAt: '2026-03-20T14:00:00.000Z' }],
    ['arrived', 'visit.arrived', NOW, { appointmentId: 'x1' }],
    ['checked-in', 'visit.arrived', NOW, { appointmentId: 'x1' }],
    ['fulfilled', 'visit.completed', NOW, { appointmentId: 'x1' }],
    ['noshow', 'appointment.no_show', NOW, { appointmentId: 'x1' }],
    ['cancelled', 'appointment.cancelled', NOW, { appointmentId: 'x1', by: 'system' }],
    ['entered-in-error', 'event.retracted', NOW, { source: 'fhir:/', entity: 'Appointment/x1' }],
  ])('%s gives %s', (status, type, time, data) => {
    expect(factOf(appointment({ status }))).toMatchObject({ type, entity: 'Appointment/x1', data });
    expect(timeOf(appointment({ status }))).toBe(time);
  });

  it('is tied by its order, and by its own name', () => {
    expect(translated(appointment()).keys).toEqual({
      referralId: 'r1',
      others: ['ServiceRequest/r1', 'Appointment/x1'],
    });
    const supporting = appointment({
      basedOn: [],
      supportingInformation: [{ reference: 'DocumentReference/d' }, { reference: 'ServiceRequest/r2' }],
    });
    expect(translated(supporting).keys.referralId).toBe('r2');
    expect(translated(appointment({ basedOn: [] })).keys).toEqual({ referralId: null, others: ['Appointment/x1'] });
  });

  it('that was written down after its start was booked when it was made', () => {
    const created = '2026-03-10T10:00:00Z';
    expect(timeOf(appointment({ ...after, created }))).toBe('2026-03-10T10:00:00.000Z');
    expect(timeOf(appointment({ ...after }))).toBe('2026-03-21T08:00:00.000Z');
    expect(timeOf(appointment({ created }))).toBe(NOW);
    expect(timeOf(appointment({ meta: undefined, created }))).toBe('2026-03-10T10:00:00.000Z');
  });

  it.each(['arrived', 'fulfilled', 'noshow'])('%s is not dated after its end', (status) => {
    expect(timeOf(appointment({ status, ...after }))).toBe('2026-03-20T14:30:00.000Z');
  });

  it('with replaces is moved, as R5 writes it and as an extension', () => {
    const url = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.replaces';
    const replaces = { reference: 'https://server.example/Appointment/x0/_history/2' };
    const moved = { type: 'appointment.rescheduled', data: { appointmentId: 'x1', previousAppointmentId: 'x0' } };
    expect(factOf(appointment({ replaces: [replaces] }))).toMatchObject(moved);
    expect(factOf(appointment({ extension: [{ url, valueReference: replaces }] }))).toMatchObject(moved);
  });

  it.each([
    ['pat-crs', {}, 'patient', []],
    ['pat', {}, 'patient', []],
    ['prov-pers', {}, 'practice', []],
    ['pathology', {}, 'system', ['pathology']],
    ['maint', {}, 'system', ['maint']],
    ['PT', { PT: 'patient' }, 'patient', []],
    ['pat-crs', { 'pat-crs': 'practice' }, 'practice', []],
  ])('cancelled for %s with %o is by the %s', (code, cancel, by, unmapped) => {
    const body = appointment({ status: 'cancelled', cancelationReason: { coding: [{ code }] } });
    const member = translated(body, contextOf({ crosswalks: { cancel } }));
    expect(member.facts[0]?.data).toEqual({ appointmentId: 'x1', by, reason: code });
    expect(member.unmapped.map(({ value }) => value)).toEqual(unmapped);
  });

  it('counts only if its type is chosen', () => {
    const lab = appointment({ appointmentType: { coding: [{ code: 'LAB' }] } });
    expect(whyNothing(lab, { visitTypes: { exclude: ['LAB'] } })).toBe('appointmentType LAB, left out by visitTypes');
    expect(factOf(appointment(), { visitTypes: { exclude: ['LAB'] } })).toBeDefined();
  });

  it('says nothing on a waiting list, and is refused where a start or a status is missing', () => {
    expect(whyNothing(appointment({ status: 'waitlist' }))).toBe('status waitlist');
    expect(fault(appointment({ start: undefined }))).toBe(
      'invalid: start: missing, expected the start of a booked appointment',
    );
    expect(fault(appointment({ status: 'no-show' }))).toContain(
      'invalid: status: did you mean noshow? Expected proposed, pending, booked',
    );
    expect(factOf(appointment({ status: 'proposed', start: undefined }))?.data).toEqual({});
  });
});

describe('a visit', () => {
  const period = { start: '2026-03-03T10:00:00Z', end: '2026-03-03T10:30:00Z' };
  it.each([
    ['arrived', 'visit.arrived', '2026-03-03T10:00:00.000Z'],
    ['triaged', 'visit.arrived', '2026-03-03T10:00:00.000Z'],
    ['in-progress', 'visit.arrived', '2026-03-03T10:00:00.000Z'],
    ['onleave', 'visit.arrived', '2026-03-03T10:00:00.000Z'],
    ['finished', 'visit.completed', '2026-03-03T10:30:00.000Z'],
    ['entered-in-error', 'event.retracted', NOW],
  ])('%s gives %s', (status, type, time) => {
    expect(factOf(encounter({ status, period }))).toMatchObject({ type, entity: 'Encounter/x1' });
    expect(timeOf(encounter({ status, period }))).toBe(time);
  });

  it('is not dated after the record that says so', () => {
    const late = { start: '2026-03-05T10:00:00Z', end: '2026-03-05T11:00:00Z' };
    expect(timeOf(encounter({ period: late }))).toBe(NOW);
    expect(timeOf(encounter())).toBe(NOW);
  });

  it('names its appointment, through which it finds its referral', () => {
    const appointments = [{ reference: 'Appointment/a9' }];
    const body = encounter({ basedOn: undefined, appointment: appointments, period });
    expect(translated(body).keys).toEqual({ referralId: null, others: ['Appointment/a9', 'Encounter/x1'] });
    expect(factOf(body)?.data).toEqual({ appointmentId: 'a9' });
    const cancelled = factOf(encounter({ status: 'cancelled', appointment: appointments }));
    expect(cancelled).toMatchObject({ type: 'appointment.cancelled', data: { appointmentId: 'a9', by: 'system' } });
  });

  it.each([
    [{ status: 'planned' }, {}, 'status planned'],
    [{ status: 'unknown' }, {}, 'status unknown'],
    [{ status: 'cancelled' }, {}, 'status cancelled, no appointment'],
    [{ basedOn: undefined }, {}, 'no basedOn, no appointment'],
    [{ class: { code: 'EMER' } }, { classes: ['AMB'] }, 'class EMER, not in classes'],
  ])('%o with %o means nothing: %s', (fields, settings, why) => {
    expect(whyNothing(encounter(fields), settings)).toBe(why);
  });

  it('counts by its class', () => {
    expect(factOf(encounter({ class: { code: 'AMB' } }), { classes: ['amb'] })?.type).toBe('visit.completed');
  });
});
