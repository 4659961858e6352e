import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';
import { World } from '../../doubles/world.ts';

/** Which configuration ingest folds with, and how often it reads it. */

const NOW = at('03-02 15:00');

function otherConfig(): Config {
  const { policy, directory } = sampleConfig();
  return { policy, directory: { ...directory, practices: [] } };
}

/** `reads`: how often the configuration in force was read; `failing`: it can't be. */
async function open() {
  const { configs } = memoryStores();
  const counted = { reads: 0, failing: false };
  const { inForce } = configs;
  const world = await World.open(sampleConfig(), { configs });
  configs.inForce = async () => {
    counted.reads += 1;
    if (counted.failing) throw new Error('throttled');
    return inForce.call(configs);
  };
  const take = (referralId: string, instant: Instant) => {
    const event = sent('referral.received', '03-02 14:00', receivedData(), { subject: referralId });
    return world.deliver({ at: instant, messages: [{ body: JSON.stringify(event), sentAt: instant }] });
  };
  const foldedWith = async (referralId: string) => (await world.stores.referrals.load(referralId))?.config;
  return { world, counted, take, foldedWith };
}

describe('the configuration that ingest folds with', () => {
  it('is read once a minute, however many batches there are', async () => {
    const { counted, take } = await open();
    await take('R-1', NOW);
    counted.reads = 0;
    for (const id of ['R-2', 'R-3', 'R-4']) await take(id, NOW + MINUTE_MS - 1);
    expect(counted.reads).toBe(0);
    await take('R-5', NOW + MINUTE_MS);
    await take('R-6', NOW + MINUTE_MS);
    expect(counted.reads).toBe(1);
  });

  it('is a new one from a minute after it was pushed, and each referral says with which it was folded', async () => {
    const { world, take, foldedWith } = await open();
    await take('R-1', NOW);
    const before = (await world.stores.configs.inForce()).version;
    const pushed = await world.stores.configs.push(otherConfig(), NOW + 1);
    await take('R-2', NOW + MINUTE_MS - 1);
    await take('R-3', NOW + MINUTE_MS + 1);
    expect([await foldedWith('R-1'), await foldedWith('R-2')]).toEqual([before, before]);
    expect(await foldedWith('R-3')).toBe(pushed);
  });

  it('is read again after a read that failed', async () => {
    const { counted, take, foldedWith } = await open();
    counted.failing = true;
    expect((await take('R-1', NOW)).batchItemFailures).toHaveLength(1);
    counted.failing = false;
    expect((await take('R-1', NOW + 1)).batchItemFailures).toEqual([]);
    expect(await foldedWith('R-1')).toBeDefined();
  });

  it('says into how many shards the due index is divided, before the first referral lies in one', async () => {
    const stores = memoryStores({ shards: 8 });
    const { referrals, configs } = stores;
    const { save } = referrals;
    const known: (readonly number[])[] = [];
    referrals.save = async (stored, expected) => {
      known.push((await configs.inForce()).shardCounts);
      return save.call(referrals, stored, expected);
    };
    const world = await World.open(sampleConfig(), { ...stores, shards: 8 });
    await configs.noteShards(4);
    const event = sent('referral.received', '03-02 14:00', receivedData());
    await world.deliver({ at: NOW, messages: [{ body: JSON.stringify(event), sentAt: NOW }] });
    expect(known).toEqual([[4, 8]]);
  });
});
