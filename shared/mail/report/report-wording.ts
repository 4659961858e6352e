import type { EventType } from '../../contracts/event.ts';
import type { AgeBucket, ReportKind } from '../../contracts/report.ts';
import type { ClockKind, DeclineReason, EndReason, RefusalReason, Stage } from '../../contracts/vocabulary.ts';

/** Fixed words of the reports. What a clock is called is in `../wording.ts`, as in every other mail. */

interface PeriodWords {
  /** `week`. */
  one: string;
  title: string;
  rhythm: string;
}

export const PERIOD: Record<ReportKind, PeriodWords> = {
  weekly: {
    one: 'week',
    title: 'Weekly SLA report',
    rhythm: 'It comes on Mondays after 06:00, for the week that ended.',
  },
  monthly: {
    one: 'month',
    title: 'Monthly SLA report',
    rhythm: 'It comes on the first of each month after 06:00, for the month that ended.',
  },
  quarterly: {
    one: 'quarter',
    title: 'Quarterly SLA report',
    rhythm: 'It comes on the first day of each quarter after 06:00, for the quarter that ended.',
  },
};

/** What could help a promise that is kept less, with or without a place such as ` at North Clinic`. */
export const HELP: Record<ClockKind, (at: string) => string> = {
  acceptance: (at) => `one person a day${at} who answers what has come in`,
  first_attempt: (at) => `more callers${at}, or calls earlier in the day`,
  reached: (at) => `calls at other hours${at}, and a letter or portal message sooner`,
  scheduled: (at) => `more slots${at}, and booking while the patient is on the phone`,
  visit: (at) => `earlier visits${at}, or the offer of another site`,
  rebook: (at) => `a call on the day of the missed visit${at}, and slots kept free for it`,
  reroute: (at) => `a second place agreed beforehand for what is declined${at}`,
  note: (at) => `notes finished on the day of the visit${at}, and a reminder the day after`,
  acknowledge: (at) => `asking offices to confirm each note as they file it${at}`,
  referrer_update: (at) => `telling the office${at} in the same step that books, cancels or closes`,
};

export const STAGE_NAME: Record<Stage, string> = {
  voided: 'Entered in error',
  awaiting_referral: 'Referral missing',
  closed: 'Closed',
  loop_closed: 'Loop closed',
  awaiting_note: 'Seen, note missing',
  scheduled: 'Booked',
  to_close: 'Patient said no, to close',
  to_rebook: 'To rebook',
  declined: 'Declined, to reroute',
  to_schedule: 'Reached, to book',
  to_contact: 'To contact',
};

export const AGE_NAME: Record<AgeBucket, string> = {
  '0-7': '0 to 7 days',
  '8-14': '8 to 14 days',
  '15-28': '15 to 28 days',
  '29-60': '29 to 60 days',
  over60: 'Over 60 days',
};

const END_REASON: Record<EndReason, string> = {
  completed_in_network: 'completed in network',
  completed_elsewhere: 'completed elsewhere',
  scheduled_elsewhere: 'booked elsewhere',
  referrer_redirected: 'redirected by the referrer',
  patient_declined: 'patient declined',
  unreachable: 'unreachable',
  no_show_not_rescheduled: 'missed, not rebooked',
  cancelled_not_rescheduled: 'cancelled, not rebooked',
  wait_too_long: 'wait too long',
  no_capacity: 'no capacity',
  distance: 'distance',
  out_of_network: 'out of network',
  auth_denied: 'authorization denied',
  auth_expired: 'authorization expired',
  cost: 'cost',
  declined_by_specialist: 'declined by the specialist',
  converted_econsult: 'became an e-consult',
  resolved_by_referrer: 'resolved by the referrer',
  duplicate: 'duplicate',
  entered_in_error: 'entered in error',
  deceased: 'deceased',
  moved: 'moved away',
  test: 'test',
  expired_admin: 'expired',
  unspecified: 'no known reason',
  cancelled: 'cancelled',
};

/** Why a referral ended, or why a clock doesn't count. */
export function endReasonName(reason: string): string {
  if (reason === 'voided') return 'entered in error (voided)';
  return END_REASON[reason as EndReason] ?? reason.replaceAll('_', ' ');
}

export const DECLINE_REASON: Record<DeclineReason, string> = {
  misdirected: 'Misdirected',
  incomplete: 'Incomplete',
  out_of_criteria: 'Out of criteria',
  not_accepting: 'Not accepting patients',
  coverage: 'Coverage',
  other: 'Other',
};

export const REFUSAL_REASON: Record<RefusalReason, string> = {
  malformed: 'not readable',
  invalid: 'invalid fields',
  unknown_type: 'unknown type',
  time_in_future: 'dated in the future',
  id_reused: 'id used twice',
  too_large: 'too large',
  limit: 'too many for one referral',
  unmatched: 'whose referral is not known',
};

/** What a type of event brings, in a leader's words. */
const FEEDS: Record<EventType, string> = {
  'referral.received': 'referrals',
  'referral.updated': 'referrals',
  'referral.accepted': 'acceptances',
  'referral.declined': 'declines',
  'referral.rerouted': 'reroutings',
  'referral.paused': 'pauses',
  'referral.resumed': 'pauses',
  'contact.attempted': 'contacts with patients',
  'appointment.offered': 'offers of a visit',
  'appointment.scheduled': 'bookings',
  'appointment.rescheduled': 'bookings',
  'appointment.cancelled': 'cancellations',
  'appointment.no_show': 'no-shows',
  'visit.arrived': 'visits',
  'visit.completed': 'visits',
  'note.interim_received': 'notes',
  'note.signed': 'notes',
  'note.received': 'notes',
  'note.acknowledged': 'confirmations of notes',
  'referral.closed': 'closings',
  'referral.cancelled': 'cancellations',
  'referral.reopened': 'reopenings',
  'referral.voided': 'voided referrals',
  'referrer.notified': 'office updates',
  'event.retracted': 'corrections',
  'alert.acknowledged': 'acknowledgements',
  'alert.snoozed': 'snoozes',
  'practice.contacted': 'contacts with practices',
  'practice.feedback': 'feedback from practices',
  'feed.heartbeat': 'heartbeats',
};

/** What a feed brings, by the types of its events: each once, in the vocabulary's order. */
export function feedsWhat(types: readonly string[]): string[] {
  return [...new Set(Object.entries(FEEDS).flatMap(([type, what]) => (types.includes(type) ? what : [])))];
}

/** Fields whose words may be replaced, and what is then missing. */
export const UNMAPPED_FIELD: Record<string, string> = {
  'referral.closed.reason': 'reason for closing',
  'referral.declined.reason': 'reason for declining',
  'contact.attempted.channel': 'contact channel',
  'contact.attempted.outcome': 'contact outcome',
};

export const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
