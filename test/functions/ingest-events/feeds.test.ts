import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { EVENT_TYPES, type EventType } from '../../../shared/contracts/event.ts';
import { NoConfigurationError } from '../../../shared/store/config-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { MemoryFeedStore, MemoryTables, memoryStores } from '../../doubles/memory-stores.ts';
import { World } from '../../doubles/world.ts';

/** A feed is heard by any of its events. */

const NOW = at('03-02 15:07');
const QUARTER_OF_NOW = at('03-02 15:00');
const HEARD = { heartbeatAt: null, lastEventAt: QUARTER_OF_NOW };
const typed = (...types: EventType[]) => ({ ...HEARD, types });

function config(): Config {
  const { policy, directory } = sampleConfig();
  const feeds = ['/records', '/fax'].map((name) => ({ name, expectedEveryHours: 24 }));
  return { policy, directory: { ...directory, feeds } };
}

async function open() {
  const stores = memoryStores();
  const marked: (readonly [string, number])[][] = [];
  const { markEvents } = stores.feeds;
  stores.feeds.markEvents = async (arrivals) => {
    marked.push([...arrivals].map(([feed, { latestAt }]) => [feed, latestAt]));
    return markEvents.call(stores.feeds, arrivals);
  };
  const world = await World.open(config(), stores);
  const deliver = (events: SentEvent[], sentAt = NOW, now = sentAt) =>
    world.deliver({ at: now, messages: events.map((event) => ({ body: JSON.stringify(event), sentAt })) });
  const heard = async (name = '/records') => (await stores.feeds.heard([name])).get(name);
  return { ...stores, markEvents, marked, deliver, heard };
}

const received = (over: object = {}) => sent('referral.received', '03-02 14:00', receivedData(), over);
const contacted = (over: object = {}) =>
  sent('practice.contacted', '03-02 14:00', { by: 'l-1' }, { subject: 'practice-1', ...over });

describe('A feed is heard', () => {
  it.each([
    ['a referral’s event', received()],
    ['a retraction', sent('event.retracted', '03-02 14:00', { source: 's', id: '1' })],
    ['a practice’s event', contacted()],
  ])('in the quarter hour in which %s of it arrives, and with its type', async (_, event) => {
    const { deliver, heard } = await open();
    await deliver([event]);
    expect(await heard()).toEqual(typed(event.type));
    expect(await heard('/fax')).toBeUndefined();
  });

  it('by a heartbeat when it was sent, and by that alone', async () => {
    const { deliver, heard } = await open();
    await deliver([sent('feed.heartbeat', '03-02 14:59', {}, { subject: '/records' })]);
    expect(await heard()).toEqual({ heartbeatAt: at('03-02 14:59'), lastEventAt: null, types: [] });
  });

  it('by no event that was refused', async () => {
    const { deliver, heard } = await open();
    await deliver([{ ...received(), type: 'referral.nonsense' as 'referral.accepted' }]);
    await deliver([received({ source: '/fax', id: 'same' })]);
    await deliver(
      [{ ...received({ source: '/fax', id: 'same' }), data: receivedData({ site: 'south' }) }],
      NOW + HOUR_MS,
    );
    expect(await heard()).toBeUndefined();
    expect(await heard('/fax')).toEqual(typed('referral.received'));
  });

  it.each([
    ['a referral’s', received()],
    ['a practice’s', contacted()],
  ])('when %s event first arrived, however often it is repeated', async (_, event) => {
    const { deliver, heard } = await open();
    await deliver([event]);
    await deliver([event], NOW + HOUR_MS);
    expect(await heard()).toEqual(typed(event.type));
  });

  it('only if the directory names it: others could be without number', async () => {
    const { deliver, heard, marked } = await open();
    await deliver([received({ source: '/elsewhere' })]);
    expect(await heard('/elsewhere')).toBeUndefined();
    expect(marked).toEqual([[]]);
  });

  it('by the latest of a batch, in one write for all feeds', async () => {
    const { deliver, marked } = await open();
    await deliver([received(), received({ source: '/fax' }), received({ subject: 'R-2' })]);
    expect(marked).toEqual([
      [
        ['/records', NOW],
        ['/fax', NOW],
      ],
    ]);
  });
});

describe('An instance', () => {
  const counted = () => {
    const calls: string[] = [];
    const feeds = new MemoryFeedStore(new MemoryTables(({ action }) => calls.push(action)));
    return { calls, feeds };
  };
  const mark = (feeds: MemoryFeedStore, at: number, ...names: string[]) =>
    feeds.markEvents(new Map(names.map((name) => [name, { latestAt: at, types: new Set() }])));

  it('writes once a quarter hour and feed, and once for several feeds', async () => {
    const { calls, feeds } = counted();
    await mark(feeds, NOW, 'a', 'b');
    await mark(feeds, NOW + MINUTE_MS, 'a', 'b');
    await mark(feeds, NOW - HOUR_MS, 'b');
    expect(calls).toHaveLength(1);
    await mark(feeds, NOW + 15 * MINUTE_MS, 'a', 'b');
    expect(calls).toHaveLength(2);
  });

  it('writes the types of a feed once, and never again in its life or in that of another', async () => {
    const { calls, feeds } = counted();
    const markTypes = (store: MemoryFeedStore, at: number, ...types: EventType[]) =>
      store.markEvents(new Map([['a', { latestAt: at, types: new Set(types) }]]));
    await markTypes(feeds, NOW, 'visit.completed', 'note.received');
    // The quarter hour; what is known of types, read once; both types in one write.
    expect(calls).toEqual(['UpdateItem', 'GetItem', 'UpdateItem']);
    await markTypes(feeds, NOW + MINUTE_MS, 'note.received');
    expect(calls).toHaveLength(3);
    const another = new MemoryFeedStore(feeds.tables);
    await markTypes(another, NOW, 'note.received');
    expect(calls.slice(3)).toEqual(['UpdateItem', 'GetItem']);
    await markTypes(another, NOW, 'visit.completed');
    expect(calls).toHaveLength(5);
  });

  it('remembers 500 types of feeds at most: they must fit into their item', async () => {
    const { calls, feeds } = counted();
    const [types, most] = [EVENT_TYPES.slice(0, 25), 20];
    const names = Array.from({ length: most + 1 }, (_, index) => `feed-${index}`);
    for (const name of names) await feeds.markEvents(new Map([[name, { latestAt: NOW, types: new Set(types) }]]));
    const heard = await feeds.heard(names);
    expect(names.map((name) => heard.get(name)?.types?.length)).toEqual([...Array(most).fill(25), 0]);
    const before = calls.length;
    await mark(feeds, NOW, names.at(-1) as string);
    expect(calls).toHaveLength(before);
  });

  it('writes once although two of its batches note a feed at once', async () => {
    const { calls, feeds } = counted();
    await Promise.all([mark(feeds, NOW, 'a'), mark(feeds, NOW, 'a')]);
    expect(calls).toHaveLength(1);
  });

  it('writes again what failed', async () => {
    const failing = { isDown: true, writes: 0 };
    const tables = new MemoryTables(() => {
      failing.writes += 1;
      if (failing.isDown) throw new Error('throttled');
    });
    const feeds = new MemoryFeedStore(tables);
    await expect(mark(feeds, NOW, 'a')).rejects.toThrow();
    failing.isDown = false;
    await mark(feeds, NOW, 'a');
    expect(failing.writes).toBe(2);
  });
});

describe('A feed that can’t be noted', () => {
  it('gives its own records back, whose events are kept; the redelivery notes it', async () => {
    const { feeds, markEvents, deliver, heard } = await open();
    feeds.markEvents = async () => {
      throw new Error('throttled');
    };
    const events = [received(), received({ source: '/elsewhere' }), contacted()];
    const { batchItemFailures } = await deliver(events);
    expect(batchItemFailures).toHaveLength(2);
    feeds.markEvents = markEvents.bind(feeds);
    await deliver([events[0] as SentEvent, events[2] as SentEvent], NOW, NOW + 40 * MINUTE_MS);
    expect(await heard()).toEqual(typed('referral.received', 'practice.contacted'));
  });
});

describe('Without a configuration', () => {
  it('practices’ events are taken in all the same', async () => {
    const stores = memoryStores();
    const world = await World.open(config(), stores);
    stores.configs.inForce = async () => {
      throw new NoConfigurationError();
    };
    const message = { body: JSON.stringify(contacted()), sentAt: NOW };
    expect((await world.deliver({ at: NOW, messages: [message] })).batchItemFailures).toEqual([]);
    expect(await stores.practices.facts(['practice-1'])).toMatchObject([{ lastContactAt: at('03-02 14:00') }]);
  });
});
