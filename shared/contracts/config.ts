import * as z from 'zod';
import { dialectsSchema } from './dialects.ts';
import { dateText, instantText } from './instant.ts';
import { timeZone as anyTimeZone } from './time-zone.ts';
import { CLOCK_KINDS, type PauseReason, PRIORITIES, WEEKDAYS } from './vocabulary.ts';

/** Descriptions and examples are for the generated schemas and documents (local/docs); they check nothing. */
const name = z.string().min(1);
/** Hours or days. Dues are found day by day, and nobody waits longer than this for anything. */
const count = z.int().positive().max(10_000);

export const TARGET_UNITS = ['hours', 'business_hours', 'business_days', 'calendar_days'] as const;
export const target = z.object({ value: count, unit: z.enum(TARGET_UNITS) });
export type Target = z.output<typeof target>;

/** Plain elapsed time; a calendar day is 24 hours here. */
const elapsed = z
  .object({ value: count, unit: z.enum(['hours', 'calendar_days']) })
  .describe('Elapsed time, weekends and nights included; a calendar day is 24 hours here.');
export type Elapsed = z.output<typeof elapsed>;
const businessHours = z.object({ value: count, unit: z.literal('business_hours') });

const clockRule = z
  .object({
    target: target.nullable().describe('How long the promise is; null switches the clock off.'),
    warnBefore: elapsed.optional().describe('At risk this long before the net due. Without it there is no warning.'),
    warnAtStart: z.boolean().optional().describe('At risk from the start; not together with `warnBefore`.'),
    escalateAfter: elapsed.optional().describe('Escalated this long after the net due. Without it never.'),
  })
  .refine((rule) => !(rule.warnBefore && rule.warnAtStart), { message: 'warnBefore or warnAtStart, not both' });
export type ClockRule = z.output<typeof clockRule>;

const names = z.array(name).min(1);
const match = z.object({
  priority: z.array(z.enum(PRIORITIES)).min(1).optional(),
  specialty: names.optional().describe("The sender's own words."),
  site: names.optional().describe('Ids of sites in the directory.'),
  payer: names.optional(),
  tags: names.optional().describe('Matches when the referral has any of these.'),
});
export type Match = z.output<typeof match>;

const rule = z.object({
  match: match.describe('For which referrals: all fields given have to match. Empty matches all.'),
  clocks: z.partialRecord(z.enum(CLOCK_KINDS), clockRule).describe('By clock kind; kinds left out are left alone.'),
});

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
  version: name.meta({ description: 'Its name, in digests and explanations.', examples: ['2026-01'] }),
  effectiveFrom: instantText.describe(
    'Referrals received from then on are held to this version. Before the earliest, the earliest counts.',
  ),
  rules: z.array(rule).min(1).describe('For each clock the rule that matches on most fields; among equals the later.'),
  silence: z
    .object({ stat: count.default(1), asap: count.default(1), urgent: count.default(3), routine: count.default(10) })
    .prefault({})
    .describe('Business days without an event after which an open referral is silent.'),
  attendanceUnknownAfter: target
    .default({ value: 2, unit: 'business_days' })
    .describe('How long after the start of an appointment somebody has to say whether the patient came.'),
  pauseCaps: z
    .object({
      awaiting_information: count.default(10),
      awaiting_authorization: count.default(14),
      patient_requested: count.default(60),
      medical_hold: count.default(90),
    } satisfies Record<PauseReason, unknown>)
    .prefault({})
    .describe('Calendar days (24 hours each) after which a pause is over, by its reason.'),
  snoozeCapDays: count
    .default(30)
    .describe('Days (24 hours each) after which a snooze is over, however long it was asked for.'),
  urgentLead: businessHours
    .default({ value: 2, unit: 'business_hours' })
    .describe('How much opening time before its net due an urgent alert is mailed at once.'),
  attempts: z
    .object({
      total: z.int().nonnegative().default(3).describe('Attempts of any kind.'),
      phoneDays: z.int().nonnegative().default(2).describe("Days (the site's) with a phone call among them."),
      letters: z.int().nonnegative().default(1).describe('Letters or portal messages among them.'),
      quietDays: z.int().nonnegative().default(14).describe('Days since the last attempt.'),
    })
    .prefault({})
    .describe('What has to be tried before a digest offers closing a routine referral as unreachable.'),
  required: z
    .array(z.object({ match, fields: z.array(z.enum(REQUIRED_FIELDS)).min(1) }))
    .optional()
    .describe('Fields that matching referrals must have; one that lacks any is `incomplete`.'),
});
export type PolicyVersion = z.output<typeof policyVersion>;

export const policySchema = z
  .object({ versions: z.array(policyVersion).min(1).describe('Each in force from its `effectiveFrom`.') })
  .describe('Which clocks run for which referrals, and when they warn and escalate.');
export type Policy = z.output<typeof policySchema>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day as HH:MM');
const closingTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time of day as HH:MM, or 24:00');
/** A quarter hour of the day. */
const quarterHour = z.string().regex(/^([01]\d|2[0-3]):(00|15|30|45)$/, 'expected a quarter hour of the day as HH:MM');
const timeZone = anyTimeZone.meta({ description: 'IANA time zone.', examples: ['America/New_York'] });

const openingSpan = z
  .tuple([timeOfDay, closingTime])
  .refine(([open, close]) => open < close, {
    message:
      'expected opening before closing; to stay open over midnight, close at 24:00 and open at 00:00 on the next day',
  })
  .meta({ description: 'Opening and closing.', examples: [['08:00', '17:00']] });
const openingSpans = z
  .array(openingSpan)
  .refine((spans) => spans.length > 0, { message: 'expected at least one span; leave out a day that is closed' })
  .refine((spans) => spans.every(([open], index) => index === 0 || open >= (spans[index - 1]?.[1] ?? '')), {
    message: 'expected spans in order that do not overlap',
  })
  .meta({
    description: 'Several spans, in order.',
    examples: [
      [
        ['08:00', '12:00'],
        ['13:00', '17:00'],
      ],
    ],
    minItems: 1,
  });
const dayHours = z.union([openingSpan, openingSpans], {
  error: 'expected opening and closing such as ["08:00", "17:00"], or a list of such spans',
});
const hours = z.partialRecord(z.enum(WEEKDAYS), dayHours);
export type Hours = z.output<typeof hours>;
export type DayHours = z.output<typeof dayHours>;

const site = z.object({
  id: name.describe("As in the events' `site`."),
  name,
  timeZone,
  region: name.optional().describe('Where it is; reports group by the region of practices.'),
  hours: hours
    .refine((week) => Object.keys(week).length > 0, { message: 'expected at least one open day' })
    .optional()
    .meta({
      description:
        'Opening hours by weekday, as one span or several in order; a day that is left out is closed. Without it Monday to Friday, 08:00 to 17:00. Over midnight: a span up to `24:00`, and one from `00:00` on the next day.',
      examples: [
        {
          mon: [
            ['08:00', '12:00'],
            ['13:00', '17:00'],
          ],
          tue: ['08:00', '17:00'],
        },
      ],
    }),
  holidays: z
    .array(dateText)
    .optional()
    .meta({ description: 'Dates on which it is closed. Empty if it has none.', examples: [['2026-12-25']] }),
  fallbackCoordinatorId: name.optional().describe('Coordinator of referrals that no route gives to anybody.'),
  escalateTo: name.optional().describe('Coordinator whose digest also lists the escalated alerts of this site.'),
});
export type Site = z.output<typeof site>;

const practice = z.object({
  id: name.describe("As in the events' `practice.id`."),
  name,
  aliases: z.array(name).optional().describe('Other names it goes by: reports then take them for one.'),
  segment: name
    .optional()
    .meta({ description: 'What kind of practice it is: each has a report of its own.', examples: ['primary_care'] }),
  region: name.optional().describe('Where it is: each region has a report of its own.'),
  liaisonId: name.optional().describe('Liaison who gets it in their digest.'),
});
export type Practice = z.output<typeof practice>;

const routes = z
  .array(z.object({ site: name.optional(), specialty: name.optional() }))
  .optional()
  .describe('For a coordinator: which referrals are theirs. The route with more fields wins, then the first listed.');
const scope = z
  .object({ site: name.optional(), specialty: name.optional(), segment: name.optional(), region: name.optional() })
  .optional()
  .describe(
    'For a leader: what their reports are about; all given fields must match. Without it the whole organization.',
  );

const person = z.object({
  id: name,
  role: z.enum(['coordinator', 'liaison', 'leader']),
  name,
  email: z.email().describe("In one of the organization's `allowedDomains`."),
  timeZone: timeZone.describe('Digests come by the time of day here.'),
  workdays: z.array(z.enum(WEEKDAYS)).min(1).optional().describe('Days with a digest. Without it Monday to Friday.'),
  digestAt: quarterHour.optional().describe('When the digest comes. Without it at 07:00.'),
  holidaysOf: name.optional().describe('Site on whose holidays no digest comes.'),
  away: z
    .array(z.object({ from: dateText, to: dateText, deputyId: name }))
    .optional()
    .describe('Days, the first and the last included, on which mail goes to a deputy of the same role.'),
  attachRows: z
    .boolean()
    .optional()
    .describe('Whether the digest carries all its rows as a CSV file, also those that it cuts.'),
  routes,
  scope,
  reports: z
    .array(z.enum(['weekly', 'monthly', 'quarterly']))
    .optional()
    .describe('For a leader: which reports are mailed. Without it the weekly ones.'),
});
export type Person = z.output<typeof person>;

const organization = z.object({
  name,
  timeZone: timeZone.describe('Also that of sites that are not in the directory.'),
  operationsMailbox: z
    .email()
    .describe(
      'Gets the operations mail, at 07:00 of this time zone on days with something to look at; answers to mail go here too.',
    ),
  sender: z.email().describe('Address that mail comes from, of the verified SES identity.'),
  allowedDomains: z.array(name).meta({
    description: 'Domains that mail may go to. Nobody elsewhere gets any.',
    examples: [['example.org']],
  }),
  identifiers: z
    .enum(['reference', 'initials'])
    .default('reference')
    .describe("What mail calls a referral: its id, or in coordinators' mail also the patient's initials."),
  liveFrom: instantText
    .optional()
    .describe('When mail and alerts begin. What fell due before is history: it is counted, and nobody is told.'),
  updatesBy: z
    .enum(['coordinator', 'liaison'])
    .default('coordinator')
    .describe('Who is asked to tell the referring office how its referral stands.'),
  rowsPerSection: z
    .int()
    .positive()
    .max(1000)
    .optional()
    .describe(
      "Rows in a section of a coordinator's digest before routine ones are cut. Without it 50. Others are never cut.",
    ),
  sensitiveSpecialties: z
    .array(name)
    .default([])
    .describe('Specialties that mail calls "specialty care", in capital or small letters.'),
  referralUrl: z
    .string()
    .includes('{referralId}')
    .optional()
    .meta({
      description: 'Where mail links a referral to, by https; `{referralId}` is replaced.',
      examples: ['https://records.example.org/referrals/{referralId}'],
    }),
});

export const directorySchema = z
  .object({
    organization,
    sites: z.array(site),
    practices: z.array(practice).describe('Referring practices.'),
    people: z.array(person).describe('Coordinators, liaisons and leaders.'),
    feeds: z
      .array(
        z.object({
          name: name.describe('Subject of its heartbeats, or the source of its events.'),
          expectedEveryHours: z.number().positive().describe('A feed that is silent for longer is quiet.'),
          eventsEveryHours: z
            .number()
            .positive()
            .optional()
            .describe('A feed whose last event, heartbeats aside, came longer ago is quiet too.'),
        }),
      )
      .optional()
      .describe('Sources of events. The operations mail names those that are quiet.'),
  })
  .describe('The organization, its sites, practices, people and feeds.');
export type Directory = z.output<typeof directorySchema>;

export const configSchema = z.object({
  policy: policySchema,
  directory: directorySchema,
  /** Absent: nobody sends anything but CloudEvents, or all is as the standards say. */
  dialects: dialectsSchema.optional(),
});
export type Config = z.output<typeof configSchema>;
