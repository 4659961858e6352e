import { NumberList } from '../statistics/number-list.ts';

/** Millions of numbers, each with the group that it belongs to. */
export class ValuesByGroup {
  readonly #values = new NumberList();
  readonly #groups = new NumberList();

  /** @param group its number */
  add(value: number, group: number): void {
    this.#values.add(value);
    this.#groups.add(group);
  }

  /**
   * Calls `visit` with each value of the member groups, in the order in which the values were added.
   * @param members 1 at the number of each group that is a member
   */
  forMembers(members: Uint8Array, visit: (value: number, group: number) => void): void {
    for (let index = 0; index < this.#values.length; index += 1) {
      const group = this.#groups.at(index);
      if (members[group] === 1) visit(this.#values.at(index), group);
    }
  }
}
