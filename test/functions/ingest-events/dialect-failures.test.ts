import { describe, expect, it } from 'vitest';
import { dialectsSchema, NO_DIALECTS } from '../../../shared/contracts/dialects.ts';
import { LastingError } from '../../../shared/platform/lasting-error.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import type { UnmatchedStore } from '../../../shared/store/unmatched-store.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { logged } from '../../builders/stored.ts';
import { DESK_NOW, openDesk } from './dialect-desk.ts';

/** What one body may not do to others, nor to itself: whatever it holds, and wherever somebody fails or dies. */

const NOW = new Date(DESK_NOW).toISOString();
const said = (resource: object) => JSON.stringify({ meta: { lastUpdated: NOW }, ...resource });
const visit = (id: string, appointment: string) =>
  said({
    ...{ resourceType: 'Encounter', id, status: 'in-progress', period: { start: NOW } },
    appointment: [{ reference: `Appointment/${appointment}` }],
  });
const booking = (id: string, order: string, more: object = {}) =>
  said({
    ...{ resourceType: 'Appointment', id, status: 'booked', start: NOW, participant: [{ status: 'accepted' }] },
    basedOn: [{ reference: `ServiceRequest/${order}` }],
    ...more,
  });

const call = (subject: string, id: string) =>
  logged(sent('contact.attempted', '03-02 15:00', { channel: 'phone', outcome: 'voicemail' }, { subject, id }));

describe('no body', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  it.each([
    ['a list of half a million', `[${'1,'.repeat(500_000)}1]`, 'too_large'],
    ['as many lines', '{}\n'.repeat(100_000), 'too_large'],
    ['a list without end', deep(100_000), 'malformed'],
    ['an envelope without end', `{"detail-type":"x","detail":${deep(100_000)}}`, 'malformed'],
    ['a resource without end', `{"resourceType":"Task","id":"t","input":${deep(100_000)}}`, 'invalid'],
    [
      'a reference without end',
      booking('a', 'o', { supportingInformation: [{ reference: 'x'.repeat(500_000) }] }),
      null,
    ],
    ['a number without end', visit('v', 'x'.repeat(500_000)), null],
    ['a referral without end', booking('a', 'x'.repeat(500_000)), null],
    [
      'half a character in its name',
      said({
        ...JSON.parse(visit('v', 'a')),
        appointment: [{ type: 'Appointment', identifier: { value: 'a\ud800' } }],
      }),
      'invalid',
    ],
  ])('comes back, or holds up another: %s', async (_, body, reason) => {
    const { comingBack, log, refused } = await openDesk();
    expect(await comingBack([{ body }, { body: booking('a-1', 'sr-1') }])).toEqual([]);
    expect(await log('sr-1')).toHaveLength(1);
    if (reason !== null) expect(await refused()).toEqual([expect.objectContaining({ reason })]);
  });

  it.each([200, 5_000, 100_000])('has one member of %i levels that keeps its neighbours out', async (levels) => {
    const extra = `,"unread":${deep(levels)}}`;
    const deeper = (json: string): string => json.slice(0, -1) + extra;
    const cloudEvent = (subject: string): string =>
      JSON.stringify(sent('referral.received', '03-02 13:00', receivedData(), { subject }));
    const events = (of: string): string =>
      `[${[cloudEvent(`${of}-1`), deeper(cloudEvent(`${of}-2`)), cloudEvent(`${of}-3`)].join(',')}]`;
    const booked = (of: string): string[] => [
      booking(`${of}-a`, `${of}-1`),
      deeper(booking(`${of}-b`, `${of}-2`)),
      booking(`${of}-c`, `${of}-3`, { status: 'unheard-of' }),
    ];
    const bus = (detail: string): string => `{"detail-type":"x","detail":${detail}}`;
    const entries = booked('bundle').map((resource) => `{"resource":${resource}}`);
    const { comingBack, log, refused } = await openDesk();
    const bodies = [
      events('list'),
      bus(events('bus')),
      `[${booked('fhir').join(',')}]`,
      booked('lines').join('\n'),
      bus(`{"resourceType":"Bundle","type":"collection","entry":[${entries.join(',')}]}`),
    ];
    expect(await comingBack(bodies.map((body) => ({ body })))).toEqual([]);
    const eventsOf = async (of: string): Promise<number[]> =>
      Promise.all([1, 2, 3].map(async (number) => (await log(`${of}-${number}`)).length));
    // An event that is too deep is refused; of a resource only what is read counts.
    for (const of of ['list', 'bus']) expect(await eventsOf(of)).toEqual([1, 0, 1]);
    for (const of of ['fhir', 'lines', 'bundle']) expect(await eventsOf(of)).toEqual([1, 1, 0]);
    expect((await refused()).map(({ dialect, position, reason }) => `${dialect} ${position} ${reason}`).sort()).toEqual(
      [
        ...['cloudevents 2 invalid', 'cloudevents 2 invalid'],
        ...['fhir 3 invalid', 'fhir 3 invalid', 'fhir 3 invalid'],
      ],
    );
  });

  it('has a row whose data is too deep to be written', async () => {
    const rows = ['e-1', 'e-2'].map((id, index) => {
      const data = index === 0 ? deep(40_000) : '{"channel":"phone","outcome":"voicemail"}';
      return `${id},s,contact.attempted,R-1,2026-03-02T13:00:00Z,"${data.replaceAll('"', '""')}"`;
    });
    const { comingBack, log, refused } = await openDesk();
    const body = ['id,source,type,subject,time,data', ...rows].join('\n');
    expect(await comingBack([{ body, attributes: { dialect: 'csv' } }])).toEqual([]);
    expect(await log('R-1')).toMatchObject([{ id: 'e-2' }]);
    expect(await refused()).toMatchObject([{ reason: 'invalid', position: 2 }]);
  });

  it('has a feed heard from ahead of time', async () => {
    const heartbeat = {
      ...{ resourceType: 'Bundle', type: 'history', timestamp: '2027-01-01T00:00:00Z' },
      entry: [{ resource: { resourceType: 'Parameters', parameter: [{ name: 'type', valueCode: 'heartbeat' }] } }],
    };
    const { deliver, refused } = await openDesk();
    expect(await deliver({ body: JSON.stringify(heartbeat) })).toBe(0);
    expect(await refused()).toEqual([expect.objectContaining({ reason: 'time_in_future', dialect: 'fhir' })]);
  });
});

it.each([
  ['2026-03-02T08:00:00', { timeZone: 1 }],
  ['2026-03-02T08:00:00Z', {}],
])('a zone that had to be guessed for a heartbeat is counted: %s', async (timestamp, counted) => {
  const heartbeat = {
    ...{ resourceType: 'Bundle', type: 'history', timestamp },
    entry: [{ resource: { resourceType: 'Parameters', parameter: [{ name: 'type', valueCode: 'heartbeat' }] } }],
  };
  const { deliver, refused, unmapped } = await openDesk();
  expect(await deliver({ body: JSON.stringify(heartbeat) })).toBe(0);
  expect(await refused()).toEqual([]);
  expect(await unmapped.countByField(DESK_NOW, DESK_NOW + 1)).toEqual(counted);
});

describe('a store that fails for one member', () => {
  it('has only its record come back', async () => {
    const { comingBack, log } = await openDesk(NO_DIALECTS, ({ aliases }) => ({
      aliases: new Proxy(aliases, {
        get: (target, name) => {
          if (name !== 'name') return Reflect.get(target, name).bind(target);
          return (alias: { key: string }, now: number) =>
            alias.key === 'Appointment/bad'
              ? Promise.reject(new Error('no'))
              : target.name(alias as Parameters<typeof target.name>[0], now);
        },
      }),
    }));
    const both = `[${booking('bad', 'sr-1')},${booking('good', 'sr-2')}]`;
    expect(await comingBack([{ body: both }, { body: booking('other', 'sr-3') }])).toEqual([0]);
    for (const referralId of ['sr-2', 'sr-3']) expect(await log(referralId)).toHaveLength(1);
  });
});

describe('what waited', () => {
  const IDENTIFIED = dialectsSchema.parse({
    defaults: { identifierSystems: ['urn:example:referrals'] },
    senders: [{ name: 'main-clinic' }],
  });
  const sender = 'main-clinic';
  const naming = {
    body: said({
      ...{ resourceType: 'ServiceRequest', id: 'sr-1', status: 'active', intent: 'order', authoredOn: NOW },
      ...{ subject: { reference: 'Patient/p' }, identifier: [{ system: 'urn:example:referrals', value: 'REF-7' }] },
    }),
    attributes: { sender, file: 'orders.ndjson', position: '1' },
  };
  const waiting = { body: booking('a-1', 'sr-1'), attributes: { sender, file: 'bookings.ndjson', position: '3' } };

  it('is refused as what it is, from where it came, if its referral takes no more', async () => {
    const desk = await openDesk(IDENTIFIED);
    await desk.deliver(waiting);
    for (let id = 0; id < 2_000; id += 1) await desk.referrals.append(call('REF-7', String(id)));
    await desk.deliver(naming);
    expect(await desk.refused()).toContainEqual(
      expect.objectContaining({ reason: 'limit', dialect: 'fhir', file: 'bookings.ndjson', position: 3 }),
    );
    expect(await desk.unmatched.heldBetween(0, DESK_NOW + 1)).toEqual([]);
  });

  it('waits until all of the message that named it is done', async () => {
    let isDown = true;
    const desk = await openDesk(IDENTIFIED, ({ feeds }) => ({
      feeds: new Proxy(feeds, {
        get: (target, name) =>
          name === 'markEvents' && isDown
            ? () => Promise.reject(new Error('down'))
            : Reflect.get(target, name).bind(target),
      }),
    }));
    const held = async () => (await desk.unmatched.heldBetween(0, DESK_NOW + 1)).length;
    await desk.deliver(waiting);
    expect([await desk.comingBack([naming]), await held()]).toEqual([[0], 1]);
    isDown = false;
    expect([await desk.comingBack([naming]), await held()]).toEqual([[], 0]);
    expect((await desk.log('REF-7')).map(({ type }) => type)).toEqual(['referral.received', 'appointment.scheduled']);
  });

  it('that can’t be read sends nobody back who names what it waits for', async () => {
    const unread = new LastingError('an item can’t be read');
    const waitingFor: UnmatchedStore['waitingFor'] = async (_sender, _key, onUnreadable) => {
      if (!onUnreadable) throw unread;
      onUnreadable(unread);
      return [];
    };
    const codes: string[] = [];
    const desk = await openDesk(IDENTIFIED, ({ unmatched }) => ({
      log: { ...silentLog, error: (code) => void codes.push(code) },
      unmatched: new Proxy(unmatched, {
        get: (target, name) => (name === 'waitingFor' ? waitingFor : Reflect.get(target, name).bind(target)),
      }),
    }));
    expect(await desk.comingBack([naming])).toEqual([]);
    expect(await desk.log('REF-7')).toHaveLength(1);
    expect(codes).toContain('ITEM_UNREADABLE');
  });
});

describe('a body of 5,000 members', () => {
  const rows = Array.from({ length: 5_000 }, (_, row) => `R-${row},2026-03-01 10:00`);
  const EXPORT = dialectsSchema.parse({
    senders: [
      {
        ...{ name: 'nightly', timeZone: 'America/New_York' },
        csv: { kind: 'states', subject: 'Ref', key: ['Ref'], emit: [{ type: 'referral.accepted', time: 'At' }] },
      },
    ],
  });
  const nightly = { body: `Ref,At\n${rows.join('\n')}\n`, attributes: { dialect: 'csv', sender: 'nightly' } };

  it('lets others go first, and gets further each time it comes back', async () => {
    const desk = await openDesk(EXPORT);
    const other = { body: booking('a-1', 'sr-1') };
    // The function asks before each piece of work how much time it has left.
    const forWork = (pieces: number) => {
      let left = pieces;
      return () => (left-- > 0 ? 60_000 : 1_000);
    };
    expect(await desk.comingBack([nightly, other], forWork(2_000))).toEqual([0]);
    expect(await desk.log('sr-1')).toHaveLength(1);
    expect(desk.referrals.ids().length).toBeGreaterThan(1_900);
    expect(await desk.comingBack([nightly], forWork(4_000))).toEqual([0]);
    expect(desk.referrals.ids().length).toBeGreaterThan(3_900);
    expect(await desk.comingBack([nightly])).toEqual([]);
    expect(desk.referrals.ids()).toHaveLength(5_001);
  });
});
