import type { Instant } from '../../shared/contracts/instant.ts';
import type { Clock } from '../../shared/platform/clock.ts';

/** A clock that stands still until it is moved, and goes back only where it is told so. */
export class SimulatedClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  moveTo(instant: Instant): void {
    this.#now = Math.max(this.#now, instant);
  }

  /** Starts anew at an instant, for a run whose tables are brought back to what they were then. */
  restart(instant: Instant): void {
    this.#now = instant;
  }
}
