import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grownFigures } from '../../bench/guard/figures.ts';

describe('figures that may not grow', () => {
  it('may grow by 5%, and shrink at will', () => {
    expect(grownFigures({ units: 6, kilobytes: 600 }, { units: 6.3, kilobytes: 10 })).toEqual([]);
  });

  it('are named if they grow by more', () => {
    expect(grownFigures({ units: 6, kilobytes: 600 }, { units: 6.31, kilobytes: 600 })).toEqual([
      'units has grown by 5.2%, from 6 to 6.31',
    ]);
  });

  it('are named if they are measured no more, or committed by nobody', () => {
    expect(grownFigures({ units: 6 }, { kilobytes: 600 })).toEqual([
      'kilobytes is 600, and no figure is committed for it',
      'units is committed, but is measured no more',
    ]);
  });

  it('are all well against themselves', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.float({ min: 0, noNaN: true })), (figures) => {
        expect(grownFigures(figures, figures)).toEqual([]);
      }),
    ));
});
