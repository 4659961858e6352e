import type { Instant } from '../contracts/instant.ts';
import type { Sleep } from '../platform/sleep.ts';
import type { TimeSource } from '../platform/time-source.ts';

/** There is not enough time left for what was to be done: the message comes back. */
export class NoTimeLeftError extends Error {
  override readonly name = 'NoTimeLeftError';
}

/** Lets mails go one by one, no faster than a rate. */
export interface SendPace {
  /**
   * Waits for the next turn.
   * @param until a turn that comes later than this is not waited for, and not taken
   * @param pauseMs waits at least this long, as do all who come after
   * @throws NoTimeLeftError at once, if the turn would come too late
   */
  turn(until: Instant, pauseMs?: number): Promise<void>;
}

/**
 * A bucket of one token, which fills at a rate: mails are spread evenly, as SES counts each second by itself.
 * @param perSecond the rate now; it is asked for at every turn
 */
export function sendPace(
  perSecond: () => Promise<number>,
  { time, sleep }: { time: TimeSource; sleep: Sleep },
): SendPace {
  let next: Instant = 0;
  return {
    async turn(until, pauseMs = 0) {
      const spacing = 1000 / (await perSecond());
      // From here to the new `next` nothing waits, so that no two take the same turn.
      const now = time.now();
      const turn = Math.max(now + pauseMs, next);
      if (turn > until) throw new NoTimeLeftError('the turn of a mail would come too late');
      next = turn + spacing;
      if (turn > now) await sleep(turn - now);
    },
  };
}
