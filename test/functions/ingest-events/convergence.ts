import fc from 'fast-check';
import { expect } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import type { AlertRow } from '../../../shared/contracts/output.ts';
import { mixedHistories, overDays, shuffles, withinAQuarter } from '../../builders/batches.ts';
import type { SentEvent } from '../../builders/events.ts';
import { QUARTER, runOf } from '../../builders/instants.ts';
import type { World } from '../../doubles/world.ts';

/** The first run after every event of a history has happened: none of them is in the future when it arrives. */
const afterAll = (events: readonly SentEvent[]): Instant =>
  runOf(Math.max(...events.map(({ time }) => Date.parse(time))));
const ARRIVALS_LAST = 10 * DAY_MS;
const LATER = 40 * DAY_MS;

export interface Laboratory {
  /** A world; several can share their tables. */
  open: () => Promise<World>;
  numRuns: number;
  maxEvents: number;
}

let serial = 0;
/** Ids that no other world uses: tables are shared. */
function own<T>(events: T): { ids: string[]; events: T } {
  serial += 1;
  const ids = ['R-1', 'R-2'].map((id) => `${id}-${serial}`);
  const renamed = JSON.stringify(events).replaceAll('"subject":"R-1"', `"subject":"${ids[0]}"`);
  return { ids, events: JSON.parse(renamed.replaceAll('"subject":"R-2"', `"subject":"${ids[1]}"`)) as T };
}

/** Rows without the number that kept worlds apart. */
const plain = <T>(rows: T): T => JSON.parse(JSON.stringify(rows).replaceAll(/"(R-[12])-\d+"/g, '"$1"')) as T;

/**
 * Two deliveries of the same events, each whole before the first detection run: the same referrals and the same alerts
 * for ever after, to the last field.
 */
export async function orderWithinAQuarterDoesNotMatter({ open, numRuns, maxEvents }: Laboratory): Promise<void> {
  await fc.assert(
    fc.asyncProperty(mixedHistories(['R-1', 'R-2'], maxEvents), shuffles, shuffles, async (history, ...bothWays) => {
      const outcomes = [];
      for (const shuffle of bothWays) {
        const { ids, events } = own(history);
        const world = await open();
        const run = afterAll(history) + QUARTER;
        await world.live(withinAQuarter(events, shuffle, run), run + LATER);
        outcomes.push(plain(await world.rows(ids, run + LATER)));
      }
      expect(outcomes[1]).toEqual(outcomes[0]);
    }),
    { numRuns },
  );
}

/**
 * Two deliveries of the same events over days, with detection in between that sees different things. Once both have
 * delivered everything: the same referrals; at every later run the same alerts hold, at the same level, with the same
 * dues; and an episode that began only then is the same to the last field. What only one of them ever had open was over
 * by the run that saw the last arrival.
 */
export async function arrivalDoesNotMatterInTheEnd({ open, numRuns, maxEvents }: Laboratory): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      mixedHistories(['R-1', 'R-2'], maxEvents),
      shuffles,
      shuffles,
      fc.integer({ min: 0, max: 30 }),
      async (history, first, second, days) => {
        const from = afterAll(history);
        const end = from + ARRIVALS_LAST;
        const until = end + days * DAY_MS;
        const outcomes = [];
        for (const shuffle of [first, second]) {
          const { ids, events } = own(history);
          const world = await open();
          await world.live(overDays(events, shuffle, from, end), until);
          const { referrals, alerts } = plain(await world.rows(ids, until));
          outcomes.push({
            referrals,
            alerts: alerts.filter((alert) => isAfter(alert.resolvedAt, end)).map((alert) => since(end, alert)),
          });
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
      },
    ),
    { numRuns },
  );
}

/** Open, or resolved by a run that came after the one that saw the last arrival. */
function isAfter(resolvedAt: string | null, end: Instant): boolean {
  return resolvedAt === null || Date.parse(resolvedAt) > end;
}

/** Instants before the end depend on what was seen when: only that they were before it is compared. */
function since(end: Instant, alert: AlertRow): AlertRow {
  const known = (instant: string | null): string | null =>
    instant !== null && Date.parse(instant) <= end ? 'before' : instant;
  const { atRiskAt, openedAt, escalatedAt } = alert;
  return { ...alert, atRiskAt: known(atRiskAt), openedAt: known(openedAt), escalatedAt: known(escalatedAt) };
}
