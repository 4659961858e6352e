import type { Dialect, RefusalReason } from './vocabulary.ts';

/** Input that is not taken in. It goes to the quarantine with this, never silently away. */
export interface Refusal {
  reason: RefusalReason;
  /** What is wrong and where; names fields, never their values. */
  detail: string;
  dialect: Dialect;
}
