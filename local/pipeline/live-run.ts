import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Pipeline } from './pipeline.ts';
import { atRun } from './simulated-run.ts';

const POLL_MS = 1000;

/** What one turn of a live run did. */
export interface Turn {
  run: Instant;
  events: number;
  alertsWritten: number;
  mails: number;
}

/**
 * Lets a pipeline's clock go and works its queue until `stop` is aborted. What arrives is taken in within a second;
 * then the clock is put forward to the next detection run, so that nobody waits a quarter of an hour for its effect.
 */
export async function liveRun(pipeline: Pipeline, stop: AbortSignal, onTurn: (turn: Turn) => void): Promise<void> {
  const { clock } = pipeline;
  clock.letGo();
  let next = atRun(clock.now() + 1);
  while (!stop.aborted) {
    const { succeeded, failed } = await pipeline.drain('referral-events');
    if (succeeded + failed > 0 || clock.now() >= next) {
      const run = next;
      const before = pipeline.sent.length;
      const { alertsWritten } = await pipeline.invoke<{ alertsWritten: number }>('detect-breaches', run);
      await pipeline.invoke('write-reports', run);
      await pipeline.mail(run);
      onTurn({ run, events: succeeded, alertsWritten, mails: pipeline.sent.length - before });
      next = atRun(run + 1);
    }
    await sleep(POLL_MS, undefined, { signal: stop }).catch(() => {});
  }
}
