import * as z from 'zod';
import { instantText as anyInstantText, dateText, type Instant, instant, isInYears } from './instant.ts';
import {
  ALERT_KINDS,
  CLOSE_REASONS,
  CONTACT_CHANNELS,
  CONTACT_OUTCOMES,
  DECLINE_REASONS,
  PAUSE_REASONS,
  PRIORITIES,
} from './vocabulary.ts';

/** Marks a limit that came after the first events were stored: what is stored may lie beyond it. */
const LATER_LIMIT = { params: { laterLimit: true } };
const MOST_BYTES = 256;
const fits = (text: string): boolean => text.length <= MOST_BYTES && Buffer.byteLength(text) <= MOST_BYTES;

/** Descriptions are for the generated schemas and documents (local/docs); they check nothing. */
const word = z
  .string()
  .refine(fits, { message: `expected at most ${MOST_BYTES} bytes`, ...LATER_LIMIT })
  // A half of a surrogate pair is no character: no store takes it, and no mail shows it.
  .refine((text) => text.isWellFormed(), { message: 'expected whole characters', ...LATER_LIMIT })
  // JSON Schema counts characters, so it takes a little more.
  .meta({ maxLength: MOST_BYTES });
const name = word.min(1).meta({ maxLength: MOST_BYTES });
const optional = word.nullish();
const inYears = { message: 'expected a time from 2000 to 2100', ...LATER_LIMIT };
const instantText = anyInstantText.refine(isInYears, inYears);
const date = z
  .union([anyInstantText, dateText], { error: 'expected an RFC 3339 date-time with offset, or a date as YYYY-MM-DD' })
  .refine(isInYears, inYears);

/** A word of a list, or one of the sender's own, which counts as `instead`: what happened must not be lost with it. */
const ownWord = <const W extends string>(words: readonly W[], instead: W) =>
  z.union([z.enum(words), word.transform(() => instead)], { error: 'expected text' });
/** The same, which may also be absent. */
const optionalOwnWord = <const W extends string>(words: readonly W[], instead: W) =>
  ownWord(words, instead)
    .nullish()
    .transform((known) => known ?? instead);

const practice = z.object({
  id: name.describe("The practice's id in the directory; one that isn't there is accepted."),
  name: optional,
  providerNpi: optional.describe('NPI of the referring provider.'),
  providerName: optional,
});
const patient = z.object({
  id: name.describe('An opaque id. It is stored and never mailed or logged.'),
  initials: optional.describe("Shown in coordinators' mails where the directory says `initials`."),
});

const fields = {
  priority: z.enum(PRIORITIES),
  specialty: name.describe("The sender's own word, as in policy rules and routes."),
  site: name.describe("Where the patient will be seen: a site's id in the directory."),
  practice: practice.describe('Who refers. An update replaces the whole object.'),
  patient,
  orderedAt: date.nullish().describe('When the referral was ordered.'),
  payer: optional,
  tags: z.array(word).nullish().describe('Words that policy rules can match, such as `prior-authorization`.'),
  coordinatorId: optional.describe('A coordinator of the directory; wins over routes.'),
  liaisonId: optional.describe("A liaison of the directory; wins over the practice's."),
  requestedBy: date.nullish().describe('By when the referrer asks for the visit.'),
  receivedVia: optional.describe('Channel of receipt, such as `fax`.'),
};

const none = z.object({});
const appointment = z.object({ appointmentId: name.describe("The booking's id in the sending system.") });
const patientChoice = z.boolean().nullish().describe('The patient asked for the later date.');
const visit = z.object({
  appointmentId: name
    .nullish()
    .describe(
      'Without it: the active appointment of that day, else the one booked last, else the one missed that day.',
    ),
});
const note = z.object({ documentId: optional });
const mark = z.object({
  kind: z.enum([...ALERT_KINDS, 'all']).describe('Kind of the alert; `all` means every open one of the referral.'),
  instance: z.int().positive().nullish().describe('Which of several of that kind; without it the open one.'),
  by: name.describe('Who says so.'),
  note: z.string().nullish(),
});
const retracted = z
  .object({
    source: name.describe('Source of what is taken back.'),
    id: name.nullish().describe('Id of the one event that is taken back.'),
    entity: name.nullish().describe("Takes back all of that entity's events up to this one's place in the order."),
  })
  .refine((data) => (data.id == null) !== (data.entity == null), {
    message: 'expected either id or entity',
    path: ['id'],
  });

/** What happened to a referral. The fold walks these. */
const REFERRAL_EVENTS = {
  'referral.received': z
    .object(fields)
    .describe('A referral has come in. Starts its clocks; of several the first gives the time, the later the fields.'),
  'referral.updated': z
    .object(fields)
    .partial()
    .describe('Fields of the referral have changed; the later wins. Clocks that still run get the rule that fits now.'),
  'referral.accepted': none.describe('The receiving side takes the referral.'),
  'referral.declined': z
    .object({ reason: optionalOwnWord(DECLINE_REASONS, 'other').describe('None, or another text, counts as `other`.') })
    .describe('The receiving side does not take it: it has to be rerouted.'),
  'referral.rerouted': z
    .object({ to: optional.describe('Where to.'), inNetwork: z.boolean().nullish() })
    .describe('A declined referral was sent elsewhere.'),
  'referral.paused': z
    .object({
      reason: z.enum(PAUSE_REASONS),
      until: instantText.nullish().describe("End of the pause, if it is known and comes before the policy's cap."),
    })
    .describe('Work waits for something. Clocks net of pauses stand still, up to a cap for each reason.'),
  'referral.resumed': none.describe('The pause is over.'),
  'contact.attempted': z
    .object({
      channel: ownWord(CONTACT_CHANNELS, 'other').describe('Another text counts as `other`.'),
      outcome: ownWord(CONTACT_OUTCOMES, 'other').describe('Another text counts as `other`.'),
      nextAttemptAt: instantText.nullish().describe('When the next attempt was promised to the patient.'),
    })
    .describe('Somebody tried to reach the patient; `reached` and `declined` mean that the patient answered.'),
  'appointment.offered': z
    .object({ startsAt: instantText.nullish() })
    .describe('A date was offered; nothing is booked.'),
  'appointment.scheduled': appointment
    .extend({ startsAt: instantText, patientChoice })
    .describe('An appointment is booked. The same id with another start is a reschedule.'),
  'appointment.rescheduled': appointment
    .extend({
      appointmentId: name.describe('Id of the new booking; may be the same as before.'),
      startsAt: instantText,
      previousAppointmentId: name.nullish().describe('The booking it replaces; without it all other active ones.'),
      patientChoice,
    })
    .describe('An appointment was moved.'),
  'appointment.cancelled': appointment
    .extend({ by: z.enum(['patient', 'practice', 'system']), reason: optional })
    .describe('An appointment was cancelled: if none is left, it has to be rebooked.'),
  'appointment.no_show': appointment.describe('The patient did not come: if no appointment is left, it is to rebook.'),
  'visit.arrived': visit.describe('The patient has arrived.'),
  'visit.completed': visit.describe('The patient was seen. Attendance is never inferred from a time that has passed.'),
  'note.interim_received': note.describe('A preliminary note came back; it closes nothing.'),
  'note.signed': note.describe('The consult note was signed; it has not come back yet.'),
  'note.received': note.describe('The referring side has the consult note: the loop is closed.'),
  'note.acknowledged': note.describe('The referring side has read the note.'),
  'referral.closed': z
    .object({
      reason: optionalOwnWord(CLOSE_REASONS, 'unspecified').describe('None, or another text, counts as `unspecified`.'),
      evidence: z.unknown().optional().describe('What shows it, such as a document id; of any form.'),
      duplicateOf: optional.describe('The referral that goes on in its stead.'),
    })
    .describe('The referral was closed in the system of record.'),
  'referral.cancelled': z
    .object({ by: z.enum(['referrer', 'patient', 'system']), reason: optional })
    .describe('The referral was cancelled.'),
  'referral.reopened': z.object({ reason: optional }).describe('A closed or cancelled referral is open again.'),
  'referral.voided': none.describe('The referral was entered in error; only retracting this event takes it back.'),
  'referrer.notified': z
    .object({
      about: z.enum(['received', 'scheduled', 'no_show', 'declined', 'unreachable', 'seen', 'closed']),
    })
    .describe('The referring office was told.'),
} as const;

/** What takes a referral's events back. */
const RETRACTION_EVENTS = {
  'event.retracted': retracted.meta({
    description: 'An event of the same subject is taken back, whatever came first. Sent again it stays taken back.',
    oneOf: ['id', 'entity'].map((key) => ({
      type: 'object',
      properties: { [key]: { type: 'string' } },
      required: [key],
    })),
  }),
} as const;

/** What people say about a referral's alerts. */
const ALERT_EVENTS = {
  'alert.acknowledged': mark.describe('Somebody works on an alert: it stays in digests, marked.'),
  'alert.snoozed': mark
    .extend({ until: instantText.describe('Until then the alert is hidden from digests.') })
    .describe('An alert is hidden for a while.'),
} as const;

/** What happened with a referring practice. */
const PRACTICE_EVENTS = {
  'practice.contacted': z
    .object({ by: name.describe('Who was in contact.'), channel: optional })
    .describe('Somebody checked in with a referring practice.'),
  'practice.feedback': z
    .object({ topic: name, status: z.enum(['open', 'answered']), by: optional })
    .describe('A practice gave feedback, or it was answered. The topic is stored and never mailed.'),
} as const;

/** What a feed says about itself. */
const FEED_EVENTS = {
  'feed.heartbeat': none.describe('A feed is alive though it has nothing to say.'),
} as const;

/**
 * The event types by what they are about. A new type goes into one of the lists above; the compiler then names every
 * place that has to decide about it (test/types.test.ts).
 */
const EVENTS_ABOUT = {
  referral: REFERRAL_EVENTS,
  retraction: RETRACTION_EVENTS,
  alert: ALERT_EVENTS,
  practice: PRACTICE_EVENTS,
  feed: FEED_EVENTS,
} as const;
export type EventTopic = keyof typeof EVENTS_ABOUT;

/** `data` of each event type (docs/domain.md#2-5). Unknown fields are dropped: minimum necessary. */
export const EVENT_DATA = {
  ...REFERRAL_EVENTS,
  ...RETRACTION_EVENTS,
  ...ALERT_EVENTS,
  ...PRACTICE_EVENTS,
  ...FEED_EVENTS,
} as const;

/** The fields of `data` in which a word of the sender's own is replaced. */
export const OWN_WORDS: { [T in EventType]?: readonly string[] } = {
  'referral.declined': ['reason'],
  'referral.closed': ['reason'],
  'contact.attempted': ['channel', 'outcome'],
};

export type EventType = keyof typeof EVENT_DATA;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as EventType[];
export type EventData<T extends EventType = EventType> = z.output<(typeof EVENT_DATA)[T]>;

/** The event types of a topic. */
export type EventTypeAbout<T extends EventTopic> = Extract<{ [K in T]: keyof (typeof EVENTS_ABOUT)[K] }[T], EventType>;
export type EventAbout<T extends EventTopic> = LoopEvent<EventTypeAbout<T>>;

export function isAbout<T extends EventTopic>(event: { type: string }, topic: T): event is EventAbout<T> {
  return Object.hasOwn(EVENTS_ABOUT[topic], event.type);
}

const SUBJECT_KIND = {
  referral: 'referral',
  retraction: 'referral',
  alert: 'referral',
  practice: 'practice',
  feed: 'feed',
} as const satisfies Record<EventTopic, string>;
export type SubjectKind = (typeof SUBJECT_KIND)[EventTopic];

/** What the `subject` of an event names. */
export function subjectKindOf(event: { type: EventType }): SubjectKind {
  const topics = Object.keys(SUBJECT_KIND) as EventTopic[];
  const topic = topics.find((each) => isAbout(event, each));
  if (!topic) throw new Error(`${event.type}: an event type without a topic`);
  return SUBJECT_KIND[topic];
}

/** An accepted fact: a CloudEvent whose envelope and data have been checked, its time an instant. */
export type LoopEvent<T extends EventType = EventType> = {
  [K in T]: {
    id: string;
    source: string;
    type: K;
    /** The referral's id; for practice events the practice's, for heartbeats the feed's name. */
    subject: string;
    /** When it happened. */
    time: Instant;
    /** When the sending system recorded it. */
    recordedAt: Instant | null;
    /** The sender's object that the event is about, such as `Appointment/77`. */
    entity: string | null;
    data: EventData<K>;
  };
}[T];

const envelope = {
  subject: z.string(),
  time: instant,
  recordedAt: instant.nullable(),
  entity: z.string().nullable(),
};
const anyEvent = EVENT_TYPES.map((type) =>
  z.object({ id: name, source: name, type: z.literal(type), ...envelope, data: EVENT_DATA[type] }),
);
/** TypeScript loses which data belong to which type on the way through `map`. */
const acceptedEvent = z.discriminatedUnion(
  'type',
  anyEvent as [(typeof anyEvent)[number], ...typeof anyEvent],
) as unknown as z.ZodType<LoopEvent>;

/** Reads an accepted fact as it was stored. One beyond a limit that came later is read as it is: it was accepted. */
export const loopEvent: z.ZodType<LoopEvent> = z.unknown().transform((stored, context) => {
  const read = acceptedEvent.safeParse(stored);
  if (read.success) return read.data;
  const wrong = read.error.issues.filter((issue) => issue.code !== 'custom' || issue.params?.laterLimit !== true);
  for (const { path, message } of wrong) context.addIssue({ code: 'custom', path, message });
  return wrong.length === 0 ? (stored as LoopEvent) : z.NEVER;
});

/** The envelope: CloudEvents 1.0, structured mode. Unknown attributes are ignored. */
export const eventEnvelope = z.object({
  specversion: z.literal('1.0'),
  id: name.describe('With `source` it identifies the event within its subject: the same again is a repetition.'),
  source: name.describe('URI reference of the sending system.'),
  type: name,
  subject: word
    .refine((text) => text.length > 0 && [...text].length <= 128, { message: 'expected 1 to 128 characters' })
    .meta({
      description: "The referral's id; of practice events the practice's, of heartbeats the feed's name.",
      minLength: 1,
      maxLength: 128,
    }),
  time: instantText.describe('When it happened. At most 10 minutes after its arrival.'),
  recordedtime: instantText.nullish().describe('When the sending system wrote it down. A replay takes it as arrival.'),
  entity: name
    .nullish()
    .describe(
      "The sender's object that the event speaks of, such as `Appointment/77`. What it only says again counts once.",
    ),
  data: z.unknown().optional(),
});
