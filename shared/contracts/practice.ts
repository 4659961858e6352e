import type { Instant } from './instant.ts';

/** What is known about a referring practice apart from its referrals. */
export interface PracticeFacts {
  practiceId: string;
  lastContactAt: Instant | null;
  /** Feedback that the practice gave and nobody has answered. */
  openFeedback: { topic: string; since: Instant }[];
}
