/**
 * Compares two texts by code point, as every sorted list of the product is sorted. `<` compares UTF-16 code units, which
 * differ for characters beyond the basic plane.
 * @returns negative where `a` comes first, 0 where they are equal
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
