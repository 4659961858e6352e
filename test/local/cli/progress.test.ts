import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { progressLine } from '../../../local/cli/progress.ts';

describe('A line of progress', () => {
  it('never reaches the last column, so that the next one can replace it', () => {
    const columns = fc.integer({ min: 2, max: 300 });
    const share = fc.double({ min: 0, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(share, fc.string({ maxLength: 90 }), columns, (done, text, width) => {
        expect(progressLine(done, text, width).length).toBeLessThan(width);
      }),
    );
  });

  it('gives the text its room first, and the bar what is left, 20 characters at most', () => {
    const text = 'Mon 6 Apr 2026  11,234 of 23,000 messages, about 45 s left';
    expect(progressLine(0.5, text, 80)).toBe(`██████████░░░░░░░░░░ ${text}`);
    expect(progressLine(0.5, text, 70)).toBe(`█████░░░░░ ${text}`);
    expect(progressLine(0.5, text, 200)).toBe(`${'█'.repeat(10)}${'░'.repeat(10)} ${text}`);
    expect(progressLine(0.5, text, 40)).toBe(text.slice(0, 39));
  });
});
