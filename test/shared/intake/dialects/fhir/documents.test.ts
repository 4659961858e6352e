import { describe, expect, it } from 'vitest';
import {
  call,
  contextOf,
  note,
  type Resource,
  report,
  translated,
  typesAndTimes,
  typesOf,
  whyNothing,
} from './resources.ts';

/** The rows of consult notes, and of calls and messages to the patient. */

const NOW = '2026-03-04T15:00:00.000Z';
const REFERRING = { role: 'referring' };

describe('a document', () => {
  it.each([
    ['final', 'note.received'],
    ['amended', 'note.received'],
    [undefined, 'note.received'],
    ['preliminary', 'note.interim_received'],
    ['entered-in-error', 'event.retracted'],
  ])('current, docStatus %s gives %s', (docStatus, type) => {
    const { facts, keys, needsReferral } = translated(note({ docStatus }), contextOf(REFERRING));
    expect(typesAndTimes(facts)).toEqual([[type, NOW]]);
    expect(facts[0]?.entity).toBe('Document/d1');
    expect(keys).toEqual({ referralId: 'r1', others: ['ServiceRequest/r1', 'DocumentReference/d1'] });
    expect(needsReferral).toBe(true);
  });

  it('has come back at the referring side, at the other it is signed; where nobody says which, it has come back, and that is noted', () => {
    expect(translated(note(), contextOf(REFERRING)).facts[0]?.data).toEqual({ documentId: 'd1' });
    expect(typesOf(note(), { role: 'receiving' })).toEqual(['note.signed']);
    const unsaid = translated(note());
    expect(unsaid.facts[0]?.type).toBe('note.received');
    expect(unsaid.unmapped).toEqual([{ field: 'role', value: 'DocumentReference' }]);
  });

  it('is a consult note by LOINC, HL7’s table, its category, or the sender’s list', () => {
    const typed = (system: string, code: string) => note({ type: { coding: [{ system, code }] } });
    expect(typesOf(typed('http://terminology.hl7.org/CodeSystem/v2-0270', 'CN'))).toEqual(['note.received']);
    expect(typesOf(typed('urn:oid:2.16.840.1.113883.6.1', '11488-4'))).toEqual(['note.received']);
    expect(typesOf(typed('LOINC', '11488-4'))).toEqual(['note.received']);
    expect(typesOf(typed('HL70270', 'CN'))).toEqual(['note.received']);
    expect(whyNothing(typed('http://loinc.org', '34117-2'))).toBe('type http://loinc.org|34117-2, not in consultNotes');
    expect(typesOf(typed('http://loinc.org', '34117-2'), { consultNotes: ['34117-2'] })).toEqual(['note.received']);
    expect(typesOf(note({ type: undefined, category: note().type }))).toEqual(['note.received']);
  });

  it('is dated now, else by its date', () => {
    const date = '2026-03-01T12:00:00Z';
    expect(typesAndTimes(translated(note({ date })).facts)[0]?.[1]).toBe(NOW);
    expect(typesAndTimes(translated(note({ date, meta: undefined })).facts)[0]?.[1]).toBe('2026-03-01T12:00:00.000Z');
  });

  it('entered in error is taken back, though nothing of it is left', () => {
    expect(typesOf(note({ status: 'entered-in-error', type: undefined, related: [] }))).toEqual(['event.retracted']);
    expect(whyNothing(note({ status: 'superseded' }))).toBe('status superseded');
  });

  it('is tied through the visit that it is of', () => {
    const context = { encounter: [{ reference: 'Encounter/e1' }] };
    const { keys } = translated(note({ context }));
    expect(keys).toEqual({ referralId: null, others: ['Encounter/e1', 'DocumentReference/d1'] });
  });
});

describe('a report', () => {
  it.each([
    ['final', 'note.received'],
    ['amended', 'note.received'],
    ['corrected', 'note.received'],
    ['appended', 'note.received'],
    ['partial', 'note.interim_received'],
    ['preliminary', 'note.interim_received'],
    ['entered-in-error', 'event.retracted'],
  ])('%s gives %s', (status, type) => {
    const { facts } = translated(report({ status }), contextOf(REFERRING));
    expect(facts).toMatchObject([{ type, entity: 'Document/DiagnosticReport/x1' }]);
  });

  it('is dated when it was issued, else now', () => {
    expect(typesAndTimes(translated(report({ issued: '2026-03-01T12:00:00Z' })).facts)[0]?.[1]).toBe(
      '2026-03-01T12:00:00.000Z',
    );
    expect(typesAndTimes(translated(report()).facts)[0]?.[1]).toBe(NOW);
  });

  it.each([
    [{ status: 'registered' }, 'status registered'],
    [{ status: 'cancelled' }, 'status cancelled'],
    [{ code: { coding: [{ code: 'CBC' }] } }, 'code not in consultNotes'],
  ])('%o means nothing: %s', (fields, why) => {
    expect(whyNothing(report(fields))).toBe(why);
  });
});

describe('a call or message to the patient', () => {
  const modeled = (code: string, fields: Resource = {}) =>
    call({
      medium: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode', code }] },
      ...fields,
    });
  const received = '2026-03-03T10:01:00Z';

  it.each([
    ['PHONE', { received }, 'phone', 'reached'],
    ['PHONE', {}, 'phone', 'sent'],
    ['FACE', { received }, 'other', 'reached'],
    ['MAILWRIT', { received }, 'letter', 'sent'],
    ['EMAILWRIT', { received }, 'email', 'sent'],
    ['ONLINEWRIT', {}, 'portal', 'sent'],
  ])('by %s %o: %s, %s', (code, fields, channel, outcome) => {
    const { facts, unmapped } = translated(modeled(code, { sent: '2026-03-03T10:00:00Z', ...fields }));
    expect(typesAndTimes(facts)).toEqual([['contact.attempted', '2026-03-03T10:00:00.000Z']]);
    expect(facts[0]?.data).toEqual({ channel, outcome });
    expect(unmapped).toEqual([]);
  });

  it('goes through the sender’s crosswalk; without a medium or a word it is another channel', () => {
    const own = call({ medium: { coding: [{ code: 'TXT' }] } });
    expect(translated(own, contextOf({ crosswalks: { channel: { txt: 'sms' } } })).facts[0]?.data).toMatchObject({
      channel: 'sms',
    });
    expect(translated(own)).toMatchObject({ unmapped: [{ field: 'contact.attempted.channel', value: 'TXT' }] });
    expect(translated(call())).toMatchObject({
      facts: [{ data: { channel: 'other' } }],
      missing: ['contact.attempted.channel'],
    });
  });

  it.each([
    [{ status: 'not-done' }, 'status not-done'],
    [{ status: 'in-progress' }, 'status in-progress'],
    [{ recipient: [{ reference: 'Practitioner/d' }] }, 'not to the patient or a relative'],
    [{ recipient: [] }, 'not to the patient or a relative'],
    [{ basedOn: [] }, 'no order, appointment or visit in basedOn, about or encounter'],
    [
      { basedOn: [], about: [{ reference: 'Patient/p1' }] },
      'no order, appointment or visit in basedOn, about or encounter',
    ],
  ])('%o means nothing: %s', (fields, why) => {
    expect(whyNothing(call(fields))).toBe(why);
  });

  it('to a relative counts, and is taken back when entered in error', () => {
    expect(typesOf(call({ recipient: { reference: 'RelatedPerson/m' } }))).toEqual(['contact.attempted']);
    expect(typesOf(call({ status: 'entered-in-error' }))).toEqual(['event.retracted']);
  });

  it('is tied by what it is about', () => {
    const member = translated(
      call({ basedOn: [], about: [{ reference: 'Appointment/a9' }], encounter: { reference: 'Encounter/e1' } }),
    );
    expect(member.keys.others).toEqual(['Appointment/a9', 'Encounter/e1', 'Communication/x1']);
  });
});
