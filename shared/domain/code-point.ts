/**
 * Compares two texts by code point: the order of every sorted list in the product. `<` compares UTF-16 code units, whose
 * order differs for characters beyond the basic plane.
 * @returns negative if `a` comes first, 0 if they are equal
 */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  let place = 0;
  while (place < shorter && a.charCodeAt(place) === b.charCodeAt(place)) place += 1;
  if (place === shorter) return a.length - b.length;
  // The units may differ in the second half of a character.
  const before = place > 0 ? codePoint(a, place - 1) - codePoint(b, place - 1) : 0;
  return before || codePoint(a, place) - codePoint(b, place);
}

const codePoint = (text: string, place: number): number => text.codePointAt(place) ?? 0;
