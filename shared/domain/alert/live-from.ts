import type { Config } from '../../contracts/config.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';

/**
 * When alerts and mail begin. What fell due before is history, taken in for figures: nobody is told of it.
 * @returns the beginning of time if the directory names no such instant
 */
export function liveFrom({ directory }: Config): Instant {
  const { liveFrom: from } = directory.organization;
  return from === undefined ? Number.NEGATIVE_INFINITY : (parseInstant(from) ?? Number.NEGATIVE_INFINITY);
}
