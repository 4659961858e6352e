import { Temporal } from 'temporal-polyfill';
import type { Directory, Person } from '../contracts/config.ts';
import { formatInstant, type Instant } from '../contracts/instant.ts';
import { WEEKDAYS } from '../contracts/vocabulary.ts';

/** A day's digest: the recipient's local date, and when it is due. */
export interface Period {
  period: string;
  dueAt: Instant;
}

const DIGEST_HOUR = 7;
const WORKDAYS = WEEKDAYS.slice(0, 5);

/**
 * The daily digests of a person that fall due in (after, until]: 07:00 of their own time zone on their working days.
 * Oldest first.
 */
export function digestPeriods({ timeZone, workdays = WORKDAYS }: Person, after: Instant, until: Instant): Period[] {
  const dateOf = (instant: Instant): Temporal.PlainDate =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate();
  const periods: Period[] = [];
  const last = dateOf(until);
  for (let date = dateOf(after); Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    const weekday = WEEKDAYS[date.dayOfWeek - 1];
    const dueAt = date.toZonedDateTime({ timeZone, plainTime: { hour: DIGEST_HOUR } }).epochMilliseconds;
    if (weekday && workdays.includes(weekday) && dueAt > after && dueAt <= until) {
      periods.push({ period: date.toString(), dueAt });
    }
  }
  return periods;
}

/** The period of an urgent alert: the 15 minutes that end with a detection run. */
export function urgentPeriod(run: Instant): Period {
  return { period: formatInstant(run), dueAt: run };
}

/** Who gets a coordinator's digest: coordinators, and whoever a site's escalated alerts go to. */
export function coordinatorRecipients(directory: Directory): Person[] {
  const escalateTo = new Set(directory.sites.map((site) => site.escalateTo));
  return directory.people.filter(({ id, role }) => role === 'coordinator' || escalateTo.has(id));
}

export function liaisonRecipients(directory: Directory): Person[] {
  return directory.people.filter(({ role }) => role === 'liaison');
}
