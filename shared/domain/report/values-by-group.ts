import { NumberList } from '../statistics/number-list.ts';

/** Millions of numbers, each with the place that it belongs to. */
export class ValuesByGroup {
  readonly #values = new NumberList();
  readonly #groups = new NumberList();

  /** @param place its number */
  add(value: number, place: number): void {
    this.#values.add(value);
    this.#groups.add(place);
  }

  /** Calls `visit` with the values of the places that are members, in the order in which they were added. */
  forMembers(members: Uint8Array, visit: (value: number, place: number) => void): void {
    for (let index = 0; index < this.#values.length; index += 1) {
      const place = this.#groups.at(index);
      if (members[place] === 1) visit(this.#values.at(index), place);
    }
  }
}
