import { errorName, LoggableError } from './logger.ts';

/**
 * An error that comes again however often the same is tried: what is stored of a referral can't be read, or computing on
 * it throws. To try again would hold up everything that waits behind it, so whoever meets one sets the referral aside.
 */
export class LastingError extends LoggableError {}

/** A LastingError, for whoever goes on with it. Throws any other. */
export function lastingOrThrow(error: unknown): LastingError {
  if (error instanceof LastingError) return error;
  throw error;
}

/** A rule threw on what it was given. The message names the error and has nothing of what was read. */
export class ComputationError extends LastingError {
  override readonly name = 'ComputationError';
}

/**
 * Does what depends on nothing but its input.
 * @throws ComputationError in place of whatever it throws, unless that is a LastingError itself
 */
export function computing<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LastingError) throw error;
    throw new ComputationError(errorName(error), { cause: error });
  }
}
