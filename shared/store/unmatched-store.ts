import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import { DIALECTS } from '../contracts/vocabulary.ts';
import type { LastingError } from '../platform/lasting-error.ts';

/** Translated events whose referral isn't known yet. */
export const unmatched = z.object({
  /** A hash of what it says and its keys: said again, it is the same. */
  id: z.string(),
  sender: z.string(),
  dialect: z.enum(DIALECTS),
  /** In words of the dialect: `SIU^S12`. */
  kind: z.string(),
  arrivedAt: instant,
  /** Until when it is tried again. */
  until: instant,
  file: z.string().nullable(),
  position: z.number().nullable(),
  /** Names of the referral or its objects at the sender. */
  keys: z.array(z.string()),
  /** CloudEvents without a subject. */
  events: z.array(z.record(z.string(), z.unknown())),
  /** Fields and values for which the sender's entry had no word, by the place of their event. */
  unmapped: z.array(z.object({ field: z.string(), value: z.string() })),
});
export type Unmatched = z.output<typeof unmatched>;

/** Where an unmatched member came from, without what it says. */
export type UnmatchedPlace = Pick<Unmatched, 'id' | 'sender' | 'dialect' | 'kind' | 'arrivedAt' | 'file' | 'position'>;

/** Told of an item that can't be read, and why. */
export type OnUnreadable = (error: LastingError) => void;

/** What waits for its referral to be named. */
export interface UnmatchedStore {
  /** Keeps a member until one of its keys is named; kept already, it stays as it is. @returns what is kept */
  hold(held: Unmatched): Promise<Unmatched>;
  /** Which of some members are kept, as they are. Eventually consistent. @param onUnreadable as in `heldBetween` */
  find(ids: readonly string[], onUnreadable?: OnUnreadable): Promise<Unmatched[]>;
  /** What waits for a key of a sender. Consistent. @param onUnreadable as in `heldBetween` */
  waitingFor(sender: string, key: string, onUnreadable?: OnUnreadable): Promise<Unmatched[]>;
  /** Lets go of what has found its referral. If it fails halfway, call it again. */
  release(held: Pick<Unmatched, 'id' | 'sender' | 'keys' | 'arrivedAt'>): Promise<void>;
  /**
   * What still waits of what arrived in [from, to).
   * @param onUnreadable is told of each that can't be read, and it is left out; without it one such fails all
   */
  heldBetween(from: Instant, to: Instant, onUnreadable?: OnUnreadable): Promise<UnmatchedPlace[]>;
}
