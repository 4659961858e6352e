import type { PolicyVersion } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { Timeline } from './timeline.ts';

/**
 * The intervals in which a referral is paused: each from its event to the next paused or resumed event, its cap or its
 * `until`, whichever is first. An open pause counts as if it ended at its cap or `until`.
 * @param turns in the fold's order
 * @returns half-open intervals, oldest first, not overlapping
 */
export function pausesOf(turns: Timeline['pauseTurns'], caps: PolicyVersion['pauseCaps']): [number, number][] {
  return turns.flatMap((event, index): [number, number][] => {
    if (event.type === 'referral.resumed') return [];
    const until = event.data.until == null ? null : parseInstant(event.data.until);
    const to = Math.min(
      turns[index + 1]?.time ?? Number.POSITIVE_INFINITY,
      event.time + caps[event.data.reason] * DAY_MS,
      until ?? Number.POSITIVE_INFINITY,
    );
    return to > event.time ? [[event.time, to]] : [];
  });
}
