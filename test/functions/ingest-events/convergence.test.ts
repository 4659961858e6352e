import { describe, it } from 'vitest';
import { sampleConfig } from '../../builders/config.ts';
import { World } from '../../doubles/world.ts';
import { arrivalDoesNotMatterInTheEnd, type Laboratory, orderWithinAQuarterDoesNotMatter } from './convergence.ts';

const config = sampleConfig();
const inMemory: Laboratory = { open: () => World.open(config), numRuns: 1000, maxEvents: 12 };

/** A thousand runs each; on a machine that does other things, too, they take their time. */
const PATIENCE = { timeout: 300_000 };

describe('Any order, batching and repetition of the same events, over stores in memory,', PATIENCE, () => {
  it('gives the same rows if everything arrives within a quarter hour', () =>
    orderWithinAQuarterDoesNotMatter(inMemory));

  it('gives the same referrals in the end, and from the last arrival on the same alerts', () =>
    arrivalDoesNotMatterInTheEnd(inMemory));
});
