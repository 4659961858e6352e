import type { Config } from '../../contracts/config.ts';
import { MINUTE_MS } from '../../contracts/duration.ts';
import type { LoopEvent } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Alert, ReferralState } from '../../contracts/state.ts';
import { alertKey, detectAlerts } from './detect.ts';
import { nextWake } from './wake-up.ts';

/** How often detection runs, on the quarter hour UTC. */
const BETWEEN_RUNS_MS = 15 * MINUTE_MS;

/** The first run at or after an instant. */
const runFrom = (instant: Instant): Instant => Math.ceil(instant / BETWEEN_RUNS_MS) * BETWEEN_RUNS_MS;

/** An event and when it arrived. */
interface Arrived {
  event: LoopEvent;
  arrivedAt: Instant;
}

/**
 * Of a log that came in more runs than this, only the last so many are gone through: a fold goes through the whole log, so
 * the work would grow with its square. No referral has so many but by a sender's fault.
 */
export const MOST_FOLDS = 200;

/**
 * The alerts of a referral as detection would have found them if it had run at every quarter hour under this
 * configuration, each run knowing what had arrived by then: for a referral whose record of alerts is lost. Of a log with too
 * many arrivals, what was found and resolved before the last `MOST_FOLDS` is left out, and what is open counts from there.
 * @param fold folds the events that were known; called once for each run at which something had arrived
 * @param until the last run
 */
export function alertsOfPastRuns(
  log: readonly Arrived[],
  fold: (known: readonly LoopEvent[]) => ReferralState,
  config: Config,
  until: Instant,
): Alert[] {
  const alerts = new Map<string, Alert>();
  const arrived = log.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
  const arrivals = [...new Set(arrived.map(({ arrivedAt }) => runFrom(arrivedAt)))]
    .filter((run) => run <= until)
    .slice(-MOST_FOLDS);
  let known = 0;
  for (const [index, arrival] of arrivals.entries()) {
    while ((arrived[known]?.arrivedAt ?? Number.POSITIVE_INFINITY) <= arrival) known += 1;
    const state = fold(arrived.slice(0, known).map(({ event }) => event));
    const end = Math.min(arrivals[index + 1] ?? Number.POSITIVE_INFINITY, until + 1);
    for (let run = arrival; run < end; run = runAfter(run, nextWake(state, config, run))) {
      for (const alert of detectAlerts(state, [...alerts.values()], config, run)) alerts.set(alertKey(alert), alert);
    }
  }
  return [...alerts.values()];
}

/** The run that a wake-up is for: always a later one, so that there are no more runs than quarter hours. */
function runAfter(run: Instant, wake: Instant | null): Instant {
  return Math.max(run + BETWEEN_RUNS_MS, runFrom(wake ?? Number.POSITIVE_INFINITY));
}
