import type { PolicyVersion } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { LoopEvent } from '../../contracts/event.ts';
import { parseInstant } from '../../contracts/instant.ts';

/**
 * The intervals in which a referral is paused: each from its event to the next paused or resumed event, its cap or its
 * `until`, whichever is first. An open pause is counted as if it ended at its cap or `until`.
 * @param events in the fold's order
 * @returns half-open intervals, oldest first, not overlapping
 */
export function pausesOf(events: readonly LoopEvent[], caps: PolicyVersion['pauseCaps']): [number, number][] {
  const turns = events.filter(({ type }) => type === 'referral.paused' || type === 'referral.resumed');
  return turns.flatMap((event, index): [number, number][] => {
    if (event.type !== 'referral.paused') return [];
    const until = event.data.until == null ? null : parseInstant(event.data.until);
    const to = Math.min(
      turns[index + 1]?.time ?? Number.POSITIVE_INFINITY,
      event.time + caps[event.data.reason] * DAY_MS,
      until ?? Number.POSITIVE_INFINITY,
    );
    return to > event.time ? [[event.time, to]] : [];
  });
}
