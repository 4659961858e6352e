import { NumberList } from './number-list.ts';

/**
 * A million whole numbers and more, added in any order and read in ascending order: sorted when read, by the typed
 * array's own sort.
 */
export class SortedIntegers {
  // Floating point, because whole milliseconds need more than 32 bits and fit its 53.
  readonly #values = new NumberList();
  #isSorted = true;

  /** How many were added. */
  get length(): number {
    return this.#values.length;
  }

  /** @throws RangeError for what isn't a whole number, which no run of equal ones could be counted with */
  add(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
    this.#values.add(value);
    this.#isSorted = false;
  }

  /** All of them, ascending: a view that holds until the next `add`. */
  ascending(): Float64Array {
    const filled = this.#values.view();
    if (!this.#isSorted) filled.sort();
    this.#isSorted = true;
    return filled;
  }
}

/** How many values from `index` on are the same as `value`. */
export function runLength(ascending: Float64Array, index: number, value: number): number {
  let end = index;
  while (ascending[end] === value) end += 1;
  return end - index;
}
