const FIRST_CAPACITY = 1024;

/** Millions of numbers in the order in which they were added: 8 to 16 bytes each, where objects would take a hundred. */
export class Column {
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
}

/** Millions of numbers, each with the place that it belongs to. */
export class Rows {
  readonly #values = new Column();
  readonly #places = new Column();

  /** @param place its number */
  add(value: number, place: number): void {
    this.#values.add(value);
    this.#places.add(place);
  }

  /** Calls `visit` with the values of the places that are members, in the order in which they were added. */
  forMembers(members: Uint8Array, visit: (value: number, place: number) => void): void {
    for (let index = 0; index < this.#values.length; index += 1) {
      const place = this.#places.at(index);
      if (members[place] === 1) visit(this.#values.at(index), place);
    }
  }
}
