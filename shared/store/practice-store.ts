import type { LoopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { PracticeFacts } from '../contracts/practice.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';

/** Events of referring practices. */
export interface PracticeStore {
  /**
   * Puts an event into its practice's log unless one with its source and id is there.
   * @returns with `arrivedAt`, when the one that is there now arrived
   */
  append(event: LoopEvent, arrivedAt: Instant): Promise<{ written: Written; arrivedAt: Instant }>;
  /**
   * What the events of practices say, in the order of the ids.
   * @param onUnreadable is told of each event that can't be read, and it is left out; without it one such fails the read
   */
  facts(practiceIds: readonly string[], onUnreadable?: (error: LastingError) => void): Promise<PracticeFacts[]>;
}
