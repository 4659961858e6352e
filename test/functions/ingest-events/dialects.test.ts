import { describe, expect, it } from 'vitest';
import type { Dialects } from '../../../shared/contracts/dialects.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { sampleConfig } from '../../builders/config.ts';
import { DESK_NOW as NOW, openDesk } from './dialect-desk.ts';

const DIALECTS = dialectsSchema.parse({
  defaults: { timeZone: 'America/New_York' },
  senders: [
    {
      name: 'nightly',
      csv: {
        kind: 'states',
        key: ['Ref'],
        subject: 'Ref',
        exportedAt: { column: 'Exported' },
        emit: [
          { type: 'referral.received', time: 'Created', data: { priority: 'Urgency', specialty: 'Dept' } },
          { type: 'appointment.scheduled', time: 'Booked', data: { startsAt: 'Appt' } },
        ],
      },
      crosswalks: { priority: { U: 'urgent' } },
    },
  ],
});

const open = (dialects: Dialects = DIALECTS) => openDesk(dialects);

const EXPORT = `Ref,Created,Urgency,Dept,Booked,Appt,Exported
R-1,2026-02-27 09:00,U,CARD,,,2026-03-01 23:00
R-2,2026-02-26 10:00,Q,DERM,2026-02-28 11:00,2026-03-10 08:30,2026-03-01 23:00
R-3,soon,U,CARD,,,2026-03-01 23:00
`;
const CSV = { dialect: 'csv', sender: 'nightly', file: 'nightly.csv' };

const order = (status = 'active') => ({
  resourceType: 'ServiceRequest',
  id: 'sr-1',
  meta: { lastUpdated: '2026-03-01T10:00:00Z' },
  status,
  intent: 'order',
  authoredOn: '2026-03-01T10:00:00Z',
  subject: { reference: 'Patient/p-1' },
});
const appointment = (lastUpdated = '2026-03-01T12:00:00Z') => ({
  resourceType: 'Appointment',
  id: 'a-1',
  meta: { lastUpdated },
  status: 'booked',
  start: '2026-03-09T15:00:00Z',
  basedOn: [{ reference: 'ServiceRequest/sr-1' }],
  participant: [{ status: 'accepted' }],
});
const message = (body: object) => ({ body: JSON.stringify(body) });

describe('a nightly export', () => {
  it('becomes events row by row, with the sender’s words in those of the contract', async () => {
    const { deliver, log, refused, unmapped } = await open();
    expect(await deliver({ body: EXPORT, attributes: CSV })).toBe(0);
    const [received] = await log('R-1');
    expect(received).toMatchObject({
      type: 'referral.received',
      source: 'nightly',
      entity: 'Row/R-1',
      time: Date.parse('2026-02-27T14:00:00Z'),
      data: { priority: 'urgent', specialty: 'CARD' },
    });
    expect((await log('R-2')).map(({ type }) => type)).toEqual(['referral.received', 'appointment.scheduled']);
    expect(await refused()).toEqual([
      expect.objectContaining({ reason: 'invalid', dialect: 'csv', file: 'nightly.csv', position: 4 }),
    ]);
    expect(await unmapped.countByField(NOW, NOW + 1)).toMatchObject({
      'referral.received.priority': 1,
      'referral.received.specialty': 2,
    });
    expect(await unmapped.codesBetween(NOW, NOW + 1)).toContainEqual({
      ...{ field: 'referral.received.priority', value: 'Q', n: 1 },
    });
  });

  it('counts what it had no entry for once, whatever its event is called', async () => {
    const { deliver, unmapped } = await open(dialectsSchema.parse({ senders: [{ name: 'nightly' }] }));
    const siu = [
      'MSH|^~\\&|SCHED|NORTH|||20260301120000||SIU^S12|M-1|P|2.4',
      `SCH|A-1${'|'.repeat(10)}^^^202603091500${'|'.repeat(14)}CHK-OUT|R-1`,
      'PID|1||MRN-1',
    ];
    expect(await deliver({ body: siu.join('\r'), attributes: { sender: 'nightly' } })).toBe(0);
    expect(await unmapped.countByField(NOW, NOW + 1)).toEqual({ 'appointment.status': 1, timeZone: 1 });
    expect(await unmapped.codesBetween(NOW, NOW + 1)).toEqual([
      { field: 'appointment.status', value: 'CHK-OUT', n: 1 },
      { field: 'timeZone', value: 'America/New_York', n: 1 },
    ]);
  });

  it.each([
    ['tabs', {}],
    [
      'tabs in the envelope of SNS',
      { dialect: { Type: 'String', Value: 'csv' }, sender: { Type: 'String', Value: 'tabs' } },
    ],
  ])('keeps the empty cells at both of its ends: %s', async (_, inside) => {
    const csv = {
      ...{ kind: 'states', delimiter: '\t', key: ['Ref'], subject: 'Ref' },
      emit: [{ type: 'referral.accepted', time: 'At' }],
    };
    const { deliver, log, refused } = await open(dialectsSchema.parse({ senders: [{ name: 'tabs', csv }] }));
    const rows = '\uFEFF\tRef\tAt\tBy\tNote\n\tR-1\t2026-03-01T10:00:00Z\t\t\n\tR-2\t2026-03-01T10:00:00Z\t\t';
    const sns = { Type: 'Notification', Message: rows, MessageAttributes: inside };
    const isInside = 'dialect' in inside;
    const attributes = isInside ? {} : { dialect: 'csv', sender: 'tabs' };
    expect(await deliver({ body: isInside ? JSON.stringify(sns) : rows, attributes })).toBe(0);
    expect(await refused()).toEqual([]);
    expect([await log('R-1'), await log('R-2')].map((events) => events.length)).toEqual([1, 1]);
  });

  it('sent again makes nothing new', async () => {
    const { deliver, log } = await open();
    await deliver({ body: EXPORT, attributes: CSV });
    const before = [await log('R-1'), await log('R-2')];
    await deliver({ body: EXPORT, attributes: CSV });
    expect([await log('R-1'), await log('R-2')]).toEqual(before);
  });

  it('sent again after a crosswalk was corrected says what it says now', async () => {
    const { configs, deliver, log } = await open();
    await deliver({ body: EXPORT, attributes: CSV });
    const corrected = structuredClone(DIALECTS);
    Object.assign(corrected.senders[0]?.crosswalks ?? {}, { specialty: { CARD: 'cardiology' } });
    await configs.push({ ...sampleConfig(), dialects: corrected }, 1);
    const again = await open(corrected);
    await again.deliver({ body: EXPORT, attributes: CSV });
    expect((await again.log('R-1'))[0]?.id).toBe((await log('R-1'))[0]?.id);
    expect((await again.log('R-1'))[0]?.data).toMatchObject({ specialty: 'cardiology' });
  });
});

const IDENTIFIED = dialectsSchema.parse({ defaults: { identifierSystems: ['urn:example:referrals'] } });
const identified = { ...order(), identifier: [{ system: 'urn:example:referrals', value: 'REF-7' }] };

describe('a refused row in an envelope', () => {
  it('keeps by whom and when it was exported, so that it can be sent again', async () => {
    const { deliver, refused } = await open();
    const MessageAttributes = Object.fromEntries(
      Object.entries({ ...CSV, exportedAt: '2026-03-02T05:00:00Z' }).map(([name, Value]) => [name, { Value }]),
    );
    const Message = 'Ref,Created,Urgency,Dept,Booked,Appt,Exported\nR-3,soon,U,CARD,,,2026-03-01 23:00\n';
    expect(await deliver({ body: JSON.stringify({ Type: 'Notification', Message, MessageAttributes }) })).toBe(0);
    expect(await refused()).toEqual([
      expect.objectContaining({
        ...{ dialect: 'csv', sender: 'nightly', exportedAt: '2026-03-02T05:00:00Z' },
        ...{ file: 'nightly.csv', position: 2 },
      }),
    ]);
  });
});

describe('resources of a FHIR server', () => {
  it('find their referral in whatever order they come', async () => {
    for (const messages of [
      [identified, appointment()],
      [appointment(), identified],
    ]) {
      const { deliver, log, unmatched } = await open(IDENTIFIED);
      for (const body of messages) expect(await deliver(message(body))).toBe(0);
      expect((await log('REF-7')).map(({ type }) => type)).toEqual(['referral.received', 'appointment.scheduled']);
      expect(await unmatched.heldBetween(NOW, NOW + 1)).toEqual([]);
    }
  });

  it('wait for it, and say so', async () => {
    const { deliver, unmatched, refused } = await open(IDENTIFIED);
    expect(await deliver(message(appointment()))).toBe(0);
    expect(await unmatched.heldBetween(NOW, NOW + 1)).toEqual([
      expect.objectContaining({ sender: 'fhir:/', dialect: 'fhir', kind: expect.stringContaining('Appointment') }),
    ]);
    expect(await refused()).toEqual([]);
  });

  it('of one version that comes before another keep the first as what was received', async () => {
    const { deliver, log } = await open();
    const later = { ...order(), meta: { lastUpdated: '2026-03-01T10:00:30Z' }, priority: 'urgent' };
    await deliver(message(later));
    await deliver(message(order()));
    const received = (await log('sr-1')).filter(({ type }) => type === 'referral.received');
    expect(received.map(({ data }) => data)).toEqual([expect.objectContaining({ priority: 'routine' })]);
  });

  it.each([
    ['an identifier', { type: 'Appointment', identifier: { system: 'urn:example:bookings', value: 'B-7' } }],
    ['a search by an identifier', { reference: 'Appointment?identifier=urn:example:bookings|B-7' }],
  ])('find each other by %s, in whatever order they come', async (_, reference) => {
    const booked = { ...appointment(), identifier: [{ system: 'urn:example:bookings', value: 'B-7' }] };
    const visit = {
      ...{ resourceType: 'Encounter', id: 'e-1', status: 'finished', meta: { lastUpdated: '2026-03-02T12:00:00Z' } },
      appointment: [reference],
    };
    for (const messages of [
      [order(), booked, visit],
      [visit, booked, order()],
    ]) {
      const { deliver, log, unmatched } = await open();
      for (const body of messages) expect(await deliver(message(body))).toBe(0);
      expect((await log('sr-1')).map(({ type }) => type)).toContain('visit.completed');
      expect(await unmatched.heldBetween(NOW, NOW + 1)).toEqual([]);
    }
  });

  it('are taken in whatever their identifiers are', async () => {
    const { deliver, log } = await open();
    expect(await deliver(message({ ...appointment(), identifier: [{ value: 7 }, 'x'] }))).toBe(0);
    expect(await log('sr-1')).toHaveLength(1);
  });

  const NOTE = { coding: [{ system: 'http://loinc.org', code: '11488-4' }] };
  const said = { meta: { lastUpdated: '2026-03-01T10:00:00Z' }, id: 'x-1' };
  it.each([
    ['a document', { ...said, resourceType: 'DocumentReference', status: 'current', type: NOTE }],
    ['a report', { ...said, resourceType: 'DiagnosticReport', status: 'final', code: NOTE }],
    ['a Task', { ...said, resourceType: 'Task', status: 'completed', code: NOTE }],
    [
      'a document about a patient',
      {
        ...{ ...said, resourceType: 'DocumentReference', status: 'current', type: NOTE },
        context: { related: [{ reference: 'Patient/p-1' }] },
      },
    ],
  ])('that are notes about nothing are shown to a person: %s', async (_, resource) => {
    const { deliver, refused, unmatched } = await open();
    expect(await deliver(message(resource))).toBe(0);
    expect(await refused()).toEqual([expect.objectContaining({ reason: 'unmatched', dialect: 'fhir' })]);
    expect(await unmatched.heldBetween(NOW, NOW + 1)).toEqual([]);
  });

  it.each([
    ['a note about an order', { ...said, resourceType: 'DiagnosticReport', status: 'final', code: NOTE }, 'basedOn'],
    ['what was entered in error', { ...said, resourceType: 'DocumentReference', status: 'entered-in-error' }, null],
    ['an appointment, which a visit may name', { ...appointment(), basedOn: [] }, null],
  ])('wait, though nothing is known of what they are about: %s', async (_, resource, field) => {
    const { deliver, refused, unmatched } = await open(IDENTIFIED);
    const named = field === null ? {} : { [field]: [{ reference: 'ServiceRequest/sr-1' }] };
    expect(await deliver(message({ ...resource, ...named }))).toBe(0);
    expect(await refused()).toEqual([]);
    expect(await unmatched.heldBetween(NOW, NOW + 1)).toHaveLength(1);
  });

  it('are refused alone', async () => {
    const { deliver, log, refused } = await open();
    expect(await deliver(message([order(), { ...order('inactive'), id: 'sr-2' }]))).toBe(0);
    expect(await log('sr-1')).toHaveLength(1);
    expect(await refused()).toEqual([expect.objectContaining({ reason: 'invalid', dialect: 'fhir', position: 2 })]);
  });

  it('come in the envelopes of SNS and EventBridge', async () => {
    const { deliver, log } = await open();
    const sns = { Type: 'Notification', Message: JSON.stringify(order()) };
    const bridge = { 'detail-type': 'order', source: 'ehr', detail: appointment() };
    expect(await deliver(message(sns), message(bridge))).toBe(0);
    expect(await log('sr-1')).toHaveLength(2);
  });
});

describe('a body that is none', () => {
  it('is passed over as an empty batch', async () => {
    const { deliver, refused } = await open();
    expect(await deliver({ body: 'BHS|^~\\&|A\rBTS|0\r' })).toBe(0);
    expect(await refused()).toEqual([]);
  });

  it.each([
    ['no dialect', 'hello', {}, 'malformed', 'cloudevents'],
    ['no JSON in FHIR', '{"resourceType":', { dialect: 'fhir' }, 'malformed', 'fhir'],
    ['a name that is no dialect', 'a,b', { dialect: 'excel' }, 'malformed', 'cloudevents'],
    ['over 1 MiB', `a,b\n${'x'.repeat(1_100_000)}`, { dialect: 'csv' }, 'too_large', 'csv'],
  ])('of %s is refused', async (_, body, attributes, reason, dialect) => {
    const { deliver, refused } = await open();
    expect(await deliver({ body, attributes })).toBe(0);
    expect(await refused()).toEqual([expect.objectContaining({ reason, dialect })]);
  });
});
