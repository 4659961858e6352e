import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../shared/contracts/config-check.ts';
import { busyOrganization } from './busy-organizations.ts';
import { COUNTS } from './compare-reports.ts';
import { oracleReportPeriods, oracleReports, type Report } from './report.ts';
import type { Kind } from './report-periods.ts';
import { type VariedOrganization, variedOrganization } from './varied-organizations.ts';

/** In the last of them nine in ten are booked at last, so that there is a P90 of it; that is one organization in eight. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 17];
const BUSY = [1, 2, 3, 4];
/** A note, its acknowledgement and the notice to the office are owed after the end as well, so they are never lost. */
const NEVER = ['clocks.acknowledge.lost', 'clocks.note.lost', 'clocks.referrer_update.lost'];
/** Ten clocks of a kind in one week are rare, and flagging works the same for all kinds. */
const FLAGGED = /^clocks\.\w+\.flagged$/;
/** For these the busy organizations are made. */
const CHART = /^clocks\.\w+\.(centre|limits|signal)$/;

describe('Varied organizations', () => {
  it('are the same for the same seed', () => {
    expect(variedOrganization(7)).toEqual(variedOrganization(7));
    expect(variedOrganization(7).arrivals).not.toEqual(variedOrganization(8).arrivals);
  });

  it('have a configuration that can be used', () => {
    for (const seed of SEEDS) {
      const { problems, warnings } = checkConfig(variedOrganization(seed).config);
      expect([...problems, ...warnings], `seed ${seed}`).toEqual([]);
    }
  });

  it('have something to say in every figure', () => {
    const silent = new Map<string, boolean>();
    for (const report of SEEDS.flatMap(lastReports)) {
      for (const [path, value] of figuresOf(report)) {
        silent.set(path, (silent.get(path) ?? true) && saysNothing(value));
      }
    }
    const paths = [...silent]
      .filter(([, nothing]) => nothing)
      .map(([path]) => path)
      .sort();
    expect(paths.filter((path) => !FLAGGED.test(path) && !CHART.test(path))).toEqual(NEVER);
    expect([...silent].filter(([path, nothing]) => FLAGGED.test(path) && !nothing).length).toBeGreaterThan(4);
  });
});

describe('Busy organizations', () => {
  it('are the same for the same seed, with a configuration that can be used', () => {
    expect(busyOrganization(2)).toEqual(busyOrganization(2));
    const { problems, warnings } = checkConfig(busyOrganization(2).config);
    expect([...problems, ...warnings]).toEqual([]);
  });

  it('have every signal between them, and weeks without limits', () => {
    const charts = BUSY.flatMap((seed) => {
      const organization = busyOrganization(seed);
      return lastOf(organization, 'weekly', 8).flatMap((report) => Object.values(report.clocks as Report));
    });
    const signals = new Set(charts.map(({ signal }) => signal));
    const all = ['above', 'below', 'shift_down', 'shift_up', 'trend_down', 'trend_up'];
    expect([...signals].filter((signal) => signal !== null).sort()).toEqual(all);
    expect(charts.some(({ centre, limits }) => centre !== null && limits === null)).toBe(true);
  });
});

/** The reports of the whole organization for the last four weeks, the last month and the last quarter. */
function lastReports(seed: number): Report[] {
  const organization = variedOrganization(seed);
  const last = (kind: Kind, count: number) => lastOf(organization, kind, count);
  return [...last('weekly', 4), ...last('monthly', 1), ...last('quarterly', 1)];
}

function lastOf({ arrivals, config, until }: VariedOrganization, kind: Kind, count: number): Report[] {
  const periods = oracleReportPeriods(config, arrivals[0]?.arrivedAt ?? 0, until);
  return periods
    .filter((period) => period.kind === kind)
    .slice(-count)
    .map((period) => oracleReports({ arrivals, config, asOf: period.asOf, period }).get('organization') as Report);
}

/** Every figure by its path; lists, and counts by names that occur, as one. */
function figuresOf(value: Report, path: string[] = []): [string, unknown][] {
  return Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    const here = [...path, key];
    const nested = typeof one === 'object' && one !== null && !Array.isArray(one) && !COUNTS.includes(key);
    return nested ? figuresOf(one, here) : [[here.join('.'), one]];
  });
}

function saysNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === 0 || value === false;
}
