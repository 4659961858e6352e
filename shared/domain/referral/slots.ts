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

  /** The patient asks for a start. */
  choose(startsAt: Instant): void {
    this.#chosen.add(startsAt);
  }

  /** The appointment is booked for a start, or moved to it. */
  moveTo(startsAt: Instant, at: Instant): void {
    if (this.#startsAt !== null && this.#startsAt !== startsAt) {
      this.#former.push({ startsAt: this.#startsAt, leftAt: this.#leftAt ?? at });
    }
    this.#startsAt = startsAt;
    this.#leftAt = null;
  }

  /** The appointment is replaced by another. */
  leave(at: Instant): void {
    this.#leftAt = at;
  }

  /** It wasn't replaced after all. */
  stay(): void {
    this.#leftAt = null;
  }

  /** Whether a no-show of that time is of a former start: of one from which the appointment was moved to a later one. */
  isOfFormer(time: Instant): boolean {
    return this.#startsAt !== null && time < this.#startsAt && this.#earlier.length > 0;
  }

  /** The former starts that lie before the current one, latest first; one that it had twice as it was left last. */
  get #earlier(): FormerSlot[] {
    const before = this.#startsAt ?? Number.NEGATIVE_INFINITY;
    return this.#former
      .filter(({ startsAt }) => startsAt < before)
      .sort((a, b) => b.startsAt - a.startsAt || b.leftAt - a.leftAt);
  }

  missCurrent(): void {
    if (this.#startsAt !== null) this.#missed.add(this.#startsAt);
  }

  /**
   * Takes in a no-show of a start that is no longer the appointment's. If it was moved to a later one that hasn't come by
   * then: of the latest earlier one at or before the no-show, else of the latest earlier one. Else of the one that was
   * replaced. It counts if that start had come before the appointment left it.
   * @returns the start that it is of; null if the appointment never had one
   */
  missFormer(time: Instant): { startsAt: Instant | null; counts: boolean } {
    const slot = this.#formerAt(time);
    const counts = slot !== null && slot.startsAt <= slot.leftAt;
    if (counts) this.#missed.add(slot.startsAt);
    return { startsAt: slot?.startsAt ?? null, counts };
  }

  #formerAt(time: Instant): FormerSlot | null {
    if (this.isOfFormer(time)) {
      const earlier = this.#earlier;
      return earlier.find(({ startsAt }) => startsAt <= time) ?? earlier[0] ?? null;
    }
    if (this.#startsAt === null || this.#leftAt === null) return null;
    return { startsAt: this.#startsAt, leftAt: this.#leftAt };
  }
}
