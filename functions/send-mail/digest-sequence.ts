import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { mailIdOf } from '../../shared/domain/mail/mail-id.ts';
import { digestPeriods, type Recipient } from '../../shared/domain/mail/schedule.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';

/** The daily mails that come before and after one to the same recipient. */

/** How far back the previous mail is looked for, and for how long the operations mail reports what became of a mail. */
export const PREVIOUS_DAYS = 8;

/** `asOf` of the recipient's previous mail of this kind. Null: there was none in the last days. */
export async function previousAsOf(
  { kind, dueAt }: MailJob,
  recipient: Recipient,
  mails: MailStore,
): Promise<Instant | null> {
  const before = digestPeriods(recipient, dueAt - PREVIOUS_DAYS * DAY_MS, dueAt - 1);
  for (const period of before.reverse()) {
    const previous = await mails.get(mailIdOf(kind, recipient.id, period));
    // A mail still under way may yet be superseded: then this one says what it would have said.
    if (previous?.asOf !== undefined && ['sent', 'empty'].includes(previous.status)) return previous.asOf;
  }
  return null;
}

/** Whether the recipient's next daily mail has come due. */
export function isNextDue({ dueAt }: MailJob, recipient: Recipient, now: Instant): boolean {
  return digestPeriods(recipient, dueAt, now).length > 0;
}
