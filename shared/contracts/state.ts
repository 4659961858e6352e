import * as z from 'zod';
import { instant } from './instant.ts';
import {
  ALERT_KINDS,
  ALERT_LEVELS,
  CLOCK_KINDS,
  CLOSE_REASONS,
  DECLINE_REASONS,
  PRIORITIES,
  RESOLUTIONS,
  STAGES,
} from './vocabulary.ts';

/**
 * What is known of a referral and its alerts. The schemas read what is stored; a field that came after the first release
 * has a default, which stands for it in what was written before.
 */

const text = z.string().nullable();
const when = instant.nullable();

/** One promised interval of one referral, independent of the time at which it is looked at. */
const clock = z.object({
  kind: z.enum(CLOCK_KINDS),
  instance: z.number(),
  startedAt: instant,
  /** Gross: pauses ignored. Figures for leaders use it. */
  dueAt: instant,
  /** Net of pauses. Work lists and alerts use it. */
  netDueAt: instant,
  /** Never before `startedAt`; null if a stop came after the end in force. */
  stoppedAt: when,
  /** The referral's end, if that ends this clock. */
  endedAt: when,
  /** Only on `rebook` and `referrer_update` clocks: a no-show started it. */
  afterNoShow: z.literal(true).exactOptional(),
  /** At risk from this instant on; null if the policy doesn't warn. */
  warnAt: when,
  /** Escalated after this instant; null if the policy doesn't escalate. */
  escalateAt: when,
});
export type Clock = z.output<typeof clock>;

/** What a coordinator said about an alert. The latest acknowledgement and snooze per kind and instance are kept. */
const alertMark = z.object({
  kind: z.enum([...ALERT_KINDS, 'all']),
  /** Null: the one that was open at the time. */
  instance: z.number().nullable(),
  at: instant,
  by: z.string(),
  /** A snooze hides the alert until then, capped by the policy. Null: an acknowledgement. */
  until: when,
});
export type AlertMark = z.output<typeof alertMark>;

const attempts = z.object({
  made: z.number(),
  phoneDays: z.number(),
  letters: z.number(),
  /** How often the number was wrong. Such calls are no attempts. */
  wrongNumbers: z.number().default(0),
});

const activeAppointment = z.object({
  startsAt: instant,
  arrived: z.boolean(),
  /** The patient asked for this start. */
  patientChoice: z.literal(true).exactOptional(),
});

/** A referral's projection: the fold of its facts. Holds everything that detection, digests and reports ask. */
export const referralState = z.object({
  referralId: z.string(),
  stage: z.enum(STAGES),
  /** Facts in force, without alert events and retractions. 0: nothing of the referral is left. */
  facts: z.number(),
  /** Events in the log, whatever they are. */
  logged: z.number(),
  receivedAt: when,
  policyVersion: text,
  priority: z.enum(PRIORITIES).nullable(),
  specialty: text,
  site: text,
  practiceId: text,
  /** As the sender writes it; the directory may know the practice by another name. */
  practiceName: text.default(null),
  providerNpi: text.default(null),
  /** A provider is known, by NPI or by name. */
  hasProvider: z.boolean().default(false),
  patientId: text,
  initials: text,
  orderedAt: text,
  payer: text,
  tags: z.array(z.string()),
  /** As the referral names them; who is responsible is resolved with the current directory. */
  coordinatorId: text,
  liaisonId: text,
  endedAt: when,
  endReason: z.enum([...CLOSE_REASONS, 'cancelled']).nullable(),
  /** The closing event in force says what shows its reason. */
  hasEvidence: z.boolean().default(false),
  clocks: z.array(clock),
  /** Half-open intervals [from, to), capped, oldest first, not overlapping. */
  pauses: z.array(z.tuple([instant, instant])),
  /** Active appointments: booked, not cancelled, missed, completed, replaced or over. */
  active: z.array(activeAppointment),
  /** Starts that were missed, moved or not, each once. */
  noShows: z.array(instant).default([]),
  /** Starts of the appointments that were kept, as last booked. */
  completed: z.array(instant).default([]),
  /** Starts of the appointments that nothing was heard of and that another no-show or cancellation put an end to. */
  over: z.array(instant).default([]),
  /** The last no-show or cancellation that took effect and left no active appointment. */
  visitLostAt: when.default(null),
  /** When it was last reopened after an end. */
  reopenedAt: when.default(null),
  /** When and why the receiving side did not take it. */
  declines: z.array(z.object({ at: instant, reason: z.enum(DECLINE_REASONS) })).default([]),
  firstEventAt: when,
  lastEventAt: when,
  /** The last fact while the referral itself hasn't come: with it operations find out where that is. Null once it came. */
  lastEvent: z.object({ source: z.string(), type: z.string(), at: instant }).nullable().default(null),
  attempts,
  lastAttemptAt: when,
  /** The number that was called last was wrong. */
  lastNumberWrong: z.boolean().default(false),
  /** When the next attempt was promised to the patient; null if none was, or the patient was booked or seen since. */
  callbackAt: when.default(null),
  /** Required fields that the referral lacks. */
  missing: z.array(z.string()),
  /** It lacked a required field when it was received, whatever came later. */
  incompleteAtReceipt: z.boolean().default(false),
  marks: z.array(alertMark),
  /** When the patient was first reached, booked or seen, seen, and when the note came back. */
  reachedAt: when,
  bookedAt: when,
  seenAt: when,
  noteAt: when,
  /** When further notes came back. */
  laterNotes: z.array(instant).default([]),
  /** A note is dated before the referral: it belongs to another one and counts nowhere else. */
  noteBeforeReferral: z.boolean().default(false),
  /** News on a referral after an end that should have been its last: of another referral. */
  newsAfterEnd: z.object({ firstAt: instant, lastAt: instant }).nullable().default(null),
});
export type ReferralState = z.output<typeof referralState>;

/** The history of one alert: its current or last episode. */
export const alert = z.object({
  referralId: z.string(),
  kind: z.enum(ALERT_KINDS),
  instance: z.number(),
  /** As of its last open run. */
  level: z.enum(ALERT_LEVELS),
  /** Net due, as of its last open run. */
  dueAt: instant,
  /** First runs since which that level or a higher one has held without a break. */
  atRiskAt: when,
  openedAt: when,
  escalatedAt: when,
  resolvedAt: when,
  resolution: z.enum(RESOLUTIONS).nullable(),
  /** Start of the current episode: the first run at which it held. */
  since: instant,
  /** The detection run that wrote this; an older run must not overwrite it. */
  asOf: instant,
  acknowledgedBy: text,
  /** When it was acknowledged. Null: it isn't, or that was before this was kept. */
  acknowledgedAt: when,
  snoozedUntil: when,
});
export type Alert = z.output<typeof alert>;
