import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { sampleConfig } from '../builders/config.ts';
import { HISTORY_START, histories } from '../builders/histories.ts';
import { askHandlers, askOracle } from './agreement.ts';

const UNTIL = HISTORY_START + 42 * DAY_MS;
const config = sampleConfig();

describe('The oracle and the handlers', () => {
  it.each([
    ['short', 6],
    ['long', 25],
  ])('say the same of any %s history of a referral', async (_length, maxEvents) => {
    const history = histories('R-1', { maxEvents });
    await fc.assert(
      fc.asyncProperty(history, async (arriving) => {
        const lines = arriving.map(({ event, arrivedAt }) => ({ body: JSON.stringify(event), arrivedAt }));
        expect(await askHandlers(lines, config, UNTIL)).toEqual(askOracle(lines, config, UNTIL));
      }),
      { numRuns: 500 },
    );
  });
});
