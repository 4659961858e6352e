import type { Dialect, RefusalReason } from './vocabulary.ts';

/** Why input is refused. The input goes to the quarantine with this; nothing is dropped silently. */
export interface Refusal {
  reason: RefusalReason;
  /** What is wrong and where, and what would be right; shows fields and words of the contract, never what was sent. */
  detail: string;
  dialect: Dialect;
}
