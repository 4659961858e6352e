import type { DigestRow } from '../../contracts/mail.ts';
import type { AlertKind, Stage } from '../../contracts/vocabulary.ts';
import { nextStep, paceWord } from './next-step.ts';

/** What a reader is to do about a row: one order, never two that contradict. */

/** Where the next step is to get hold of the patient. */
const REACHES_PATIENT: Partial<Record<AlertKind, readonly Stage[]>> = {
  first_attempt: ['to_contact', 'to_rebook'],
  reached: ['to_contact', 'to_rebook', 'declined'],
  scheduled: ['to_contact'],
  visit: ['to_contact'],
  rebook: ['to_rebook'],
  silence: ['to_contact'],
  callback: ['to_contact', 'to_schedule', 'to_rebook', 'declined', 'scheduled', 'awaiting_note'],
};

/** Whether the next step is to reach the patient: only then do attempts matter. */
export const reachesPatient = ({ kind, stage }: Pick<DigestRow, 'kind' | 'stage'>): boolean =>
  REACHES_PATIENT[kind]?.includes(stage) ?? false;

/** Every attempt that the policy asks for was made, so that closing takes the place of reaching the patient. */
export const CLOSE_AS_UNREACHABLE = 'Close the referral as unreachable and tell the office; every attempt was made.';

/** The next step of a row, as one sentence. */
export function stepOf(
  row: Pick<DigestRow, 'kind' | 'stage' | 'priority' | 'mayCloseAsUnreachable' | 'wrongNumber' | 'officeUpdate'>,
): string {
  if (reachesPatient(row)) {
    if (row.mayCloseAsUnreachable) return CLOSE_AS_UNREACHABLE;
    if (row.wrongNumber) {
      return `Ask the referring office${paceWord(row.priority)} for another number, then call; the last one was wrong.`;
    }
  }
  return nextStep(row.kind, row.stage, row.priority, row.officeUpdate);
}
