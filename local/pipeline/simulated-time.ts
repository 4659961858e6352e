import type { Instant } from '../../shared/contracts/instant.ts';
import { systemTime, type TimeSource } from '../../shared/platform/time-source.ts';

/** A clock that stands still until it is moved or let go, and goes back only where it is told so. */
export class SimulatedTime implements TimeSource {
  #now: Instant;
  /** How far it is ahead of the machine's clock, once it was let go. */
  #ahead: number | null = null;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#ahead === null ? this.#now : systemTime.now() + this.#ahead;
  }

  moveTo(instant: Instant): void {
    const step = Math.max(0, instant - this.now());
    this.#now = this.now() + step;
    if (this.#ahead !== null) this.#ahead += step;
  }

  /** From now on it runs as fast as the machine's clock. */
  letGo(): void {
    this.#ahead ??= this.#now - systemTime.now();
  }

  /** The simulated instant at an instant of the machine's clock. Null: it stands still. */
  ofMachine(instant: Instant): Instant | null {
    return this.#ahead === null ? null : instant + this.#ahead;
  }

  /** Starts anew at an instant, for a run whose tables are brought back to what they were then. */
  restart(instant: Instant): void {
    this.#now = instant;
  }
}
