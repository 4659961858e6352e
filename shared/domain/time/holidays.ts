import type { Directory } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import { localDate } from './local-date.ts';

/** How many days ahead a site's list of holidays should reach at least. */
const ENOUGH_DAYS = 60;

/** A site whose list of holidays ends, with its last date. */
export interface EndingHolidays {
  siteId: string;
  last: string;
}

/**
 * Sites whose holidays end within 60 days, or have ended: from then on dues fall on holidays, and nobody notices. A site
 * without a list has none that could end. Dates are those of the site.
 */
export function endingHolidays({ sites }: Pick<Directory, 'sites'>, now: Instant): EndingHolidays[] {
  return sites.flatMap(({ id, timeZone, holidays = [] }) => {
    const last = holidays.toSorted().at(-1);
    const enough = localDate(now, timeZone).add({ days: ENOUGH_DAYS }).toString();
    return last !== undefined && last <= enough ? [{ siteId: id, last }] : [];
  });
}
