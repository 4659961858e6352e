import { z } from 'zod';
import { dateText, instantText } from './instant.ts';
import { CLOCK_KINDS, type PauseReason, PRIORITIES, WEEKDAYS } from './vocabulary.ts';

const name = z.string().min(1);
const count = z.int().positive();

export const TARGET_UNITS = ['hours', 'business_hours', 'business_days', 'calendar_days'] as const;
export const target = z.object({ value: count, unit: z.enum(TARGET_UNITS) });
export type Target = z.output<typeof target>;

/** Plain elapsed time; a calendar day is 24 hours here. */
const elapsed = z.object({ value: count, unit: z.enum(['hours', 'calendar_days']) });
export type Elapsed = z.output<typeof elapsed>;

const clockRule = z
  .object({
    target: target.nullable(),
    warnBefore: elapsed.optional(),
    warnAtStart: z.boolean().optional(),
    escalateAfter: elapsed.optional(),
  })
  .refine((rule) => !(rule.warnBefore && rule.warnAtStart), { message: 'warnBefore or warnAtStart, not both' });
export type ClockRule = z.output<typeof clockRule>;

const names = z.array(name).min(1);
const match = z.object({
  priority: z.array(z.enum(PRIORITIES)).min(1).optional(),
  specialty: names.optional(),
  site: names.optional(),
  payer: names.optional(),
  tags: names.optional(),
});
export type Match = z.output<typeof match>;

const rule = z.object({ match, clocks: z.partialRecord(z.enum(CLOCK_KINDS), clockRule) });

export const REQUIRED_FIELDS = [
  'practice.name',
  'practice.providerNpi',
  'practice.providerName',
  'patient.initials',
  'orderedAt',
  'payer',
  'tags',
  'coordinatorId',
  'liaisonId',
  'requestedBy',
  'receivedVia',
  'priority',
  'specialty',
  'site',
  'practice.id',
  'patient.id',
] as const;
export type RequiredField = (typeof REQUIRED_FIELDS)[number];

export const policyVersion = z.object({
  version: name,
  effectiveFrom: instantText,
  rules: z.array(rule).min(1),
  /** Business days without an event after which a referral is silent. */
  silence: z
    .object({ stat: count.default(1), asap: count.default(1), urgent: count.default(3), routine: count.default(10) })
    .prefault({}),
  attendanceUnknownAfter: target.default({ value: 2, unit: 'business_days' }),
  /** Calendar days of 24 h after which a pause is over. */
  pauseCaps: z
    .object({
      awaiting_information: count.default(10),
      awaiting_authorization: count.default(14),
      patient_requested: count.default(60),
      medical_hold: count.default(90),
    } satisfies Record<PauseReason, unknown>)
    .prefault({}),
  attempts: z
    .object({
      total: z.int().nonnegative().default(3),
      phoneDays: z.int().nonnegative().default(2),
      letters: z.int().nonnegative().default(1),
      quietDays: z.int().nonnegative().default(14),
    })
    .prefault({}),
  required: z.array(z.object({ match, fields: z.array(z.enum(REQUIRED_FIELDS)).min(1) })).optional(),
});
export type PolicyVersion = z.output<typeof policyVersion>;

export const policySchema = z.object({ versions: z.array(policyVersion).min(1) });
export type Policy = z.output<typeof policySchema>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day as HH:MM');
const timeZone = z.string().refine(
  (zone) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
    } catch {
      return false;
    }
  },
  { message: 'expected an IANA time zone such as America/New_York' },
);

const openingHours = z
  .tuple([timeOfDay, timeOfDay])
  .refine(([open, close]) => open < close, { message: 'expected opening before closing' });
const hours = z.partialRecord(z.enum(WEEKDAYS), openingHours);
export type Hours = z.output<typeof hours>;

const site = z.object({
  id: name,
  name,
  timeZone,
  region: name.optional(),
  hours: hours.refine((week) => Object.keys(week).length > 0, { message: 'expected at least one open day' }).optional(),
  holidays: z.array(dateText).optional(),
  fallbackCoordinatorId: name.optional(),
  escalateTo: name.optional(),
});
export type Site = z.output<typeof site>;

const practice = z.object({
  id: name,
  name,
  aliases: z.array(name).optional(),
  segment: name.optional(),
  region: name.optional(),
  liaisonId: name.optional(),
});
export type Practice = z.output<typeof practice>;

const person = z.object({
  id: name,
  role: z.enum(['coordinator', 'liaison', 'leader']),
  name,
  email: z.email(),
  timeZone,
  workdays: z.array(z.enum(WEEKDAYS)).min(1).optional(),
  routes: z.array(z.object({ site: name.optional(), specialty: name.optional() })).optional(),
  scope: z
    .object({
      site: name.optional(),
      specialty: name.optional(),
      segment: name.optional(),
      region: name.optional(),
    })
    .optional(),
  reports: z.array(z.enum(['weekly', 'monthly', 'quarterly'])).optional(),
});
export type Person = z.output<typeof person>;

export const directorySchema = z.object({
  organization: z.object({
    name,
    timeZone,
    operationsMailbox: z.email(),
    sender: z.email(),
    allowedDomains: z.array(name),
    identifiers: z.enum(['reference', 'initials']).default('reference'),
    sensitiveSpecialties: z.array(name).default([]),
    referralUrl: z.string().includes('{referralId}').optional(),
  }),
  sites: z.array(site),
  practices: z.array(practice),
  people: z.array(person),
  feeds: z.array(z.object({ name, expectedEveryHours: z.number().positive() })).optional(),
});
export type Directory = z.output<typeof directorySchema>;

export interface Config {
  policy: Policy;
  directory: Directory;
}
