import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../../shared/contracts/instant.ts';
import { runAtOrAfter } from './in-simulated-time.ts';
import type { Pipeline } from './pipeline.ts';

const POLL_MS = 1000;

/** What one detection run in real time did. */
export interface Turn {
  run: Instant;
  events: number;
  alertsWritten: number;
  mails: number;
}

/**
 * Lets the pipeline's time run on and works its queue until `stop` is aborted. What arrives is taken in within a
 * second; then time jumps ahead to the next detection run, so that nobody waits a quarter of an hour to see the effect.
 */
export async function runInRealTime(
  pipeline: Pipeline,
  stop: AbortSignal,
  onTurn: (turn: Turn) => void,
): Promise<void> {
  const { time } = pipeline;
  time.letGo();
  let next = runAtOrAfter(time.now() + 1);
  while (!stop.aborted) {
    const { succeeded } = await pipeline.drain('referral-events');
    if (succeeded > 0 || time.now() >= next) {
      const run = next;
      const before = pipeline.sent.length;
      const { alertsWritten } = await pipeline.invoke<{ alertsWritten: number }>('detect-breaches', run);
      await pipeline.invoke('write-reports', run);
      await pipeline.mail(run);
      onTurn({ run, events: succeeded, alertsWritten, mails: pipeline.sent.length - before });
      next = runAtOrAfter(run + 1);
    }
    await sleep(POLL_MS, undefined, { signal: stop }).catch(() => {});
  }
}
