const FIRST_CAPACITY = 64;

/** Millions of numbers in the order in which they were added: 8 to 16 bytes each, where objects would take a hundred. */
export class NumberList {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const roomier = new Float64Array(2 * this.#length);
      roomier.set(this.#values);
      this.#values = roomier;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? Number.NaN;
  }

  /** All of them: a view that holds until the next `add`. What is changed in it is changed here. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
