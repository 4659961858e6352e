import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';

/**
 * A word of a sender's own in an accepted event, for which another stands. The word itself is kept only where it is a code
 * of a dialect: whoever keeps its crosswalks has to see it.
 */
export const unmappedWord = z.object({
  /** Event type and field, such as `referral.closed.reason`. */
  field: z.string(),
  /** When the event first arrived: the log says it. */
  arrivedAt: instant,
  /** The code. */
  value: z.string().optional(),
});
export type UnmappedWord = z.output<typeof unmappedWord> & {
  /** Which event: subject, source and id. */
  event: { subject: string; source: string; id: string };
};

/** Words of senders' own that were replaced by a word of the contract, or were absent. */
export interface UnmappedStore {
  /** Notes a word; one that is noted already stays as it is, so that a repetition counts nothing. */
  add(word: UnmappedWord): Promise<Written>;
  /**
   * How many there are by field, such as `referral.closed.reason`; fields that don't occur are left out.
   * @param from they arrived at or after it @param to and before it
   * @param onUnreadable is told of each that can't be read, and it isn't counted; without it one such fails the count
   */
  countByField(from: Instant, to: Instant, onUnreadable?: OnUnreadable): Promise<Record<string, number>>;
  /** The codes that came in `[from, to)` without an entry, by field and value, the most frequent first. */
  codesBetween(from: Instant, to: Instant, onUnreadable?: OnUnreadable): Promise<UnmappedCode[]>;
}

type OnUnreadable = (error: LastingError) => void;

export interface UnmappedCode {
  field: string;
  value: string;
  n: number;
}
