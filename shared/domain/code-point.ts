/**
 * Compares two texts by code point: the order of every sorted list in the product. `<` compares UTF-16 code units, whose
 * order differs for characters beyond the basic plane.
 * @returns negative if `a` comes first, 0 if they are equal
 */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
