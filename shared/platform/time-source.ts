import type { Instant } from '../contracts/instant.ts';

/** The only source of the present. Handlers get one passed in; the local run passes a simulated one. */
export interface TimeSource {
  now(): Instant;
}

export const systemTime: TimeSource = { now: () => Date.now() };
