import * as z from 'zod';
import { base, concepts, dateTime, identifier, listOf, names, optional, period, reference, word } from './elements.ts';

/** Schemas of the resources that say something about a referral: of the fields that are read, with R4's statuses. */

const serviceRequest = z.object({
  ...base,
  status: z.enum(['draft', 'active', 'on-hold', 'revoked', 'completed', 'entered-in-error', 'unknown']),
  intent: optional(word),
  identifier: listOf(identifier),
  category: concepts,
  code: concepts,
  priority: optional(word),
  subject: optional(reference),
  authoredOn: optional(dateTime),
  requester: optional(reference),
  performerType: concepts,
  performer: listOf(reference),
  locationReference: listOf(reference),
  insurance: listOf(reference),
  occurrenceDateTime: optional(dateTime),
  occurrencePeriod: optional(period),
});

const task = z.object({
  ...base,
  status: z.enum([
    'draft',
    'requested',
    'received',
    'accepted',
    'rejected',
    'ready',
    'cancelled',
    'in-progress',
    'on-hold',
    'failed',
    'completed',
    'entered-in-error',
  ]),
  statusReason: concepts,
  businessStatus: concepts,
  code: concepts,
  basedOn: listOf(reference),
  focus: optional(reference),
  executionPeriod: optional(period),
  lastModified: optional(dateTime),
});

const appointment = z.object({
  ...base,
  identifier: names,
  status: z.enum([
    'proposed',
    'pending',
    'booked',
    'arrived',
    'fulfilled',
    'cancelled',
    'noshow',
    'entered-in-error',
    'checked-in',
    'waitlist',
  ]),
  appointmentType: concepts,
  cancelationReason: concepts,
  /** R5's spelling. */
  cancellationReason: concepts,
  start: optional(dateTime),
  end: optional(dateTime),
  created: optional(dateTime),
  basedOn: listOf(reference),
  supportingInformation: listOf(reference),
  /** R5's, which servers of R4 send as it is or as an extension. */
  replaces: listOf(reference),
  extension: listOf(z.object({ url: optional(word), valueReference: optional(reference) })),
});

const encounter = z.object({
  ...base,
  identifier: names,
  status: z.enum([
    'planned',
    'arrived',
    'triaged',
    'in-progress',
    'onleave',
    'finished',
    'cancelled',
    'entered-in-error',
    'unknown',
  ]),
  class: concepts,
  basedOn: listOf(reference),
  appointment: listOf(reference),
  period: optional(period),
});

const documentReference = z.object({
  ...base,
  status: z.enum(['current', 'superseded', 'entered-in-error']),
  docStatus: optional(z.enum(['preliminary', 'final', 'amended', 'entered-in-error'])),
  type: concepts,
  category: concepts,
  date: optional(dateTime),
  /** R5's. */
  basedOn: listOf(reference),
  context: listOf(z.object({ related: listOf(reference), encounter: listOf(reference) })),
});

const diagnosticReport = z.object({
  ...base,
  status: z.enum([
    'registered',
    'partial',
    'preliminary',
    'final',
    'amended',
    'corrected',
    'appended',
    'cancelled',
    'entered-in-error',
    'unknown',
  ]),
  category: concepts,
  code: concepts,
  basedOn: listOf(reference),
  encounter: optional(reference),
  issued: optional(dateTime),
});

const communication = z.object({
  ...base,
  status: z.enum([
    'preparation',
    'in-progress',
    'not-done',
    'on-hold',
    'stopped',
    'completed',
    'entered-in-error',
    'unknown',
  ]),
  basedOn: listOf(reference),
  about: listOf(reference),
  encounter: optional(reference),
  recipient: listOf(reference),
  medium: concepts,
  sent: optional(dateTime),
  received: optional(dateTime),
});

export type ServiceRequest = z.output<typeof serviceRequest>;
export type Task = z.output<typeof task>;
export type Appointment = z.output<typeof appointment>;
export type Encounter = z.output<typeof encounter>;
export type DocumentReference = z.output<typeof documentReference>;
export type DiagnosticReport = z.output<typeof diagnosticReport>;
export type Communication = z.output<typeof communication>;

/** By `resourceType`. */
export const RESOURCES = {
  ServiceRequest: serviceRequest,
  Task: task,
  Appointment: appointment,
  Encounter: encounter,
  DocumentReference: documentReference,
  DiagnosticReport: diagnosticReport,
  Communication: communication,
} as const;
export type ReadKind = keyof typeof RESOURCES;
export const isReadKind = (kind: string): kind is ReadKind => Object.hasOwn(RESOURCES, kind);
