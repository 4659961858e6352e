import type { Dialect, RefusalReason } from './vocabulary.ts';

/** Why input is refused. The input goes to the quarantine with this; nothing is dropped silently. */
export interface Refusal {
  reason: RefusalReason;
  /** What is wrong and where; names fields, never their values. */
  detail: string;
  dialect: Dialect;
}
