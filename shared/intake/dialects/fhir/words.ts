import { DECLINE_REASONS, type DeclineReason, PAUSE_REASONS, type PauseReason } from '../../../contracts/vocabulary.ts';
import { type Coding, shownCode } from '../coding.ts';
import type { Reading } from './reading.ts';

/** Reasons in the words of the contract, by the sender's crosswalks. */

/** Why work waits: by the crosswalk, else what has the shortest cap. */
export function pausedFor({ crosswalks }: Reading, codings: readonly Coding[]): PauseReason {
  const options = { field: 'referral.paused.reason', words: PAUSE_REASONS };
  return crosswalks.word('pause', codings, options) ?? 'awaiting_information';
}

/** Why a referral isn't taken. */
export function declinedFor({ crosswalks }: Reading, codings: readonly Coding[]): DeclineReason {
  return crosswalks.word('decline', codings, { field: 'referral.declined.reason', words: DECLINE_REASONS }) ?? 'other';
}

const CANCELLERS = ['patient', 'practice', 'system'] as const;
type Canceller = (typeof CANCELLERS)[number];
/** The codes of FHIR's reasons for a cancellation begin with who it was. */
const STANDARD: readonly [RegExp, Canceller][] = [
  [/^pat(-|$)/i, 'patient'],
  [/^prov(-|$)/i, 'practice'],
];

/** Who cancelled an appointment: by the crosswalk, else by FHIR's codes, else the system. */
export function cancelledBy({ crosswalks }: Reading, codings: readonly Coding[]): Canceller {
  const standard = STANDARD.find(([code]) => codings.some((each) => code.test(each.code)))?.[1];
  if (standard !== undefined && crosswalks.entry('cancel', codings) === null) return standard;
  return (
    crosswalks.word('cancel', codings, { field: 'appointment.cancelled.by', words: CANCELLERS }) ?? standard ?? 'system'
  );
}

/** A reason as it was sent. */
export const reasonIn = (codings: readonly Coding[]): { reason?: string } => {
  const [first] = codings;
  return first ? { reason: first.code } : {};
};

/** The first code, for a person to see. */
export const shownFirst = ([first]: readonly Coding[]): string => (first ? shownCode(first) : 'empty');

/** The codes as sent, for an event's id. */
export const sentCodes = (codings: readonly Coding[]): string[] =>
  codings.map(({ system, code }) => `${system ?? ''}|${code}`);
