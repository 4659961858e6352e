const FIRST_CAPACITY = 1024;

/** Millions of numbers, each with the place that it belongs to: 12 to 24 bytes each. */
export class Rows {
  #values = new Float64Array(FIRST_CAPACITY);
  #places = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  /** @param place its number */
  add(value: number, place: number): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length] = value;
    this.#places[this.#length] = place;
    this.#length += 1;
  }

  /** Calls `visit` with the values of the places that are members, in the order in which they were added. */
  forMembers(members: Uint8Array, visit: (value: number, place: number) => void): void {
    for (let index = 0; index < this.#length; index += 1) {
      const place = this.#places[index] ?? -1;
      if (members[place] === 1) visit(this.#values[index] ?? 0, place);
    }
  }

  #grow(): void {
    const values = new Float64Array(2 * this.#length);
    const places = new Int32Array(2 * this.#length);
    values.set(this.#values);
    places.set(this.#places);
    this.#values = values;
    this.#places = places;
  }
}
