import { describe, expect, it } from 'vitest';
import { EVENTS, identityOf, rehearsalData, zoneWhereItIs } from '../../../local/rehearsal/organization.ts';
import { checkConfig } from '../../../shared/contracts/config-check.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { dailyMails, digestPeriods } from '../../../shared/domain/mail/schedule.ts';

/** Starting times over two days, the last ones on a Sunday. */
const STARTS = Array.from({ length: 24 }, (_, hour) => Date.parse('2026-11-21T00:07:00Z') + hour * 1.9 * HOUR_MS);

describe('the organization of a rehearsal', () => {
  it.each(STARTS.map((start) => [new Date(start).toISOString(), start] as const))(
    'started at %s has every digest due at a full hour that is 15 to 75 minutes ahead',
    (_, now) => {
      const { config, digestAt } = rehearsalData(now, 1);
      expect(digestAt % HOUR_MS).toBe(0);
      expect(digestAt - now).toBeGreaterThanOrEqual(15 * MINUTE_MS);
      expect(digestAt - now).toBeLessThan(75 * MINUTE_MS);
      const mails = dailyMails(config.directory);
      expect(new Set(mails.map(({ kind }) => kind)).size).toBe(3);
      for (const { recipient } of mails) {
        expect(digestPeriods(recipient, now, digestAt).map(({ dueAt }) => dueAt)).toEqual([digestAt]);
      }
    },
  );

  it('has a valid configuration, and 200 different events of the past', () => {
    const now = STARTS[0] as number;
    const { config, events } = rehearsalData(now, 1);
    expect(checkConfig(config).problems).toEqual([]);
    expect(new Set(events.map(identityOf)).size).toBe(EVENTS);
    for (const { time } of events) expect(Date.parse(time)).toBeLessThanOrEqual(now);
  });
});

describe('the time zone in which it is seven', () => {
  it.each([
    ['2026-11-24T07:00:00Z', 'Etc/GMT'],
    ['2026-11-24T02:00:00Z', 'Etc/GMT-5'],
    ['2026-11-24T12:00:00Z', 'Etc/GMT+5'],
    ['2026-11-24T23:00:00Z', 'Etc/GMT-8'],
  ])('at %s is %s', (instant, zone) => {
    expect(zoneWhereItIs(7, Date.parse(instant))).toBe(zone);
  });
});
