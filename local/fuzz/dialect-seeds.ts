import { dialectsSchema } from '../../shared/contracts/dialects.ts';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { FuzzMessage } from './messages.ts';

/** Sound messages in every dialect, of which the fuzz makes others: a referral's whole course, in each of them. */

/** What the organization says of its senders. */
export const FUZZ_DIALECTS = dialectsSchema.parse({
  defaults: { timeZone: 'America/New_York' },
  senders: [
    {
      name: 'nightly',
      csv: {
        ...{ kind: 'states', key: ['Ref'], subject: 'Ref', exportedAt: { column: 'Exported' } },
        emit: [
          { type: 'referral.received', time: 'Created', data: { priority: 'Urgency', specialty: 'Dept' } },
          { type: 'appointment.scheduled', time: 'Booked', data: { startsAt: 'Appt' } },
          { type: 'referral.closed', time: 'exportedAt', when: { Status: ['Closed'] } },
        ],
      },
      crosswalks: { priority: { U: 'urgent' } },
    },
    { name: 'identified', identifierSystems: ['urn:example:referrals'] },
  ],
});

const stamp = (at: Instant): string => formatInstant(at).replaceAll(/[-T:Z]|\.\d+/g, '');
const hl7 = (kind: string, at: Instant, segments: readonly string[]): string =>
  `${[`MSH|^~\\&|EHR|NORTH|||${stamp(at)}+0000||${kind}|M${at}|P|2.5.1`, ...segments].join('\r')}\r`;

/** @param serial names the referral and its objects @param at when it is said; the course ends then */
export function soundMessages(serial: number, at: Instant): FuzzMessage[] {
  const [id, later, before] = [`D${serial}`, formatInstant(at + 48 * HOUR_MS), formatInstant(at - HOUR_MS)];
  const meta = { lastUpdated: formatInstant(at) };
  const order = { reference: `ServiceRequest/${id}` };
  const fhir = (resource: object, attributes?: Record<string, string>): FuzzMessage => ({
    body: JSON.stringify(resource),
    sentAt: at,
    ...(attributes && { attributes }),
  });
  const received = {
    ...{ resourceType: 'ServiceRequest', id, meta, status: 'active', intent: 'order', priority: 'urgent' },
    ...{
      authoredOn: before,
      subject: { reference: `Patient/p-${serial}` },
      requester: { reference: 'Practitioner/q' },
    },
    performerType: { coding: [{ system: 'http://snomed.info/sct', code: '394579002' }], text: 'Cardiology' },
    identifier: [{ system: 'urn:example:referrals', value: `N${serial}` }],
  };
  const booked = {
    ...{ resourceType: 'Appointment', id: `a-${serial}`, meta, status: 'booked', start: later, basedOn: [order] },
    participant: [{ status: 'accepted' }],
  };
  const visit = {
    ...{ resourceType: 'Encounter', id: `e-${serial}`, meta, status: 'finished', period: { start: before } },
    appointment: [{ reference: `Appointment/a-${serial}` }],
  };
  const note = {
    ...{ resourceType: 'DocumentReference', id: `n-${serial}`, meta, status: 'current', docStatus: 'final' },
    ...{ type: { coding: [{ system: 'http://loinc.org', code: '11488-4' }] }, context: { related: [order] } },
    content: [{ attachment: { data: 'bm90IHJlYWQ=' } }],
  };
  const task = {
    resourceType: 'Task',
    id: `t-${serial}`,
    meta,
    status: 'accepted',
    focus: order,
    lastModified: before,
  };
  const call = {
    ...{ resourceType: 'Communication', id: `c-${serial}`, meta, status: 'completed', basedOn: [order] },
    ...{ sent: before, recipient: [{ reference: 'Patient/p' }], medium: [{ coding: [{ code: 'PHONE' }] }] },
  };
  const entries = [received, booked, visit, note, task, call].map((resource) => ({ resource }));
  const bundle = { resourceType: 'Bundle', type: 'collection', timestamp: formatInstant(at), entry: entries };
  const v2 = (kind: string, ...segments: string[]): FuzzMessage => ({ body: hl7(kind, at, segments), sentAt: at });
  const schedule = (status: string): string[] => [
    `SCH|P${serial}|S${serial}|||||ROUTINE^x|NEW|||^^30^${stamp(at + 48 * HOUR_MS)}||||||||||||||${status}|H${serial}`,
    `PV1|1|O|||||||||||||||||V${serial}`,
  ];
  return [
    fhir(received),
    fhir(booked),
    fhir(visit),
    fhir(note),
    fhir(task),
    fhir(call),
    fhir(bundle),
    fhir({ ...received, id: `I${serial}` }, { sender: 'identified', file: 'orders.json' }),
    fhir(
      { ...booked, id: `b-${serial}`, basedOn: [{ reference: `ServiceRequest/I${serial}` }] },
      { sender: 'identified' },
    ),
    v2('REF^I12', `RF1||U|||${''}|H${serial}|${stamp(at)}`, 'PRD|RP|Doe^J||||||PR1', `PID|1||P${serial}^^^N^MR`),
    v2('RRI^I12', `RF1|A|||||H${serial}`),
    v2('SIU^S12', ...schedule('Booked')),
    v2('SIU^S26', ...schedule('Cancelled')),
    v2('ADT^A04', `EVN|A04|${stamp(at)}`, `PV1|1|O|||||||||||||||||V${serial}`),
    v2('MDM^T02', `TXA|1|CN|TX|||||||||DOC${serial}||H${serial}|||AU`, 'OBX|1|TX|11488-4^Note^LN||words of a person'),
    v2('ORU^R01', `OBR|1|H${serial}|F${serial}|11488-4^Consult^LN`, 'OBX|1|TX|11488-4||words||||||F'),
    {
      body: `Ref,Created,Urgency,Dept,Booked,Appt,Status,Exported\nC${serial},${before},U,CARD,${before},${later},Closed,${formatInstant(at)}\nC${serial}b,${before},Q,DERM,,,Open,${formatInstant(at)}\n`,
      sentAt: at,
      attributes: { dialect: 'csv', sender: 'nightly', file: 'nightly.csv' },
    },
  ];
}
