import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before the next attempt at a conditional write: at random up to 25 ms x 2^attempt, so that rivals part. */
export type Backoff = (attempt: number) => Promise<void>;

export const jitteredBackoff: Backoff = async (attempt) => {
  await sleep(Math.random() * 25 * 2 ** attempt);
};
