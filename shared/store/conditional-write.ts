import type { Backoff } from '../platform/backoff.ts';
import { LoggableError } from '../platform/logger.ts';

/** Whether a conditional write took place. `conflict`: somebody else was faster; read again. */
export type Written = 'written' | 'conflict';

const MAX_ATTEMPTS = 8;

/** Others wrote the same items too many times in a row. What was to be done is still to be done. */
export class ConflictError extends LoggableError {
  override readonly name = 'ConflictError';
}

/**
 * Reads and writes on condition of what was read, again and again until nobody else was faster.
 * @param what is written, for the error: `a projection`
 * @param attempt one reading and writing; returns `conflict` if a condition failed, else the result
 * @throws ConflictError after 8 conflicts
 */
export async function retryOnConflict<T>(
  what: string,
  backoff: Backoff,
  attempt: () => Promise<T | 'conflict'>,
): Promise<T> {
  for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
    if (count > 0) await backoff(count);
    const result = await attempt();
    if (result !== 'conflict') return result;
  }
  throw new ConflictError(`${what} was written by others ${MAX_ATTEMPTS} times in a row`);
}
