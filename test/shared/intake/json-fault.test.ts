import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOfJson } from '../../../shared/intake/json-fault.ts';

describe('What is not JSON', () => {
  it.each([
    ['', 'empty'],
    [' \r\n', 'empty'],
    ['<?xml version="1.0"?><Bundle/>', 'it is XML'],
    ['{', 'ends in the middle, so it was cut off, or is one document over many lines'],
    ['{"a":"b', 'ends in the middle, so it was cut off, or is one document over many lines'],
    ['{\n "a": [\n  {"b": tru', 'ends in the middle, so it was cut off'],
    ['{"a":1}\n{"b":2}', 'a second document begins at line 2, column 1'],
    ['{"a":1} {"b":2}', 'a second document begins at column 9'],
    ['{"a":1}}', 'wrong from column 8 on'],
    ['"resourceType": "Bundle",', 'begins with neither { nor ['],
    ['}', 'begins with neither { nor ['],
    ['{"a": }', 'wrong from column 7 on'],
    ['[1,]', 'wrong from column 4 on'],
    ['{\r\n "a": 1,\r\n}', 'wrong from line 3, column 1 on'],
    ["{'a': 1}", 'wrong from column 2 on'],
    ['{"a": NaN}', 'wrong from column 7 on'],
    ['// x\n{}', 'begins with neither { nor ['],
  ])('says where and why: %j', (text, fault) => {
    expect(faultOfJson(text)).toBe(`not JSON: ${fault}`);
  });

  it('is cut off wherever it is cut', () => {
    const law = fc.property(fc.object({ maxDepth: 3 }), fc.nat(), fc.boolean(), (object, at, isPretty) => {
      const text = JSON.stringify(object, null, isPretty ? 2 : 0);
      expect(faultOfJson(text.slice(0, 1 + (at % (text.length - 1))))).toContain('ends in the middle');
    });
    fc.assert(law);
  });

  it('is wrong from where a character was put that belongs nowhere', () => {
    const law = fc.property(fc.object({ maxDepth: 3 }), fc.nat(), (object, at) => {
      const text = JSON.stringify(object);
      const from = 1 + (at % (text.length - 1));
      expect(faultOfJson(`${text.slice(0, from)}\u0001${text.slice(from)}`)).toBe(
        `not JSON: wrong from column ${from + 1} on`,
      );
    });
    fc.assert(law);
  });

  it('is shown nowhere in what is said of it', () => {
    const law = fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
      expect(faultOfJson(`${text}Roe`)).toMatch(
        /^not JSON: (empty|it is XML|begins with neither \{ nor \[|ends in the middle, so it was cut off(, or is one document over many lines)?|(wrong from|a second document begins at) (line \d+, )?column \d+( on)?)$/,
      );
    });
    fc.assert(law);
  });
});
