import type { CrosswalkName } from '../../../contracts/dialects.ts';
import {
  CLOSE_REASONS,
  CONTACT_CHANNELS,
  CONTACT_OUTCOMES,
  DECLINE_REASONS,
  PAUSE_REASONS,
  PRIORITIES,
} from '../../../contracts/vocabulary.ts';

/** A field that has the contract's words. */
interface WordField {
  crosswalk: CrosswalkName;
  words: readonly string[];
  /** Stands for a word that nothing has an entry for. */
  instead: string;
  /** Other words that mean one of the contract. */
  standard?: Readonly<Record<string, string>>;
  /** Whether `instead` stands for a missing one too. */
  isRequired: boolean;
}

const required = (crosswalk: CrosswalkName, words: readonly string[], instead: string): WordField => ({
  ...{ crosswalk, words, instead, isRequired: true },
});
const priority = required('priority', PRIORITIES, 'routine');
const CANCELLED_BY = ['patient', 'practice', 'system'];
const WITHDRAWN_BY = ['referrer', 'patient', 'system'];

/** The fields that have the contract's words, by event type and field. */
const WORD_FIELDS: Readonly<Record<string, WordField>> = {
  'referral.received.priority': priority,
  'referral.updated.priority': { ...priority, isRequired: false },
  'referral.declined.reason': { ...required('decline', DECLINE_REASONS, 'other'), isRequired: false },
  'referral.closed.reason': { ...required('close', CLOSE_REASONS, 'unspecified'), isRequired: false },
  'referral.paused.reason': required('pause', PAUSE_REASONS, 'awaiting_information'),
  'contact.attempted.channel': required('channel', CONTACT_CHANNELS, 'other'),
  'contact.attempted.outcome': required('outcome', CONTACT_OUTCOMES, 'other'),
  'appointment.cancelled.by': required('cancel', CANCELLED_BY, 'system'),
  'referral.cancelled.by': {
    ...required('cancel', WITHDRAWN_BY, 'referrer'),
    standard: { practice: 'referrer' },
  },
};

/** The rule of a field that has the contract's words. Null: it has none. @param field event type and field */
export const wordField = (field: string): WordField | null =>
  Object.hasOwn(WORD_FIELDS, field) ? (WORD_FIELDS[field] ?? null) : null;

/** The fields of an event type that have to have a word. */
export const requiredWords = (type: string): string[] =>
  Object.entries(WORD_FIELDS).flatMap(([field, { isRequired }]) =>
    isRequired && field.startsWith(`${type}.`) ? [field.slice(type.length + 1)] : [],
  );
