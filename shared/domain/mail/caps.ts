import type { Directory } from '../../contracts/config.ts';

/** How much fits into a mail. */

/** Rows in one section. */
export const DEFAULT_CAP = 50;
/** How many rows of a section somebody's digest shows before routine ones are cut, and whether it keeps those for a file. */
export function rowsFor(personId: string, { organization, people }: Directory): { cap: number; keepsCutRows: boolean } {
  const person = people.find(({ id }) => id === personId);
  return { cap: organization.rowsPerSection ?? DEFAULT_CAP, keepsCutRows: person?.attachRows === true };
}

/** Rows in one mail to a liaison, whatever the cap of a section: nobody talks about 200 referrals in a day. */
export const MOST_ROWS = 200;

/**
 * The greatest limit that, applied to each list, keeps the lists together within `total`, so that a long list doesn't
 * push the short ones out of the mail. At most `cap`, and at least 1: one row of each list stays.
 */
export function fairLimit(sizes: readonly number[], cap: number, total: number): number {
  let limit = cap;
  while (limit > 1 && sizes.reduce((sum, size) => sum + Math.min(size, limit), 0) > total) limit--;
  return limit;
}
