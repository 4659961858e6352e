import type { DeclineReason, EndReason } from '../../contracts/vocabulary.ts';

/** Why a referral ended or was declined, in the words in which the referring office is told. */

/** What follows "the referral was". A list leaves out what stands in braces. */
const END: Record<EndReason, string> = {
  completed_in_network: 'closed: {the patient was }seen by us',
  completed_elsewhere: 'closed: {the patient was }seen elsewhere',
  scheduled_elsewhere: 'closed: {the patient has a }visit elsewhere',
  referrer_redirected: 'closed: {the office }sent {the patient }elsewhere',
  patient_declined: 'closed: the patient said no',
  unreachable: 'closed: {the patient }could not be reached',
  no_show_not_rescheduled: 'closed: {the patient }missed the visit and has no new one',
  cancelled_not_rescheduled: 'closed: {the }visit {was }cancelled and {there is }no new one',
  wait_too_long: 'closed: {the }wait {was }too long',
  no_capacity: 'closed: {there was }no opening{ for the patient}',
  distance: 'closed: {the way was }too far for the patient',
  out_of_network: "closed: we are outside the network of the patient's plan",
  auth_denied: 'closed: the plan denied authorization',
  auth_expired: 'closed: the authorization expired',
  cost: 'closed: {the }cost {was }too high{ for the patient}',
  declined_by_specialist: 'closed: the specialist declined it',
  converted_econsult: 'closed: it was answered by an e-consult',
  resolved_by_referrer: 'closed: the office settled it',
  duplicate: 'closed: it is a duplicate of another one',
  entered_in_error: 'closed: it was entered in error',
  deceased: 'closed: {the patient }has died',
  moved: 'closed: {the patient has }moved away',
  test: 'closed: it was a test',
  expired_admin: 'closed: it expired, open for too long',
  unspecified: 'closed; the reason is not on record',
  cancelled: 'cancelled',
};

const DECLINE: Record<DeclineReason, string> = {
  misdirected: 'declined: it went to the wrong place',
  incomplete: 'declined: details are missing',
  out_of_criteria: "declined: it does not meet the specialty's criteria",
  not_accepting: 'declined: the specialty takes no new patients',
  coverage: "declined: the patient's plan does not cover it",
  other: 'declined; the reason is not on record',
};

/** What follows "the referral was" once it has ended. Null: why isn't known to the mail. */
export const endWords = (reason: EndReason | null): string =>
  reason === null ? 'closed, and why' : END[reason].replace(/[{}]/g, '');

/** The same in a list. */
export const briefEndWords = (reason: EndReason | null): string =>
  reason === null ? 'closed' : END[reason].replace(/\{[^}]*\}/g, '').replace(': ', ', ');

/** What follows "the referral was" once it was declined. */
export const declineWords = (reason: DeclineReason | null): string =>
  reason === null ? 'declined, and why' : DECLINE[reason];

/** The same in a list. */
export const briefDeclineWords = (reason: DeclineReason | null): string =>
  reason === null ? 'declined' : DECLINE[reason].replace(': ', ', ');
