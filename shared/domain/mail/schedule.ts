import { Temporal } from 'temporal-polyfill';
import type { Directory, Person } from '../../contracts/config.ts';
import { formatInstant, type Instant } from '../../contracts/instant.ts';
import { type MailKind, WEEKDAYS, WORKDAYS } from '../../contracts/vocabulary.ts';
import { localDate, localDates } from '../time/local-date.ts';
import { operationsRecipient, type Recipient, toRecipient } from './recipients.ts';

/** What a mail is for: a local date (a digest) or a run's instant (an urgent alert); and when it is due. */
export interface Period {
  period: string;
  dueAt: Instant;
}

/** When digests come, unless the directory says otherwise. */
export const DIGEST_AT = '07:00';

/**
 * A recipient's daily digests that fall due in (after, until], oldest first: at their `digestAt` in their own time zone,
 * on their working days, but not on holidays of the site whose holidays they keep.
 */
export function digestPeriods(recipient: Recipient, after: Instant, until: Instant): Period[] {
  return [...localDates(after, until, recipient.timeZone)]
    .flatMap((date) => digestOn(date, recipient) ?? [])
    .filter(({ dueAt }) => dueAt > after && dueAt <= until);
}

/** A recipient's daily digests that fall due before an instant, the latest first, as far back as a year. */
export function* digestPeriodsBefore(recipient: Recipient, before: Instant): Generator<Period> {
  const last = localDate(before, recipient.timeZone);
  for (let days = 0; days <= 366; days += 1) {
    const period = digestOn(last.subtract({ days }), recipient);
    if (period !== null && period.dueAt < before) yield period;
  }
}

/** A recipient's next planned instant after an instant. Null: none within a year. */
export function nextDigestAt(recipient: Recipient, after: Instant): Instant | null {
  const first = localDate(after, recipient.timeZone);
  for (let days = 0; days <= 366; days += 1) {
    const period = digestOn(first.add({ days }), recipient);
    if (period !== null && period.dueAt > after) return period.dueAt;
  }
  return null;
}

/** The digest of a local date; null if none comes on it. */
export function digestOn(date: Temporal.PlainDate, recipient: Recipient): Period | null {
  const { timeZone, workdays = WORKDAYS, digestAt = DIGEST_AT, holidays = [] } = recipient;
  const weekday = WEEKDAYS[date.dayOfWeek - 1];
  if (!weekday || !workdays.includes(weekday) || holidays.includes(date.toString())) return null;
  const plainTime = Temporal.PlainTime.from(digestAt);
  return { period: date.toString(), dueAt: date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds };
}

/** The period of an urgent alert: the 15 minutes that end with a detection run. */
export function urgentPeriod(run: Instant): Period {
  return { period: formatInstant(run), dueAt: run };
}

/** Every mail that comes daily, with its recipient. */
export function dailyMails(directory: Directory): { kind: MailKind; recipient: Recipient }[] {
  const to = (kind: MailKind, role: Person['role']) =>
    directory.people
      .filter((person) => person.role === role)
      .map((person) => ({ kind, recipient: toRecipient(person, directory) }));
  return [
    ...to('coordinator_digest', 'coordinator'),
    ...to('liaison_digest', 'liaison'),
    { kind: 'operations', recipient: operationsRecipient(directory) },
  ];
}
