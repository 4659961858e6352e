import { afterAll, beforeAll, describe, it } from 'vitest';
import { sampleConfig } from '../../builders/config.ts';
import { World } from '../../doubles/world.ts';
import type { TestedStores } from '../../shared/store/stores.ts';
import { openTables } from '../../shared/store/tables.ts';
import { arrivalDoesNotMatterInTheEnd, type Laboratory, orderWithinAQuarterDoesNotMatter } from './convergence.ts';

const config = sampleConfig();
let stores: TestedStores;
beforeAll(async () => {
  stores = await openTables();
});
afterAll(() => stores.close());

const onTables: Laboratory = { open: () => World.open(config, stores), numRuns: 25, maxEvents: 8 };

describe('Any order, batching and repetition of the same events, over the tables,', () => {
  it('gives the same rows if everything arrives within a quarter hour', () =>
    orderWithinAQuarterDoesNotMatter(onTables));

  it('gives the same referrals in the end, and from the last arrival on the same alerts', () =>
    arrivalDoesNotMatterInTheEnd(onTables));
});
