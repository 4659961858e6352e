import type { Instant } from '../../shared/contracts/instant.ts';
import { systemTime, type TimeSource } from '../../shared/platform/time-source.ts';

/** A time source that stands still until it is moved or let go. Only `restart` takes it back. */
export class SimulatedTime implements TimeSource {
  #now: Instant;
  /** Milliseconds that it is ahead of the machine's time. Null while it stands still. */
  #ahead: number | null = null;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#ahead === null ? this.#now : systemTime.now() + this.#ahead;
  }

  /** Moves ahead to an instant; an earlier one changes nothing. */
  moveTo(instant: Instant): void {
    const step = Math.max(0, instant - this.now());
    this.#now = this.now() + step;
    if (this.#ahead !== null) this.#ahead += step;
  }

  /** From now on it runs as fast as the machine's time. */
  letGo(): void {
    this.#ahead ??= this.#now - systemTime.now();
  }

  /** The simulated instant at an instant of the machine's time. Null while it stands still. */
  ofMachine(instant: Instant): Instant | null {
    return this.#ahead === null ? null : instant + this.#ahead;
  }

  /** Starts again at an instant, for tests that also bring the tables back to what they were then. */
  restart(instant: Instant): void {
    this.#now = instant;
  }
}
