import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { canonicalText, itemSize, valueSize } from '../../../local/cost/item-size.ts';

describe('the size of an attribute value', () => {
  const cases: [what: string, value: AttributeValue, bytes: number][] = [
    ['a string is its UTF-8 bytes', { S: 'abc' }, 3],
    ['an accented letter is two bytes', { S: 'é' }, 2],
    ['an emoji is four bytes', { S: '🩺' }, 4],
    ['an empty string is nothing', { S: '' }, 0],
    ['zero is the one byte that every number has', { N: '0' }, 1],
    ['one digit', { N: '7' }, 2],
    ['two digits share a byte', { N: '42' }, 2],
    ['three digits need a second one', { N: '123' }, 3],
    ['trailing zeros are trimmed', { N: '1000000' }, 2],
    ['so are zeros after the point', { N: '1.50' }, 2],
    ['and leading ones', { N: '0.0012' }, 2],
    ['an instant in milliseconds has 13 digits', { N: '1772460000123' }, 8],
    ['a minus sign is one byte more', { N: '-42' }, 3],
    ['scientific notation is the number it says', { N: '1.2e5' }, 2],
    ['38 digits are the most', { N: '9'.repeat(38) }, 20],
    ['binary is its raw bytes', { B: new Uint8Array(5) }, 5],
    ['true is one byte', { BOOL: true }, 1],
    ['false is one byte', { BOOL: false }, 1],
    ['null is one byte', { NULL: true }, 1],
    ['a string set is its members', { SS: ['ab', 'cde'] }, 5],
    ['a number set is its members', { NS: ['1', '123'] }, 5],
    ['a binary set is its members', { BS: [new Uint8Array(2), new Uint8Array(3)] }, 5],
    ['an empty list is 3 bytes', { L: [] }, 3],
    ['a list adds one byte an element', { L: [{ S: 'ab' }, { N: '1' }] }, 3 + (1 + 2) + (1 + 2)],
    ['an empty map is 3 bytes', { M: {} }, 3],
    ['a map adds one byte an entry, and its name', { M: { ab: { S: 'cde' } } }, 3 + 1 + 2 + 3],
    ['nesting adds up', { L: [{ M: { a: { L: [{ BOOL: true }] } } }] }, 3 + 1 + (3 + 1 + 1 + (3 + 1 + 1))],
  ];
  it.each(cases)('%s', (_what, value, bytes) => {
    expect(valueSize(value)).toBe(bytes);
  });

  it('is refused for an unknown type', () => {
    expect(() => valueSize({ $unknown: ['X', 1] })).toThrow('attribute type');
  });
});

describe('the size of an item', () => {
  it('is that of its names and values', () => {
    expect(itemSize({ pk: { S: 'R#1' }, due: { N: '12' }, öffnet: { BOOL: true } })).toBe(2 + 3 + (3 + 2) + (7 + 1));
  });

  it('is 0 without attributes', () => {
    expect(itemSize({})).toBe(0);
  });
});

describe('two ways to write a value', () => {
  const same: [AttributeValue, AttributeValue][] = [
    [{ N: '1' }, { N: '1.0' }],
    [{ N: '100' }, { N: '1e2' }],
    [{ N: '0' }, { N: '-0.00' }],
    [{ N: '0.5' }, { N: '.5' }],
    [{ SS: ['a', 'b'] }, { SS: ['b', 'a'] }],
    [{ NS: ['1', '2'] }, { NS: ['2.0', '1'] }],
    [{ M: { a: { N: '1' }, b: { S: 'x' } } }, { M: { b: { S: 'x' }, a: { N: '1.0' } } }],
    [{ B: Buffer.from('ab') }, { B: new Uint8Array([97, 98]) }],
  ];
  it.each(same)('%j and %j are equal', (one, other) => {
    expect(canonicalText(one)).toBe(canonicalText(other));
  });

  const different: [AttributeValue, AttributeValue][] = [
    [{ N: '1' }, { S: '1' }],
    [{ N: '10' }, { N: '1' }],
    [{ N: '-1' }, { N: '1' }],
    [{ L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] }],
    [{ SS: ['a'] }, { SS: ['a', 'b'] }],
  ];
  it.each(different)('%j and %j are not', (one, other) => {
    expect(canonicalText(one)).not.toBe(canonicalText(other));
  });
});
