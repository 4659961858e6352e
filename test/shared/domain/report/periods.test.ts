import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../shared/contracts/duration.ts';
import { formatInstant } from '../../../../shared/contracts/instant.ts';
import {
  kindOfPeriod,
  LOOKBACK,
  periodsBack,
  reportPeriods,
  spanOf,
} from '../../../../shared/domain/report/periods.ts';
import { at } from '../../../builders/instants.ts';

const NEW_YORK = 'America/New_York';
const instants = (values: readonly number[]): string[] => values.map((value) => formatInstant(value).slice(0, 16));

/** The periods that fall due in a time, as kind, name, and when they are due. */
const due = (after: string, until: string, zone = NEW_YORK) =>
  reportPeriods(zone, at(after), at(until)).map(({ kind, name, asOf }) => [
    kind,
    name,
    formatInstant(asOf).slice(0, 16),
  ]);

function weekOf(name: string, zone = NEW_YORK) {
  const monday = at('2024-01-01T12:00:00Z');
  const found = reportPeriods(zone, monday, monday + 4 * 366 * DAY_MS).find((period) => period.name === name);
  if (!found) throw new Error(`no such week: ${name}`);
  return found;
}

describe('the reports that fall due', () => {
  it('are those of the week before, on Monday at 06:00 of the organization', () => {
    expect(due('03-03 00:00', '03-17 00:00')).toEqual([
      ['weekly', '2026-W10', '2026-03-09T10:00'],
      ['weekly', '2026-W11', '2026-03-16T10:00'],
    ]);
    expect(due('03-03 00:00', '03-10 00:00', 'Asia/Tokyo')).toEqual([['weekly', '2026-W10', '2026-03-08T21:00']]);
  });

  it('include the one due at the very end, and not the one due at the very start', () => {
    expect(due('03-09 10:00', '03-16 10:00').map(([, name]) => name)).toEqual(['2026-W11']);
    expect(due('03-09 10:00', '03-16 09:59')).toEqual([]);
  });

  it('include the monthly one on the first of a month, and the quarterly one on the first of a quarter', () => {
    expect(due('03-31 00:00', '04-01 12:00')).toEqual([
      ['monthly', '2026-03', '2026-04-01T10:00'],
      ['quarterly', '2026-Q1', '2026-04-01T10:00'],
    ]);
    expect(due('2026-12-31T00:00:00Z', '2027-01-01T12:00:00Z').map(([, name]) => name)).toEqual(['2026-12', '2026-Q4']);
    expect(due('2026-05-31T12:00:00Z', '2026-06-01T12:00:00Z').map(([, name]) => name)).toEqual([
      '2026-W22',
      '2026-05',
    ]);
  });

  it('name a week by the ISO year that it belongs to: 2026 has a week 53', () => {
    const names = due('2026-12-22T00:00:00Z', '2027-01-12T00:00:00Z').flatMap(([kind, name]) =>
      kind === 'weekly' ? name : [],
    );
    expect(names).toEqual(['2026-W52', '2026-W53', '2027-W01']);
    const { from, to } = spanOf(weekOf('2026-W53'));
    expect(instants([from, to])).toEqual(['2026-12-28T05:00', '2027-01-04T05:00']);
    // The first days of 2025 still belong to a week of that year, the last of 2024 to its first.
    expect(instants([spanOf(weekOf('2025-W01')).from])).toEqual(['2024-12-30T05:00']);
  });

  it('span 167 hours if clocks go forward, and 169 if they go back', () => {
    const hours = (name: string): number => {
      const { from, to } = spanOf(weekOf(name));
      return (to - from) / HOUR_MS;
    };
    expect([hours('2026-W10'), hours('2026-W11'), hours('2026-W44')]).toEqual([167, 168, 169]);
    // Every edge is a midnight, on both sides of the change.
    expect(instants(weekOf('2026-W11').edges.slice(0, 4).toReversed())).toEqual([
      '2026-02-23T05:00',
      '2026-03-02T05:00',
      '2026-03-09T04:00',
      '2026-03-16T04:00',
    ]);
  });

  it('look back 26 months from a month, and 26 quarters from a quarter, whatever the lengths of the months', () => {
    const march = reportPeriods(NEW_YORK, at('03-31 00:00'), at('04-01 12:00')).find(({ kind }) => kind === 'monthly');
    const dates = instants(march?.edges ?? []).map((text) => text.slice(0, 10));
    expect(dates.slice(0, 4)).toEqual(['2026-04-01', '2026-03-01', '2026-02-01', '2026-01-01']);
    expect([dates.length, dates.at(-1)]).toEqual([28, '2024-01-01']);
    const quarter = reportPeriods(NEW_YORK, at('03-31 00:00'), at('04-01 12:00')).find(
      ({ kind }) => kind === 'quarterly',
    );
    expect([quarter?.edges.length, instants(quarter?.edges ?? []).at(-1)]).toEqual([28, '2019-07-01T04:00']);
  });
});

describe('the name of a period', () => {
  it('gives its kind', () => {
    const names = ['2026-W01', '2026-W53', '2026-12', '2026-Q1', '2026-Q4'];
    expect(names.map(kindOfPeriod)).toEqual(['weekly', 'weekly', 'monthly', 'quarterly', 'quarterly']);
    for (const none of ['2026', '2026-Q5', '2026-Q0', '2026-W1', '2026-03-02', '']) {
      expect(() => kindOfPeriod(none)).toThrow('2026-W10');
    }
  });
});

describe('the period of an instant', () => {
  const week = weekOf('2026-W10');
  it('is the one that it lies in, start inclusive, end exclusive', () => {
    const { from, to } = spanOf(week);
    expect([from - 1, from, to - 1, to].map((instant) => periodsBack(week, instant))).toEqual([1, 0, 0, null]);
    const oldest = week.edges.at(-1) ?? 0;
    expect([oldest - 1, oldest].map((instant) => periodsBack(week, instant))).toEqual([null, LOOKBACK]);
  });

  it('is exactly one of the 27 for every instant in them, in any time zone', () => {
    const zones = fc.constantFrom(NEW_YORK, 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Santiago', 'UTC');
    const start = at('2026-01-01T00:00:00Z');
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 400 * DAY_MS }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (zone, offset, share) => {
          for (const period of reportPeriods(zone, start + offset, start + offset + 35 * DAY_MS)) {
            const { edges, asOf } = period;
            const [first = 0, last = 0] = [edges.at(-1), edges[0]];
            const instant = Math.floor(first + share * (last - first - 1));
            const back = periodsBack(period, instant) ?? -1;
            expect(edges).toHaveLength(LOOKBACK + 2);
            expect((edges[back + 1] ?? Infinity) <= instant && instant < (edges[back] ?? -Infinity)).toBe(true);
            expect(edges.toSorted((a, b) => b - a)).toEqual(edges);
            expect(asOf - last).toBeGreaterThanOrEqual(5 * HOUR_MS);
          }
        },
      ),
    );
  });
});
