import { describe, expect, it } from 'vitest';
import { ConflictError, retryOnConflict } from '../../../shared/store/conditional-write.ts';

/** Loses the race a number of times. */
function racing(conflicts: number) {
  const waits: number[] = [];
  let left = conflicts;
  const result = retryOnConflict(
    'an alert',
    async (attempt) => void waits.push(attempt),
    async () => {
      left -= 1;
      return left >= 0 ? 'conflict' : 'done';
    },
  );
  return { result, waits };
}

describe('a write that others are racing for', () => {
  it.each([0, 1, 7])('is tried again after %i conflicts, with a wait before each new attempt', async (conflicts) => {
    const { result, waits } = racing(conflicts);
    expect(await result).toBe('done');
    expect(waits).toEqual(Array.from({ length: conflicts }, (_, index) => index + 1));
  });

  it('is given up after 8', async () => {
    const { result } = racing(8);
    await expect(result).rejects.toThrow(ConflictError);
    await expect(result).rejects.toThrow('an alert was written by others 8 times in a row');
  });

  it('is not tried again after any other failure', async () => {
    let attempts = 0;
    const work = retryOnConflict(
      'an alert',
      async () => {},
      async () => {
        attempts += 1;
        throw new Error('throttled');
      },
    );
    await expect(work).rejects.toThrow('throttled');
    expect(attempts).toBe(1);
  });
});
