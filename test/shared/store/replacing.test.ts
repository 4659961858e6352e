import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import { LastingError } from '../../../shared/platform/lasting-error.ts';
import { project } from '../../../shared/store/projection.ts';
import type { LoggedEvent } from '../../../shared/store/referral-store.ts';
import { OversizedItemError } from '../../../shared/store/table.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

/** Translated events that say something else than those with their ids in the log, and can't take their place. */

const NOW = at('03-02 15:00');
const translated = (event: LoggedEvent): LoggedEvent => ({ ...event, isTranslated: true });
const receivedAt = (site: string): LoggedEvent =>
  translated(
    logged(sent('referral.received', '03-02 14:00', receivedData({ site }), { subject: 'R-1', id: 'received' })),
  );
const call = (id: string, outcome: string): LoggedEvent =>
  translated(logged(sent('contact.attempted', '03-02 14:30', { channel: 'phone', outcome }, { subject: 'R-1', id })));

/** The sample organization with a site with which nothing can be folded. */
function withBrokenSite(id: string): Config {
  const { policy, directory } = sampleConfig();
  const broken = {
    get() {
      throw new RangeError('no such day');
    },
  };
  const sites = directory.sites.map((site) =>
    site.id === id ? Object.defineProperty({ ...site }, 'hours', broken) : site,
  );
  return { policy, directory: { ...directory, sites } };
}

/** A store in which events of some ids can't be put in the place of others. */
class WatchedStore extends MemoryReferralStore {
  readonly failing = new Map<string, Error>();

  override async replace(next: LoggedEvent, read: LoggedEvent) {
    const error = this.failing.get(next.event.id);
    if (error !== undefined) throw error;
    return super.replace(next, read);
  }
}

const take = (store: MemoryReferralStore, events: readonly LoggedEvent[], config = sampleConfig()) =>
  project('R-1', events, { store, config, version: 'v-1', now: () => NOW, backoff: async () => {} });
const saidIn = async (store: MemoryReferralStore) =>
  (await store.inspect('R-1')).log.map(({ event }) => [event.id, event.data]);

async function storeWith(events: readonly LoggedEvent[]): Promise<WatchedStore> {
  const store = new WatchedStore();
  await take(store, events);
  return store;
}

describe('a replacement with which the log can not be folded', () => {
  const broken = withBrokenSite('cape');

  it('stays out of it, and its neighbours are taken', async () => {
    const store = await storeWith([receivedAt('north'), call('a', 'voicemail')]);
    const before = await saidIn(store);
    const events = [receivedAt('cape'), call('a', 'reached'), call('b', 'reached')];
    const { failed, taken, aside } = await take(store, events, broken);
    expect(aside).toBeNull();
    expect(failed).toMatchObject([{ logged: events[0], error: expect.any(LastingError) }]);
    expect(taken.map(({ incoming }) => incoming)).toEqual(events.slice(1));
    expect(await saidIn(store)).toEqual([before[0], ['a', events[1]?.event.data], ['b', events[2]?.event.data]]);
    expect((await store.load('R-1'))?.state).toMatchObject({ site: 'north', logged: 3 });
  });

  it('stays out of it also if the projection can not be read', async () => {
    const store = await storeWith([receivedAt('north')]);
    const before = await saidIn(store);
    await store.damage('R-1', { state: new Uint8Array([1, 2, 3]) });
    const { failed, aside } = await take(store, [receivedAt('cape'), call('a', 'reached')], broken);
    expect(aside).toBeInstanceOf(LastingError);
    expect(failed).toMatchObject([{ error: expect.any(LastingError) }]);
    expect((await saidIn(store)).slice(0, 1)).toEqual(before);
  });

  it('takes its place if the log could not be folded before either', async () => {
    const store = await storeWith([receivedAt('cape')]);
    const other = {
      ...receivedAt('cape'),
      ...logged(
        sent('referral.received', '03-02 14:00', receivedData({ site: 'cape', priority: 'stat' }), {
          subject: 'R-1',
          id: 'received',
        }),
      ),
    };
    const { failed, aside } = await take(store, [other], broken);
    expect([failed, aside]).toEqual([[], expect.any(LastingError)]);
    expect(await saidIn(store)).toEqual([['received', other.event.data]]);
  });

  it('is the way in which a log is mended that could not be folded', async () => {
    const store = await storeWith([receivedAt('cape'), call('a', 'voicemail')]);
    const { failed, aside } = await take(store, [receivedAt('north')], broken);
    expect([failed, aside]).toEqual([[], null]);
    expect((await store.load('R-1'))?.state).toMatchObject({ site: 'north', logged: 2 });
  });
});

describe('a replacement that can not be put', () => {
  it('holds up none of its neighbours, and what it would replace stays', async () => {
    const store = await storeWith(['a', 'b', 'c'].map((id) => call(id, 'voicemail')));
    store.failing.set('a', new OversizedItemError('too large'));
    store.failing.set('b', new Error('throttled'));
    const events = ['a', 'b', 'c', 'd'].map((id) => call(id, 'reached'));
    const { refused, failed, taken } = await take(store, events);
    expect(refused).toEqual([{ logged: events[0], reason: 'too_large' }]);
    expect(failed).toMatchObject([{ logged: events[1], error: { message: 'throttled' } }]);
    expect(taken.map(({ incoming }) => incoming)).toEqual(events.slice(2));
    const said = (await store.inspect('R-1')).log.map(
      ({ event: { id, data } }) => `${id} ${'outcome' in data && data.outcome}`,
    );
    expect(said.toSorted()).toEqual(['a voicemail', 'b voicemail', 'c reached', 'd reached']);
    expect((await store.load('R-1'))?.state).toMatchObject({ logged: 4 });
  });
});
