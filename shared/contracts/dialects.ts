import * as z from 'zod';
import { dateFormat, meantFormat } from './date-format.ts';
import { EVENT_TYPES } from './event.ts';
import { isFileNamePattern } from './file-name-pattern.ts';
import { timeZone } from './time-zone.ts';

/**
 * `dialects.json`: what differs between the systems that send HL7 v2, FHIR or CSV. A sender takes what its entry lacks
 * from `defaults`.
 */

const text = z.string().min(1);
const texts = z.array(text).min(1);
/** `code` or `system|code`. */
const codes = z.array(text);
const SEGMENT_PATH = /^[A-Z][A-Z0-9]{2}-\d{1,3}(\.\d{1,3})?$/;
const segmentPath = z.string().regex(SEGMENT_PATH, 'expected a path such as MSH-4.1');
export const KEY_NAMES = ['SIU', 'REF', 'RRI', 'OMG', 'ORM', 'OSU', 'MDM', 'ORU', 'ADT', 'appointment'] as const;

const choice = z.strictObject({ include: codes.optional(), exclude: codes.optional() });
export type Choice = z.output<typeof choice>;
const crosswalk = z.record(text, text);
const practice = z.union([text, z.strictObject({ id: text, name: text.optional() })]);

const crosswalks = z.strictObject({
  priority: crosswalk.optional(),
  specialty: crosswalk.optional(),
  site: crosswalk.optional(),
  practice: z.record(text, practice).optional(),
  payer: crosswalk.optional(),
  decline: crosswalk.optional().describe('To the reasons of `referral.declined`.'),
  close: crosswalk.optional().describe('To the reasons of `referral.closed`.'),
  cancel: crosswalk.optional().describe('To who cancelled an appointment: patient, practice or system.'),
  pause: crosswalk.optional().describe('To the reasons of `referral.paused`.'),
  channel: crosswalk.optional(),
  outcome: crosswalk.optional(),
  status: crosswalk.optional().describe("From a scheduling system's status to one of HL7 table 0278."),
});
export type CrosswalkName = keyof z.output<typeof crosswalks>;

const settings = {
  timeZone: timeZone.optional().describe('Of times without an offset.'),
  role: z.enum(['referring', 'receiving']).optional().describe("At which side the sender's documents arrive."),
  side: z.enum(['initiator', 'recipient']).optional().describe('Who the sender is in a 360X exchange.'),
  test: z.boolean().optional().describe('Whether messages with MSH-11 other than P count.'),
  unmatchedDays: z.int().positive().max(365).optional().describe('How long what finds no referral is tried again.'),
  sentinels: z.array(text).optional().describe('Dates that mean none.'),
  consultNotes: codes
    .optional()
    .describe('Types of document that are consult notes, in place of LOINC 11488-4 and CN of HL7 table 0270.'),
  fields: z
    .strictObject({
      specialty: text.optional(),
      site: text.optional(),
      practice: text.optional(),
      patient: text.optional(),
    })
    .optional()
    .describe('What a referral has whose message lacks a required field.'),
  keys: z
    .partialRecord(z.enum(KEY_NAMES), z.array(segmentPath).min(1))
    .optional()
    .describe(
      "Where the referral's own id stands by kind of message, and the appointment's; the first that is filled.",
    ),
  identifierSystems: texts.optional().describe("Systems of the ServiceRequest's identifier that names the referral."),
  authorities: z.record(text, text).optional().describe('Prefixes of numbers by who assigned them.'),
  referrals: choice.optional().describe('Which orders are referrals.'),
  visitTypes: choice.optional().describe('Which types of appointment count.'),
  classes: codes.optional().describe('Which classes of visit count.'),
  intents: texts.optional(),
  fulfilTasks: codes.optional(),
  taskCompleted: z.enum(['visit']).optional(),
  taskCancelled: z.enum(['cancelled', 'declined']).optional(),
  statusField: segmentPath.optional().describe('Where the status of an appointment stands; else SCH-25.'),
  arrivalCompletes: z.boolean().optional(),
  visitIsAppointment: z.boolean().optional(),
  rescheduleGivesNewId: z.boolean().optional(),
  s17: z.enum(['retract', 'cancel']).optional(),
  crosswalks: crosswalks.optional(),
} as const;

const CSV_ENCODINGS = ['utf-8', 'windows-1252', 'iso-8859-1', 'utf-16le'] as const;
/** Values of a column, by column; a row counts where every column has one of them. */
const when = z.record(text, z.union([text, z.array(z.string()).min(1)]));
/** `data` of an event by field: the name of a column; `{"value": ...}` is the same for every row. */
const columnOrValue = z.union([text, z.strictObject({ value: z.union([z.string(), z.boolean()]) })]);
export type ColumnOrValue = z.output<typeof columnOrValue>;
const emit = z.strictObject({
  type: z.enum(EVENT_TYPES),
  time: text.describe('The column, or `exportedAt`.'),
  when: when.optional(),
  data: z.record(text, columnOrValue).optional(),
});
export type Emit = z.output<typeof emit>;
const PATTERN = 'expected a simple regular expression with one group for the date, such as export_(\\d{8})';
const exportedAt = z.union(
  [
    z.strictObject({ column: text }),
    z.strictObject({ fileName: text.refine(isFileNamePattern, { message: PATTERN }) }),
  ],
  {
    error:
      'expected {"column": ...}, or {"fileName": ...} with a simple regular expression that has one group for the date, such as export_(\\d{8})',
  },
);
function complaintOfFormat(format: unknown): string {
  const meant = typeof format === 'string' ? meantFormat(format) : null;
  return `expected a format such as MM/dd/yyyy HH:mm${meant === null ? '' : `; did you mean ${meant}?`}`;
}
const csvShared = {
  encoding: z.enum(CSV_ENCODINGS).optional(),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  decimal: z.enum(['.', ',']).optional(),
  key: texts.optional().describe('Columns that identify a row. Without it the whole row does.'),
  subject: text.describe("The column with the referral's id."),
  dates: z
    .array(text.refine((format) => dateFormat(format) !== null, { error: ({ input }) => complaintOfFormat(input) }))
    .min(1)
    .optional()
    .describe('Formats of dates, such as MM/dd/yyyy HH:mm; the first that fits.'),
  exportedAt: exportedAt.optional().describe('The instant of the export: a column, or a date in the name of the file.'),
  appointmentId: text.optional().describe("The column with the appointment's id. Without it the row's key."),
  noEvent: when
    .optional()
    .describe('Values of columns that mean no event: `npx loopwatch dialect try` asks for no emit of them.'),
} as const;
const states = z.strictObject({ kind: z.literal('states'), ...csvShared, emit: z.array(emit).min(1) });
const events = z.strictObject({
  kind: z.literal('events'),
  ...csvShared,
  type: z.strictObject({ column: text, values: z.record(text, z.enum(EVENT_TYPES)) }),
  time: text,
  when: when.optional(),
  data: z.record(text, columnOrValue).optional(),
});
const csv = z.discriminatedUnion('kind', [states, events]);
export type CsvMapping = z.output<typeof csv>;

const match = z.record(text, z.union([text, texts])).superRefine((paths, context) => {
  for (const path of Object.keys(paths)) {
    if (path === 'endpoint' || SEGMENT_PATH.test(path)) continue;
    context.addIssue({ code: 'custom', path: [path], message: 'expected a path such as MSH-4.1, or endpoint' });
  }
});

const sender = z.strictObject({
  name: text.describe('`source` of its events.'),
  match: match.optional().describe('Whose messages they are: all fields given have to match.'),
  csv: csv.optional(),
  ...settings,
});
export type DialectSender = z.output<typeof sender>;
const defaults = z.strictObject(settings);
export type DialectSettings = z.output<typeof defaults>;

export const dialectsSchema = z
  .strictObject({ defaults: defaults.prefault({}), senders: z.array(sender).default([]) })
  .describe('What differs between the systems that send HL7 v2, FHIR or CSV.');
export type Dialects = z.output<typeof dialectsSchema>;
/** What a referral has in place of a required field that nobody says, unless `fields` has another word. */
export const UNKNOWN = 'unknown';
/** Of an organization without the file: all is as the standards say. */
export const NO_DIALECTS: Dialects = { defaults: {}, senders: [] };
