import type { DigestRow } from '../../contracts/mail.ts';
import type { AlertKind, Stage } from '../../contracts/vocabulary.ts';
import { nextStep, paceWord, withTeller } from './next-step.ts';

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
const CLOSE_AS_UNREACHABLE = 'Close the referral as unreachable{tell}; every attempt was made.';

type SteppedRow = Pick<
  DigestRow,
  'kind' | 'stage' | 'priority' | 'also' | 'attempts' | 'mayCloseAsUnreachable' | 'wrongNumber' | 'officeUpdate'
>;

/**
 * The next step of a row.
 * @param teller who is asked to tell the office in the reader's place, by name; null: the reader is
 */
export function stepOf(row: SteppedRow, teller: string | null = null): string {
  if (reachesPatient(row)) {
    if (row.mayCloseAsUnreachable) return withTeller(CLOSE_AS_UNREACHABLE, teller);
    if (row.wrongNumber) {
      return `Ask the referring office${paceWord(row.priority)} for another number, then call; the last one was wrong.`;
    }
  }
  return visitIsOver(row) ?? attemptOf(row) ?? nextStep(row.kind, row.stage, row.priority, row.officeUpdate, teller);
}

/**
 * The booked visit has begun and nobody said how it went: neither can it be moved, nor is it news that it is booked. Null:
 * that isn't so.
 */
function visitIsOver({ kind, stage, priority, also }: SteppedRow): string | null {
  if (stage !== 'scheduled' || !also.some((alert) => alert.kind === 'attendance_unknown')) return null;
  const ask = `Ask the site${paceWord(priority)} whether the patient came`;
  if (kind === 'visit') return `${ask}, and record it; if not, rebook.`;
  return kind === 'referrer_update' ? `${ask}, and tell the referring office.` : null;
}

/** What to try next by what has been tried, where time allows a letter. Null: anything can be. */
function attemptOf({ kind, stage, priority, attempts }: SteppedRow): string | null {
  if (kind !== 'reached' || stage !== 'to_contact' || paceWord(priority) !== '') return null;
  if (attempts.made === 0) return 'Call the patient.';
  if (attempts.lettersLeft > 0) return null;
  return `Call the patient ${attempts.phoneDaysLeft > 0 ? 'on another day' : 'at another time of day'}.`;
}
