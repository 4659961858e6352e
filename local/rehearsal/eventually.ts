import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 500;

/**
 * Waits until something is true.
 * @param look returns null once it is true, else what is still missing; what it throws ends the waiting
 * @throws Error with what is missing after `seconds`
 */
export async function eventually(what: string, seconds: number, look: () => Promise<string | null>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const missing = await look();
    if (missing === null) return;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}; ${missing}`);
    await sleep(POLL_MS);
  }
}
