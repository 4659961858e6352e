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

/** How a promise begins and ends. */
export const PROMISE: Record<ClockKind, string> = {
  acceptance: 'accept or decline a referral',
  first_attempt: 'try to contact the patient',
  reached: 'reach the patient',
  scheduled: 'book a visit',
  visit: 'see the patient',
  rebook: 'rebook a missed or cancelled visit',
  reroute: 'reroute a declined referral',
  note: 'send the consult note back after the visit',
  acknowledge: 'acknowledge a received note',
  referrer_update: 'tell the referring office what happened',
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
  unmatched: 'matches no referral',
};

/** Fields whose words may be replaced, and what is then missing. */
export const UNMAPPED_FIELD: Record<string, string> = {
  'referral.closed.reason': 'reasons for closing',
  'referral.declined.reason': 'reasons for declining',
  'contact.attempted.channel': 'channels of a contact',
  'contact.attempted.outcome': 'outcomes of a contact',
};

export const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
