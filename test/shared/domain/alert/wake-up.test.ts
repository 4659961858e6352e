import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../shared/contracts/duration.ts';
import type { Instant } from '../../../../shared/contracts/instant.ts';
import type { Alert, ReferralState } from '../../../../shared/contracts/state.ts';
import { alertKey, detectAlerts } from '../../../../shared/domain/alert/detect.ts';
import { listedUntil } from '../../../../shared/domain/alert/listed.ts';
import { needsUrgentMail } from '../../../../shared/domain/alert/urgent.ts';
import { nextWake, ONLY_IF_CONFIG_CHANGES, sameAlerts } from '../../../../shared/domain/alert/wake-up.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { closedSince } from '../../../../shared/domain/referral/retention.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, sent } from '../../../builders/events.ts';
import { type Arriving, histories } from '../../../builders/histories.ts';
import { at, QUARTER, runOf } from '../../../builders/instants.ts';

const config = sampleConfig();

interface Watched {
  state: ReferralState;
  alerts: Alert[];
  /** Which episodes needed an urgent mail, each with the first run that said so. */
  urgent: Record<string, Instant>;
  looked: number;
}

/**
 * Lives through a history quarter hour by quarter hour. @param always looks at every one of them; otherwise only when
 * `sameAlerts` or `nextWake` has said so
 */
function live(arriving: readonly Arriving[], until: Instant, always: boolean): Watched {
  const waiting = arriving.map(({ event, arrivedAt }) => ({ event: accepted(event), arrivedAt }));
  const log: (typeof waiting)[0]['event'][] = [];
  const alerts = new Map<string, Alert>();
  let state = foldReferral('R-1', log, config);
  let wake = Number.POSITIVE_INFINITY;
  const urgent: Record<string, Instant> = {};
  let looked = 0;
  for (let run = runOf(waiting[0]?.arrivedAt ?? until); run <= until; run += QUARTER) {
    while ((waiting[0]?.arrivedAt ?? Number.POSITIVE_INFINITY) <= run) {
      const { event, arrivedAt } = waiting.shift() as (typeof waiting)[0];
      log.push(event);
      const before = state;
      state = foldReferral('R-1', log, config);
      const next = sameAlerts(before, state, config, arrivedAt) ? nextWake(state, config, arrivedAt) : arrivedAt;
      wake = Math.min(wake, next ?? Number.POSITIVE_INFINITY);
    }
    if (!always && wake > run) continue;
    looked += 1;
    for (const alert of detectAlerts(state, [...alerts.values()], config, run)) alerts.set(alertKey(alert), alert);
    for (const alert of alerts.values()) {
      if (needsUrgentMail(alert, state, config, run)) urgent[`${alertKey(alert)} since ${alert.since}`] ??= run;
    }
    wake = nextWake(state, config, run) ?? Number.POSITIVE_INFINITY;
  }
  return { state, alerts: [...alerts.values()], urgent, looked };
}

/** What was found, by whichever run. */
const found = ({ alerts }: Watched) => alerts.map(({ asOf: _, ...alert }) => alert);

describe('Wake-ups', () => {
  it('never come too late: looking only when woken finds what looking at every quarter hour finds', () => {
    const property = fc.property(
      histories('R-1', { maxEvents: 8 }),
      fc.integer({ min: 1, max: 12 }),
      (history, days) => {
        const until = (history.at(-1)?.arrivedAt ?? 0) + days * DAY_MS;
        const woken = live(history, until, false);
        const every = live(history, until, true);
        expect(found(woken)).toEqual(found(every));
        expect(woken.urgent).toEqual(every.urgent);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('are few: a referral that nobody works on is looked at some thirty times in two months', () => {
    const received = sent('referral.received', '03-02 14:00', receivedData());
    const arrivedAt = at('03-02 14:00');
    const { looked, alerts } = live([{ event: received, arrivedAt }], arrivedAt + 60 * DAY_MS, false);
    expect(alerts.length).toBeGreaterThan(4);
    expect(looked).toBeLessThan(40);
  });

  it('come to an end: nobody looks at a referral whose loop is closed and whose office was told', () => {
    const events = [
      sent('referral.received', '03-02 14:00', receivedData()),
      sent('visit.completed', '03-02 15:00', {}),
      sent('note.received', '03-02 16:00', {}),
    ].map(accepted);
    const state = foldReferral('R-1', events, config);
    expect(state.stage).toBe('loop_closed');
    expect(nextWake(state, config, at('03-02 16:00'))).toBeNull();
  });

  it('keep an open referral in the index, however long ago its last deadline was', () => {
    const events = [sent('referral.received', '03-02 14:00', receivedData())].map(accepted);
    const state = foldReferral('R-1', events, config);
    expect(nextWake(state, config, at('03-02 14:00') + 365 * DAY_MS)).toBe(ONLY_IF_CONFIG_CHANGES);
  });

  it('lie after the instant they are asked for, so that a run can’t wake itself for ever', () => {
    const property = fc.property(histories('R-1'), fc.integer({ min: 0, max: 60 * 24 }), (history, hours) => {
      const log = history.map(({ event }) => accepted(event));
      const now = (log[0]?.time ?? 0) + hours * HOUR_MS;
      const wake = nextWake(foldReferral('R-1', log, config), config, now);
      expect(wake === null || wake > now).toBe(true);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('Wake-ups of a referral that its owners have in their lists', () => {
  const YEAR = 365 * DAY_MS;
  const loopClosed = () =>
    foldReferral(
      'R-1',
      [
        sent('referral.received', '03-02 14:00', receivedData()),
        sent('visit.completed', '03-02 15:00', {}),
        sent('note.received', '03-02 16:00', {}),
      ].map(accepted),
      config,
    );
  const closed = at('03-02 16:00');

  /** Looks at a referral again from a run on, whenever it is woken, until nothing more lies ahead. */
  function lastLook({ state, alerts }: Watched, from: Instant) {
    const known = new Map(alerts.map((alert) => [alertKey(alert), alert]));
    for (let run = from; ; ) {
      for (const alert of detectAlerts(state, [...known.values()], config, run)) known.set(alertKey(alert), alert);
      const listed = listedUntil([...known.values()], state);
      const wake = nextWake(state, config, run, listed);
      if (wake === null || wake === ONLY_IF_CONFIG_CHANGES) return { run, wake, listed };
      expect(wake).toBeGreaterThan(run);
      run = runOf(wake);
    }
  }

  it('come when its time in the lists ends, once it is closed, and then no more', () => {
    const listed = closed + 3 * DAY_MS;
    expect(nextWake(loopClosed(), config, closed, listed)).toBe(listed);
    expect(nextWake(loopClosed(), config, listed - 1, listed)).toBe(listed);
    expect(nextWake(loopClosed(), config, listed, listed)).toBeNull();
  });

  it('keep it in the index for a year after its end while an alert is open, so that a new configuration reaches it', () => {
    const open = Number.POSITIVE_INFINITY;
    expect(nextWake(loopClosed(), config, closed, open)).toBe(closed + YEAR);
    expect(nextWake(loopClosed(), config, closed + YEAR - 1, open)).toBe(closed + YEAR);
    expect(nextWake(loopClosed(), config, closed + YEAR, open)).toBeNull();
  });

  it('also come for one that was voided, or of which every fact was taken back', () => {
    const received = sent('referral.received', '03-02 14:00', receivedData());
    const voided = foldReferral('R-1', [received, sent('referral.voided', '03-02 15:00', {})].map(accepted), config);
    const { source, id } = received;
    const retraction = sent('event.retracted', '03-02 15:00', { source, id });
    const retracted = foldReferral('R-1', [received, retraction].map(accepted), config);
    expect(retracted.facts).toBe(0);
    for (const state of [voided, retracted]) {
      const now = at('03-02 15:00');
      expect(nextWake(state, config, now)).toBeNull();
      expect(nextWake(state, config, now, now + DAY_MS)).toBe(now + DAY_MS);
      expect(nextWake(state, config, now, Number.POSITIVE_INFINITY)).toBe(now + YEAR);
    }
  });

  it('come no later for being listed, and an open referral never leaves', () => {
    const property = fc.property(
      histories('R-1'),
      fc.integer({ min: 0, max: 60 * 24 }),
      fc.option(fc.integer({ min: -30, max: 30 })),
      (history, hours, days) => {
        const log = history.map(({ event }) => accepted(event));
        const now = (log[0]?.time ?? 0) + hours * HOUR_MS;
        const state = foldReferral('R-1', log, config);
        const listed = days === null ? Number.POSITIVE_INFINITY : now + days * DAY_MS;
        const unlisted = nextWake(state, config, now);
        if (unlisted !== null) expect(nextWake(state, config, now, listed)).toBeLessThanOrEqual(unlisted);
        if (closedSince(state) === null && state.facts > 0) expect(unlisted).not.toBeNull();
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('end when no list has it any more, or a year after the end of one with an open alert', () => {
    const property = fc.property(histories('R-1'), (history) => {
      const until = runOf(history.at(-1)?.arrivedAt ?? 0);
      const watched = live(history, until, false);
      const { run, wake, listed } = lastLook(watched, until);
      const { state } = watched;
      const since = closedSince(state);
      if (since === null && state.facts > 0) expect(wake).toBe(ONLY_IF_CONFIG_CHANGES);
      else if (listed === Number.POSITIVE_INFINITY) expect(run).toBeGreaterThanOrEqual((since ?? run) + YEAR);
      else expect(run).toBeGreaterThanOrEqual(listed ?? 0);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
