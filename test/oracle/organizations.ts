import { expect, it } from 'vitest';
import { simulate } from '../../local/simulate/simulate.ts';
import { askHandlers, askOracle, linesOf } from './agreement.ts';

/** How many organizations are compared. */
const ORGANIZATIONS = Number(process.env.ORACLE_ORGANIZATIONS ?? 100);
/** Milliseconds: some 20 seconds on two free cores, and more on a busy machine. */
const PATIENCE = 240_000;

/** Compares every second organization, so that two test files share the work of two cores. */
export function agreesOnOrganizations(half: 0 | 1): void {
  const seeds = Array.from({ length: ORGANIZATIONS }, (_, index) => index + 1).filter((seed) => seed % 2 === half);
  it(`say the same of ${seeds.length} simulated organizations of 50 referrals`, { timeout: PATIENCE }, async () => {
    for (const seed of seeds) {
      const { lines, policy, directory, until } = simulate({ referrals: 50, weeks: 10, seed });
      const arriving = linesOf(lines);
      const expected = askOracle(arriving, { policy, directory }, until);
      expect(await askHandlers(arriving, { policy, directory }, until), `seed ${seed}`).toEqual(expected);
    }
  });
}
