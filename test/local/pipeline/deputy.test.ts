import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toArrivals } from '../../../local/pipeline/input.ts';
import { runSession, type Session } from '../../../local/pipeline/session.ts';
import type { Config, Person } from '../../../shared/contracts/config.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';

/**
 * A week of mail, to the file that replay writes. Ada, who begins at 06:30, is away on Tuesday and Wednesday; Bo, her
 * deputy, works in Los Angeles and is away on Wednesday himself, when Cy stands in, the fallback of Ada's first site.
 */
const UNTIL = at('03-05 23:00');
const ZONE = 'America/New_York';

const person = (id: string, over: Partial<Person>): Person => ({
  ...{ id, role: 'coordinator', name: id.toUpperCase(), email: `${id}@example.org`, timeZone: ZONE },
  ...over,
});

function config(): Config {
  const { policy, directory } = sampleConfig();
  const sites = directory.sites.map(({ fallbackCoordinatorId: _, ...site }) =>
    site.id === 'north' ? { ...site, holidays: ['2026-03-05', '2027-01-01'], fallbackCoordinatorId: 'cy' } : site,
  );
  const people = [
    person('ada', {
      digestAt: '06:30',
      holidaysOf: 'north',
      routes: [{ site: 'north' }],
      away: [{ from: '2026-03-03', to: '2026-03-04', deputyId: 'bo' }],
    }),
    person('bo', {
      timeZone: 'America/Los_Angeles',
      away: [{ from: '2026-03-04', to: '2026-03-04', deputyId: 'ada' }],
    }),
    person('cy', {}),
  ];
  const organization = { ...directory.organization, liveFrom: '2026-03-02T00:00:00.000Z' };
  return { policy, directory: { ...directory, organization, sites, practices: [], people } };
}

describe('a week in which a coordinator and her deputy are away', () => {
  let session: Session;
  beforeAll(async () => {
    // Nobody hears of it: it is silent from Monday evening on.
    const event = sent('referral.received', '02-16 15:00', receivedData({ specialty: 'dermatology' }));
    const arrivals = toArrivals([{ body: JSON.stringify(event), file: 'events.ndjson', position: 1 }], UNTIL);
    session = await runSession({ config: config(), arrivals, until: UNTIL });
  });
  afterAll(() => session.close());

  it('her digests reach whoever stands in, and are still hers', () => {
    const own = session.out.mails.filter(({ forPersonId }) => forPersonId === 'ada');
    const said = own.map(({ period, sentAt, recipient, rows }) =>
      [period, sentAt.slice(11, 16), recipient, ...rows.map(({ referralId }) => referralId)].join(' '),
    );
    expect(said).toEqual([
      // Nothing came before going live, and what was late by then is history. Thursday is a holiday of hers.
      '2026-03-02 11:30 ada@example.org',
      '2026-03-03 11:30 bo@example.org R-1',
      '2026-03-04 11:30 cy@example.org R-1',
    ]);
  });

  it('the alerts are hers all along', () => {
    const owners = new Set(session.out.alerts.map(({ coordinatorId }) => coordinatorId));
    expect([...owners]).toEqual(['ada']);
  });

  it('her deputies have their own all-clear on Monday, at 07:00 of their own zones', () => {
    const others = session.out.mails.filter(({ forPersonId }) => forPersonId === 'bo' || forPersonId === 'cy');
    expect(others.map(({ sentAt, recipient, rows }) => [sentAt.slice(5, 16), recipient, rows.length])).toEqual([
      ['03-02T12:00', 'cy@example.org', 0],
      ['03-02T15:00', 'bo@example.org', 0],
    ]);
  });
});
