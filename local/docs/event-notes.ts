import type * as z from 'zod';
import { type EVENT_DATA, type EventType, type SubjectKind, subjectKindOf } from '../../shared/contracts/event.ts';

/** Who usually sends events of a type, and an example of their data, which is invented. */
interface Note<T extends EventType> {
  sender: string;
  data: z.input<(typeof EVENT_DATA)[T]>;
}

const SCHEDULING = 'scheduling system';
const CHART = 'record system of the specialist';
const RECEIVING = 'referral management of the receiving site';
const RECORD = 'system of record';

export const EVENT_NOTES: { [T in EventType]: Note<T> } = {
  'referral.received': {
    sender: RECEIVING,
    data: {
      priority: 'routine',
      specialty: 'cardiology',
      site: 'main',
      practice: { id: 'practice-01', name: 'Practice 01 (fictitious)' },
      patient: { id: 'P-000042' },
      orderedAt: '2026-03-02T09:12:00-05:00',
      payer: 'payer-b',
      tags: ['prior-authorization'],
      receivedVia: 'fax',
    },
  },
  'referral.updated': { sender: RECEIVING, data: { priority: 'urgent' } },
  'referral.accepted': { sender: RECEIVING, data: {} },
  'referral.declined': { sender: RECEIVING, data: { reason: 'out_of_criteria' } },
  'referral.rerouted': { sender: RECEIVING, data: { to: 'hill', inNetwork: true } },
  'referral.paused': {
    sender: RECEIVING,
    data: { reason: 'awaiting_authorization', until: '2026-03-16T17:00:00-04:00' },
  },
  'referral.resumed': { sender: RECEIVING, data: {} },
  'contact.attempted': {
    sender: 'whoever calls or writes to patients',
    data: { channel: 'phone', outcome: 'voicemail' },
  },
  'appointment.offered': { sender: SCHEDULING, data: { startsAt: '2026-03-20T10:30:00-04:00' } },
  'appointment.scheduled': {
    sender: SCHEDULING,
    data: { appointmentId: 'A-77', startsAt: '2026-03-20T10:30:00-04:00' },
  },
  'appointment.rescheduled': {
    sender: SCHEDULING,
    data: {
      appointmentId: 'A-81',
      startsAt: '2026-03-27T09:00:00-04:00',
      previousAppointmentId: 'A-77',
      patientChoice: true,
    },
  },
  'appointment.cancelled': { sender: SCHEDULING, data: { appointmentId: 'A-81', by: 'patient' } },
  'appointment.no_show': { sender: SCHEDULING, data: { appointmentId: 'A-81' } },
  'visit.arrived': { sender: SCHEDULING, data: { appointmentId: 'A-81' } },
  'visit.completed': { sender: CHART, data: { appointmentId: 'A-81' } },
  'note.interim_received': { sender: CHART, data: { documentId: 'D-512' } },
  'note.signed': { sender: CHART, data: { documentId: 'D-513' } },
  'note.received': { sender: 'whoever knows that the note has come back', data: { documentId: 'D-513' } },
  'note.acknowledged': { sender: 'record system of the referring side', data: { documentId: 'D-513' } },
  'referral.closed': { sender: RECORD, data: { reason: 'completed_in_network', evidence: 'D-513' } },
  'referral.cancelled': { sender: RECORD, data: { by: 'referrer' } },
  'referral.reopened': { sender: RECORD, data: {} },
  'referral.voided': { sender: RECORD, data: {} },
  'referrer.notified': { sender: 'whoever tells the referring office', data: { about: 'scheduled' } },
  'event.retracted': {
    sender: 'whoever sent the event that is taken back',
    data: { source: 'urn:example:records', id: 'e-1041' },
  },
  'alert.acknowledged': {
    sender: 'coordinator, by `ack`',
    data: { kind: 'reached', by: 'coordinator-1' },
  },
  'alert.snoozed': {
    sender: 'coordinator, by `snooze`',
    data: { kind: 'note', until: '2026-04-20T12:00:00-04:00', by: 'coordinator-1' },
  },
  'practice.contacted': { sender: 'liaison or their CRM', data: { by: 'liaison-1', channel: 'visit' } },
  'practice.feedback': {
    sender: 'liaison or their CRM',
    data: { topic: 'late notes', status: 'open', by: 'liaison-1' },
  },
  'feed.heartbeat': { sender: 'any feed', data: {} },
};

/** An example of a whole event of a type, as it is sent. */
export function exampleEvent(type: EventType) {
  const { data } = EVENT_NOTES[type];
  const isEmpty = Object.keys(data).length === 0;
  return {
    specversion: '1.0',
    id: 'e-1042',
    source: 'urn:example:records',
    type,
    subject: EXAMPLE_SUBJECT[subjectKindOf({ type })],
    time: '2026-03-02T14:45:51-05:00',
    ...(isEmpty ? {} : { data }),
  };
}

const EXAMPLE_SUBJECT: Record<SubjectKind, string> = {
  referral: 'R-000042',
  practice: 'practice-01',
  feed: 'records',
};
