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
 * The alerts of a referral as detection would have found them if it had run at every quarter hour under this
 * configuration, each run knowing what had arrived by then: for a referral whose record of alerts is lost.
 * @param fold folds the events that were known
 * @param until the last run
 */
export function alertsOfPastRuns(
  log: readonly Arrived[],
  fold: (known: readonly LoopEvent[]) => ReferralState,
  config: Config,
  until: Instant,
): Alert[] {
  const alerts = new Map<string, Alert>();
  const arrivals = log.map(({ arrivedAt }) => runFrom(arrivedAt)).sort((a, b) => a - b);
  let run = arrivals[0] ?? Number.POSITIVE_INFINITY;
  let known = -1;
  let state: ReferralState | null = null;
  while (run <= until) {
    const now = log.filter(({ arrivedAt }) => arrivedAt <= run);
    if (state === null || now.length > known) state = fold(now.map(({ event }) => event));
    known = now.length;
    for (const alert of detectAlerts(state, [...alerts.values()], config, run)) alerts.set(alertKey(alert), alert);
    const wake = nextWake(state, config, run) ?? Number.POSITIVE_INFINITY;
    const arrival = arrivals.find((each) => each > run) ?? Number.POSITIVE_INFINITY;
    run = Math.min(runFrom(wake), arrival);
  }
  return [...alerts.values()];
}
