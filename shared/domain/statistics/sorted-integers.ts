import { NumberList } from './number-list.ts';

/**
 * Millions of whole numbers, added in any order and read in ascending order. They are sorted when they are read, by the
 * typed array's own sort.
 */
export class SortedIntegers {
  // Floating point: whole milliseconds need more than 32 bits and fit into its 53.
  readonly #values = new NumberList();
  #isSorted = true;

  /** How many were added. */
  get length(): number {
    return this.#values.length;
  }

  /** @throws RangeError if the value isn't a whole number, since runs of equal values have to be counted */
  add(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
    this.#values.add(value);
    this.#isSorted = false;
  }

  /** All of them, ascending: a view that is valid until the next `add`. */
  ascending(): Float64Array {
    const filled = this.#values.view();
    if (!this.#isSorted) filled.sort();
    this.#isSorted = true;
    return filled;
  }
}

/** How many values in a row, from `index` on, equal `value`. */
export function runLength(ascending: Float64Array, index: number, value: number): number {
  let end = index;
  while (ascending[end] === value) end += 1;
  return end - index;
}
