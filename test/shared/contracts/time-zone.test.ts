import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { isTimeZone } from '../../../shared/contracts/time-zone.ts';

/** Old abbreviations that ICU knows beside the regions. */
const ABBREVIATIONS = [
  ...['ACT', 'AET', 'AGT', 'ART', 'AST', 'BET', 'BST', 'CAT', 'CNT', 'CST', 'CTT', 'EAT', 'ECT', 'IET', 'IST'],
  ...['JST', 'MIT', 'NET', 'NST', 'PLT', 'PNT', 'PRT', 'PST', 'SST', 'VST'],
];

describe('A time zone', () => {
  it('is each that the platform lists, in small letters too', () => {
    const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'US/Pacific', 'Etc/GMT+5', '+05:00'];
    expect(zones.flatMap((zone) => [zone, zone.toLowerCase()]).filter((zone) => !isTimeZone(zone))).toEqual([]);
  });

  it.each([...ABBREVIATIONS, 'Mars/North', '', 'CDT'])('is not %j', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
    expect(isTimeZone(zone.toLowerCase())).toBe(false);
  });

  it('law: is one with which dues are computed and times are shown', () => {
    const taken = [...ABBREVIATIONS, 'EST', 'MST', 'HST', 'GMT', 'EST5EDT', 'Zulu', '+0530', 'Etc/GMT-14'].filter(
      isTimeZone,
    );
    const used = taken.map((zone) => {
      const local = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
      return new Intl.DateTimeFormat('en', { timeZone: zone }).format(local.epochMilliseconds);
    });
    expect(used).toHaveLength(taken.length);
    expect(taken.length).toBeGreaterThan(5);
  });
});
