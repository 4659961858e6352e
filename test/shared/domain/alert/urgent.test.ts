import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../../shared/contracts/config.ts';
import type { Instant } from '../../../../shared/contracts/instant.ts';
import type { Alert, ReferralState } from '../../../../shared/contracts/state.ts';
import type { Priority } from '../../../../shared/contracts/vocabulary.ts';
import { alertKey, detectAlerts } from '../../../../shared/domain/alert/detect.ts';
import { isUrgentAt, needsUrgentMail, urgentChanges } from '../../../../shared/domain/alert/urgent.ts';
import { nextWake, sameAlerts } from '../../../../shared/domain/alert/wake-up.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { calendarOf } from '../../../../shared/domain/time/calendar.ts';
import { isOpenAt, openMsBetween } from '../../../../shared/domain/time/opening.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, sent } from '../../../builders/events.ts';
import { at, QUARTER, short } from '../../../builders/instants.ts';

const config = sampleConfig();
type Event = Parameters<typeof accepted>[0];

/** The first run that finds each alert in need of an urgent mail, though none is ever sent. */
function urgentFrom(events: Event[], until: string, using: Config = config): Record<string, string> {
  const state = foldReferral('R-1', events.map(accepted), using);
  const alerts = new Map<string, Alert>();
  const found: Record<string, string> = {};
  for (let run = Math.ceil((state.receivedAt ?? 0) / QUARTER) * QUARTER; run <= at(until); run += QUARTER) {
    for (const alert of detectAlerts(state, [...alerts.values()], using, run)) alerts.set(alertKey(alert), alert);
    for (const alert of alerts.values()) {
      if (needsUrgentMail(alert, state, using, run)) found[alert.kind] ??= short(run);
    }
  }
  return found;
}

const received = (priority: Priority, time: string) => sent('referral.received', time, receivedData({ priority }));
/** The default lead, without reminders of what is due later. */
const firstCalls = ({ acceptance, first_attempt }: Record<string, string>) => [acceptance, first_attempt];

describe('An urgent mail', () => {
  it.each([
    ['urgent, due at closing: two hours of opening time before', 'urgent', '03-02 15:00', '03-03 20:00'],
    ['urgent, over the weekend', 'urgent', '03-06 20:00', '03-09 19:00'],
    ['asap, due in four business hours', 'asap', '03-03 15:00', '03-03 17:00'],
    ['stat, the same', 'stat', '03-03 15:00', '03-03 17:00'],
    ['stat, received an hour before closing: the lead begins at opening', 'stat', '03-03 21:00', '03-04 14:00'],
  ] as [string, Priority, string, string][])(
    'comes while something can still be done: %s',
    (_name, priority, time, mailed) => {
      expect(firstCalls(urgentFrom([received(priority, time)], '03-10 00:00'))).toEqual([mailed, mailed]);
    },
  );

  it('never comes for a routine referral', () => {
    expect(urgentFrom([received('routine', '03-02 15:00')], '03-10 00:00')).toEqual({});
  });

  it('comes in the first run after the due if the alert opens no sooner', () => {
    const silent = sampleConfig();
    for (const { rules } of silent.policy.versions) {
      for (const rule of rules.flatMap(({ clocks }) => Object.values(clocks))) delete rule.warnBefore;
    }
    expect(urgentFrom([received('stat', '03-03 15:00')], '03-04 00:00', silent).first_attempt).toBe('03-03 19:15');
  });

  it('reports an alert that was acknowledged at risk once it is breached', () => {
    const known = sent('alert.acknowledged', '03-03 15:30', { kind: 'first_attempt', by: 'c-1' });
    const found = urgentFrom([received('stat', '03-03 15:00'), known], '03-04 00:00');
    expect(firstCalls(found)).toEqual(['03-03 17:00', '03-03 19:15']);
  });

  it('reports a snoozed one once its snooze ends, or after 30 days however long it was asked for', () => {
    const snoozed = (until: string) =>
      urgentFrom(
        [
          received('stat', '03-03 15:00'),
          sent('alert.snoozed', '03-03 15:30', { kind: 'all', by: 'c-1', until: new Date(at(until)).toISOString() }),
        ],
        '04-03 00:00',
      );
    expect(firstCalls(snoozed('03-05 18:00'))).toEqual(['03-05 18:00', '03-05 18:00']);
    expect(firstCalls(snoozed('12-24 00:00'))).toEqual(['04-02 15:30', '04-02 15:30']);
  });
});

describe('An urgent mail of a referral on which much is said at once', () => {
  it('is held back by the later of two snoozes of one minute', () => {
    const snooze = (id: string, kind: string, until: string) => ({
      ...sent('alert.snoozed', '03-03 16:00', { kind, by: 'c-1', until: new Date(at(until)).toISOString() } as never),
      id,
    });
    const early = { ...snooze('a', 'all', '03-03 16:30'), time: new Date(at('03-03 15:30')).toISOString() };
    const marks = [early, snooze('b', 'first_attempt', '03-03 21:00'), snooze('c', 'all', '03-03 16:15')];
    expect(urgentFrom([received('stat', '03-03 15:00'), ...marks], '03-04 00:00').first_attempt).toBe('03-03 17:00');
  });

  it('waits until the organization is live, and then comes', () => {
    const live = sampleConfig();
    live.directory.organization.liveFrom = '2026-03-03T18:10:00.000Z';
    const found = urgentFrom([received('stat', '03-03 15:00')], '03-04 00:00', live);
    expect(firstCalls(found)).toEqual(['03-03 18:15', '03-03 18:15']);
    const state = foldReferral('R-1', [accepted(received('stat', '03-03 15:00'))], live);
    expect(nextWake(state, live, at('03-03 18:00'))).toBe(at('03-03 18:10'));
  });

  it('is looked at again when the referral goes to another site, though no due moves', () => {
    const state = (site: string) =>
      foldReferral('R-1', [accepted(sent('referral.received', '03-02 14:00', receivedData({ site })))], config);
    const north = state('north');
    const now = at('03-04 20:00');
    expect(sameAlerts(north, north, config, now)).toBe(true);
    expect(sameAlerts(north, { ...north, site: 'elsewhere', coordinatorId: 'c-1' }, config, now)).toBe(false);
  });
});

describe('The instants at which an urgent mail may become due', () => {
  it('include an opening at the very due', () => {
    // The Cape Clinic opens on Sundays at midnight, and is closed on Saturdays.
    const due = at('03-15 04:00');
    const state = foldReferral(
      'R-1',
      [accepted(sent('referral.received', '03-02 14:00', receivedData({ site: 'cape' })))],
      config,
    );
    expect(urgentChanges(due, state, config)).toContain(due);
  });

  const state = (site: string): ReferralState =>
    foldReferral('R-1', [accepted(sent('referral.received', '03-02 14:00', receivedData({ site })))], config);
  const due = fc.integer({ min: at('03-02 00:00') / QUARTER, max: at('11-30 00:00') / QUARTER });

  it('begin where so much opening time is left, and nothing is urgent before', () => {
    fc.assert(
      fc.property(due, fc.constantFrom('north', 'west', 'cape'), fc.nat({ max: 400 }), (quarter, site, before) => {
        const dueAt: Instant = quarter * QUARTER;
        const [first = dueAt] = urgentChanges(dueAt, state(site), config);
        const calendar = calendarOf(config.directory, site);
        expect(isOpenAt(first, calendar)).toBe(true);
        expect(openMsBetween(first, dueAt, calendar)).toBe(2 * 3_600_000);
        const earlier = first - 1 - before * QUARTER;
        expect(isUrgentAt(dueAt, state(site), config, earlier)).toBe(false);
        expect(isUrgentAt(dueAt, state(site), config, first)).toBe(true);
        expect(isUrgentAt(dueAt, state(site), config, dueAt + 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('name every change: between two of them nothing becomes urgent', () => {
    fc.assert(
      fc.property(due, fc.constantFrom('north', 'west', 'cape'), fc.nat({ max: 300 }), (quarter, site, before) => {
        const dueAt: Instant = quarter * QUARTER;
        const run = dueAt - before * QUARTER;
        const at = urgentChanges(dueAt, state(site), config).findLast((instant) => instant <= run);
        const isUrgent = isUrgentAt(dueAt, state(site), config, run);
        if (isUrgent) expect(at !== undefined && isUrgentAt(dueAt, state(site), config, at)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
