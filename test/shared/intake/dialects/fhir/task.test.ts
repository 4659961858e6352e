import { describe, expect, it } from 'vitest';
import {
  bundle,
  contextOf,
  fault,
  LOINC_CONSULT,
  order,
  type Resource,
  task,
  translate,
  translated,
  typesAndTimes,
  typesOf,
  whyNothing,
} from './resources.ts';

/** The rows of a Task: of a consult note, of the work on an order, and BSeR's. */

const MODIFIED = '2026-03-05T08:00:00.000Z';
const NOW = '2026-03-04T15:00:00.000Z';

describe('a Task that fulfils an order', () => {
  it.each([
    ['accepted', ['referral.accepted']],
    ['ready', ['referral.accepted']],
    ['in-progress', ['referral.accepted', 'referral.resumed']],
    ['rejected', ['referral.declined']],
    ['on-hold', ['referral.paused']],
    ['cancelled', ['referral.cancelled']],
    ['failed', ['referral.declined']],
    ['entered-in-error', ['event.retracted']],
  ])('%s gives %j', (status, types) => {
    expect(typesOf(task({ status }))).toEqual(types);
  });

  it.each(['draft', 'requested', 'received'])('%s means nothing', (status) => {
    expect(whyNothing(task({ status }))).toBe(`status ${status}`);
  });

  it('is dated by lastModified, else now, never by authoredOn', () => {
    const authoredOn = '2026-01-01T00:00:00Z';
    expect(typesAndTimes(translated(task({ lastModified: MODIFIED, authoredOn })).facts)).toEqual([
      ['referral.accepted', MODIFIED],
    ]);
    expect(typesAndTimes(translated(task({ authoredOn })).facts)).toEqual([['referral.accepted', NOW]]);
    expect(fault(task({ authoredOn, meta: undefined }))).toContain('meta.lastUpdated: missing');
  });

  it('has a code that says so, or none at all', () => {
    const coded = (code: unknown) => task({ code });
    expect(typesOf(coded({ coding: [{ code: 'fulfill' }] }))).toEqual(['referral.accepted']);
    expect(whyNothing(coded({ coding: [{ code: 'approve' }] }))).toBe('code approve, not in fulfilTasks');
    expect(whyNothing(coded({ text: 'Please call' }))).toBe('code empty, not in fulfilTasks');
    expect(typesOf(coded({ coding: [{ code: 'approve' }] }), { fulfilTasks: ['approve'] })).toEqual([
      'referral.accepted',
    ]);
  });

  it('names an order; a document or a patient in focus is none', () => {
    const focus = (reference: string) => task({ basedOn: undefined, focus: { reference } });
    expect(typesOf(focus('ServiceRequest/r1'))).toEqual(['referral.accepted']);
    expect(whyNothing(focus('DocumentReference/d1'))).toBe('no order in basedOn or focus');
    expect(whyNothing(focus('Patient/p1'))).toBe('no order in basedOn or focus');
  });

  it('gives its reasons by the sender’s crosswalks', () => {
    const reasoned = (status: string, code: string) => task({ status, statusReason: { coding: [{ code }] } });
    const crosswalks = {
      decline: { NOCAP: 'not_accepting' },
      close: { EXP: 'auth_expired' },
      pause: { PA: 'awaiting_authorization' },
    };
    const first = (body: Resource, rest: Resource = {}) => {
      const { facts, unmapped } = translated(body, contextOf({ crosswalks, ...rest }));
      return [facts[0]?.type, facts[0]?.data, unmapped];
    };
    expect(first(reasoned('rejected', 'NOCAP'))).toEqual(['referral.declined', { reason: 'not_accepting' }, []]);
    expect(first(reasoned('rejected', 'X'))).toEqual([
      'referral.declined',
      { reason: 'other' },
      [{ field: 'referral.declined.reason', value: 'X' }],
    ]);
    expect(first(reasoned('on-hold', 'PA'))).toEqual(['referral.paused', { reason: 'awaiting_authorization' }, []]);
    expect(first(reasoned('failed', 'EXP'))).toEqual(['referral.closed', { reason: 'auth_expired' }, []]);
    expect(first(reasoned('failed', 'NOCAP'))).toEqual(['referral.declined', { reason: 'not_accepting' }, []]);
    expect(first(reasoned('cancelled', 'X'))).toEqual(['referral.cancelled', { by: 'referrer', reason: 'X' }, []]);
    expect(first(reasoned('cancelled', 'NOCAP'), { taskCancelled: 'declined' })).toEqual([
      'referral.declined',
      { reason: 'not_accepting' },
      [],
    ]);
  });

  it('completed is a visit only if the sender’s entry says so', () => {
    expect(whyNothing(task({ status: 'completed' }))).toBe('status completed, without "taskCompleted": "visit"');
    expect(typesOf(task({ status: 'completed' }), { taskCompleted: 'visit' })).toEqual(['visit.completed']);
  });

  it('of an order in the body that is no referral means nothing', () => {
    const lab = order({ category: { coding: [{ system: 'http://snomed.info/sct', code: '108252007' }] } });
    expect(translate(bundle([lab, task()])).map(({ outcome }) => outcome)).toEqual(['passed_over', 'passed_over']);
  });
});

describe('a Task of a consult note', () => {
  const noteTask = (fields: Resource) => task({ code: LOINC_CONSULT, status: 'completed', ...fields });
  it('completed is the note', () => {
    const executionPeriod = { end: '2026-03-03T10:00:00Z' };
    const { facts, needsReferral } = translated(noteTask({ executionPeriod, lastModified: MODIFIED }));
    expect(typesAndTimes(facts)).toEqual([['note.received', '2026-03-03T10:00:00.000Z']]);
    expect(needsReferral).toBe(true);
    expect(typesAndTimes(translated(noteTask({ lastModified: MODIFIED })).facts)).toEqual([
      ['note.received', MODIFIED],
    ]);
    expect(typesAndTimes(translated(noteTask({})).facts)).toEqual([['note.received', NOW]]);
  });

  it('is not dated after the record that says so', () => {
    const executionPeriod = { end: '2026-12-31T10:00:00Z' };
    expect(typesAndTimes(translated(noteTask({ executionPeriod })).facts)).toEqual([['note.received', NOW]]);
  });

  it.each(['accepted', 'failed', 'rejected', 'in-progress'])('%s is neither acceptance nor closing', (status) => {
    expect(whyNothing(noteTask({ status }))).toBe(`consult note, status ${status}`);
  });

  it('without an order is for a person to see', () => {
    const member = translated(noteTask({ basedOn: undefined }));
    expect(member).toMatchObject({ keys: { referralId: null, others: [] }, needsReferral: true });
  });
});

describe('a Task of BSeR', () => {
  const system = 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS';
  const bser = (code: string, fields: Resource = {}) =>
    task({
      status: 'in-progress',
      businessStatus: { coding: [{ system, code }] },
      executionPeriod: { start: '2026-03-21T09:00:00Z' },
      ...fields,
    });

  it.each([
    ['3.0', 'referral.accepted', {}],
    ['4.0', 'referral.declined', { reason: 'other' }],
    ['5.1.1', 'appointment.scheduled', { appointmentId: 'Task/x1', startsAt: '2026-03-21T09:00:00.000Z' }],
    ['5.1.2', 'appointment.no_show', { appointmentId: 'Task/x1' }],
    ['5.1.3', 'appointment.cancelled', { appointmentId: 'Task/x1', by: 'system' }],
    ['5.1.4', 'visit.completed', { appointmentId: 'Task/x1' }],
    ['6.0', 'referral.cancelled', { by: 'referrer' }],
  ])('%s gives %s, in place of its status', (code, type, data) => {
    expect(translated(bser(code)).facts).toMatchObject([{ type, data, row: `Task, BSeR ${code}` }]);
  });

  it.each(['2.0', '5.2', '5.4', '5.0', '7.0', 'toString'])('%s means nothing', (code) => {
    expect(whyNothing(bser(code))).toBe('businessStatus of BSeR that says nothing here');
  });

  it('starts when its order does, if the Bundle has that', () => {
    const scheduled = bser('5.1.1', { executionPeriod: undefined });
    expect(fault(scheduled)).toBe('invalid: executionPeriod.start: missing, expected the start of what is scheduled');
    const members = translate(bundle([order({ occurrencePeriod: { start: '2026-04-01T10:00:00Z' } }), scheduled]));
    expect(members[1]).toMatchObject({ facts: [{ data: { startsAt: '2026-04-01T10:00:00.000Z' } }] });
  });

  it('is told from other business statuses by its system', () => {
    const other = task({ businessStatus: { coding: [{ system: 'urn:own', code: '6.0' }] } });
    expect(typesOf(other)).toEqual(['referral.accepted']);
  });
});
