import type { Instant } from '../../contracts/instant.ts';

/** From one instant to another: `[from, to)`. */
export interface Span {
  from: Instant;
  to: Instant;
}

export function isWithin(instant: Instant, { from, to }: Span): boolean {
  return instant >= from && instant < to;
}
