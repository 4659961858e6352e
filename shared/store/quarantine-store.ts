import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import { DIALECTS, REFUSAL_REASONS, type RefusalReason } from '../contracts/vocabulary.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';

/** Input that was refused, as it is kept. */
export const quarantined = z.object({
  /** Hash of the body and its place, so that a redelivery doesn't count twice. */
  quarantineId: z.string(),
  reason: z.enum(REFUSAL_REASONS),
  detail: z.string(),
  dialect: z.enum(DIALECTS),
  body: z.string(),
  arrivedAt: instant,
  /** When it was looked at: after an outage, long after it arrived. */
  refusedAt: instant,
  file: z.string().nullable(),
  position: z.number().nullable(),
  /** Attributes of its message by which another dialect is read. Absent from what was refused before there were any. */
  sender: z.string().nullable().default(null),
  exportedAt: z.string().nullable().default(null),
});
export type Quarantined = z.output<typeof quarantined>;

export type RefusedCounts = Partial<Record<RefusalReason, number>>;

/** Input that was refused: kept whole for a while, and counted for longer. */
export interface QuarantineStore {
  /**
   * Keeps refused input, then counts it; what is kept or counted already stays as it is, but for a note that it was refused
   * again. Whoever died in between repeats both.
   */
  add(item: Quarantined): Promise<Written>;
  /** Everything that was refused for a reason and isn't being discarded. */
  list(reason: RefusalReason): Promise<Quarantined[]>;
  /**
   * How much input was refused, by reason; reasons that don't occur are left out. The same message counts once in 200
   * days, however often it was sent. Reads no body.
   * @param by which of its instants lies in [from, to): its arrival, for the figures of a period, or its refusal, for
   * readers who have to learn of each item once
   * @param onUnreadable is told of each that can't be read, and it isn't counted; without it one such fails the count
   */
  countBetween(
    from: Instant,
    to: Instant,
    by: 'arrivedAt' | 'refusedAt',
    onUnreadable?: (error: LastingError) => void,
  ): Promise<RefusedCounts>;
}
