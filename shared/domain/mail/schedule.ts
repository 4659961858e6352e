import type { Directory, Person } from '../../contracts/config.ts';
import { formatInstant, type Instant } from '../../contracts/instant.ts';
import type { MailRecipient } from '../../contracts/mail.ts';
import { type MailKind, WEEKDAYS, WORKDAYS } from '../../contracts/vocabulary.ts';
import { localDates } from '../time/local-date.ts';

/** What a mail is for: a local date (a digest) or a run's instant (an urgent alert); and when it is due. */
export interface Period {
  period: string;
  dueAt: Instant;
}

/** Who gets mail: a person of the directory, or the operations mailbox. */
export type Recipient = Pick<Person, 'id' | 'name' | 'email' | 'timeZone' | 'workdays'>;

const DIGEST_HOUR = 7;

/**
 * A recipient's daily digests that fall due in (after, until], oldest first. They are due at 07:00 in the recipient's
 * own time zone, on their working days.
 */
export function digestPeriods(
  { timeZone, workdays = WORKDAYS }: Pick<Recipient, 'timeZone' | 'workdays'>,
  after: Instant,
  until: Instant,
): Period[] {
  const periods: Period[] = [];
  for (const date of localDates(after, until, timeZone)) {
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

/** Every mail that comes daily, with its recipient. */
export function dailyMails(directory: Directory): { kind: MailKind; recipient: Recipient }[] {
  const to = (kind: MailKind, recipients: readonly Recipient[]) => recipients.map((recipient) => ({ kind, recipient }));
  return [
    ...to('coordinator_digest', coordinatorRecipients(directory)),
    ...to('liaison_digest', liaisonRecipients(directory)),
    ...to('operations', [operationsRecipient(directory)]),
  ];
}

/** Whom a mail goes to, by the current directory. Null: the directory no longer has them. */
export function recipientOf(
  { kind, personId }: { kind: MailKind; personId: string },
  directory: Directory,
): Recipient | null {
  if (kind === 'operations') return operationsRecipient(directory);
  return directory.people.find(({ id }) => id === personId) ?? null;
}

/** Who gets a coordinator's digest: coordinators, and those to whom a site's escalated alerts go. */
function coordinatorRecipients(directory: Directory): Person[] {
  const escalateTo = new Set(directory.sites.map((site) => site.escalateTo));
  return directory.people.filter(({ id, role }) => role === 'coordinator' || escalateTo.has(id));
}

function liaisonRecipients(directory: Directory): Person[] {
  return directory.people.filter(({ role }) => role === 'liaison');
}

/** The operations mailbox. It gets mail every day: what goes wrong on a Saturday is reported on Sunday. */
function operationsRecipient({ organization }: Directory): Recipient {
  const { operationsMailbox, timeZone } = organization;
  return { id: 'operations', name: 'Operations', email: operationsMailbox, timeZone, workdays: [...WEEKDAYS] };
}

/** A recipient as a mail's content keeps it. */
export function toMailRecipient({ id, name, email, timeZone }: Recipient): MailRecipient {
  return { id, name, email, timeZone };
}
