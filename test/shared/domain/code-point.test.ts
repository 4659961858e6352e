import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byCodePoint } from '../../../shared/domain/code-point.ts';

const points = (text: string): number[] => [...text].map((character) => character.codePointAt(0) ?? 0);

/** The order of lists of numbers: by the first that differs, then by length. */
function byNumbers(one: number[], other: number[]): number {
  const place = one.findIndex((point, index) => point !== other[index]);
  return place === -1 || place >= other.length ? one.length - other.length : (one[place] ?? 0) - (other[place] ?? 0);
}

/** Few characters, so that texts begin alike: of one unit, of two, and halves of two that stand alone. */
const texts = fc.array(fc.constantFrom('a', 'é', '\uE000', '\uFFFF', '𐀀', '𐐷', '😀', '\uD801', '\uDC37'), {
  maxLength: 6,
});

it('texts are ordered by code point, whatever units they are made of', () => {
  const property = fc.property(texts, texts, (one, other) => {
    const [a, b] = [one.join(''), other.join('')];
    expect(Math.sign(byCodePoint(a, b))).toBe(Math.sign(byNumbers(points(a), points(b))));
  });
  fc.assert(property, { numRuns: 2000 });
});
