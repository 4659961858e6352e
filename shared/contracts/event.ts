import { z } from 'zod';
import { dateText, type Instant, instantText } from './instant.ts';
import { ALERT_KINDS, CLOSE_REASONS, DECLINE_REASONS, PAUSE_REASONS, PRIORITIES } from './vocabulary.ts';

const name = z.string().min(1);
const optional = z.string().nullish();

const practice = z.object({
  id: name,
  name: optional,
  providerNpi: optional,
  providerName: optional,
});
const patient = z.object({ id: name, initials: optional });

const dimensions = {
  priority: z.enum(PRIORITIES),
  specialty: name,
  site: name,
  practice,
  patient,
  orderedAt: z.union([instantText, dateText]).nullish(),
  payer: optional,
  tags: z.array(z.string()).nullish(),
  coordinatorId: optional,
  liaisonId: optional,
  requestedBy: z.union([dateText, instantText]).nullish(),
  receivedVia: optional,
};

const none = z.object({});
const appointment = z.object({ appointmentId: name });
const visit = z.object({ appointmentId: name.nullish() });
const note = z.object({ documentId: optional });
const mark = z.object({
  kind: z.enum(ALERT_KINDS),
  instance: z.int().positive().nullish(),
  by: name,
  note: optional,
});

/** `data` of each event type (domain contract, section 2). Unknown fields are dropped: minimum necessary. */
export const EVENT_DATA = {
  'referral.received': z.object(dimensions),
  'referral.updated': z.object(dimensions).partial(),
  'referral.accepted': none,
  'referral.declined': z.object({ reason: z.enum(DECLINE_REASONS) }),
  'referral.rerouted': z.object({ to: optional, inNetwork: z.boolean().nullish() }),
  'referral.paused': z.object({ reason: z.enum(PAUSE_REASONS), until: instantText.nullish() }),
  'referral.resumed': none,
  'contact.attempted': z.object({
    channel: z.enum(['phone', 'letter', 'portal', 'sms', 'email']),
    outcome: z.enum(['reached', 'voicemail', 'no_answer', 'wrong_number', 'sent', 'declined']),
    nextAttemptAt: instantText.nullish(),
  }),
  'appointment.offered': z.object({ startsAt: instantText.nullish() }),
  'appointment.scheduled': appointment.extend({ startsAt: instantText, patientChoice: z.boolean().nullish() }),
  'appointment.rescheduled': appointment.extend({
    startsAt: instantText,
    previousAppointmentId: name.nullish(),
    patientChoice: z.boolean().nullish(),
  }),
  'appointment.cancelled': appointment.extend({ by: z.enum(['patient', 'practice', 'system']), reason: optional }),
  'appointment.no_show': appointment,
  'visit.arrived': visit,
  'visit.completed': visit,
  'note.interim_received': note,
  'note.signed': note,
  'note.received': note,
  'note.acknowledged': note,
  'referral.closed': z.object({ reason: z.enum(CLOSE_REASONS), evidence: optional }),
  'referral.cancelled': z.object({ by: z.enum(['referrer', 'patient', 'system']), reason: optional }),
  'referral.reopened': z.object({ reason: optional }),
  'referral.voided': none,
  'referrer.notified': z.object({
    about: z.enum(['received', 'scheduled', 'no_show', 'declined', 'unreachable', 'seen', 'closed']),
  }),
  'event.retracted': z
    .object({ source: name, id: name.nullish(), entity: name.nullish() })
    .refine((data) => (data.id == null) !== (data.entity == null), {
      message: 'expected either id or entity',
      path: ['id'],
    }),
  'alert.acknowledged': mark,
  'alert.snoozed': mark.extend({ until: instantText }),
  'practice.contacted': z.object({ by: name, channel: optional }),
  'practice.feedback': z.object({ topic: name, status: z.enum(['open', 'answered']), by: optional }),
  'feed.heartbeat': none,
} as const;

export type EventType = keyof typeof EVENT_DATA;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as EventType[];
export type EventData<T extends EventType = EventType> = z.output<(typeof EVENT_DATA)[T]>;

/** An accepted fact: a CloudEvent whose envelope and data have been checked, its time an instant. */
export type LoopEvent<T extends EventType = EventType> = {
  [K in T]: {
    id: string;
    source: string;
    type: K;
    /** The referral's id; of practice events the practice's, of heartbeats the feed's. */
    subject: string;
    /** When it happened. */
    time: Instant;
    /** When the sending system wrote it down. */
    recordedAt: Instant | null;
    /** The sender's object that the event speaks of, such as `Appointment/77`. */
    entity: string | null;
    data: EventData<K>;
  };
}[T];

/** The envelope: CloudEvents 1.0, structured mode. Unknown attributes are ignored. */
export const eventEnvelope = z.object({
  specversion: z.literal('1.0'),
  id: name,
  source: name,
  type: name,
  subject: z.string().refine((text) => text.length > 0 && [...text].length <= 128, {
    message: 'expected 1 to 128 characters',
  }),
  time: instantText,
  recordedtime: instantText.nullish(),
  entity: name.nullish(),
  data: z.unknown().optional(),
});

/** Types whose subject is not a referral. */
export const PRACTICE_EVENT_TYPES = ['practice.contacted', 'practice.feedback'] as const;
export const ALERT_EVENT_TYPES = ['alert.acknowledged', 'alert.snoozed'] as const;
