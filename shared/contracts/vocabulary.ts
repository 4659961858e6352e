/** The words of the field as closed lists. Everything else refers to these and has no lists of its own. */

export const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const CLOCK_KINDS = [
  'acceptance',
  'first_attempt',
  'reached',
  'scheduled',
  'visit',
  'rebook',
  'reroute',
  'note',
  'acknowledge',
  'referrer_update',
] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

/** Kinds of alert without a clock. Such alerts have instance 1 and are never escalated. */
export const WATCH_KINDS = [
  'attendance_unknown',
  'silence',
  'unassigned',
  'orphan',
  'incomplete',
  'booked_late',
  'callback',
  'news_after_end',
] as const;
export type WatchKind = (typeof WATCH_KINDS)[number];

export const ALERT_KINDS = [...CLOCK_KINDS, ...WATCH_KINDS] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const ALERT_LEVELS = ['at_risk', 'breached', 'escalated'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

export const RESOLUTIONS = ['stopped', 'ended', 'paused', 'retracted'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const STAGES = [
  'voided',
  'awaiting_referral',
  'closed',
  'loop_closed',
  'awaiting_note',
  'scheduled',
  'to_close',
  'to_rebook',
  'declined',
  'to_schedule',
  'to_contact',
] as const;
export type Stage = (typeof STAGES)[number];

export type Actor = 'nobody' | 'operations' | 'coordinator' | 'site' | 'liaison';

export type Outcome = 'excluded' | 'met' | 'lost' | 'missed' | 'running';

export const DECLINE_REASONS = [
  'misdirected',
  'incomplete',
  'out_of_criteria',
  'not_accepting',
  'coverage',
  'other',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export const CONTACT_CHANNELS = ['phone', 'letter', 'portal', 'sms', 'email', 'other'] as const;
export const CONTACT_OUTCOMES = [
  'reached',
  'voicemail',
  'no_answer',
  'wrong_number',
  'sent',
  'declined',
  'other',
] as const;

/** What a scheduling system's status of an appointment may stand for: HL7 table 0278, and what systems add to it. */
export const APPOINTMENT_STATUSES = [
  'Booked',
  'Overbook',
  'Scheduled',
  'Confirmed',
  'Pending',
  'Waitlist',
  'Blocked',
  'Started',
  'Arrived',
  'Complete',
  'Noshow',
  'Cancelled',
  'Dc',
  'Deleted',
] as const;

export const PAUSE_REASONS = [
  'awaiting_information',
  'awaiting_authorization',
  'patient_requested',
  'medical_hold',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Class of each closing reason (docs/domain.md#7-1). */
export const CLOSE_REASON_CLASS = {
  completed_in_network: 'completed',
  completed_elsewhere: 'competitive',
  scheduled_elsewhere: 'competitive',
  referrer_redirected: 'competitive',
  patient_declined: 'patient',
  unreachable: 'access',
  no_show_not_rescheduled: 'access',
  cancelled_not_rescheduled: 'access',
  wait_too_long: 'access',
  no_capacity: 'access',
  distance: 'access',
  out_of_network: 'coverage',
  auth_denied: 'coverage',
  auth_expired: 'coverage',
  cost: 'coverage',
  declined_by_specialist: 'provider',
  converted_econsult: 'other_care',
  resolved_by_referrer: 'other_care',
  duplicate: 'exclusion',
  entered_in_error: 'exclusion',
  deceased: 'exclusion',
  moved: 'exclusion',
  test: 'exclusion',
  expired_admin: 'administrative',
  unspecified: 'administrative',
} as const;
export type CloseReason = keyof typeof CLOSE_REASON_CLASS;
export const CLOSE_REASONS = Object.keys(CLOSE_REASON_CLASS) as [CloseReason, ...CloseReason[]];
/** A row's `endReason`: a closing reason, or that the referral was cancelled. */
export type EndReason = CloseReason | 'cancelled';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
/** Working days and days of office hours, unless the directory says otherwise. */
export const WORKDAYS: Weekday[] = WEEKDAYS.slice(0, 5);

export const MAIL_KINDS = [
  'coordinator_digest',
  'liaison_digest',
  'urgent_alert',
  'weekly_report',
  'operations',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

export const REFUSAL_REASONS = [
  'malformed',
  'invalid',
  'unknown_type',
  'time_in_future',
  'id_reused',
  'too_large',
  'limit',
  'unmatched',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export const DIALECTS = ['cloudevents', 'fhir', 'hl7v2', 'csv'] as const;
export type Dialect = (typeof DIALECTS)[number];
