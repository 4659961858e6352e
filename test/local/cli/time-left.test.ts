import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leftText, TimeLeft } from '../../../local/cli/time-left.ts';

/** What is said at each step: milliseconds since the step before, and what was done in them. */
function saidOf(steps: readonly { after: number; did: number }[], more = 0): { now: number; left: number | null }[] {
  const total = steps.reduce((sum, { did }) => sum + did, more);
  const timeLeft = new TimeLeft(total);
  let [now, done] = [0, 0];
  return steps.map(({ after, did }) => {
    now += after;
    done += did;
    return { now, left: timeLeft.at(now, done) };
  });
}

describe('How long the rest takes', () => {
  it('is not said until there is a pace', () => {
    const said = saidOf(Array(100).fill({ after: 100, did: 1 }));
    expect(said.findIndex(({ left }) => left !== null)).toBe(40);
    expect(saidOf(Array(100).fill({ after: 100, did: 0 }), 5).every(({ left }) => left === null)).toBe(true);
  });

  it('is right at an even pace, and counts down with the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 900 }), fc.integer({ min: 50, max: 400 }), (after, steps) => {
        const all = after * steps;
        for (const { now, left } of saidOf(Array(steps).fill({ after, did: 3 })))
          if (left !== null) expect(left).toBeCloseTo(all - now, 3);
      }),
    );
  });

  it('never jumps: at an uneven pace it moves by a quarter of itself within a second at most', () => {
    // Batches, as of a queue: four seconds nearly nothing, then much at once.
    const batches = Array.from({ length: 300 }, (_, step) => ({ after: 200, did: step % 20 === 0 ? 100 : 1 }));
    const said = saidOf(batches).flatMap(({ left }) => (left === null ? [] : [left]));
    for (let step = 5; step < said.length; step += 1) {
      const [before = 0, now = 0] = [said[step - 5], said[step]];
      expect(Math.abs(now - before)).toBeLessThan(1_000 + before / 4);
    }
  });

  it('is forgotten when another pace begins', () => {
    const timeLeft = new TimeLeft(1_000);
    for (let now = 0; now <= 5_000; now += 100) timeLeft.at(now, now / 10);
    expect(timeLeft.at(5_100, 510)).not.toBeNull();
    timeLeft.forget();
    expect(timeLeft.at(5_200, 511)).toBeNull();
    expect(timeLeft.at(9_200, 551)).toBeCloseTo(44_900, 3);
  });

  it.each([
    [0, 'about 0 s left'],
    [3_200, 'about 4 s left'],
    [20_500, 'about 25 s left'],
    [61_000, 'about 65 s left'],
    [119_000, 'about 2 min left'],
  ])('is no more exact than it is known: %d', (milliseconds, text) => {
    expect(leftText(milliseconds)).toBe(text);
  });
});
