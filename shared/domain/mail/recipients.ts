import type { Directory, Person } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { MailRecipient } from '../../contracts/mail.ts';
import { type MailKind, WEEKDAYS } from '../../contracts/vocabulary.ts';
import { localDate } from '../time/local-date.ts';

/** Whose mail it is: a person of the directory, or the operations mailbox. */
export interface Recipient extends Pick<Person, 'id' | 'name' | 'email' | 'timeZone' | 'workdays' | 'digestAt'> {
  /** Local dates without a digest, whatever the weekday. */
  holidays?: readonly string[];
}

/** Whose mail it is, by the current directory. Null: the directory no longer has them. */
export function recipientOf(
  { kind, personId }: { kind: MailKind; personId: string },
  directory: Directory,
): Recipient | null {
  if (kind === 'operations') return operationsRecipient(directory);
  const person = directory.people.find(({ id }) => id === personId);
  return person ? toRecipient(person, directory) : null;
}

/** A person with the holidays that they keep. */
export function toRecipient(person: Person, { sites }: Pick<Directory, 'sites'>): Recipient {
  return { ...person, holidays: sites.find(({ id }) => id === person.holidaysOf)?.holidays ?? [] };
}

/** The operations mailbox. It gets mail every day: what goes wrong on a Saturday is reported on Sunday. */
export function operationsRecipient({ organization }: Directory): Recipient {
  const { operationsMailbox: email, timeZone } = organization;
  return { id: 'operations', name: 'Operations', email, timeZone, workdays: [...WEEKDAYS], holidays: [] };
}

/**
 * Who receives a mail that is due at an instant, while the person whose mail it is may be away: they themselves, else
 * their deputy, who has the same role; else the fallback coordinator of the first site in their routes; else operations.
 * Never somebody who is away: nobody's deputy stands in for a deputy.
 */
export function receiverOf(
  { kind, personId }: { kind: MailKind; personId: string },
  directory: Directory,
  at: Instant,
): Recipient | null {
  const { people, sites } = directory;
  const person = kind === 'operations' ? undefined : people.find(({ id }) => id === personId);
  const absence = person && absenceAt(person, at);
  if (!person || !absence) return recipientOf({ kind, personId }, directory);
  const isPresent = (id: string | undefined, role: Person['role']) =>
    people.find((other) => other.id === id && other.role === role && !absenceAt(other, at));
  const siteId = person.routes?.find(({ site }) => site !== undefined)?.site;
  const fallbackId = sites.find(({ id }) => id === siteId)?.fallbackCoordinatorId;
  const receiver = isPresent(absence.deputyId, person.role) ?? isPresent(fallbackId, 'coordinator');
  return receiver ? toRecipient(receiver, directory) : operationsRecipient(directory);
}

/** The absence that an instant falls into, by the dates of the person's own time zone. */
function absenceAt({ away = [], timeZone }: Person, at: Instant): { deputyId: string } | undefined {
  if (away.length === 0) return undefined;
  const today = localDate(at, timeZone).toString();
  return away.find(({ from, to }) => from <= today && today <= to);
}

/** Whether an address is in a domain that the organization allows; an empty list allows none. */
export function isAllowed({ email }: Pick<MailRecipient, 'email'>, { organization }: Directory): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return organization.allowedDomains.some((allowed) => allowed.toLowerCase() === domain);
}

/** A recipient as a mail's content keeps it. */
export function toMailRecipient({ id, name, email, timeZone }: MailRecipient): MailRecipient {
  return { id, name, email, timeZone };
}
