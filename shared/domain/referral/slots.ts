import type { Instant } from '../../contracts/instant.ts';

/** A start that an appointment had, and when it was moved away from it or replaced. */
interface FormerSlot {
  startsAt: Instant;
  leftAt: Instant;
}

/** The starts of one appointment, and which of them were missed: end-of-day runs mark ids that were moved at noon. */
export class Slots {
  #startsAt: Instant | null = null;
  /** When the current start was given up without another: the appointment was replaced. */
  #leftAt: Instant | null = null;
  readonly #former: FormerSlot[] = [];
  readonly #missed = new Set<Instant>();
  readonly #chosen = new Set<Instant>();

  /** The start as last booked; null if there was no booking. */
  get startsAt(): Instant | null {
    return this.#startsAt;
  }

  /** The patient asked for the current start. */
  get isChosen(): boolean {
    return this.#startsAt !== null && this.#chosen.has(this.#startsAt);
  }

  /** Starts that no-shows are of and that count: each once. */
  get missed(): Instant[] {
    return [...this.#missed];
  }

  choose(startsAt: Instant): void {
    this.#chosen.add(startsAt);
  }

  moveTo(startsAt: Instant, at: Instant): void {
    if (this.#startsAt !== null && this.#startsAt !== startsAt) {
      this.#former.push({ startsAt: this.#startsAt, leftAt: this.#leftAt ?? at });
    }
    this.#startsAt = startsAt;
    this.#leftAt = null;
  }

  leave(at: Instant): void {
    this.#leftAt = at;
  }

  /** Whether a no-show of that time is of a former start: there is one, and the current one comes later. */
  isBeforeCurrent(time: Instant): boolean {
    return this.#former.length > 0 && this.#startsAt !== null && time < this.#startsAt;
  }

  missCurrent(): void {
    if (this.#startsAt !== null) this.#missed.add(this.#startsAt);
  }

  /**
   * Takes in a no-show of a start that is no longer the appointment's: of the current one that was replaced if it isn't
   * later, else of the latest former one at or before it, else of the latest former one. It counts if that start had come
   * before the appointment left it.
   */
  missFormer(time: Instant): void {
    const slot = this.#formerAt(time);
    if (slot && slot.startsAt <= slot.leftAt) this.#missed.add(slot.startsAt);
  }

  #formerAt(time: Instant): FormerSlot | null {
    if (this.#startsAt !== null && this.#leftAt !== null && !this.isBeforeCurrent(time)) {
      return { startsAt: this.#startsAt, leftAt: this.#leftAt };
    }
    const latestFirst = this.#former.toSorted((a, b) => b.startsAt - a.startsAt);
    return latestFirst.find(({ startsAt }) => startsAt <= time) ?? latestFirst[0] ?? null;
  }
}
