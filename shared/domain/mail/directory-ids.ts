import type { Directory } from '../../contracts/config.ts';

/** What has the ids that events name. */
export type Places = Pick<Directory, 'sites' | 'practices'>;

/**
 * Tells codes that need no entry in a crosswalk: the ids of the directory's sites and practices. Names and aliases are
 * for people; no referral is found by them.
 */
export function directoryIds({ sites, practices }: Places): (code: { field: string; value: string }) => boolean {
  const siteIds = new Set(sites.map(({ id }) => id));
  const practiceIds = new Set(practices.map(({ id }) => id));
  return ({ field, value }) => {
    if (field.endsWith('.site')) return siteIds.has(value);
    return isOfPractice(field) && practiceIds.has(value);
  };
}

/** Whether a field without an entry is a practice's id. @param field event type and field */
export const isOfPractice = (field: string): boolean => /\.practice(\.id)?$/.test(field);
