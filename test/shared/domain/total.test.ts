import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../local/explain/explanation.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { type LoopEvent, loopEvent } from '../../../shared/contracts/event.ts';
import { type Instant, parseInstant } from '../../../shared/contracts/instant.ts';
import type { Alert } from '../../../shared/contracts/state.ts';
import { alertKey, detectAlerts } from '../../../shared/domain/alert/detect.ts';
import { needsUrgentMail } from '../../../shared/domain/alert/urgent.ts';
import { nextWake, sameAlerts } from '../../../shared/domain/alert/wake-up.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { foldReferral } from '../../../shared/domain/referral/fold.ts';
import { reportPeriods } from '../../../shared/domain/report/periods.ts';
import { ReportBuilder } from '../../../shared/domain/report/report-builder.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { sampleConfig } from '../../builders/config.ts';
import { accepted } from '../../builders/events.ts';
import { HISTORY_START, histories } from '../../builders/histories.ts';
import { mailsOf } from '../mail/mails.ts';

/**
 * Whatever instants a stored log holds, also those from before intake refused them, nothing that computes on a referral
 * throws or runs on: it would hold up a run, a mail or a report.
 */

const EXTREMES = [
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+23:59',
  '0001-01-01T00:00:00Z',
  '1582-10-15T00:00:00Z',
  '1900-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '2100-12-31T23:59:59.999Z',
  '9999-12-31T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999-23:59',
];
const DATES = ['0000-01-01', '1900-01-01', '9999-12-31'];
const INSTANT_FIELDS = ['startsAt', 'until', 'nextAttemptAt', 'orderedAt', 'requestedBy'];

const config = sampleConfig();
const RUNS = [0, 1, 10, 60, 400].map((days) => HISTORY_START + days * DAY_MS);

/** An event with some of its instants replaced. */
const twisted = (event: LoopEvent, time: string | null, data: string | null): LoopEvent => {
  const at = time === null ? null : parseInstant(time);
  const fields = Object.entries(event.data).map(([name, value]) => [
    name,
    data !== null && INSTANT_FIELDS.includes(name) ? data : value,
  ]);
  const stored = { ...event, ...(at !== null && { time: at, recordedAt: at }), data: Object.fromEntries(fields) };
  return loopEvent.parse(JSON.parse(JSON.stringify(stored)));
};

const twist = fc.record({
  time: fc.option(fc.constantFrom(...EXTREMES), { freq: 3 }),
  data: fc.option(fc.constantFrom(...EXTREMES, ...DATES), { freq: 2 }),
});
const twistedLogs = fc
  .tuple(histories('R-1'), fc.array(twist, { minLength: 20, maxLength: 20 }))
  .map(([arriving, twists]) =>
    arriving.flatMap(({ event }, index) => {
      const { time = null, data = null } = twists[index % twists.length] ?? {};
      try {
        return [twisted(accepted(event), time, data)];
      } catch {
        // A date alone where only an instant can stand was never accepted.
        return [];
      }
    }),
  );

/** What detection has found by the last of some runs. */
function detected(log: LoopEvent[], runs: readonly Instant[]): ReferralAlert[] {
  const state = foldReferral('R-1', log, config);
  let alerts: Alert[] = [];
  for (const run of runs) {
    const changed = detectAlerts(state, alerts, config, run);
    const keys = changed.map(alertKey);
    alerts = [...alerts.filter((alert) => !keys.includes(alertKey(alert))), ...changed];
  }
  return alerts.map((alert) => ({ alert, state }));
}

describe('a referral with any instants', () => {
  it('is folded, looked at and looked at again', () => {
    fc.assert(
      fc.property(twistedLogs, (log) => {
        const state = foldReferral('R-1', log, config);
        for (const run of RUNS) {
          for (const { alert } of detected(log, [run])) needsUrgentMail(alert, state, config, run);
          const wake = nextWake(state, config, run);
          expect(wake === null || (Number.isSafeInteger(wake) && wake > run)).toBe(true);
          sameAlerts(foldReferral('R-1', [], config), state, config, run);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is counted and explained', () => {
    fc.assert(
      fc.property(twistedLogs, (log) => {
        const [period] = reportPeriods('America/New_York', HISTORY_START, HISTORY_START + 60 * DAY_MS);
        if (!period) throw new Error('expected a period');
        const builder = new ReportBuilder(period, config);
        builder.add(foldReferral('R-1', log, config));
        builder.finish({ refused: {}, unmapped: {}, orphans: 0, feedsHeard: new Map() });
        const now = HISTORY_START + 60 * DAY_MS;
        const logged = log.map((event) => ({ event, arrivedAt: HISTORY_START }));
        explain({ referralId: 'R-1', log: logged, alerts: [], mails: [], config, now });
      }),
      { numRuns: 200 },
    );
  });

  it('is mailed', async () => {
    await fc.assert(
      fc.asyncProperty(twistedLogs, async (log) => {
        for (const content of mailsOf(detected(log, RUNS), config)) await renderMail(content, config);
      }),
      { numRuns: 60 },
    );
  });
});
