import { describe, expect, it } from 'vitest';
import type { Report } from '../../shared/contracts/report.ts';
import { MemoryReportStore } from '../doubles/memory-stores.ts';
import { World } from '../doubles/world.ts';
import { batchesOf } from './agreement.ts';
import { busyOrganization } from './busy-organizations.ts';
import { compareReports } from './compare-reports.ts';
import { oracleReportPeriods, oracleReports } from './report.ts';
import type { Kind } from './report-periods.ts';
import { type VariedOrganization, variedOrganization } from './varied-organizations.ts';

/** The reports that the deployed handlers write are those of a second implementation, number by number. */

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);
/** Between them these have every signal of the control chart. */
const BUSY = [1, 2, 3, 4];
/** All periods of every organization would take minutes: the last of each kind is compared, and every 16th other one. */
const EVERY = 16;

type Period = ReturnType<typeof oracleReportPeriods>[number];

/** The periods of an organization that are compared, different ones for each seed. */
function chosen(periods: readonly Period[], seed: number): Period[] {
  const last = new Set([...Map.groupBy(periods, ({ kind }) => kind).values()].map((own) => own.at(-1)));
  return periods.filter((period, index) => last.has(period) || (index + seed) % EVERY === 0);
}

/** What the handlers write for the periods, the latest first. */
async function written(
  { arrivals, config }: VariedOrganization,
  periods: readonly Period[],
): Promise<Map<Period, Map<string, Report>>> {
  const lines = arrivals.map(({ event, arrivedAt }) => ({ body: JSON.stringify(event), arrivedAt }));
  const store = new MemoryReportStore();
  const world = await World.open(config, { reports: store, since: arrivals[0]?.arrivedAt ?? 0 });
  const reports = new Map<Period, Map<string, Report>>();
  let from = Number.NEGATIVE_INFINITY;
  for (const period of periods) {
    const { kind, name, asOf } = period;
    await world.live(batchesOf(lines.filter(({ arrivedAt }) => arrivedAt > from && arrivedAt <= asOf)), asOf);
    from = asOf;
    await world.report(asOf);
    const own = await store.all((key) => key.kind === kind && key.period === name);
    reports.set(period, new Map(own.map(({ scope, report }) => [scope, report])));
  }
  return reports;
}

/** Where the handlers' reports for the periods differ from the oracle's. */
async function differences(organization: VariedOrganization, periods: readonly Period[]): Promise<string[]> {
  const { arrivals, config } = organization;
  return [...(await written(organization, periods))].flatMap(([period, reports]) => {
    const expected = oracleReports({ arrivals, config, asOf: period.asOf, period });
    return compareReports(expected, reports).map((line) => `${period.name} ${line}`);
  });
}

const periodsOf = ({ arrivals, config, until }: VariedOrganization): Period[] =>
  oracleReportPeriods(config, arrivals[0]?.arrivedAt ?? 0, until);

describe('The reports of simulated organizations', () => {
  it.each(SEEDS)(
    "are the oracle's in every number, seed %i",
    async (seed) => {
      const organization = variedOrganization(seed);
      const periods = chosen(periodsOf(organization), seed);
      expect(periods.length).toBeGreaterThan(5);
      expect(await differences(organization, periods)).toEqual([]);
    },
    60_000,
  );

  it.each(BUSY)(
    "are the oracle's where there is much to do, seed %i",
    async (seed) => {
      const organization = busyOrganization(seed);
      const last = (kind: Kind, count: number) =>
        periodsOf(organization)
          .filter((period) => period.kind === kind)
          .slice(-count);
      // in the order in which they are written
      const periods = [...last('weekly', 8), ...last('monthly', 2)].sort((a, b) => a.asOf - b.asOf);
      expect(await differences(organization, periods)).toEqual([]);
    },
    60_000,
  );
});
