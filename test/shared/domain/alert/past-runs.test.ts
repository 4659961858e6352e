import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../shared/contracts/duration.ts';
import type { LoopEvent } from '../../../../shared/contracts/event.ts';
import type { Instant } from '../../../../shared/contracts/instant.ts';
import type { Alert } from '../../../../shared/contracts/state.ts';
import { alertKey, detectAlerts } from '../../../../shared/domain/alert/detect.ts';
import { alertsOfPastRuns, MOST_FOLDS } from '../../../../shared/domain/alert/past-runs.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, sent } from '../../../builders/events.ts';
import { histories } from '../../../builders/histories.ts';
import { at, QUARTER, runOf } from '../../../builders/instants.ts';

const config = sampleConfig();
const MONDAY = at('03-02 14:00');

interface Arrived {
  event: LoopEvent;
  arrivedAt: Instant;
}

/** What `alertsOfPastRuns` finds, and how many events each of its folds had. */
function found(log: readonly Arrived[], until: Instant): { alerts: Alert[]; folds: number[] } {
  const folds: number[] = [];
  const fold = (known: readonly LoopEvent[]) => {
    folds.push(known.length);
    return foldReferral('R-1', known, config);
  };
  return { alerts: alertsOfPastRuns(log, fold, config, until), folds };
}

/** Detection at every quarter hour. */
function detected(log: readonly Arrived[], until: Instant): Alert[] {
  const alerts = new Map<string, Alert>();
  let state = foldReferral('R-1', [], config);
  let known = 0;
  const first = Math.min(...log.map(({ arrivedAt }) => arrivedAt));
  for (let run = runOf(first); run <= until; run += QUARTER) {
    const now = log.filter(({ arrivedAt }) => arrivedAt <= run);
    if (now.length > known) {
      state = foldReferral(
        'R-1',
        now.map(({ event }) => event),
        config,
      );
    }
    known = now.length;
    for (const alert of detectAlerts(state, [...alerts.values()], config, run)) alerts.set(alertKey(alert), alert);
  }
  return [...alerts.values()];
}

const byKey = (alerts: readonly Alert[]) => new Map(alerts.map((alert) => [alertKey(alert), { ...alert, asOf: 0 }]));

/** A referral that is called every hour, and nobody answers. */
function calls(count: number): Arrived[] {
  const received = sent('referral.received', MONDAY, receivedData({ coordinatorId: 'c-1' }));
  const called = Array.from({ length: count - 1 }, (_, index) =>
    sent('contact.attempted', MONDAY + (index + 1) * HOUR_MS, { channel: 'phone', outcome: 'no_answer' }),
  );
  return [received, ...called].map((event, index) => ({
    event: accepted(event),
    arrivedAt: MONDAY + index * HOUR_MS + MINUTE_MS,
  }));
}

describe('the alerts of past runs', () => {
  it('are those of detection at every quarter hour', () => {
    fc.assert(
      fc.property(histories('R-1', { maxEvents: 12 }), (arriving) => {
        const log = arriving.map(({ event, arrivedAt }) => ({ event: accepted(event), arrivedAt }));
        if (log.length === 0) return;
        const until = runOf(Math.max(...log.map(({ arrivedAt }) => arrivedAt)) + 10 * DAY_MS);
        expect(byKey(found(log, until).alerts)).toEqual(byKey(detected(log, until)));
      }),
      { numRuns: 50 },
    );
  });

  it('take a fold for each run at which something had arrived, and none for others', () => {
    const log = calls(20);
    const twice = log.map((each, index) => ({ ...each, arrivedAt: log[index - (index % 2)]?.arrivedAt ?? 0 }));
    const { alerts, folds } = found(twice, MONDAY + 60 * DAY_MS);
    expect(folds).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(alerts.length).toBeGreaterThan(1);
  });

  it('take no more folds than a bound: of a log with thousands of arrivals only the last are gone through', () => {
    const log = calls(2_000);
    const until = MONDAY + 120 * DAY_MS;
    const { alerts, folds } = found(log, until);
    expect(folds).toHaveLength(MOST_FOLDS);
    expect(folds.at(-1)).toBe(2_000);
    const open = (all: readonly Alert[]) => all.filter(({ resolvedAt }) => resolvedAt === null).map(alertKey);
    const state = foldReferral(
      'R-1',
      log.map(({ event }) => event),
      config,
    );
    expect(open(alerts).sort()).toEqual(open(detectAlerts(state, [], config, until)).sort());
  });
});
