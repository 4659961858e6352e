const FIRST_CAPACITY = 64;

/** Millions of numbers in the order in which they were added: 8 to 16 bytes each, when objects would take a hundred. */
export class NumberList {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? Number.NaN;
  }

  /** All of them: a view that is valid until the next `add`. Changing the view changes the list. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
