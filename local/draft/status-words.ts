import type { EventType } from '../../shared/contracts/event.ts';
import type { CloseReason, DeclineReason, PauseReason, Priority } from '../../shared/contracts/vocabulary.ts';

/** What a status of an export means. Null: nothing happened that a date of the row doesn't say. */
export type StatusMeaning = EventType | null;

const STATUSES: readonly [RegExp, StatusMeaning | undefined][] = [
  [/no.?show|^dna$|did not attend|missed|^n\/?s$/i, 'appointment.no_show'],
  [/\bnot (yet )?(seen|complete|attend|check|arriv|accept|approv|clos|cancel|declin)|\bincomplete/i, undefined],
  [/entered in error|^error|void/i, 'referral.voided'],
  [/cancel|^canc?$|^cxl?d?$/i, 'appointment.cancelled'],
  // It was the patient who said no, or it is over: nobody has to find another place.
  [/\b(patient|pt)\b.*(declin|refus)|(declin|refus)\w* by (the )?(patient|pt)\b/i, 'referral.closed'],
  [/clos.*(declin|reject|refus)|(declin|reject|refus).*clos/i, 'referral.closed'],
  [/declin|reject|denied|refused/i, 'referral.declined'],
  [/hold|pend.*(auth|info)|await/i, 'referral.paused'],
  [/seen|complete|attended|check(ed)?[ _-]?out|^cko$|fulfilled/i, 'visit.completed'],
  [/arriv|check(ed)?[ _-]?in|^cki$/i, 'visit.arrived'],
  [/accept|approved/i, 'referral.accepted'],
  [/clos|^clsd$/i, 'referral.closed'],
  [
    /^(open|new|active|pending|received|in progress|scheduled|sched|sch|booked|confirmed|rescheduled|to schedule|referred|sent)$/i,
    null,
  ],
];

/** What a status means by its word. Undefined: a person has to say. */
export const meaningOf = (status: string): StatusMeaning | undefined =>
  STATUSES.find(([pattern]) => pattern.test(status))?.[1];

/** In lower case with single spaces: whole values that say nothing of a patient, so that they may be shown. */
export const KNOWN_WORDS: ReadonlySet<string> = new Set(
  [
    'no show, noshow, dna, did not attend, missed, ns, n/s, cxl, cko, cki, clsd, sched, sch, entered in error, error, void, voided',
    'cancelled, canceled, cancel, canc, can, declined, rejected, denied, refused',
    'hold, on hold, pending auth, pending authorization, pending info, pending information, awaiting auth',
    'awaiting authorization, awaiting info, awaiting information, seen, complete, completed, attended, fulfilled',
    'check out, checked out, checkout, arrived, check in, checked in, checkin, accepted, approved, closed, close',
    'open, new, active, pending, received, in progress, scheduled, booked, confirmed, rescheduled, to schedule',
    'referred, sent, created, new referral, referral received, referral created, note received',
    'appointment scheduled, appointment booked, appointment cancelled, appointment rescheduled',
  ].flatMap((line) => line.split(', ')),
);

/** Whether a value is, as a whole and in any case, a word for a status or event that the draft knows. */
export const isKnownWord = (value: string): boolean => KNOWN_WORDS.has(spaced(value));

/** What a type in a file of events means. Undefined: a person has to say. */
export function eventTypeOf(word: string): EventType | undefined {
  const found = EVENTS.find(([pattern]) => pattern.test(word));
  return found?.[1] ?? meaningOf(word) ?? undefined;
}
const EVENTS: readonly [RegExp, EventType][] = [
  [/resched/i, 'appointment.rescheduled'],
  [/(appt|appointment|visit).*(book|sched|made)|^(booked|scheduled)$/i, 'appointment.scheduled'],
  [/(call|contact|outreach|voicemail|letter|phone)/i, 'contact.attempted'],
  [/(note|report|letter).*(receiv)/i, 'note.received'],
  [/(note|report|letter).*(sign)/i, 'note.signed'],
  [/(referral|order).*(cancel|withdraw)/i, 'referral.cancelled'],
  [
    /(referral|order).*(creat|receiv|new|enter)|^(new|created|received|referred)( ref(erral)?)?$|^new ref/i,
    'referral.received',
  ],
];

const PRIORITIES: readonly [RegExp, Priority][] = [
  [/^(stat|emer\w*|immediate|1)$/i, 'stat'],
  [/^(asap|soon)$/i, 'asap'],
  [/^(u|urg\w*|high|2ww|expedited)$/i, 'urgent'],
  [/^(r|rtn|rout\w*|normal|elective|standard|low|non.?urgent)$/i, 'routine'],
];
export const priorityOf = (word: string): Priority | undefined =>
  PRIORITIES.find(([pattern]) => pattern.test(word))?.[1];

const CLOSE_REASONS: readonly [RegExp, CloseReason][] = [
  [/error/i, 'entered_in_error'],
  [/duplic/i, 'duplicate'],
  [/deceas|died|death/i, 'deceased'],
  [/unable|unreach|no (contact|response|answer)|not reach/i, 'unreachable'],
  [/patient.*(declin|refus|not want)|declined by patient/i, 'patient_declined'],
  [/no.?show|dna/i, 'no_show_not_rescheduled'],
  [/elsewhere|outside|other provider/i, 'completed_elsewhere'],
  [/auth.*(denied|declin)/i, 'auth_denied'],
  [/auth.*expir/i, 'auth_expired'],
  [/network/i, 'out_of_network'],
  [/complet|seen|attended/i, 'completed_in_network'],
  [/moved/i, 'moved'],
  [/expir|admin/i, 'expired_admin'],
  [/^test/i, 'test'],
];
export const closeReasonOf = (word: string): CloseReason | undefined =>
  CLOSE_REASONS.find(([pattern]) => pattern.test(word))?.[1];

const DECLINE_REASONS: readonly [RegExp, DeclineReason][] = [
  [/misdirect|wrong (clinic|department|dept|service|specialty)|redirect/i, 'misdirected'],
  [/incomplete|(missing|more|insufficient|no).*(info|record|document|doc|note|lab|imaging)/i, 'incomplete'],
  [/criteria|not appropriate|inappropriate|not indicated|out of scope/i, 'out_of_criteria'],
  [/not accepting|no capacity|capacity|(clinic|panel|provider).*(full|closed)|^full$/i, 'not_accepting'],
  [/coverage|insurance|network|payer|payor|auth/i, 'coverage'],
  [/^other$/i, 'other'],
];
export const declineReasonOf = (word: string): DeclineReason | undefined =>
  DECLINE_REASONS.find(([pattern]) => pattern.test(word))?.[1];

const PAUSE_REASONS: readonly [RegExp, PauseReason][] = [
  [/auth|insurance|payer|payor|coverage/i, 'awaiting_authorization'],
  [/medical|clinical|hospital|inpatient|admitted|surgery|pregnan/i, 'medical_hold'],
  [/patient|pt\b/i, 'patient_requested'],
  [/info|record|document|lab|imaging|result/i, 'awaiting_information'],
];
export const pauseReasonOf = (word: string): PauseReason | undefined =>
  PAUSE_REASONS.find(([pattern]) => pattern.test(word))?.[1];

const CANCELLERS: readonly [RegExp, 'patient' | 'practice' | 'system'][] = [
  [/patient|^(pt|pat)\b|family|guardian/i, 'patient'],
  [/practice|provider|clinic|office|physician|doctor|dr\b|staff/i, 'practice'],
  [/system|automatic|interface/i, 'system'],
];
export const cancellerOf = (word: string): 'patient' | 'practice' | 'system' | undefined =>
  CANCELLERS.find(([pattern]) => pattern.test(word))?.[1];

/** Whole reasons that say nothing of a patient, so that they may be shown, in small letters. */
const KNOWN_REASONS: ReadonlySet<string> = new Set(
  [
    'unable to contact, unable to reach, unable to reach patient, unreachable, no response, no answer, patient declined',
    'declined by patient, patient refused, no show, duplicate, duplicate referral, entered in error, completed, seen',
    'seen elsewhere, completed elsewhere, expired, out of network, auth denied, authorization denied, auth expired',
    'authorization expired, misdirected, wrong department, wrong clinic, wrong specialty, incomplete, incomplete referral',
    'missing information, missing records, missing documents, does not meet criteria, out of scope, not accepting',
    'not accepting new patients, no capacity, capacity, insurance, insurance not accepted, not covered, other',
    'awaiting auth, awaiting authorization, pending auth, pending authorization, awaiting info, awaiting information',
    'awaiting records, patient request, patient requested, patient preference, medical hold, medical reasons, patient',
    'provider, provider unavailable, practice, clinic, cancelled by patient, canceled by patient, cancelled by provider',
    'canceled by provider, cancelled by clinic, canceled by clinic',
  ].flatMap((line) => line.split(', ')),
);
export const isKnownReason = (value: string): boolean => KNOWN_REASONS.has(spaced(value));

const spaced = (value: string): string =>
  value
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
